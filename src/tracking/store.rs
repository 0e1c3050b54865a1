//! What every store can do.

use std::future::Future;

use crate::tracking::{Record, RecordKey, RunId, StoreError};

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

    /// The first records of `run` behind `after` in the order of keys, at most about `limit` (at least 1) of them.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn scan(
        &self,
        run: RunId,
        after: Option<&RecordKey>,
        limit: usize,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send;

    /// The runs that have a record of their own ([`Subject::Run`](crate::tracking::Subject::Run)), oldest first.
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

/// A part of a run, in the order of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The records.
    pub records: Vec<Record>,
    /// Behind which key to go on; `None` when nothing is left. A page that is not the last can be shorter than asked.
    pub next_after: Option<RecordKey>,
}
