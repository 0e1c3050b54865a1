//! Holds many recorded events against what is expected of them.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::case::{CorpusCase, RulesUnderTest};
use super::failure::{Failure, Outcome};
use super::format::{Amount, OtherRules};
use crate::matcher::RuleIndex;
use crate::replay::{Outputs, ReplayOptions, replay};
use crate::report::{RunEnd, Summary};
use crate::sources::{FileEvents, SourceLimits};
use crate::verdict::RuleSet;

/// Replays the events and counts; `None` if somebody ended the run.
pub(super) fn check(case: &CorpusCase, rules: &RulesUnderTest, stop: &Arc<AtomicBool>) -> Option<Outcome> {
    match replayed(case, &rules.set, stop) {
        Ok(summary) => (summary.end == RunEnd::Complete).then(|| Outcome::of(failures(case, &summary))),
        Err(failures) => Some(Outcome::of(failures)),
    }
}

/// Replays the events.
///
/// # Errors
/// Why the events cannot be read, as failures of the test.
pub(super) fn replayed(
    case: &CorpusCase,
    rules: &RuleSet,
    stop: &Arc<AtomicBool>,
) -> Result<Summary, Vec<Failure>> {
    let limits = SourceLimits::default();
    let failure = |reason: String| Failure::Events { reason };
    let source = FileEvents::open(&case.events, limits.clone())
        .map_err(|errors| errors.iter().map(|error| failure(error.to_string())).collect::<Vec<_>>())?;
    // Other tests run beside this one.
    let options = ReplayOptions { threads: NonZeroUsize::MIN, limits, stop: Arc::clone(stop) };
    replay(source, rules, &options, Outputs::default(), |_| {})
        .map_err(|error| vec![failure(error.to_string())])
}

/// What is not as expected of the events that `summary` counts.
pub(super) fn failures(case: &CorpusCase, summary: &Summary) -> Vec<Failure> {
    if summary.read == 0 {
        return vec![Failure::Events { reason: "there are no events".to_owned() }];
    }
    let matched = |rule: RuleIndex| summary.rules.get(rule.0 as usize).map_or(0, |rule| rule.matched);
    let mut failures = Vec::new();
    for (rule, amount) in &case.expect.rules {
        failures.extend(count_failures(Some(*rule), amount, matched(*rule), summary));
    }
    match &case.expect.errored {
        Some(amount) => failures.extend(count_failures(None, amount, summary.errored, summary)),
        None if summary.errored > 0 => {
            let none =
                Amount { count: super::format::Measure::parse("0", super::format::Unit::Events), rate: None };
            failures.extend(count_failures(None, &none, summary.errored, summary));
        }
        None => {}
    }
    if case.expect.others == OtherRules::Refused {
        let rules = (0..u32::try_from(summary.rules.len()).unwrap_or(u32::MAX)).map(RuleIndex);
        let listed = |rule: &RuleIndex| case.expect.rules.iter().any(|(other, _)| other == rule);
        let others = rules.filter(|rule| !listed(rule) && matched(*rule) > 0);
        failures.extend(others.map(|rule| Failure::NotListed { rule, count: matched(rule) }));
    }
    failures
}

fn count_failures(rule: Option<RuleIndex>, amount: &Amount, count: u64, summary: &Summary) -> Vec<Failure> {
    let example = match rule {
        Some(_) => None,
        None => {
            summary.errors.first().map(|error| format!("{} at {}: {}", error.code, error.place, error.reason))
        }
    };
    let share = count as f64 * 100.0 / summary.read as f64;
    let measured = [(&amount.count, count as f64), (&amount.rate, share)];
    let failing =
        measured.into_iter().filter_map(|(measure, value)| measure.clone().filter(|m| !m.allows(value)));
    failing
        .map(|expected| Failure::Count {
            rule,
            expected,
            count,
            read: summary.read,
            example: example.clone(),
        })
        .collect()
}
