//! Facts about events.

use crate::probe::token::Sending;
use crate::probe::{MirrorIndex, PairIndex};

/// A fact about an event in one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The event.
    pub sending: Sending,
    /// What it is about.
    pub about: About,
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum About {
    /// The event is on the bus.
    Seen,
    /// A mirror matched it.
    Receipt(MirrorIndex),
    /// Something arrived at a target, or in the dead-letter queue for it.
    Body(PairIndex),
}
