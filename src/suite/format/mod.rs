//! The format of test files: what may be written, and every problem of what was.
//!
//! Each thing can be said in one way, so that a suite reads the same whoever wrote it. Unknown keys, wrong kinds,
//! names that stand twice and values that readers of YAML differ on are problems with a place; all of them are
//! found in one go. Nothing is looked up here: neither files nor rules.

mod measure;
mod pointer;
mod problem;
mod read_expectation;
mod read_suite;
mod read_test;
mod read_value;
mod reader;
mod written;

pub use measure::{Measure, Unit};
pub use pointer::{Pointer, set, unset};
pub use problem::{PointerFault, SuiteProblem, SuiteProblemKind};
pub use read_suite::{VERSION, read};
pub use reader::Placed;
pub use written::{
    Amount, BodyExpected, CorpusExpectation, Edit, EventRef, Expectation, Fixture, FoundExpected, LimitsOf,
    Miss, OtherRules, RulesExpected, Subject, VerdictExpected, WrittenBody, WrittenCase, WrittenEvent,
    WrittenSuite, WrittenTest,
};
