//! Random operations and what becomes of them in a plain map.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use ruleproof::tracking::{Record, RecordKey, RunId, Slot, SlotKind, TrackingStore};

use crate::contract;
use crate::samples::{record, run, slots_in_order};

#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Write(Vec<Record>),
    Read(Vec<RecordKey>),
    Scan(RunId, SlotKind, usize),
    ListRuns,
    Delete(RunId),
    /// Closes the store and opens it again, where it can be opened again.
    Reopen,
}

fn runs() -> impl Strategy<Value = RunId> {
    (1..4_u32).prop_map(run)
}

fn slots() -> impl Strategy<Value = Slot> {
    proptest::sample::select(slots_in_order())
}

pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let records = (runs(), slots(), 0..100_u32)
        .prop_map(|(run, slot, n)| record(run, slot, &format!(r#"{{"n":{n}}}"#)));
    let keys = (runs(), slots()).prop_map(|(run, slot)| RecordKey { run, slot });
    let kinds = proptest::sample::select(SlotKind::ALL.to_vec());
    let operation = prop_oneof![
        6 => vec(records, 0..8).prop_map(Operation::Write),
        4 => vec(keys, 0..8).prop_map(Operation::Read),
        3 => (runs(), kinds, 0..4_usize).prop_map(|(run, kind, limit)| Operation::Scan(run, kind, limit)),
        1 => Just(Operation::ListRuns),
        1 => runs().prop_map(Operation::Delete),
        1 => Just(Operation::Reopen),
    ];
    vec(operation, 1..40)
}

/// Applies `operations` to the store that `open` opens, which always finds what was written before.
pub(crate) async fn behaves_as_a_map<S: TrackingStore>(
    operations: Vec<Operation>,
    open: impl Fn(Option<S>) -> S,
) -> Result<(), TestCaseError> {
    let mut model: BTreeMap<RecordKey, Record> = BTreeMap::new();
    let mut store = open(None);
    for operation in operations {
        match operation {
            Operation::Write(records) => {
                store.write(records.clone()).await.unwrap();
                model.extend(records.into_iter().map(|record| (record.key.clone(), record)));
            }
            Operation::Read(keys) => {
                let expected: Vec<&Record> =
                    model.iter().filter(|(key, _)| keys.contains(key)).map(|(_, record)| record).collect();
                let found = store.read(&keys).await.unwrap();
                prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected);
            }
            Operation::Scan(run, kind, limit) => {
                let expected: Vec<&Record> = model
                    .values()
                    .filter(|record| record.key.run == run && record.key.slot.kind() == kind)
                    .collect();
                let found = contract::scan(&store, run, kind, limit).await;
                prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected);
            }
            Operation::ListRuns => {
                let keys = model.keys().filter(|key| key.slot == Slot::Run);
                let expected: Vec<RunId> = keys.map(|key| key.run).collect();
                prop_assert_eq!(store.runs().await.unwrap(), expected);
            }
            Operation::Delete(run) => {
                store.delete(run).await.unwrap();
                model.retain(|key, _| key.run != run);
            }
            Operation::Reopen => store = open(Some(store)),
        }
    }
    Ok(())
}
