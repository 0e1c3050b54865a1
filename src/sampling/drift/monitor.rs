//! Watches rules window by window.

use std::collections::BTreeSet;

use super::baseline::Baseline;
use super::bounds::Bounds;
use super::cause::{Cause, cause};
use super::spans::{Ended, Spans};
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
    /// Windows that are joined at most for a rule that few events match.
    pub windows_joined_max: u32,
    /// A rate has to be below this part of the baseline's to be a drop, or above one over it to be a rise.
    pub material: f64,
    /// False alarms per window, over all rules.
    pub errors_per_window: f64,
}

impl Default for DriftSettings {
    /// Five windows of at least 200 events, a thousand that are joined, half of the rate, and a false alarm in 100,000
    /// windows.
    fn default() -> DriftSettings {
        DriftSettings {
            baseline_windows: 5,
            events_min: 200,
            windows_joined_max: 1_000,
            material: 0.5,
            errors_per_window: 1e-5,
        }
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

/// A rule that matches so few events that nothing can be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TooRare {
    /// The rule.
    pub rule: String,
    /// The part of the events that it matched in the baseline.
    pub before: f64,
    /// How many events without a match would be beyond chance; more than came, or than windows that may be joined held.
    /// `None` if it matched too few events in the baseline for any number.
    pub events_needed: Option<f64>,
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
    /// Of each rule, what the baseline allows; nothing for those that it does not know.
    bounds: Vec<Option<Bounds>>,
    spans: Spans,
    /// Rules that the last events sufficed for.
    told: BTreeSet<RuleIndex>,
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
        let mut monitor = DriftMonitor {
            settings,
            rules,
            profile,
            open: None,
            learning: WindowTally::default(),
            windows_learned: 0,
            baseline: None,
            bounds: Vec::new(),
            spans: Spans::default(),
            told: BTreeSet::new(),
            dropped: BTreeSet::new(),
            risen: BTreeSet::new(),
            rates: Vec::new(),
        };
        baseline.into_iter().for_each(|baseline| monitor.hold_to(baseline));
        monitor
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

    /// Judges the window that is open, if it has events enough, and what waits for more windows, where it suffices.
    pub fn finish(&mut self) -> Vec<DriftChange> {
        let events_min = self.settings.events_min;
        let last = self.open.take();
        let window = last.as_ref().map_or(0, |(window, _)| *window);
        let ended = last.filter(|(_, seen)| seen.events() >= events_min);
        let mut changes = ended.map(|(open, seen)| self.close(open, seen)).unwrap_or_default();
        for mut rest in self.spans.rest() {
            let events = rest.seen.effective();
            rest.rules.retain(|rule| {
                let needed = self.bounds_of(*rule).and_then(Bounds::events_needed);
                needed.is_some_and(|needed| needed <= events)
            });
            rest.is_full = true;
            changes.extend(self.judge(window, &rest));
        }
        changes
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

    /// The rules of which it is known whether they dropped.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        self.told.iter().filter_map(|rule| self.rules.get(rule.0 as usize)).map(|rule| rule.name.as_str())
    }

    /// The rules that have a baseline, and of which it is not known whether they dropped.
    pub fn too_rare(&self) -> Vec<TooRare> {
        let known = (0..).map(RuleIndex).zip(self.rules.iter().zip(&self.bounds));
        known
            .filter(|(index, _)| !self.told.contains(index))
            .filter_map(|(_, (rule, bounds))| {
                let bounds = bounds.as_ref()?;
                let (before, events_needed) = (bounds.before(), bounds.events_needed());
                Some(TooRare { rule: rule.name.clone(), before, events_needed })
            })
            .collect()
    }

    fn bounds_of(&self, rule: RuleIndex) -> Option<&Bounds> {
        self.bounds.get(rule.0 as usize)?.as_ref()
    }

    fn close(&mut self, window: i64, seen: WindowTally) -> Vec<DriftChange> {
        self.rates = (0..).map(RuleIndex).zip(&self.rules).map(|(index, _)| seen.rate(index)).collect();
        if self.baseline.is_none() {
            self.learn(seen);
            return Vec::new();
        }
        let mut changes = self.rises(window, &seen);
        for ended in self.spans.add(window, &seen) {
            changes.extend(self.judge(window, &ended));
        }
        changes
    }

    /// Rules that match more in a window: one is enough, as it is seen by matches and not by their absence.
    fn rises(&mut self, window: i64, seen: &WindowTally) -> Vec<DriftChange> {
        let mut changes = Vec::new();
        for (index, rule) in (0..).map(RuleIndex).zip(&self.rules) {
            let Some(bounds) = self.bounds.get(index.0 as usize).and_then(Option::as_ref) else { continue };
            if !bounds.has_risen(seen, index, self.settings.material) {
                self.risen.remove(&rule.name);
                continue;
            }
            let change = RateChange { window, before: bounds.before(), now: seen.rate(index) };
            let name = || rule.name.clone();
            if self.risen.insert(name()) {
                changes.push(DriftChange::Rose { rule: name(), change });
            }
            if self.dropped.remove(&rule.name) {
                changes.push(DriftChange::Recovered { rule: name(), change });
            }
        }
        changes
    }

    /// Rules that match less in a span of windows, or again.
    fn judge(&mut self, window: i64, ended: &Ended) -> Vec<DriftChange> {
        let Some(baseline) = &self.baseline else { return Vec::new() };
        let mut changes = Vec::new();
        for index in &ended.rules {
            let place = index.0 as usize;
            let Some(rule) = self.rules.get(place) else { continue };
            let Some(bounds) = self.bounds.get(place).and_then(Option::as_ref) else { continue };
            if !ended.is_full {
                self.told.remove(index);
                continue;
            }
            self.told.insert(*index);
            let change = RateChange { window, before: bounds.before(), now: ended.seen.rate(*index) };
            let name = || rule.name.clone();
            if !bounds.has_dropped(&ended.seen, *index, self.settings.material) {
                if self.dropped.remove(&rule.name) {
                    changes.push(DriftChange::Recovered { rule: name(), change });
                }
            } else if self.dropped.insert(name())
                && let Some(before) = baseline.of(rule)
            {
                let cause = cause(rule, self.profile, baseline, before, &ended.seen);
                changes.push(DriftChange::Dropped { rule: name(), change, cause });
            }
        }
        changes
    }

    fn learn(&mut self, seen: WindowTally) {
        self.learning.add(seen);
        self.windows_learned += 1;
        if self.windows_learned >= self.settings.baseline_windows {
            let seen = std::mem::take(&mut self.learning);
            self.hold_to(Baseline::learned(&seen, &self.rules, self.profile));
        }
    }

    fn hold_to(&mut self, baseline: Baseline) {
        let alpha = self.settings.errors_per_window / self.rules.len().max(1) as f64 / 2.0;
        let bounds = |rule| Some(Bounds::of(baseline.of(rule)?, baseline.events, alpha));
        self.bounds = self.rules.iter().map(bounds).collect();
        let needed = (0..).map(RuleIndex).zip(&self.bounds);
        let needed = needed.filter_map(|(index, bounds)| Some((index, bounds.as_ref()?.events_needed()?)));
        self.spans = Spans::new(needed, self.settings.events_min, self.settings.windows_joined_max);
        self.baseline = Some(baseline);
    }
}
