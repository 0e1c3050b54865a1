//! A write that fails leaves each record as it was or as it was to become, and doing it again makes it good.

use ruleproof::tracking::{EmbeddedStore, FailAfter, MemoryStore, StoreErrorKind, TrackingStore};

use crate::half_done::failures_leave_a_beginning_and_can_be_repeated;
use crate::samples::run;

#[tokio::test]
async fn the_store_in_memory_survives_failures_at_any_step() {
    failures_leave_a_beginning_and_can_be_repeated(async || MemoryStore::new()).await;
}

#[tokio::test]
async fn the_embedded_store_survives_failures_at_any_step() {
    let folder = tempfile::tempdir().unwrap();
    let files = std::cell::Cell::new(0);
    failures_leave_a_beginning_and_can_be_repeated(async || {
        files.set(files.get() + 1);
        EmbeddedStore::open(&folder.path().join(format!("{}.db", files.get()))).unwrap()
    })
    .await;
}

#[tokio::test]
async fn calls_that_do_not_write_fail_too_and_once() {
    let store = FailAfter::new(MemoryStore::new(), 1);
    store.runs().await.unwrap();
    assert_eq!(store.delete(run(1)).await.unwrap_err().kind, StoreErrorKind::ToldToFail);
    store.delete(run(1)).await.unwrap();
}
