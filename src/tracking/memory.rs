//! A store that lasts as long as its process.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tracking::{Page, Record, RecordKey, RunId, StoreError, Subject, TrackingStore};

/// Keeps records in memory, for dry runs and tests.
#[derive(Debug, Default)]
pub struct MemoryStore {
    /// A lock of std: it is never held across an await.
    records: Mutex<BTreeMap<RecordKey, Record>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<RecordKey, Record>> {
        // No operation leaves the map half changed, so one that panicked does no harm to others.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TrackingStore for MemoryStore {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.records().extend(records.into_iter().map(|record| (record.key.clone(), record)));
        Ok(())
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        let keys: BTreeSet<&RecordKey> = keys.iter().collect();
        let records = self.records();
        Ok(keys.into_iter().filter_map(|key| records.get(key)).cloned().collect())
    }

    async fn scan(&self, run: RunId, after: Option<&RecordKey>, limit: usize) -> Result<Page, StoreError> {
        let records = self.records();
        let first = RecordKey::first_of(run);
        let from = match after {
            Some(after) if *after >= first => Bound::Excluded(after),
            _ => Bound::Included(&first),
        };
        let mut rest = records
            .range((from, Bound::Unbounded))
            .map(|(_, record)| record)
            .take_while(|r| r.key.run == run);
        let page: Vec<Record> = rest.by_ref().take(limit.max(1)).cloned().collect();
        let next_after = rest.next().and(page.last()).map(|last| last.key.clone());
        Ok(Page { records: page, next_after })
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        let records = self.records();
        Ok(records.keys().filter(|key| key.subject == Subject::Run).map(|key| key.run).collect())
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.records().retain(|key, _| key.run != run);
        Ok(())
    }
}
