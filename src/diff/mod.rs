//! Two sets of rules over the same events: which rules and targets get what they did not get, or no longer, or get
//! otherwise.
//!
//! Most rules are the same on both sides, so each distinct pattern is matched once: one matcher holds the patterns of both
//! sets ([`Comparison`]), and only rules and targets that differ are looked at twice. Rules are paired by bus and name,
//! then by pattern, so that a renamed rule is one rule; targets by the resource that they send to.
//!
//! What is compared is what arrives: the events of each rule, and the bodies of each target.

mod changes;
mod comparison;
mod elsewhere;
mod explained;
mod keeping;
mod pairing;
mod run;
mod sides;
mod summary;
mod tally;
mod worker;

pub use comparison::Comparison;
pub use keeping::EventContents;
pub(crate) use keeping::Keeping;
pub use run::{DiffOptions, diff};
pub(crate) use summary::Differences;
pub(crate) use tally::DiffTally;
pub(crate) use worker::Differ;
