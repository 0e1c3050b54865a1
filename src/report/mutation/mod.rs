//! What a suite notices of damaged patterns: for people and for programs.

mod human;
mod json;
mod tally;

pub use human::write_mutation_human;
pub use json::write_mutation_json;
pub use tally::{MutationReport, MutationScore, RuleMutation, Survivor};
