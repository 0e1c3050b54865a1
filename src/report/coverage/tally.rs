//! The numbers of a coverage report.

use std::fmt;

use crate::analysis::coverage::Decision;
use crate::rules::SourcePlace;

/// What a suite has decided of all its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoverageReport {
    /// In the order in which they were loaded.
    pub rules: Vec<RuleCoverage>,
}

/// What a suite has decided of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule.
    pub name: String,
    /// Where it starts.
    pub place: SourcePlace,
    /// In the order of pattern and targets.
    pub parts: Vec<CoveredPart>,
}

/// A part of a rule that events decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredPart {
    /// What events do to it.
    pub kind: PartKind,
    /// The JSON pointer in the pattern; for an input path the target's id and the variable.
    pub pointer: String,
    /// The part itself.
    pub text: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// The events by which it was decided.
    pub events: u64,
}

/// What events do to a part of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// They decide a part of the pattern.
    Decides(Decision),
    /// They have a value at an input path.
    Present,
}

impl PartKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            PartKind::Decides(decision) => decision.as_str(),
            PartKind::Present => "present",
        }
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Those that are covered.
    pub covered: usize,
    /// All of them.
    pub total: usize,
}

impl Share {
    /// In percent; nothing at all is covered in full.
    pub fn percent(self) -> f64 {
        if self.total == 0 { 100.0 } else { 100.0 * self.covered as f64 / self.total as f64 }
    }

    fn of<'p>(parts: impl Iterator<Item = &'p CoveredPart>) -> Share {
        parts.fold(Share::default(), |share, part| Share {
            covered: share.covered + usize::from(part.events > 0),
            total: share.total + 1,
        })
    }
}

impl fmt::Display for Share {
    /// Rounded down, so that 100 % means all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} %", (self.percent() * 10.0).floor() / 10.0)
    }
}

impl RuleCoverage {
    /// How much of the rule is covered.
    pub fn share(&self) -> Share {
        Share::of(self.parts.iter())
    }

    /// What is not covered.
    pub fn missing(&self) -> impl Iterator<Item = &CoveredPart> {
        self.parts.iter().filter(|part| part.events == 0)
    }
}

impl CoverageReport {
    /// How much of all rules is covered.
    pub fn share(&self) -> Share {
        Share::of(self.rules.iter().flat_map(|rule| &rule.parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(Share { covered: 9999, total: 10000 }.to_string(), "99.9 %");
        assert_eq!(Share { covered: 3, total: 3 }.to_string(), "100.0 %");
        assert_eq!(Share::default().to_string(), "100.0 %");
    }
}
