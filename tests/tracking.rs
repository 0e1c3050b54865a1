//! Every tracking store keeps the same promises.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "tracking/contract.rs"]
mod contract;
#[path = "tracking/crash.rs"]
mod crash;
#[path = "tracking/embedded.rs"]
mod embedded;
#[path = "tracking/failing.rs"]
mod failing;
#[path = "tracking/half_done.rs"]
mod half_done;
#[path = "tracking/model.rs"]
mod model;
#[path = "tracking/random.rs"]
mod random;
#[path = "tracking/samples.rs"]
mod samples;

use ruleproof::tracking::{Counted, EmbeddedStore, MemoryStore};

#[tokio::test]
async fn the_store_in_memory_keeps_the_contract() {
    contract::holds(&MemoryStore::new()).await;
}

#[tokio::test]
async fn the_embedded_store_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::holds(&EmbeddedStore::open(&folder.path().join("tracking.db")).unwrap()).await;
}

#[tokio::test]
async fn a_counted_store_keeps_the_contract_and_counts() {
    let store = Counted::new(MemoryStore::new());
    contract::holds(&store).await;
    let before = store.counts();
    contract::what_is_written_is_read(&store).await;
    let after = store.counts();
    assert_eq!((after.writes - before.writes, after.records_written - before.records_written), (1, 6));
    assert_eq!((after.reads - before.reads, after.keys_asked - before.keys_asked), (3, 15));
    assert_eq!(after.records_read - before.records_read, 6);
}
