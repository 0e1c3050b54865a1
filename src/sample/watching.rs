//! Watches the match rates of the rules in use.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::rules::Ruling;
use super::tally::SampleTally;
use crate::report::DriftReport;
use crate::sampling::drift::{Baseline, DriftChange, DriftMonitor, DriftSettings, WatchedRule};
use crate::telemetry::{Registry, table};

/// Whose time puts events into windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Ours, when an event is judged.
    Arrival,
    /// The `time` of the event; events without one are not watched.
    Event,
}

/// How time is divided.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// How long a window is.
    pub window: Duration,
    /// Whose time counts.
    pub clock: Clock,
}

impl Watch {
    /// The number of the window of an event, by its `time` in milliseconds since 1970, or the time since the run began.
    pub(super) fn window_of(&self, time_ms: Option<i64>, now: Duration) -> Option<i64> {
        let window_ms = i64::try_from(self.window.as_millis()).ok()?.max(1);
        let at = match self.clock {
            Clock::Arrival => i64::try_from(now.as_millis()).ok(),
            Clock::Event => time_ms,
        };
        at.map(|at| at.div_euclid(window_ms))
    }
}

/// What is watched, and how.
#[derive(Debug, Clone)]
pub struct DriftOptions {
    /// How time is divided.
    pub watch: Watch,
    /// When a change is one.
    pub settings: DriftSettings,
    /// What to compare with; learned if not given.
    pub baseline: Option<Baseline>,
}

/// The watch over the rules in use, and what it has seen.
#[derive(Debug)]
pub(super) struct Watching {
    options: DriftOptions,
    ruling: Arc<Ruling>,
    monitor: DriftMonitor,
    changes: Vec<DriftChange>,
    /// Rules that were compared before the rules changed last.
    compared: BTreeSet<String>,
    registry: Arc<Registry>,
}

/// Changes that are kept for the summary.
const CHANGES_MAX: usize = 1_000;

impl Watching {
    pub(super) fn new(options: DriftOptions, ruling: Arc<Ruling>, registry: Arc<Registry>) -> Watching {
        let monitor = monitor(&ruling, &options, options.baseline.clone());
        Watching { options, ruling, monitor, changes: Vec::new(), compared: BTreeSet::new(), registry }
    }

    /// Adds what a batch showed; gives what changed.
    pub(super) fn batch(&mut self, tally: &mut SampleTally) -> Vec<DriftChange> {
        let mut changes = Vec::new();
        if !Arc::ptr_eq(&self.ruling, &tally.ruling) {
            changes.extend(self.monitor.finish());
            self.compared.extend(self.monitor.told().map(str::to_owned));
            self.ruling = Arc::clone(&tally.ruling);
            // Rules that stayed as they were keep their baseline; others are not watched until there is a new one.
            let known = self.monitor.baseline().cloned().or_else(|| self.options.baseline.clone());
            self.monitor = monitor(&self.ruling, &self.options, known);
        }
        for (window, seen) in std::mem::take(&mut tally.windows) {
            changes.extend(self.monitor.add(window, seen));
        }
        self.note(&changes);
        changes
    }

    /// Judges the last window; gives what changed in it, and what there is to say in the end.
    pub(super) fn finish(mut self) -> (Vec<DriftChange>, DriftReport, Option<Baseline>) {
        let changes = self.monitor.finish();
        self.note(&changes);
        let dropped = self.monitor.dropped().map(str::to_owned).collect();
        let mut too_rare = self.monitor.too_rare();
        too_rare.retain(|it| !self.compared.contains(&it.rule));
        self.compared.extend(self.monitor.told().map(str::to_owned));
        let rules_compared = self.compared.len();
        let report = DriftReport { changes: self.changes, dropped, rules_compared, too_rare };
        (changes, report, self.monitor.baseline().cloned())
    }

    fn note(&mut self, changes: &[DriftChange]) {
        for change in changes {
            let (rule, alarm) = match change {
                DriftChange::Dropped { rule, .. } => (rule, 1.0),
                DriftChange::Recovered { rule, .. } => (rule, 0.0),
                DriftChange::Rose { .. } => continue,
            };
            self.registry.series(&table::DRIFT_ALARM, [rule]).set(alarm);
        }
        for (rule, rate) in self.monitor.rates() {
            self.registry.series(&table::RULE_MATCH_RATIO, [&rule.name]).set(rate);
        }
        let room = CHANGES_MAX.saturating_sub(self.changes.len());
        self.changes.extend(changes.iter().take(room).cloned());
    }
}

fn monitor(ruling: &Ruling, options: &DriftOptions, baseline: Option<Baseline>) -> DriftMonitor {
    let rules = ruling.set().rules().iter().zip(ruling.patterns());
    let rules = rules
        .map(|(rule, pattern)| WatchedRule { name: rule.display_name.clone(), pattern: pattern.clone() });
    DriftMonitor::new(rules.collect(), ruling.profile(), options.settings, baseline)
}
