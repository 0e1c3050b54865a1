//! The exact keys of records.

use std::fmt;

use crate::tracking::{Attempt, EventNumber, Pair, RunId};

/// The key of a record; a store holds at most one record under each.
///
/// Keys sort by run, then by kind, then by event, and the texts of slots sort alike. So in a store that sorts, facts
/// of one kind about the events in flight lie side by side: what is written together is close together, and whoever
/// wants all verdicts need not step over all events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    /// The run that the record is of.
    pub run: RunId,
    /// Its place there.
    pub slot: Slot,
}

/// A place for one record in a run. As text: `outcome/000000000042/001/00003/00000`, `planned/000000000042`, `run`,
/// `unattributed/ID`.
// In the order of their names, so that slots sort as their texts do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// What became of the event at one target: delivered or dead-lettered.
    Outcome(EventNumber, Attempt, Pair),
    /// The entry to send.
    Planned(EventNumber),
    /// That the rule at that place in the plan matched on the bus, whatever became of its targets.
    Receipt(EventNumber, Attempt, u16),
    /// The run itself: its options, its rules, how far it is.
    Run,
    /// The event as the bus delivers it.
    Seen(EventNumber, Attempt),
    /// That the event is about to be sent, then what the bus answered.
    Sent(EventNumber, Attempt),
    /// A message that arrived and that no event could be found for, by its id as its queue gives it (for SQS at
    /// most 100 characters).
    Unattributed(Box<str>),
    /// What arrived though nobody foresaw it.
    Unexpected(EventNumber, Attempt),
    /// The event's final verdict.
    Verdict(EventNumber, Attempt),
}

/// What a slot is for; the first word of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SlotKind {
    /// [`Slot::Outcome`]
    Outcome,
    /// [`Slot::Planned`]
    Planned,
    /// [`Slot::Receipt`]
    Receipt,
    /// [`Slot::Run`]
    Run,
    /// [`Slot::Seen`]
    Seen,
    /// [`Slot::Sent`]
    Sent,
    /// [`Slot::Unattributed`]
    Unattributed,
    /// [`Slot::Unexpected`]
    Unexpected,
    /// [`Slot::Verdict`]
    Verdict,
}

impl RecordKey {
    /// The key of `slot` in `run`.
    pub fn new(run: RunId, slot: Slot) -> RecordKey {
        RecordKey { run, slot }
    }
}

impl SlotKind {
    /// All kinds, in order.
    pub const ALL: [SlotKind; 9] = [
        SlotKind::Outcome,
        SlotKind::Planned,
        SlotKind::Receipt,
        SlotKind::Run,
        SlotKind::Seen,
        SlotKind::Sent,
        SlotKind::Unattributed,
        SlotKind::Unexpected,
        SlotKind::Verdict,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            SlotKind::Outcome => "outcome",
            SlotKind::Planned => "planned",
            SlotKind::Receipt => "receipt",
            SlotKind::Run => "run",
            SlotKind::Seen => "seen",
            SlotKind::Sent => "sent",
            SlotKind::Unattributed => "unattributed",
            SlotKind::Unexpected => "unexpected",
            SlotKind::Verdict => "verdict",
        }
    }
}

impl Slot {
    /// What it is for.
    pub fn kind(&self) -> SlotKind {
        match self {
            Slot::Outcome(..) => SlotKind::Outcome,
            Slot::Planned(_) => SlotKind::Planned,
            Slot::Receipt(..) => SlotKind::Receipt,
            Slot::Run => SlotKind::Run,
            Slot::Seen(..) => SlotKind::Seen,
            Slot::Sent(..) => SlotKind::Sent,
            Slot::Unattributed(_) => SlotKind::Unattributed,
            Slot::Unexpected(..) => SlotKind::Unexpected,
            Slot::Verdict(..) => SlotKind::Verdict,
        }
    }

    /// The event that it is about, if it is about one.
    pub fn event(&self) -> Option<EventNumber> {
        match *self {
            Slot::Outcome(event, ..)
            | Slot::Planned(event)
            | Slot::Receipt(event, ..)
            | Slot::Seen(event, _)
            | Slot::Sent(event, _)
            | Slot::Unexpected(event, _)
            | Slot::Verdict(event, _) => Some(event),
            Slot::Run | Slot::Unattributed(_) => None,
        }
    }

    /// The slot whose text is `text`; `None` if there is none.
    pub fn parse(text: &str) -> Option<Slot> {
        let slot = match text.split_once('/') {
            None if text == SlotKind::Run.as_str() => Slot::Run,
            Some(("unattributed", message_id)) => Slot::Unattributed(message_id.into()),
            Some((kind, place)) => slot_of_event(kind, place)?,
            None => return None,
        };
        // Numbers have one spelling only.
        (slot.to_string() == text).then_some(slot)
    }
}

fn slot_of_event(kind: &str, place: &str) -> Option<Slot> {
    let mut parts = place.split('/');
    let event = EventNumber::new(parts.next()?.parse().ok()?)?;
    if kind == SlotKind::Planned.as_str() {
        return Some(Slot::Planned(event));
    }
    let attempt = Attempt::new(parts.next()?.parse().ok()?)?;
    let mut index = || parts.next()?.parse::<u16>().ok();
    Some(match kind {
        "outcome" => Slot::Outcome(event, attempt, Pair { rule: index()?, target: index()? }),
        "receipt" => Slot::Receipt(event, attempt, index()?),
        "seen" => Slot::Seen(event, attempt),
        "sent" => Slot::Sent(event, attempt),
        "unexpected" => Slot::Unexpected(event, attempt),
        "verdict" => Slot::Verdict(event, attempt),
        _ => return None,
    })
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())?;
        if let Some(event) = self.event() {
            write!(f, "/{:012}", event.get())?;
        }
        match self {
            Slot::Outcome(_, attempt, Pair { rule, target }) => {
                write!(f, "/{:03}/{rule:05}/{target:05}", attempt.get())
            }
            Slot::Receipt(_, attempt, rule) => write!(f, "/{:03}/{rule:05}", attempt.get()),
            Slot::Seen(_, attempt)
            | Slot::Sent(_, attempt)
            | Slot::Unexpected(_, attempt)
            | Slot::Verdict(_, attempt) => write!(f, "/{:03}", attempt.get()),
            Slot::Unattributed(message_id) => write!(f, "/{message_id}"),
            Slot::Planned(_) | Slot::Run => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slots() -> impl Strategy<Value = Slot> {
        let event = || {
            prop_oneof![0..20_u64, 0..=EventNumber::MAX.get()]
                .prop_map(|number| EventNumber::new(number).unwrap())
        };
        let attempted = || (event(), (1..=u8::MAX).prop_map(|number| Attempt::new(number).unwrap()));
        let pair = || any::<(u16, u16)>().prop_map(|(rule, target)| Pair { rule, target });
        prop_oneof![
            (attempted(), pair()).prop_map(|((event, attempt), pair)| Slot::Outcome(event, attempt, pair)),
            event().prop_map(Slot::Planned),
            (attempted(), any::<u16>())
                .prop_map(|((event, attempt), rule)| Slot::Receipt(event, attempt, rule)),
            Just(Slot::Run),
            attempted().prop_map(|(event, attempt)| Slot::Seen(event, attempt)),
            attempted().prop_map(|(event, attempt)| Slot::Sent(event, attempt)),
            ".{0,9}".prop_map(|id| Slot::Unattributed(id.into())),
            attempted().prop_map(|(event, attempt)| Slot::Unexpected(event, attempt)),
            attempted().prop_map(|(event, attempt)| Slot::Verdict(event, attempt)),
        ]
    }

    proptest! {
        #[test]
        fn slots_read_back_from_their_texts(slot in slots()) {
            prop_assert_eq!(Slot::parse(&slot.to_string()), Some(slot));
        }

        #[test]
        fn slots_sort_as_their_texts_do(a in slots(), b in slots()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert!(a.kind() == b.kind() || a.kind().cmp(&b.kind()) == a.cmp(&b));
        }
    }

    #[test]
    fn kinds_sort_by_name() {
        assert!(SlotKind::ALL.is_sorted());
        assert!(SlotKind::ALL.map(SlotKind::as_str).is_sorted());
    }

    #[test]
    fn other_texts_are_no_slots() {
        for text in [
            "",
            "runs",
            "run/",
            "unattributed",
            "planned/1",
            "planned/1000000000000",
            "planned/000000000001/",
            "planned/000000000001/001",
            "seen/000000000001",
            "seen/000000000001/000",
            "seen/000000000001/+01",
            "seen/000000000001/256",
            "outcome/000000000001/001/00001",
            "guessed/000000000001/001",
        ] {
            assert_eq!(Slot::parse(text), None, "{text}");
        }
    }
}
