//! From the records of an event to a case.

use std::collections::BTreeMap;

use super::backend::Backend;
use super::shared::Shared;
use crate::probe::MirrorIndex;
use crate::probe::judging::Case;
use crate::probe::ledger::{About, Fact};
use crate::probe::records::{SeenEvent, TargetOutcome};
use crate::probe::token::Sending;
use crate::tracking::{Record, RecordKey, StoreError, TrackingStore};

/// Keys of one read of the store.
const KEYS_MAX: usize = 2_000;

/// Reads the records of many facts at once; those that exist.
pub(super) async fn read_all<K: Backend>(
    shared: &Shared<K>,
    facts: impl Iterator<Item = Fact>,
) -> Result<BTreeMap<RecordKey, Record>, StoreError> {
    read_keys(shared, facts.map(|fact| shared.key(fact)).collect()).await
}

/// Reads these records; those that exist.
pub(super) async fn read_keys<K: Backend>(
    shared: &Shared<K>,
    keys: Vec<RecordKey>,
) -> Result<BTreeMap<RecordKey, Record>, StoreError> {
    let mut records = BTreeMap::new();
    for keys in keys.chunks(KEYS_MAX) {
        let read = shared.store().read(keys).await?;
        records.extend(read.into_iter().map(|record| (record.key.clone(), record)));
    }
    Ok(records)
}

/// Adds what `records` have of these facts to a case.
///
/// # Errors
/// A record cannot be read.
pub(super) fn add_to_case<K: Backend>(
    shared: &Shared<K>,
    sending: Sending,
    facts: &[About],
    records: &BTreeMap<RecordKey, Record>,
    case: &mut Case,
) -> Result<(), StoreError> {
    for about in facts {
        let Some(record) = records.get(&shared.key(Fact { sending, about: *about })) else { continue };
        match about {
            About::Seen => case.seen(record.content::<SeenEvent>()?),
            About::Receipt(mirror) => case.receipts.push(MirrorIndex(mirror.0)),
            About::Body(pair) => case.outcome(*pair, record.content::<TargetOutcome>()?),
        }
    }
    Ok(())
}
