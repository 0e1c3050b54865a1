//! The numbers of a mutation run.

use crate::analysis::mutants::{KillingEvent, MutantKind};
use crate::rules::SourcePlace;

/// What a suite notices of the damaged patterns of all its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MutationReport {
    /// In the order in which they were loaded.
    pub rules: Vec<RuleMutation>,
}

/// What a suite notices of the damaged patterns of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMutation {
    /// The rule.
    pub name: String,
    /// Where it starts.
    pub place: SourcePlace,
    /// Damaged patterns with which a test fails.
    pub killed: usize,
    /// Damaged patterns that no test notices, although an event could.
    pub survivors: Vec<Survivor>,
    /// Damaged patterns that no test notices and for which no event was found that could. They are presumed to match
    /// the same events, and do not count.
    pub presumed_equal: usize,
    /// Damaged patterns that were not made, because the pattern is huge.
    pub left_out: usize,
}

/// A damaged pattern that no test notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// What was done.
    pub kind: MutantKind,
    /// What was done, with the texts before and after.
    pub description: String,
    /// Where it was done in the pattern's JSON.
    pub pointer: String,
    /// Where that stands.
    pub place: SourcePlace,
    /// An event that would notice.
    pub event: KillingEvent,
}

/// How many of the mutants that count are killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MutationScore {
    /// Those that are noticed.
    pub killed: usize,
    /// Those that are not.
    pub survived: usize,
}

impl MutationScore {
    /// In percent; where nothing can be damaged, nothing goes unnoticed.
    pub fn percent(self) -> f64 {
        match self.killed + self.survived {
            0 => 100.0,
            all => 100.0 * self.killed as f64 / all as f64,
        }
    }
}

impl RuleMutation {
    /// The score of the rule.
    pub fn score(&self) -> MutationScore {
        MutationScore { killed: self.killed, survived: self.survivors.len() }
    }
}

impl MutationReport {
    /// The score of all rules.
    pub fn score(&self) -> MutationScore {
        self.rules.iter().map(RuleMutation::score).fold(MutationScore::default(), |sum, rule| MutationScore {
            killed: sum.killed + rule.killed,
            survived: sum.survived + rule.survived,
        })
    }
}
