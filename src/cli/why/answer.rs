//! What there is to say, before it is printed.

use crate::analysis::repair::{NoRepair, Repair};
use crate::analysis::why::Report;
use crate::rules::SourcePlace;

/// What there is to say about one rule.
pub(super) struct Answer {
    pub(super) name: Option<String>,
    /// Where its pattern starts.
    pub(super) place: SourcePlace,
    pub(super) report: Report,
    /// Of each condition of the report, where it is written.
    pub(super) places: Vec<SourcePlace>,
    /// If it was asked for.
    pub(super) fix: Option<Result<Repair, NoRepair>>,
}

/// All answers: the misses in the order in which they are shown, and how many are not.
pub(super) struct Answers {
    pub(super) matched: Vec<Answer>,
    pub(super) missed: Vec<Answer>,
    pub(super) misses_left_out: usize,
}
