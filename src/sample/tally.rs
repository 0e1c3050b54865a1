//! Adds up what the batches gave.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::rules::Ruling;
use super::tap::TapTally;
use crate::diff::DiffTally;
use crate::matcher::RuleIndex;
use crate::replay::{BatchTally, Outcome};
use crate::report::{
    Dropped, ErrorExample, SampleRule, SampleSummary, Scaled, SkipCount, TargetFailureCount,
};
use crate::sampling::DropReason;
use crate::sampling::drift::WindowTally;
use crate::verdict::Code;

/// What a batch came to.
#[derive(Debug)]
pub(super) struct SampleTally {
    /// The rules that judged it.
    pub(super) ruling: Arc<Ruling>,
    pub(super) judged: BatchTally,
    pub(super) kept: u64,
    pub(super) sampled: u64,
    pub(super) ceiling: u64,
    pub(super) scaled: Scaled,
    /// Of each rule that matched an event, how many, and what they stand for.
    pub(super) matched: BTreeMap<RuleIndex, (u64, f64)>,
    /// How long the batch took.
    pub(super) took: Duration,
    /// The `time` of the newest event, in milliseconds since 1970.
    pub(super) newest_ms: Option<i64>,
    /// Events that lack the key.
    pub(super) without_key: u64,
    /// What was judged, by the number of its window.
    pub(super) windows: BTreeMap<i64, WindowTally>,
    /// What candidate rules do otherwise.
    pub(super) differences: DiffTally,
    /// Examples of events.
    pub(super) tap: TapTally,
}

impl SampleTally {
    pub(super) fn new(ruling: Arc<Ruling>) -> SampleTally {
        SampleTally {
            ruling,
            judged: BatchTally::default(),
            kept: 0,
            sampled: 0,
            ceiling: 0,
            scaled: Scaled::default(),
            matched: BTreeMap::new(),
            took: Duration::ZERO,
            newest_ms: None,
            without_key: 0,
            windows: BTreeMap::new(),
            differences: DiffTally::default(),
            tap: TapTally::default(),
        }
    }

    pub(super) fn dropped(&mut self, reason: DropReason) {
        match reason {
            DropReason::Sampled => self.sampled += 1,
            DropReason::Ceiling => self.ceiling += 1,
        }
    }

    /// Notes an event that was judged.
    pub(super) fn kept(&mut self, outcome: Outcome, weight: f64) {
        self.kept += 1;
        *match outcome {
            Outcome::Delivered => &mut self.scaled.delivered,
            Outcome::Unmatched => &mut self.scaled.unmatched,
            Outcome::Errored => &mut self.scaled.errored,
        } += weight;
    }

    pub(super) fn matched(&mut self, rule: RuleIndex, weight: f64) {
        let (count, scaled) = self.matched.entry(rule).or_default();
        *count += 1;
        *scaled += weight;
    }

    /// Events of the batch.
    pub(super) fn read(&self) -> u64 {
        self.judged.read() + self.sampled + self.ceiling
    }
}

/// The numbers of a run so far. Rules are told apart by name, as they may be exchanged.
#[derive(Debug, Default)]
pub(super) struct Totals {
    judged: BatchTally,
    kept: u64,
    sampled: u64,
    ceiling: u64,
    scaled: Scaled,
    rules: BTreeMap<String, (u64, f64)>,
    target_failures: BTreeMap<(String, String, Code), (u64, String)>,
}

impl Totals {
    pub(super) fn add(&mut self, mut tally: SampleTally) {
        let set = tally.ruling.set();
        for (rule, (count, scaled)) in tally.matched {
            let known = self.rules.entry(set.rule(rule).display_name.clone()).or_default();
            known.0 += count;
            known.1 += scaled;
        }
        for ((rule, target, code), (count, place)) in std::mem::take(&mut tally.judged.target_failures) {
            let key = (set.rule(rule).display_name.clone(), set.target(rule, target).id.clone(), code);
            self.target_failures.entry(key).or_insert((0, place)).0 += count;
        }
        self.judged.add(tally.judged);
        self.kept += tally.kept;
        self.sampled += tally.sampled;
        self.ceiling += tally.ceiling;
        self.scaled = self.scaled.plus(tally.scaled);
    }

    /// What the judged events stand for, and those of `tally`.
    pub(super) fn scaled_with(&self, tally: &SampleTally) -> Scaled {
        self.scaled.plus(tally.scaled)
    }

    /// Events that came here.
    pub(super) fn read(&self) -> u64 {
        self.judged.read() + self.sampled + self.ceiling
    }

    /// The summary of what was added; rules come in the order of `ruling`, then those that it no longer has. `shed`
    /// events were dropped before they came here.
    pub(super) fn summary(mut self, ruling: &Ruling, shed: u64) -> SampleSummary {
        let read = self.read() + shed;
        let mut rules = Vec::new();
        for rule in ruling.set().rules() {
            let (matched, scaled) = self.rules.remove(&rule.display_name).unwrap_or_default();
            rules.push(SampleRule { name: rule.display_name.clone(), matched, scaled, in_use: true });
        }
        rules.extend(self.rules.into_iter().map(|(name, (matched, scaled))| SampleRule {
            name,
            matched,
            scaled,
            in_use: false,
        }));
        let errors: Vec<ErrorExample> = self.judged.error_examples();
        let skipped: Vec<SkipCount> = self.judged.skip_counts();
        SampleSummary {
            read,
            delivered: self.judged.delivered,
            unmatched: self.judged.unmatched,
            errored: self.judged.errored_total(),
            dropped: Dropped { sampled: self.sampled, ceiling: self.ceiling, overload: shed },
            kept: self.kept,
            scaled: self.scaled,
            rules,
            errors,
            skipped,
            target_failures: self
                .target_failures
                .into_iter()
                .map(|((rule, target, code), (count, place))| TargetFailureCount {
                    rule,
                    target,
                    code,
                    count,
                    place,
                })
                .collect(),
            bytes: self.judged.bytes,
            ..SampleSummary::default()
        }
    }
}
