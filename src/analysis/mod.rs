//! What can be found out about patterns by calculation: events that match, almost match or tell two patterns apart.
//!
//! Everything here works the same way. Likely answers are proposed from what the tests of a pattern say (the
//! bound of a range and its neighbours, a prefix and what is one character short of it), and each is then put
//! to the real [`Matcher`](crate::matcher::Matcher): what is returned is proven, and a `None` says that
//! nothing was found within named limits, not that nothing exists.
//!
//! [`relations`] is the exception: it proves what holds for all events.
//!
//! - [`synthesis`] makes events for patterns, and events that one pattern matches and another does not;
//! - [`mutants`] makes damaged patterns, and the events that would notice the damage;
//! - [`coverage`] counts what events have decided of a pattern;
//! - [`relations`] says what never matches, what always matches, and which pattern contains which;
//! - [`repair`] finds the smallest change of an event that flips a verdict;
//! - [`why`] explains a verdict, with hints for the classic traps.

pub mod coverage;
mod document;
pub mod mutants;
pub mod relations;
pub mod repair;
pub mod synthesis;
pub mod why;
