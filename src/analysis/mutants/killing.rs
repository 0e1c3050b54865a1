//! Events that tell a mutant from its original.

use crate::analysis::synthesis::separating_event;
use crate::pattern::{Pattern, Profile};

/// An event on which a pattern and its mutant differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KillingEvent {
    /// The event, as JSON text with a complete envelope.
    pub event: String,
    /// Which of the two matches it.
    pub matched_by: MatchedBy,
}

/// Which of the two matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedBy {
    /// The original: a test expects a match, and the mutant does not give it.
    Original,
    /// The mutant: a test expects no match, and the mutant gives one.
    Mutant,
}

/// An event on which the verdicts of `original` and `mutant` differ, proven by matching both. `None`: none was
/// found, and the two are presumed to match the same events.
pub fn killing_event(original: &Pattern, mutant: &Pattern, profile: Profile) -> Option<KillingEvent> {
    let by_original = || {
        let event = separating_event(original, mutant, profile)?;
        Some(KillingEvent { event, matched_by: MatchedBy::Original })
    };
    let by_mutant = || {
        let event = separating_event(mutant, original, profile)?;
        Some(KillingEvent { event, matched_by: MatchedBy::Mutant })
    };
    by_original().or_else(by_mutant)
}
