//! Systematically damaged patterns: what a suite of tests must notice.
//!
//! Each [`Mutant`] differs from its pattern in one place, in the ways people err: a condition forgotten, a
//! bound moved by the smallest step, a prefix cut short, a letter in the wrong case. [`mutants`] lists them
//! in the order of their places; those that are no valid patterns any more are left out.
//!
//! A mutant may match exactly what the original matches (an alternative dropped that another one contains).
//! [`killing_event`] looks for an event that tells the two apart; where it finds none, the mutant is presumed
//! equivalent and counts neither for nor against a suite.

mod damage;
mod field_damage;
mod killing;
mod kind;
mod mutant;
mod wildcard_damage;

pub use killing::{KillingEvent, MatchedBy, killing_event};
pub use kind::MutantKind;
pub use mutant::{Mutant, Mutants, mutants};
