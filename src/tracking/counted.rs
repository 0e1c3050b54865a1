//! A store that counts what is asked of it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::tracking::{Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, TrackingStore};

/// Passes everything on and counts it, to show that calls grow with batches and not with events.
#[derive(Debug, Default)]
pub struct Counted<S> {
    inner: S,
    writes: AtomicU64,
    records_written: AtomicU64,
    reads: AtomicU64,
    keys_asked: AtomicU64,
    records_read: AtomicU64,
    scans: AtomicU64,
}

/// What a store was asked, failures included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoreCounts {
    /// Calls that write.
    pub writes: u64,
    /// Records in them.
    pub records_written: u64,
    /// Calls that read by keys.
    pub reads: u64,
    /// Keys in them.
    pub keys_asked: u64,
    /// Records that they found.
    pub records_read: u64,
    /// Calls for a page of a run.
    pub scans: u64,
}

impl<S> Counted<S> {
    /// Counts from now on.
    pub fn new(inner: S) -> Counted<S> {
        let zero = || AtomicU64::new(0);
        Counted {
            inner,
            writes: zero(),
            records_written: zero(),
            reads: zero(),
            keys_asked: zero(),
            records_read: zero(),
            scans: zero(),
        }
    }

    /// The store inside.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// The counts so far.
    pub fn counts(&self) -> StoreCounts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StoreCounts {
            writes: of(&self.writes),
            records_written: of(&self.records_written),
            reads: of(&self.reads),
            keys_asked: of(&self.keys_asked),
            records_read: of(&self.records_read),
            scans: of(&self.scans),
        }
    }
}

fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

impl<S: TrackingStore> TrackingStore for Counted<S> {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        add(&self.writes, 1);
        add(&self.records_written, records.len());
        self.inner.write(records).await
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        add(&self.reads, 1);
        add(&self.keys_asked, keys.len());
        let records = self.inner.read(keys).await?;
        add(&self.records_read, records.len());
        Ok(records)
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        add(&self.scans, 1);
        self.inner.scan(run, kind, after, limit).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.inner.runs().await
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.inner.delete(run).await
    }
}
