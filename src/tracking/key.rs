//! The exact keys of records.

use std::fmt;
use std::num::NonZeroU8;

use crate::tracking::RunId;

/// The place of an event in the plan of its run, from 0.
///
/// Ends at 999,999,999,999: as text it has twelve digits, so that keys sort by number everywhere, and in twelve hex
/// digits of a trace header it fits too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventNumber(u64);

impl EventNumber {
    /// The largest number.
    pub const MAX: EventNumber = EventNumber(999_999_999_999);

    /// The event at `number`; `None` beyond [`EventNumber::MAX`].
    pub const fn new(number: u64) -> Option<EventNumber> {
        if number <= EventNumber::MAX.0 { Some(EventNumber(number)) } else { None }
    }

    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for EventNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which time an event is sent, from 1: a redrive sends events once more. Fits into two hex digits of a trace header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attempt(NonZeroU8);

impl Attempt {
    /// The first time.
    pub const FIRST: Attempt = Attempt(NonZeroU8::MIN);

    /// The attempt of that number; `None` for 0.
    pub fn new(number: u8) -> Option<Attempt> {
        NonZeroU8::new(number).map(Attempt)
    }

    /// The number itself, from 1.
    pub fn get(self) -> u8 {
        self.0.get()
    }

    /// The one after; `None` after the 255th.
    pub fn next(self) -> Option<Attempt> {
        self.0.checked_add(1).map(Attempt)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A rule of a run's plan, and one of its targets, each by its place there. Their names are in the run's own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// The rule.
    pub rule: u16,
    /// The target among the rule's targets.
    pub target: u16,
}

/// The key of a record; a store holds at most one record under each. Keys sort by run first, and then as their
/// [sort texts](RecordKey::sort_text) do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    /// The run that the record is of.
    pub run: RunId,
    /// What the record is about.
    pub subject: Subject,
}

// The variants of `Subject` and `Slot` stand in the order of their names, so that keys sort as their texts do.

/// What a record is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// `event`: one event of the run's plan.
    Event(EventNumber, Slot),
    /// `run`: the run itself: its options, its rules, how far it is.
    Run,
    /// `unattributed`: a message that arrived and that no event could be found for, by the message's id as its
    /// queue gives it.
    Unattributed(Box<str>),
}

/// Which fact about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// `outcome`: what became of the event at one target: delivered or dead-lettered.
    Outcome(Attempt, Pair),
    /// `planned`: the entry to send.
    Planned,
    /// `receipt`: the rule of that place in the plan matched on the bus, whatever became of its targets.
    Receipt(Attempt, u16),
    /// `seen`: the event as the bus delivers it.
    Seen(Attempt),
    /// `sent`: that the event is about to be sent, then what the bus answered.
    Sent(Attempt),
    /// `unexpected`: what arrived though nobody foresaw it.
    Unexpected(Attempt),
    /// `verdict`: the event's final verdict in that attempt.
    Verdict(Attempt),
}

impl RecordKey {
    /// The key of the run's own record.
    pub fn run(run: RunId) -> RecordKey {
        RecordKey { run, subject: Subject::Run }
    }

    /// The key of a fact about an event.
    pub fn event(run: RunId, event: EventNumber, slot: Slot) -> RecordKey {
        RecordKey { run, subject: Subject::Event(event, slot) }
    }

    /// The key of a message that no event could be found for.
    pub fn unattributed(run: RunId, message_id: &str) -> RecordKey {
        RecordKey { run, subject: Subject::Unattributed(message_id.into()) }
    }

    /// A key of `run` that none of its other keys is before.
    pub(super) fn first_of(run: RunId) -> RecordKey {
        let first = Slot::Outcome(Attempt::FIRST, Pair { rule: 0, target: 0 });
        RecordKey::event(run, EventNumber(0), first)
    }

    /// The key within its run as text; texts sort as keys do:
    /// `event/000000000042/outcome/001/00003/00000`, `event/000000000042/planned`, `run`, `unattributed/ID`.
    pub fn sort_text(&self) -> String {
        self.subject.to_string()
    }

    /// The key with that [sort text](RecordKey::sort_text) in `run`; `None` if there is none.
    pub fn from_sort_text(run: RunId, text: &str) -> Option<RecordKey> {
        let subject = match text.split_once('/') {
            None if text == "run" => Subject::Run,
            Some(("event", fact)) => event_from_text(fact)?,
            Some(("unattributed", message_id)) => Subject::Unattributed(message_id.into()),
            _ => return None,
        };
        (subject.to_string() == text).then_some(RecordKey { run, subject })
    }
}

fn event_from_text(text: &str) -> Option<Subject> {
    let mut parts = text.split('/');
    let event = EventNumber::new(parts.next()?.parse().ok()?)?;
    let name = parts.next()?;
    if name == "planned" {
        return Some(Subject::Event(event, Slot::Planned));
    }
    let attempt = Attempt::new(parts.next()?.parse().ok()?)?;
    let mut place = || parts.next()?.parse::<u16>().ok();
    let slot = match name {
        "outcome" => Slot::Outcome(attempt, Pair { rule: place()?, target: place()? }),
        "receipt" => Slot::Receipt(attempt, place()?),
        "seen" => Slot::Seen(attempt),
        "sent" => Slot::Sent(attempt),
        "unexpected" => Slot::Unexpected(attempt),
        "verdict" => Slot::Verdict(attempt),
        _ => return None,
    };
    Some(Subject::Event(event, slot))
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Event(event, slot) => write!(f, "event/{:012}/{slot}", event.get()),
            Subject::Run => f.write_str("run"),
            Subject::Unattributed(message_id) => write!(f, "unattributed/{message_id}"),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Outcome(attempt, Pair { rule, target }) => {
                write!(f, "outcome/{:03}/{rule:05}/{target:05}", attempt.get())
            }
            Slot::Planned => f.write_str("planned"),
            Slot::Receipt(attempt, rule) => write!(f, "receipt/{:03}/{rule:05}", attempt.get()),
            Slot::Seen(attempt) => write!(f, "seen/{:03}", attempt.get()),
            Slot::Sent(attempt) => write!(f, "sent/{:03}", attempt.get()),
            Slot::Unexpected(attempt) => write!(f, "unexpected/{:03}", attempt.get()),
            Slot::Verdict(attempt) => write!(f, "verdict/{:03}", attempt.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUN: u64 = 1_795_365_900;

    fn slots() -> impl Strategy<Value = Slot> {
        let attempt = || (1..=u8::MAX).prop_map(|number| Attempt::new(number).unwrap());
        let pair = (any::<u16>(), any::<u16>()).prop_map(|(rule, target)| Pair { rule, target });
        prop_oneof![
            Just(Slot::Planned),
            (attempt(), pair).prop_map(|(attempt, pair)| Slot::Outcome(attempt, pair)),
            (attempt(), any::<u16>()).prop_map(|(attempt, rule)| Slot::Receipt(attempt, rule)),
            attempt().prop_map(Slot::Seen),
            attempt().prop_map(Slot::Sent),
            attempt().prop_map(Slot::Unexpected),
            attempt().prop_map(Slot::Verdict),
        ]
    }

    fn keys() -> impl Strategy<Value = RecordKey> {
        let run = RunId::new(RUN, 1);
        let number = prop_oneof![0..20_u64, 0..=EventNumber::MAX.get()];
        prop_oneof![
            8 => (number, slots())
                .prop_map(move |(number, slot)| RecordKey::event(run, EventNumber::new(number).unwrap(), slot)),
            1 => Just(RecordKey::run(run)),
            1 => ".{0,9}".prop_map(move |id| RecordKey::unattributed(run, &id)),
        ]
    }

    proptest! {
        #[test]
        fn keys_read_back_from_their_texts(key in keys()) {
            prop_assert_eq!(RecordKey::from_sort_text(key.run, &key.sort_text()), Some(key));
        }

        #[test]
        fn keys_sort_as_their_texts_do(a in keys(), b in keys()) {
            prop_assert_eq!(a.cmp(&b), a.sort_text().cmp(&b.sort_text()));
            prop_assert!(RecordKey::first_of(a.run) <= a);
        }
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in [
            "",
            "runs",
            "run/",
            "unattributed",
            "event/1/planned",
            "event/000000000001/planned/",
            "event/000000000001/planned/001",
            "event/000000000001/seen/000",
            "event/000000000001/seen/+01",
            "event/000000000001/seen/256",
            "event/000000000001/outcome/001/00001",
            "event/000000000001/guessed/001",
        ] {
            assert_eq!(RecordKey::from_sort_text(RunId::new(RUN, 1), text), None, "{text}");
        }
    }
}
