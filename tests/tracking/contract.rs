//! What every store promises. Each promise is kept in runs of its own, so that one store can be asked for all.

use futures_util::future::join_all;
use ruleproof::tracking::{Attempt, Expiry, Record, RecordKey, RunId, Slot, SlotKind, TrackingStore};

use crate::samples::{event, of_run, record, run, slots_in_order};

pub(crate) async fn holds(store: &impl TrackingStore) {
    what_is_written_is_read(store).await;
    the_last_write_counts(store).await;
    pages_have_one_kind_of_one_run_in_order(store).await;
    runs_are_those_with_a_record_of_their_own(store).await;
    a_deleted_run_is_gone_and_others_stay(store).await;
    large_batches_are_whole(store).await;
    large_records_are_whole(store).await;
    many_at_a_time_do_not_disturb_each_other(store).await;
}

pub(crate) async fn what_is_written_is_read(store: &impl TrackingStore) {
    let (run, other) = (run(1), run(2));
    let odd = [
        "{}",
        "{\"text\":\"\\u0000\\n\\\"\\\\\",\"n\":1.0e400}",
        "{\"\u{e9}\u{1f980}\":\"'; DROP TABLE records\"}",
    ];
    let mut records: Vec<Record> =
        odd.iter().zip(0..).map(|(text, n)| record(run, Slot::Planned(event(n)), text)).collect();
    records.push(record(other, Slot::Planned(event(0)), r#"{"of":"another run"}"#));
    records.push(Record { version: u16::MAX, ..record(run, Slot::Planned(event(7)), "{}") });
    records.push(Record { expiry: Expiry { at_s: 1_795_365_901 }, ..record(run, Slot::Run, "{}") });
    store.write(records.clone()).await.unwrap();

    // Backwards, each twice, with some that do not exist.
    let mut keys = keys_of(&records);
    keys.extend(keys.clone());
    keys.push(RecordKey::new(run, Slot::Planned(event(5))));
    keys.push(RecordKey::new(crate::samples::run(3), Slot::Planned(event(0))));
    keys.reverse();
    assert_eq!(store.read(&keys).await.unwrap(), sorted(records), "each once, in order");
    assert_eq!(store.read(&keys[..1]).await.unwrap(), []);
    assert_eq!(store.read(&[]).await.unwrap(), []);
}

async fn the_last_write_counts(store: &impl TrackingStore) {
    let slot = || Slot::Verdict(event(1), Attempt::FIRST);
    let said = |text: &str| record(run(11), slot(), text);
    let read = async || store.read(&keys_of(&[said("{}")])).await.unwrap();
    store.write(vec![said(r#"{"n":1}"#)]).await.unwrap();
    store.write(vec![said(r#"{"n":1}"#)]).await.unwrap();
    assert_eq!(read().await, [said(r#"{"n":1}"#)]);
    store.write(vec![said(r#"{"n":2}"#), said(r#"{"n":3}"#), said(r#"{"n":4}"#)]).await.unwrap();
    assert_eq!(read().await, [said(r#"{"n":4}"#)]);
    store.write(Vec::new()).await.unwrap();
    assert_eq!(read().await, [said(r#"{"n":4}"#)]);
}

async fn pages_have_one_kind_of_one_run_in_order(store: &impl TrackingStore) {
    let runs = [run(21), run(22), run(23)];
    for run in runs {
        let mut records: Vec<Record> =
            slots_in_order().into_iter().map(|slot| record(run, slot, "{}")).collect();
        records.reverse();
        store.write(records).await.unwrap();
    }
    for limit in [0, 1, 2, 3, 100] {
        let mut found = Vec::new();
        for kind in SlotKind::ALL {
            let of_kind = scan(store, runs[1], kind, limit).await;
            assert!(of_kind.iter().all(|record| record.key.slot.kind() == kind), "{kind:?}: {of_kind:?}");
            found.extend(of_kind);
        }
        assert!(found.iter().all(|record| record.key.run == runs[1]));
        let slots: Vec<Slot> = found.into_iter().map(|record| record.key.slot).collect();
        assert_eq!(slots, slots_in_order(), "pages of {limit}");
    }
    let behind = store.scan(runs[1], SlotKind::Planned, Some(&Slot::Planned(event(5))), 1).await.unwrap();
    assert_eq!(
        behind.records,
        [record(runs[1], Slot::Planned(event(9)), "{}")],
        "behind what does not exist"
    );
    assert_eq!(scan(store, run(29), SlotKind::Planned, 10).await, [], "a run that does not exist");
}

async fn runs_are_those_with_a_record_of_their_own(store: &impl TrackingStore) {
    let (newer, older, without) = (run(33), run(31), run(32));
    store.write(vec![of_run(newer), of_run(older)]).await.unwrap();
    store.write(vec![record(without, Slot::Planned(event(1)), "{}")]).await.unwrap();
    let among = [newer, older, without];
    let runs: Vec<RunId> =
        store.runs().await.unwrap().into_iter().filter(|run| among.contains(run)).collect();
    assert_eq!(runs, [older, newer]);
}

async fn a_deleted_run_is_gone_and_others_stay(store: &impl TrackingStore) {
    let (gone, stays) = (run(41), run(42));
    for run in [gone, stays] {
        let events = (0..60).map(|n| record(run, Slot::Planned(event(n)), "{}"));
        store.write(events.chain([of_run(run)]).collect()).await.unwrap();
    }
    store.delete(gone).await.unwrap();
    store.delete(gone).await.unwrap();
    for kind in SlotKind::ALL {
        assert_eq!(scan(store, gone, kind, 10).await, []);
    }
    assert_eq!(store.read(&[RecordKey::new(gone, Slot::Planned(event(3)))]).await.unwrap(), []);
    let runs = store.runs().await.unwrap();
    assert!(!runs.contains(&gone) && runs.contains(&stays));
    assert_eq!(scan(store, stays, SlotKind::Planned, 25).await.len(), 60);
}

async fn large_batches_are_whole(store: &impl TrackingStore) {
    let records: Vec<Record> =
        (0..1_203).map(|n| record(run(51), Slot::Planned(event(n)), &format!(r#"{{"n":{n}}}"#))).collect();
    store.write(records.clone()).await.unwrap();
    assert_eq!(store.read(&keys_of(&records)).await.unwrap(), records);
    assert_eq!(scan(store, run(51), SlotKind::Planned, 500).await, records);
}

/// Events can have 1 MiB, and their records some more.
async fn large_records_are_whole(store: &impl TrackingStore) {
    let sizes = [390_000, 410_000, 1_300_000, 5, 2_200_000];
    let records: Vec<Record> = sizes
        .iter()
        .zip(0..)
        .map(|(size, n)| {
            let text = "0123456789\u{e9}".repeat(size / 12);
            record(run(61), Slot::Planned(event(n)), &format!(r#"{{"text":"{text}"}}"#))
        })
        .collect();
    store.write(records.clone()).await.unwrap();
    assert!(store.read(&keys_of(&records)).await.unwrap() == records);
    assert!(scan(store, run(61), SlotKind::Planned, 3).await == records);

    // What was large can become small, and large again.
    let swapped: Vec<Record> = records
        .iter()
        .zip(records.iter().rev())
        .map(|(record, other)| Record { content: other.content.clone(), ..record.clone() })
        .collect();
    store.write(swapped.clone()).await.unwrap();
    assert!(store.read(&keys_of(&swapped)).await.unwrap() == swapped);
    store.delete(run(61)).await.unwrap();
    assert_eq!(scan(store, run(61), SlotKind::Planned, 3).await, []);
}

async fn many_at_a_time_do_not_disturb_each_other(store: &impl TrackingStore) {
    let tasks = (0..40).map(async |task| {
        for n in 0..5 {
            let written: Vec<Record> = (0..3)
                .map(|k| record(run(71), Slot::Planned(event(task * 100 + n * 10 + k)), "{}"))
                .collect();
            store.write(written.clone()).await.unwrap();
            assert_eq!(store.read(&keys_of(&written)).await.unwrap(), written, "read what was written");
        }
    });
    join_all(tasks).await;
    assert_eq!(scan(store, run(71), SlotKind::Planned, 1_000).await.len(), 600);
}

/// All records of a kind, page by page.
pub(crate) async fn scan(
    store: &impl TrackingStore,
    run: RunId,
    kind: SlotKind,
    limit: usize,
) -> Vec<Record> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = store.scan(run, kind, after.as_ref(), limit).await.unwrap();
        assert!(page.records.len() <= limit.max(1), "{} records for {limit}", page.records.len());
        assert!(page.next_after.is_none() || !page.records.is_empty(), "an empty page goes on");
        records.extend(page.records);
        match page.next_after {
            Some(slot) => after = Some(slot),
            None => return records,
        }
    }
}

pub(crate) fn keys_of(records: &[Record]) -> Vec<RecordKey> {
    records.iter().map(|record| record.key.clone()).collect()
}

fn sorted(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by(|a, b| a.key.cmp(&b.key));
    records
}
