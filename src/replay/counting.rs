//! Tells the registry what batches came to.

use std::time::Duration;

use super::collect::BatchTally;
use crate::telemetry::{Counter, Gauge, Histogram, Registry, table};
use crate::verdict::RuleSet;

/// The series of a replay. They are added to once per batch, by the thread that collects.
#[derive(Debug)]
pub struct ReplayMetrics<'r> {
    registry: &'r Registry,
    rule_set: &'r RuleSet,
    read: Counter,
    judged: JudgedSeries,
    /// Of each rule that matched something so far.
    rules: Vec<Option<Counter>>,
}

impl<'r> ReplayMetrics<'r> {
    /// Looks up what every replay has, so that it is there from the beginning.
    pub fn new(registry: &'r Registry, rule_set: &'r RuleSet) -> ReplayMetrics<'r> {
        let loaded: Gauge = registry.series(&table::RULES, []);
        loaded.set(rule_set.rules().len() as f64);
        ReplayMetrics {
            read: registry.series(&table::EVENTS_READ, []),
            judged: JudgedSeries::new(registry),
            rules: vec![None; rule_set.rules().len()],
            registry,
            rule_set,
        }
    }

    /// Adds a batch: its numbers, of each rule the events that it matched, and how long judging took.
    pub(super) fn batch(&mut self, tally: &BatchTally, matched: &[u64], took: Duration) {
        self.read.add(tally.read());
        self.judged.batch(self.registry, self.rule_set, tally, took);
        let rules = self.rule_set.rules().iter().zip(&mut self.rules);
        for ((rule, counter), count) in rules.zip(matched).filter(|(_, count)| **count > 0) {
            let new = || self.registry.series(&table::RULE_MATCHES, [&rule.display_name]);
            counter.get_or_insert_with(new).add(*count);
        }
    }
}

/// The series of batches that were judged, whatever was done before.
#[derive(Debug)]
pub(crate) struct JudgedSeries {
    bytes: Counter,
    delivered: Counter,
    unmatched: Counter,
    errored: Counter,
    judge: Histogram,
}

impl JudgedSeries {
    /// Looks them up, so that they are there from the beginning.
    pub(crate) fn new(registry: &Registry) -> JudgedSeries {
        let events = |verdict| registry.series(&table::EVENTS, [verdict]);
        JudgedSeries {
            bytes: registry.series(&table::EVENT_BYTES, []),
            delivered: events("delivered"),
            unmatched: events("unmatched"),
            errored: events("errored"),
            judge: registry.series(&table::JUDGE_SECONDS, []),
        }
    }

    /// Adds a batch that was judged by `rule_set`, and how long that took.
    pub(crate) fn batch(&self, registry: &Registry, rule_set: &RuleSet, tally: &BatchTally, took: Duration) {
        self.bytes.add(tally.bytes);
        self.delivered.add(tally.delivered);
        self.unmatched.add(tally.unmatched);
        self.errored.add(tally.errored_total());
        self.judge.record(took);
        // Rare, and of a few kinds.
        for error in tally.error_examples() {
            registry.series(&table::ERRORS, [error.code.as_str()]).add(error.count);
        }
        for ((rule, _, code), (count, _)) in &tally.target_failures {
            let labels = [rule_set.rule(*rule).display_name.as_str(), code.as_str()];
            registry.series(&table::TARGET_FAILURES, labels).add(*count);
        }
    }
}
