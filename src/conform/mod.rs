//! Compares our answers with recorded ones, case by case.
//!
//! A case is a line of JSON: a pattern and an event with the verdict that AWS or its engine gave, several
//! rules at once, a pattern with its wildcard complexity, or a target's input with what the target got. We keep
//! AWS's recorded cases with it; users keep their own.

mod answer;
mod case;
mod members;
mod outcome;
mod tally;
mod target_input;

pub use answer::answer;
pub use case::{Case, CaseKind, Expected};
pub use members::CaseError;
pub use outcome::Outcome;
pub use tally::{Tallied, Tally};
pub use target_input::TargetInputCase;
