//! Writes all events down before the first is sent.

use super::backend::Backend;
use super::end::Failed;
use super::shared::Shared;
use crate::probe::records::PlannedEvent;
use crate::tracking::{EventNumber, Record, RecordKey, Slot, StoreError, TrackingStore};

/// Events that are written at once.
const EVENTS_MAX: usize = 500;

/// Writes `events` down, in their order, and gives their number; `None` if the run was stopped before all were.
///
/// # Errors
/// The store cannot write.
pub(super) async fn plan<K: Backend>(
    shared: &Shared<K>,
    events: impl Iterator<Item = PlannedEvent>,
) -> Result<Option<u64>, Failed> {
    let mut records = Vec::with_capacity(EVENTS_MAX);
    let mut count = 0;
    for event in events {
        if shared.stop.is_cancelled() {
            return Ok(None);
        }
        records.push(record(shared, count, &event)?);
        count += 1;
        if records.len() == EVENTS_MAX {
            shared.store().write(std::mem::take(&mut records)).await?;
        }
    }
    shared.store().write(records).await?;
    // A source that is silent ends with the run, and may not have told everything.
    Ok(Some(count).filter(|_| !shared.stop.is_cancelled()))
}

fn record<K: Backend>(shared: &Shared<K>, number: u64, event: &PlannedEvent) -> Result<Record, Failed> {
    let number = EventNumber::new(number).ok_or_else(|| Failed::Broken("too many events".to_owned()))?;
    let record: Result<Record, StoreError> =
        shared.record(RecordKey::new(shared.run, Slot::Planned(number)), event);
    Ok(record?)
}
