//! Places and counts that keys are made of.

use std::fmt;
use std::num::NonZeroU8;

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
