//! What a suite's events have decided of a pattern.
//!
//! That a condition was once true and once false says little: almost any event makes most conditions of most rules
//! false. What counts is what a decision hung on. So a value counts as accepted if an event that matched came by
//! way of it, and a condition as refused if an event failed because of this condition alone. A suite that has seen
//! both for everything notices when anything of the pattern is taken away.

mod decisions;
mod items;

pub use decisions::{ObservedEvent, PatternCoverage};
pub use items::{CoverageItem, Decision};
