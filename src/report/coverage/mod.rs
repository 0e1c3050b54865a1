//! What a suite has decided of its rules: for people, for programs, and for tools that show covered lines.

mod human;
mod json;
mod lcov;
mod tally;

pub use human::write_coverage_human;
pub use json::write_coverage_json;
pub use lcov::write_coverage_lcov;
pub use tally::{CoverageReport, CoveredPart, PartKind, RuleCoverage, Share};
