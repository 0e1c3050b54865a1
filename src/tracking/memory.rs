//! A store that lasts as long as its process.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tracking::{Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, TrackingStore};

type Runs = BTreeMap<RunId, BTreeMap<Slot, Record>>;

/// Keeps records in memory, for dry runs and tests.
#[derive(Debug, Default)]
pub struct MemoryStore {
    /// A lock of std: it is never held across an await.
    records: Mutex<Runs>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn records(&self) -> MutexGuard<'_, Runs> {
        // No operation leaves the map half changed, so one that panicked does no harm to others.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TrackingStore for MemoryStore {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        let mut runs = self.records();
        for record in records {
            runs.entry(record.key.run).or_default().insert(record.key.slot.clone(), record);
        }
        Ok(())
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        let keys: BTreeSet<&RecordKey> = keys.iter().collect();
        let records = self.records();
        Ok(keys.into_iter().filter_map(|key| records.get(&key.run)?.get(&key.slot)).cloned().collect())
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let records = self.records();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let in_run = records.get(&run).into_iter().flat_map(|slots| slots.range((from, Bound::Unbounded)));
        let mut rest = in_run.filter(|(slot, _)| slot.kind() == kind);
        let page: Vec<Record> = rest.by_ref().take(limit.max(1)).map(|(_, record)| record.clone()).collect();
        let next_after = rest.next().and(page.last()).map(|last| last.key.slot.clone());
        Ok(Page { records: page, next_after })
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        let records = self.records();
        let known = records.iter().filter(|(_, slots)| slots.contains_key(&Slot::Run));
        Ok(known.map(|(run, _)| *run).collect())
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.records().remove(&run);
        Ok(())
    }
}
