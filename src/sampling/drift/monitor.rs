//! Watches rules window by window.

use std::collections::BTreeSet;

use super::baseline::{Baseline, RuleBaseline};
use super::cause::{Cause, cause};
use super::statistics::{at_least, at_most, deviations, wilson};
use super::window::WindowTally;
use crate::matcher::RuleIndex;
use crate::pattern::{Pattern, Profile};

/// When a change is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriftSettings {
    /// Windows that the baseline is learned from.
    pub baseline_windows: u32,
    /// Events that a window has at least; one with fewer is joined with the next.
    pub events_min: u64,
    /// A rate has to be below this part of the baseline's to be a drop, or above one over it to be a rise.
    pub material: f64,
    /// False alarms per window, over all rules.
    pub errors_per_window: f64,
}

impl Default for DriftSettings {
    /// Five windows of at least 200 events, half of the rate, and a false alarm in 100,000 windows.
    fn default() -> DriftSettings {
        DriftSettings { baseline_windows: 5, events_min: 200, material: 0.5, errors_per_window: 1e-5 }
    }
}

/// A rule that is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedRule {
    /// Its name.
    pub name: String,
    /// Its pattern.
    pub pattern: Pattern,
}

/// How often a rule matches now and before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateChange {
    /// The window, by its number.
    pub window: i64,
    /// The part of the events that it matched in the baseline.
    pub before: f64,
    /// The part that it matches now.
    pub now: f64,
}

/// What a window showed.
#[derive(Debug, Clone, PartialEq)]
pub enum DriftChange {
    /// A rule matches less than it did: the alarm.
    Dropped {
        /// The rule.
        rule: String,
        /// By how much.
        change: RateChange,
        /// Why.
        cause: Cause,
    },
    /// A rule matches again.
    Recovered {
        /// The rule.
        rule: String,
        /// How often it matches.
        change: RateChange,
    },
    /// A rule matches more than it did; no alarm.
    Rose {
        /// The rule.
        rule: String,
        /// By how much.
        change: RateChange,
    },
}

/// Watches rules. Knows no clock: windows come with their numbers.
#[derive(Debug)]
pub struct DriftMonitor {
    settings: DriftSettings,
    rules: Vec<WatchedRule>,
    profile: Profile,
    /// The window that is open, by the number of its last part.
    open: Option<(i64, WindowTally)>,
    learning: WindowTally,
    windows_learned: u32,
    baseline: Option<Baseline>,
    dropped: BTreeSet<String>,
    risen: BTreeSet<String>,
    /// Of each rule, the part that it matched in the last window.
    rates: Vec<f64>,
}

impl DriftMonitor {
    /// Watches `rules`, whose patterns are judged as in `profile`; a baseline that is not given is learned.
    pub fn new(
        rules: Vec<WatchedRule>,
        profile: Profile,
        settings: DriftSettings,
        baseline: Option<Baseline>,
    ) -> DriftMonitor {
        DriftMonitor {
            settings,
            rules,
            profile,
            open: None,
            learning: WindowTally::default(),
            windows_learned: 0,
            baseline,
            dropped: BTreeSet::new(),
            risen: BTreeSet::new(),
            rates: Vec::new(),
        }
    }

    /// Adds a part of a window; windows that it ends are judged. A part of an earlier window is late and goes into the one
    /// that is open.
    pub fn add(&mut self, window: i64, tally: WindowTally) -> Vec<DriftChange> {
        let events_min = self.settings.events_min;
        let ended = self.open.take_if(|(open, seen)| window > *open && seen.events() >= events_min);
        let changes = ended.map(|(open, seen)| self.close(open, seen)).unwrap_or_default();
        let (open, seen) = self.open.get_or_insert_with(|| (window, WindowTally::default()));
        *open = window.max(*open);
        seen.add(tally);
        changes
    }

    /// Judges the window that is open, if it has events enough.
    pub fn finish(&mut self) -> Vec<DriftChange> {
        let events_min = self.settings.events_min;
        let ended = self.open.take().filter(|(_, seen)| seen.events() >= events_min);
        ended.map(|(open, seen)| self.close(open, seen)).unwrap_or_default()
    }

    /// What is compared with, once it is known.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }

    /// The rules, with the part of the events that each matched in the last window.
    pub fn rates(&self) -> impl Iterator<Item = (&WatchedRule, f64)> {
        self.rules.iter().zip(self.rates.iter().copied())
    }

    /// The rules that match less than they did.
    pub fn dropped(&self) -> impl Iterator<Item = &str> {
        self.dropped.iter().map(String::as_str)
    }

    fn close(&mut self, window: i64, seen: WindowTally) -> Vec<DriftChange> {
        self.rates = (0..).map(RuleIndex).zip(&self.rules).map(|(index, _)| seen.rate(index)).collect();
        let Some(baseline) = self.baseline.take() else {
            self.learn(seen);
            return Vec::new();
        };
        let mut changes = Vec::new();
        for (index, rule) in (0..).map(RuleIndex).zip(&self.rules) {
            let Some(before) = baseline.of(rule) else { continue };
            let change = RateChange { window, before: before.rate, now: seen.rate(index) };
            let direction = direction(&change, before, &baseline, &seen, &self.settings, self.rules.len());
            let name = || rule.name.clone();
            match direction {
                Direction::Down => {
                    if self.dropped.insert(name()) {
                        let cause = cause(rule, self.profile, &baseline, before, &seen);
                        changes.push(DriftChange::Dropped { rule: name(), change, cause });
                    }
                }
                Direction::Up if self.risen.insert(name()) => {
                    changes.push(DriftChange::Rose { rule: name(), change })
                }
                Direction::Up => {}
                Direction::Same => {
                    self.risen.remove(&rule.name);
                }
            }
            if direction != Direction::Down && self.dropped.remove(&rule.name) {
                changes.push(DriftChange::Recovered { rule: name(), change });
            }
        }
        self.baseline = Some(baseline);
        changes
    }

    fn learn(&mut self, seen: WindowTally) {
        self.learning.add(seen);
        self.windows_learned += 1;
        if self.windows_learned >= self.settings.baseline_windows {
            let seen = std::mem::take(&mut self.learning);
            self.baseline = Some(Baseline::learned(&seen, &self.rules, self.profile));
        }
    }
}

/// Where a rate went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Down,
    Same,
    Up,
}

fn direction(
    change: &RateChange,
    before: &RuleBaseline,
    baseline: &Baseline,
    seen: &WindowTally,
    settings: &DriftSettings,
    rules: usize,
) -> Direction {
    let alpha = settings.errors_per_window / rules.max(1) as f64 / 2.0;
    let (low, high) = wilson(before.rate, baseline.events, deviations(alpha));
    let events = seen.effective();
    let matched = change.now * events;
    if change.now < settings.material * before.rate && at_most(matched.ceil(), events, low) <= alpha {
        return Direction::Down;
    }
    if change.now * settings.material > before.rate && at_least(matched.floor(), events, high) <= alpha {
        return Direction::Up;
    }
    Direction::Same
}
