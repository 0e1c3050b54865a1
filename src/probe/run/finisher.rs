//! Writes verdicts, and lets go of their events.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::backend::Backend;
use super::end::Failed;
use super::shared::{Found, Shared};
use crate::probe::records::FinalVerdict;
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};

/// Verdicts that are written at once.
const VERDICTS_MAX: usize = 500;

/// Verdicts on their way.
pub(super) const QUEUE: usize = 2_000;

/// Writes verdicts until nobody is left who finds any.
pub(super) async fn finish<K: Backend>(shared: Arc<Shared<K>>, mut verdicts: mpsc::Receiver<Found>) {
    let mut found = Vec::with_capacity(VERDICTS_MAX);
    while verdicts.recv_many(&mut found, VERDICTS_MAX).await > 0 {
        if let Err(error) = settle(&shared, &found).await {
            // What is not written has no verdict.
            shared.fail(Failed::Store(error));
            return;
        }
        found.clear();
    }
}

async fn settle<K: Backend>(shared: &Shared<K>, found: &[Found]) -> Result<(), StoreError> {
    let records: Result<Vec<Record>, StoreError> = found.iter().map(|found| record(shared, found)).collect();
    shared.store().write(records?).await?;
    {
        let mut ledger = shared.ledger();
        found.iter().for_each(|found| ledger.finish(found.sending));
    }
    let mut tally = shared.tally();
    found.iter().for_each(|found| tally.add(found.sending.event, &found.verdict));
    drop(tally);
    shared.room.notify_waiters();
    Ok(())
}

fn record<K: Backend>(shared: &Shared<K>, found: &Found) -> Result<Record, StoreError> {
    let verdict = FinalVerdict {
        at_us: shared.clock.wall_us(),
        verdict: found.verdict.clone(),
        mirrors: found.mirrors.as_ref().map(|mirrors| mirrors.iter().map(|mirror| mirror.0).collect()),
    };
    let key = RecordKey::new(shared.run, Slot::Verdict(found.sending.event, found.sending.attempt));
    shared.record(key, &verdict)
}
