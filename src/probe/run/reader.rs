//! Reads the plan, ahead of the sender.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::backend::Backend;
use super::end::Failed;
use super::shared::{Found, Shared, Verdicts};
use crate::probe::judging::{Problem, Verdict};
use crate::probe::records::{NotSent, PlannedEntry, PlannedEvent};
use crate::probe::token::Sending;
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};

/// Events that are read at once.
const EVENTS_MAX: usize = 200;

/// Events that are read ahead; together with those in flight, all texts that memory holds.
pub(super) const AHEAD: usize = 200;

/// An event to send.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) sending: Sending,
    pub(super) entry: PlannedEntry,
}

/// Events as the plan has them.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) planned: Vec<Planned>,
    pub(super) not_sendable: Vec<Found>,
}

/// Reads the events of `sendings` in their order, until all are read or the run stops. Those that no entry can say have
/// their verdict with that.
pub(super) async fn read<K: Backend>(
    shared: Arc<Shared<K>>,
    sendings: impl Iterator<Item = Sending> + Send,
    planned: mpsc::Sender<Planned>,
    verdicts: Verdicts,
) {
    let mut sendings = sendings.peekable();
    while sendings.peek().is_some() {
        let some: Vec<Sending> = sendings.by_ref().take(EVENTS_MAX).collect();
        let page = match page(&shared, &some).await {
            Ok(page) => page,
            Err(error) => return shared.fail(Failed::Store(error)),
        };
        for event in page.planned {
            if !unless_stopped(&shared, planned.send(event)).await {
                return;
            }
        }
        for found in page.not_sendable {
            if !unless_stopped(&shared, verdicts.send(found)).await {
                return;
            }
        }
    }
}

/// Whether something was sent before the run stopped.
async fn unless_stopped<K, E>(shared: &Shared<K>, sent: impl Future<Output = Result<(), E>>) -> bool {
    tokio::select! {
        biased;
        () = shared.stop.cancelled() => false,
        sent = sent => sent.is_ok(),
    }
}

/// What the plan has of some events.
pub(super) async fn page<K: Backend>(shared: &Shared<K>, sendings: &[Sending]) -> Result<Page, StoreError> {
    let keys: Vec<RecordKey> =
        sendings.iter().map(|sending| RecordKey::new(shared.run, Slot::Planned(sending.event))).collect();
    let mut page = Page::default();
    for record in shared.store().read(&keys).await? {
        let Some(event) = record.key.slot.event() else { continue };
        let Some(sending) = sendings.iter().find(|sending| sending.event == event).copied() else { continue };
        match plan_of(&record)?.entry {
            Ok(entry) => page.planned.push(Planned { sending, entry }),
            Err(reason) => page.not_sendable.push(not_sent(sending, &reason)),
        }
    }
    Ok(page)
}

/// The verdict on an event that is not on the bus.
pub(super) fn not_sent(sending: Sending, reason: &NotSent) -> Found {
    let problem = Problem::of_event(&reason.code, reason.message.clone());
    Found { sending, verdict: Verdict::errored(Vec::new(), vec![problem]), mirrors: None }
}

fn plan_of(record: &Record) -> Result<PlannedEvent, StoreError> {
    record.content()
}
