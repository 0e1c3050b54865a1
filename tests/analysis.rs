//! Events made from patterns, damaged patterns, explanations and repairs, each claim put to the matcher again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::print_stdout, reason = "rates are printed beside being asserted")]

mod support;

#[path = "analysis/common.rs"]
mod common;
#[path = "analysis/hostile.rs"]
mod hostile;
#[path = "analysis/mutants.rs"]
mod mutants;
#[path = "analysis/relations.rs"]
mod relations;
#[path = "analysis/repair.rs"]
mod repair;
#[path = "analysis/synthesis.rs"]
mod synthesis;
#[path = "analysis/why.rs"]
mod why;
