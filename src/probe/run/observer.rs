//! What a run tells about itself while it goes on, to whoever started it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::shared::Shared;
use crate::probe::tally::Tally;

/// Time between two looks at the tally.
const INTERVAL: Duration = Duration::from_millis(250);

/// Is told how a run goes. What it does holds up the run, so it has to be quick.
pub trait Observer: Send + Sync + 'static {
    /// What the run adds up to by now, earlier parts included, and how many events have no verdict: before the first event
    /// is sent, some times a second, and at the end.
    fn tally(&self, _tally: &Tally, _in_flight: usize) {}

    /// A call of `PutEvents` took so long, without waiting for its turn.
    fn put(&self, _took: Duration) {}

    /// A body was received so long after the bus took its event.
    fn delivered(&self, _took: Duration) {}
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unobserved;

impl Observer for Unobserved {}

/// Tells the observer again and again, and a last time after `stop`.
pub(super) async fn report<K: Backend>(shared: Arc<Shared<K>>, stop: CancellationToken) {
    loop {
        shared.tell_observer();
        tokio::select! {
            biased;
            () = stop.cancelled() => return shared.tell_observer(),
            () = sleep(INTERVAL) => {}
        }
    }
}
