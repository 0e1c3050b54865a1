//! What an alarm rule is.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::super::definition::Definition;
use super::super::snapshot::{Sample, Snapshot};

/// A condition on metrics, and how long it has to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRule {
    pub(super) text: String,
    pub(super) measured: Measured,
    pub(super) comparison: Comparison,
    pub(super) threshold: f64,
    /// The sliding window of counters and histograms.
    pub(super) over: Duration,
    /// How long the condition has to hold.
    pub(super) holding: Duration,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Measured {
    /// What counters counted in the window.
    Count(Selector),
    /// The same per second.
    Rate(Selector),
    /// One count as a part of another, as 0 to 1.
    Ratio(Selector, Selector),
    /// The largest of gauges, now.
    Level(Selector),
    /// A quantile of a histogram in the window, in seconds.
    Quantile(f64, Selector),
}

/// Series of one metric: those that have these values of labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selector {
    pub(super) definition: &'static Definition,
    pub(super) labels: Vec<(String, String)>,
}

impl Selector {
    pub(super) fn of<'s>(&'s self, snapshot: &'s Snapshot) -> impl Iterator<Item = &'s Sample> {
        snapshot.samples().iter().filter(|sample| self.selects(sample))
    }

    fn selects(&self, sample: &Sample) -> bool {
        let has = |(name, value): &(String, String)| sample.labels().any(|label| label == (name, value));
        sample.definition.name == self.definition.name && self.labels.iter().all(has)
    }
}

/// How a value is compared with the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Comparison {
    pub(super) fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Comparison::Above => value > threshold,
            Comparison::AtLeast => value >= threshold,
            Comparison::Below => value < threshold,
            Comparison::AtMost => value <= threshold,
        }
    }

    /// Whether it holds of a count that has only begun.
    pub(super) fn is_for_too_little(self) -> bool {
        matches!(self, Comparison::Below | Comparison::AtMost)
    }
}

/// Why a text is no alarm rule.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error("column {column}: {message}")]
pub struct AlarmProblem {
    /// The character at which it goes wrong, from 1.
    pub column: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FromStr for AlarmRule {
    type Err = AlarmProblem;

    fn from_str(text: &str) -> Result<AlarmRule, AlarmProblem> {
        super::parse::parse(text)
    }
}

impl fmt::Display for AlarmRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
