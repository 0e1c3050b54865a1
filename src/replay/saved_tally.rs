//! The numbers of a replay as they are kept for a later run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::collect::{BatchTally, ErrorSighting};
use crate::matcher::RuleIndex;
use crate::verdict::{Code, EventError, TargetIndex};

/// The numbers of a replay. Rules and targets are told by their numbers, so the rules have to be the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct SavedTally {
    delivered: u64,
    unmatched: u64,
    bytes: u64,
    errors: Vec<SavedError>,
    target_failures: Vec<SavedFailure>,
    skips: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SavedError {
    code: String,
    count: u64,
    reason: String,
    rule: Option<u32>,
    place: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SavedFailure {
    rule: u32,
    target: u32,
    code: String,
    count: u64,
    place: String,
}

impl SavedTally {
    pub(super) fn of(tally: &BatchTally) -> SavedTally {
        let error = |(code, (count, first)): (&Code, &(u64, ErrorSighting))| SavedError {
            code: code.as_str().to_owned(),
            count: *count,
            reason: first.error.reason.clone(),
            rule: first.error.rule.map(|rule| rule.0),
            place: first.place.clone(),
        };
        let failure =
            |((rule, target, code), (count, place)): (&(RuleIndex, TargetIndex, Code), &(u64, String))| {
                let (code, place) = (code.as_str().to_owned(), place.clone());
                SavedFailure { rule: rule.0, target: target.0, code, count: *count, place }
            };
        SavedTally {
            delivered: tally.delivered,
            unmatched: tally.unmatched,
            bytes: tally.bytes,
            errors: tally.errors.iter().map(error).collect(),
            target_failures: tally.target_failures.iter().map(failure).collect(),
            skips: tally.skips.clone(),
        }
    }

    pub(super) fn read(&self) -> u64 {
        self.delivered + self.unmatched + self.errors.iter().map(|error| error.count).sum::<u64>()
    }

    /// The numbers again; `None` if a code or a rule is none that this program knows.
    pub(super) fn restore(&self, rules: usize) -> Option<BatchTally> {
        let rule = |number: u32| (number as usize) < rules;
        let error = |saved: &SavedError| {
            let error = EventError {
                code: Code::parse(&saved.code)?,
                reason: saved.reason.clone(),
                rule: saved.rule.map(RuleIndex),
            };
            let fits = saved.rule.is_none_or(rule);
            fits.then(|| (error.code, (saved.count, ErrorSighting { error, place: saved.place.clone() })))
        };
        let failure = |saved: &SavedFailure| {
            let key = (RuleIndex(saved.rule), TargetIndex(saved.target), Code::parse(&saved.code)?);
            rule(saved.rule).then(|| (key, (saved.count, saved.place.clone())))
        };
        Some(BatchTally {
            delivered: self.delivered,
            unmatched: self.unmatched,
            bytes: self.bytes,
            errors: self.errors.iter().map(error).collect::<Option<_>>()?,
            target_failures: self.target_failures.iter().map(failure).collect::<Option<_>>()?,
            skips: self.skips.clone(),
        })
    }
}
