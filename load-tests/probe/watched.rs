//! A store that counts verdicts, to know how many events are in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruleproof::tracking::{Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, TrackingStore};

pub struct Watched<S> {
    pub inner: S,
    pub verdicts: Arc<AtomicU64>,
}

impl<S: TrackingStore> TrackingStore for Watched<S> {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        let verdicts = records.iter().filter(|record| matches!(record.key.slot, Slot::Verdict(..))).count();
        self.inner.write(records).await?;
        self.verdicts.fetch_add(verdicts as u64, Ordering::Relaxed);
        Ok(())
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        self.inner.read(keys).await
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.inner.scan(run, kind, after, limit).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.inner.runs().await
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.inner.delete(run).await
    }
}
