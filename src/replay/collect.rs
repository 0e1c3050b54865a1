//! Adds up what the batches gave.

use std::collections::BTreeMap;

use crate::matcher::RuleIndex;
use crate::report::{ErrorExample, SkipCount};
use crate::verdict::{Code, EventError, TargetIndex};

/// An errored event, with its place as `input:line`.
#[derive(Debug, Clone)]
pub(crate) struct ErrorSighting {
    pub(crate) error: EventError,
    pub(crate) place: String,
}

/// The numbers of one batch, or of many.
#[derive(Debug, Default)]
pub(crate) struct BatchTally {
    pub(crate) delivered: u64,
    pub(crate) unmatched: u64,
    pub(crate) bytes: u64,
    /// Of each kind of error, how many, and the first.
    pub(super) errors: BTreeMap<Code, (u64, ErrorSighting)>,
    /// Of each target and code, how many events, and the place of the first.
    pub(crate) target_failures: BTreeMap<(RuleIndex, TargetIndex, Code), (u64, String)>,
    pub(super) skips: BTreeMap<String, u64>,
}

impl BatchTally {
    pub(crate) fn errored(&mut self, sighting: ErrorSighting) {
        self.errors.entry(sighting.error.code).and_modify(|(count, _)| *count += 1).or_insert((1, sighting));
    }

    pub(crate) fn target_failed(&mut self, rule: RuleIndex, target: TargetIndex, code: Code, place: &str) {
        self.target_failures.entry((rule, target, code)).or_insert_with(|| (0, place.to_owned())).0 += 1;
    }

    pub(crate) fn skipped(&mut self, reason: &str) {
        match self.skips.get_mut(reason) {
            Some(count) => *count += 1,
            None => {
                self.skips.insert(reason.to_owned(), 1);
            }
        }
    }

    /// Adds the numbers of a batch that comes after all those before.
    pub(crate) fn add(&mut self, later: BatchTally) {
        self.delivered += later.delivered;
        self.unmatched += later.unmatched;
        self.bytes += later.bytes;
        for (code, (count, first)) in later.errors {
            self.errors.entry(code).or_insert((0, first)).0 += count;
        }
        for (target, (count, first)) in later.target_failures {
            self.target_failures.entry(target).or_insert((0, first)).0 += count;
        }
        for (reason, count) in later.skips {
            *self.skips.entry(reason).or_insert(0) += count;
        }
    }

    pub(crate) fn errored_total(&self) -> u64 {
        self.errors.values().map(|(count, _)| count).sum()
    }

    pub(crate) fn read(&self) -> u64 {
        self.delivered + self.unmatched + self.errored_total()
    }

    pub(crate) fn error_examples(&self) -> Vec<ErrorExample> {
        let example = |(code, (count, first)): (&Code, &(u64, ErrorSighting))| ErrorExample {
            code: *code,
            count: *count,
            place: first.place.clone(),
            reason: first.error.reason.clone(),
        };
        self.errors.iter().map(example).collect()
    }

    pub(crate) fn skip_counts(&self) -> Vec<SkipCount> {
        self.skips.iter().map(|(reason, count)| SkipCount { reason: reason.clone(), count: *count }).collect()
    }
}
