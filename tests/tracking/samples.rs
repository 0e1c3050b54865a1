//! Records to write.

use ruleproof::tracking::{Attempt, EventNumber, Expiry, Pair, Record, RecordKey, RunId, Slot};

/// Later than any test runs.
pub(crate) const LATER: Expiry = Expiry { at_s: 4_000_000_000 };

pub(crate) fn event(number: u64) -> EventNumber {
    EventNumber::new(number).unwrap()
}

/// A run of its own for each `number`.
pub(crate) fn run(number: u32) -> RunId {
    RunId::new(1_795_365_900 + u64::from(number), number)
}

pub(crate) fn record(run: RunId, slot: Slot, content: &str) -> Record {
    Record { key: RecordKey { run, slot }, version: 1, content: content.into(), expiry: LATER }
}

/// The run's own record.
pub(crate) fn of_run(run: RunId) -> Record {
    record(run, Slot::Run, r#"{"state":"sending"}"#)
}

/// A slot of each kind, and some more, in their order.
pub(crate) fn slots_in_order() -> Vec<Slot> {
    let first = Attempt::FIRST;
    let second = first.next().unwrap();
    let pair = |rule, target| Pair { rule, target };
    vec![
        Slot::Outcome(event(2), first, pair(9, 0)),
        Slot::Outcome(event(2), first, pair(10, 0)),
        Slot::Outcome(event(2), first, pair(10, 65_535)),
        Slot::Outcome(event(2), second, pair(0, 0)),
        Slot::Outcome(event(10), first, pair(0, 0)),
        Slot::Planned(event(0)),
        Slot::Planned(event(9)),
        Slot::Planned(event(10)),
        Slot::Planned(EventNumber::MAX),
        Slot::Receipt(event(2), first, 300),
        Slot::Run,
        Slot::Seen(event(2), first),
        Slot::Sent(event(2), first),
        Slot::Sent(event(2), second),
        Slot::Unattributed("".into()),
        Slot::Unattributed("/'\"%_\u{e9}\u{1f980}".into()),
        Slot::Unattributed("0d1f5b52-6e5a-4d0e-9a57-6d8e5c1e8a11".into()),
        Slot::Unexpected(event(2), first),
        Slot::Verdict(event(2), first),
        Slot::Verdict(event(2), Attempt::new(255).unwrap()),
    ]
}
