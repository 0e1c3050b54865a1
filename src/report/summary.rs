//! The numbers of one run.

use std::time::Duration;

use crate::verdict::Code;

/// The numbers of one run. `read = delivered + unmatched + errored`.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Events read, broken ones included.
    pub read: u64,
    /// Events that at least one rule matches and that all targets of such rules get.
    pub delivered: u64,
    /// Events that no rule matches.
    pub unmatched: u64,
    /// Events that could not be judged, or that a target does not get.
    pub errored: u64,
    /// Documents known to be no events, by reason; not among `read`.
    pub skipped: Vec<SkipCount>,
    /// Each rule with its matches, in the order in which the rules were given.
    pub rules: Vec<RuleCount>,
    /// One example of each kind of error, with how many there were.
    pub errors: Vec<ErrorExample>,
    /// Each target that did not get an event, once for each code, in the order of rules and targets.
    pub target_failures: Vec<TargetFailureCount>,
    /// Bytes of all events read, decompressed.
    pub bytes: u64,
    /// Time from the first read to the last verdict.
    pub elapsed: Duration,
    /// How the run ended.
    pub end: RunEnd,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// Everything was read.
    Complete,
    /// Somebody stopped it; the numbers cover what was read until then.
    Interrupted,
}

/// A rule and how many events it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's name.
    pub name: String,
    /// Events that it matched.
    pub matched: u64,
}

/// Documents that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipCount {
    /// The reason.
    pub reason: String,
    /// How many there were.
    pub count: u64,
}

/// One kind of error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorExample {
    /// Its code.
    pub code: Code,
    /// How many events had it.
    pub count: u64,
    /// Where the first of them is: `input:line`.
    pub place: String,
    /// What was wrong with it.
    pub reason: String,
}

/// Events that one target did not get, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetFailureCount {
    /// The rule's name.
    pub rule: String,
    /// The target's id.
    pub target: String,
    /// The reason.
    pub code: Code,
    /// How many events.
    pub count: u64,
    /// Where the first of them is: `input:line`.
    pub place: String,
}

impl Summary {
    /// Events per second of elapsed time.
    pub fn events_per_s(&self) -> f64 {
        per_second(self.read, self.elapsed)
    }

    /// Bytes per second of elapsed time.
    pub fn bytes_per_s(&self) -> f64 {
        per_second(self.bytes, self.elapsed)
    }

    /// Documents left out, for whatever reason.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.iter().map(|skip| skip.count).sum()
    }
}

pub(super) fn per_second(count: u64, elapsed: Duration) -> f64 {
    let seconds = elapsed.as_secs_f64();
    if seconds > 0.0 { count as f64 / seconds } else { 0.0 }
}
