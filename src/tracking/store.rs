//! What every store can do.

use std::future::Future;

use crate::tracking::{Record, RecordKey, RunId, Slot, SlotKind, StoreError};

/// Keeps records under exact keys.
///
/// Many tasks share one store; nothing here blocks the thread of a task. What has been written is in every later
/// answer of this store. Two processes must not write to the same run at a time.
pub trait TrackingStore: Send + Sync {
    /// Writes `records`, each over what its key held; they are durable when this returns. If a key comes several times,
    /// its last record counts. The same call once more changes nothing.
    ///
    /// # Errors
    /// If the store cannot write. Then any part of the records may have been written, each whole or not at all;
    /// writing all of them again is right.
    fn write(&self, records: Vec<Record>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The records under `keys` that exist, each once, in the order of keys.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn read(&self, keys: &[RecordKey]) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// The first records of that kind in `run` behind `after`, in the order of slots; at most `limit` of them, which counts
    /// as 1 if it is 0.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send;

    /// The runs that have a record of their own ([`Slot::Run`](crate::tracking::Slot::Run)), oldest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn runs(&self) -> impl Future<Output = Result<Vec<RunId>, StoreError>> + Send;

    /// Deletes all records of `run`, durably. A run that has none is fine.
    ///
    /// # Errors
    /// If the store cannot write; then any part of the run may be left, and the same call once more is right.
    fn delete(&self, run: RunId) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A part of the records of one kind in a run, in the order of slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The records.
    pub records: Vec<Record>,
    /// Behind which slot to go on; `None` when nothing is left. A page that is not the last can be shorter than asked.
    pub next_after: Option<Slot>,
}

impl<S: TrackingStore> TrackingStore for &S {
    fn write(&self, records: Vec<Record>) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::write(self, records)
    }

    fn read(&self, keys: &[RecordKey]) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send {
        S::read(self, keys)
    }

    fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send {
        S::scan(self, run, kind, after, limit)
    }

    fn runs(&self) -> impl Future<Output = Result<Vec<RunId>, StoreError>> + Send {
        S::runs(self)
    }

    fn delete(&self, run: RunId) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::delete(self, run)
    }
}
