//! What a write that fails may leave behind, for any store.

use ruleproof::tracking::{FailAfter, Record, Slot, StoreErrorKind, TrackingStore};

use crate::contract::keys_of;
use crate::samples::{event, record, run};

/// Three writes that overlap, of 2, 3 and 2 records.
fn writes() -> Vec<Vec<Record>> {
    let said = |n, text: &str| record(run(1), Slot::Planned(event(n)), text);
    vec![
        vec![said(0, r#"{"by":1}"#), said(1, r#"{"by":1}"#)],
        vec![said(1, r#"{"by":2}"#), said(2, r#"{"by":2}"#), said(3, r#"{"by":2}"#)],
        vec![said(0, r#"{"by":3}"#), said(3, r#"{"by":3}"#)],
    ]
}

async fn contents(store: &impl TrackingStore) -> Vec<Option<Record>> {
    let all: Vec<Record> = (0..4).map(|n| record(run(1), Slot::Planned(event(n)), "{}")).collect();
    let found = store.read(&keys_of(&all)).await.unwrap();
    all.iter().map(|one| found.iter().find(|record| record.key == one.key).cloned()).collect()
}

/// `make` gives a store without records of the first run.
pub(crate) async fn failures_leave_a_beginning_and_can_be_repeated<S: TrackingStore>(
    make: impl AsyncFn() -> S,
) {
    let steps: usize = writes().iter().map(Vec::len).sum();
    for fail_after in 0..steps as u64 {
        let store = make().await;
        let failing = FailAfter::new(&store, fail_after);
        let mut failures = 0;
        for records in writes() {
            let before = contents(&store).await;
            if let Err(error) = failing.write(records.clone()).await {
                assert_eq!(error.kind, StoreErrorKind::ToldToFail);
                failures += 1;
                let mut written = 0;
                for (was, is) in before.into_iter().zip(contents(&store).await) {
                    let new = is.as_ref().is_some_and(|record| records.contains(record));
                    assert!(is == was || new, "after {fail_after} steps: {was:?} became {is:?}");
                    written += usize::from(new);
                }
                assert!(written < records.len(), "after {fail_after} steps nothing failed");
                failing.write(records).await.unwrap();
            }
        }
        assert_eq!(failures, 1, "after {fail_after} steps");
        assert!(failing.has_failed());
        let by: Vec<String> =
            contents(&store).await.into_iter().map(|record| record.unwrap().content.into()).collect();
        assert_eq!(by, [r#"{"by":3}"#, r#"{"by":2}"#, r#"{"by":2}"#, r#"{"by":3}"#]);
    }
}
