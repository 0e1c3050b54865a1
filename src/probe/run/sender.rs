//! Keeps the rate and the limit of events in flight, and fills batches.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout, timeout_at};

use super::backend::Backend;
use super::put::{Outgoing, put};
use super::reader::Planned;
use super::shared::{Shared, Verdicts};
use crate::probe::batch::Filling;
use crate::probe::moment::Moment;
use crate::probe::sendable::entry_bytes;

/// How long an event waits for others to fill its batch.
const LINGER: Duration = Duration::from_millis(20);

/// How long calls that have been made may take to answer once the run stops.
const GRACE: Duration = Duration::from_secs(3);

/// Sends what is planned; ends when everything has been answered.
pub(super) async fn send<K: Backend>(
    shared: Arc<Shared<K>>,
    planned: mpsc::Receiver<Planned>,
    verdicts: Verdicts,
) {
    let calls = Arc::new(Semaphore::new(shared.options.put_calls_max));
    let mut sender = Sender {
        pace: Pace { started: shared.clock.now(), sent: 0 },
        shared: Arc::clone(&shared),
        planned,
        next: None,
        filling: Filling::default(),
        flush_at: None,
        calls,
        puts: JoinSet::new(),
        verdicts,
    };
    tokio::select! {
        biased;
        () = shared.stop.cancelled() => {}
        () = sender.all() => {}
    }
    let answers = async { while sender.puts.join_next().await.is_some() {} };
    if shared.stop.is_cancelled() {
        // What has no answer by then is as after a crash.
        drop(timeout(GRACE, answers).await);
    } else {
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => {}
            () = answers => return,
        }
        let answers = async { while sender.puts.join_next().await.is_some() {} };
        drop(timeout(GRACE, answers).await);
    }
}

struct Sender<K> {
    shared: Arc<Shared<K>>,
    planned: mpsc::Receiver<Planned>,
    pace: Pace,
    /// The next event, as far as it is ready: waiting for it can be broken off at any point.
    next: Option<(Planned, Moment)>,
    filling: Filling<Outgoing>,
    /// When what is in the batch has waited long enough.
    flush_at: Option<Moment>,
    calls: Arc<Semaphore>,
    puts: JoinSet<()>,
    verdicts: Verdicts,
}

/// When events should be sent.
struct Pace {
    started: Moment,
    sent: u64,
}

impl Pace {
    /// The moment for the next event: with a rate that of its place in it, however late it is.
    fn next<K: Backend>(&mut self, shared: &Shared<K>) -> Moment {
        let place = self.sent;
        self.sent += 1;
        match shared.options.rate {
            None => shared.clock.now(),
            Some(rate) => {
                self.started + Duration::from_micros(place.saturating_mul(1_000_000) / u64::from(rate.get()))
            }
        }
    }
}

impl<K: Backend> Sender<K> {
    async fn all(&mut self) {
        loop {
            let flush_at = self.flush_at.map(|at| self.shared.clock.instant(at));
            let ready = match flush_at {
                None => Some(self.ready().await),
                Some(at) => timeout_at(at, self.ready()).await.ok(),
            };
            match ready {
                Some(true) => self.take().await,
                Some(false) => {
                    self.flush().await;
                    return;
                }
                None => self.flush().await,
            }
        }
    }

    /// Waits until there is another event, room for it, and its time has come; whether there is one.
    async fn ready(&mut self) -> bool {
        if self.next.is_none() {
            let Some(planned) = self.planned.recv().await else { return false };
            let scheduled = self.pace.next(&self.shared);
            self.next = Some((planned, scheduled));
        }
        loop {
            let room = self.shared.room.notified();
            if self.shared.ledger().in_flight() < self.shared.options.in_flight_max {
                break;
            }
            room.await;
        }
        if let Some((_, scheduled)) = &self.next {
            sleep_until(self.shared.clock.instant(*scheduled)).await;
        }
        true
    }

    async fn take(&mut self) {
        let Some((Planned { sending, entry }, scheduled)) = self.next.take() else { return };
        let entry = entry.into_entry(self.shared.mark.trace_header(sending));
        let bytes = entry_bytes(&entry);
        self.shared.ledger().begin(sending, &entry);
        let full = self.filling.add(Outgoing { sending, scheduled, entry }, bytes);
        if full.is_some() {
            self.flush_at = None;
        }
        if let Some(batch) = full {
            self.put(batch).await;
        }
        if self.filling.is_full() {
            self.flush().await;
        } else if self.flush_at.is_none() {
            self.flush_at = Some(self.shared.clock.now() + LINGER);
        }
    }

    async fn flush(&mut self) {
        self.flush_at = None;
        if !self.filling.is_empty() {
            let batch = self.filling.take();
            self.put(batch).await;
        }
    }

    /// Hands a batch to a call of its own, once one is free.
    async fn put(&mut self, batch: Vec<Outgoing>) {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(&self.calls).acquire_owned().await else { return };
        let (shared, verdicts) = (Arc::clone(&self.shared), self.verdicts.clone());
        self.puts.spawn(async move {
            put(&shared, batch, &verdicts).await;
            drop(permit);
        });
        while self.puts.try_join_next().is_some() {}
    }
}
