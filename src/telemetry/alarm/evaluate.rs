//! Alarms over time. What time it is comes from outside, so that hours take a test no time.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::snapshot::Snapshot;
use super::reading::Reading;
use super::rule::{AlarmRule, Measured};

/// A window is known in steps of this part of it, which bounds what is kept of it.
const STEPS_PER_WINDOW: u32 = 120;

/// What an alarm does. Times are since the start of the process or run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmState {
    /// Its condition does not hold.
    Quiet,
    /// Its condition holds, but not for long enough yet.
    Pending {
        /// When that began.
        since: Duration,
    },
    /// Its condition has held for long enough.
    Firing {
        /// When it began to fire.
        since: Duration,
    },
}

/// What is worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It began to fire.
    Fired,
    /// It fires no more.
    Resolved,
}

/// A rule at work.
#[derive(Debug, Clone)]
pub struct Alarm {
    name: String,
    rule: AlarmRule,
    state: AlarmState,
    /// Oldest first; the first one may be older than the window.
    readings: VecDeque<(Duration, Reading)>,
    latest: Option<(Duration, Reading)>,
}

impl Alarm {
    /// An alarm for a run that begins at the time 0 with all counters at 0.
    #[must_use]
    pub fn new(name: impl Into<String>, rule: AlarmRule) -> Alarm {
        let start = rule.measured.read(&Snapshot::default());
        Alarm {
            name: name.into(),
            state: AlarmState::Quiet,
            readings: [(Duration::ZERO, start)].into(),
            latest: None,
            rule,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rule.
    #[must_use]
    pub fn rule(&self) -> &AlarmRule {
        &self.rule
    }

    /// What it does.
    #[must_use]
    pub fn state(&self) -> AlarmState {
        self.state
    }

    /// Looks at the numbers of the time `now`, which is not before that of the last look.
    pub fn look(&mut self, snapshot: &Snapshot, now: Duration) -> Option<Change> {
        let reading = self.rule.measured.read(snapshot);
        let since = now.saturating_sub(self.rule.over);
        while self.readings.get(1).is_some_and(|(at, _)| *at <= since) {
            self.readings.pop_front();
        }
        let holds = self.holds_now(&reading, now);
        if self.readings.back().is_none_or(|(at, _)| now.saturating_sub(*at) >= self.step()) {
            self.readings.push_back((now, reading.clone()));
        }
        self.latest = Some((now, reading));
        self.advance(holds, now)
    }

    /// Whether the run ends badly: the alarm fires, or its condition holds for the run as a whole, whatever the
    /// times in the rule. A run of seconds can say something that way about a rule that speaks of minutes, and
    /// says the same on a fast machine and on a slow one.
    #[must_use]
    pub fn condemns_run(&self) -> bool {
        let whole = self.latest.as_ref().and_then(|(now, reading)| {
            let start = self.rule.measured.read(&Snapshot::default());
            self.rule.measured.value(&start, reading, *now)
        });
        matches!(self.state, AlarmState::Firing { .. })
            || whole.is_some_and(|value| self.rule.comparison.holds(value, self.rule.threshold))
    }

    fn holds_now(&self, reading: &Reading, now: Duration) -> bool {
        let Some((from, then)) = self.readings.front() else { return false };
        let between = now.saturating_sub(*from);
        // Too little of something can only be said when there was time for it.
        let counts = matches!(self.rule.measured, Measured::Count(_) | Measured::Rate(_));
        if counts && self.rule.comparison.is_for_too_little() && between < self.rule.over {
            return false;
        }
        let value = self.rule.measured.value(then, reading, between);
        value.is_some_and(|value| self.rule.comparison.holds(value, self.rule.threshold))
    }

    fn advance(&mut self, holds: bool, now: Duration) -> Option<Change> {
        let fired = matches!(self.state, AlarmState::Firing { .. });
        self.state = match self.state {
            _ if !holds => AlarmState::Quiet,
            AlarmState::Firing { since } => AlarmState::Firing { since },
            AlarmState::Pending { since } if now.saturating_sub(since) >= self.rule.holding => {
                AlarmState::Firing { since: now }
            }
            AlarmState::Pending { since } => AlarmState::Pending { since },
            AlarmState::Quiet if self.rule.holding.is_zero() => AlarmState::Firing { since: now },
            AlarmState::Quiet => AlarmState::Pending { since: now },
        };
        match (fired, matches!(self.state, AlarmState::Firing { .. })) {
            (false, true) => Some(Change::Fired),
            (true, false) => Some(Change::Resolved),
            _ => None,
        }
    }

    fn step(&self) -> Duration {
        self.rule.over / STEPS_PER_WINDOW
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::registry::Registry;
    use super::super::super::table::{EVENTS, JUDGE_SECONDS, LAG, RULE_MATCHES};
    use super::*;

    fn alarm(rule: &str) -> Alarm {
        Alarm::new(rule, rule.parse().unwrap())
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Looks once a second while `errored` of 100 events per second err; what changed, and when.
    fn changes(alarm: &mut Alarm, errored: impl Fn(u64) -> u64, until: u64) -> Vec<(u64, Change)> {
        let registry = Registry::default();
        let mut changes = Vec::new();
        for second in 1..=until {
            registry.series(&EVENTS, ["errored"]).add(errored(second));
            registry.series(&EVENTS, ["delivered"]).add(100 - errored(second));
            changes.extend(alarm.look(&registry.snapshot(), seconds(second)).map(|change| (second, change)));
        }
        changes
    }

    #[test]
    fn an_alarm_fires_when_its_condition_has_held_for_long_enough_and_resolves_when_the_window_is_clean() {
        let mut alarm = alarm("errored > 1% over 1m for 5m");
        // 10 % errors from second 1,001 to 2,000: above 1 % in the window from the seventh of them on.
        let changes =
            changes(&mut alarm, |second| if (1_001..=2_000).contains(&second) { 10 } else { 0 }, 3_000);
        assert_eq!(changes, [(1_307, Change::Fired), (2_054, Change::Resolved)]);
    }

    #[test]
    fn a_short_burst_is_only_pending() {
        let mut alarm = alarm("errored > 1% over 1m for 5m");
        assert_eq!(changes(&mut alarm, |second| if second < 120 { 50 } else { 0 }, 150), []);
        assert!(matches!(alarm.state(), AlarmState::Pending { .. }));
        let mut alarm = super::tests::alarm("errored > 1% over 1m for 5m");
        assert_eq!(changes(&mut alarm, |second| if second < 120 { 50 } else { 0 }, 1_000), []);
        assert_eq!(alarm.state(), AlarmState::Quiet);
    }

    #[test]
    fn too_little_is_only_said_after_a_whole_window() {
        let registry = Registry::default();
        let mut silent = alarm("rule_matches{rule=\"Big\"} < 1 over 10m");
        registry.series(&RULE_MATCHES, ["Other"]).add(5);
        assert_eq!(silent.look(&registry.snapshot(), seconds(599)), None);
        assert_eq!(silent.look(&registry.snapshot(), seconds(600)), Some(Change::Fired));
        registry.series(&RULE_MATCHES, ["Big"]).add(1);
        assert_eq!(silent.look(&registry.snapshot(), seconds(601)), Some(Change::Resolved));
    }

    #[test]
    fn gauges_rates_and_quantiles_are_looked_at() {
        let registry = Registry::default();
        let (mut lag, mut slow, mut rate) =
            (alarm("lag > 30s"), alarm("p50(judge) > 1s"), alarm("delivered > 5/s over 10s"));
        let look = |alarm: &mut Alarm, second| alarm.look(&registry.snapshot(), seconds(second));
        assert_eq!((look(&mut lag, 1), look(&mut slow, 1), look(&mut rate, 1)), (None, None, None));
        registry.series(&LAG, []).set(31.0);
        registry.series(&JUDGE_SECONDS, []).record(seconds(2));
        registry.series(&EVENTS, ["delivered"]).add(60);
        let fired = Some(Change::Fired);
        assert_eq!((look(&mut lag, 10), look(&mut slow, 10), look(&mut rate, 10)), (fired, fired, fired));
        registry.series(&LAG, []).set(1.0);
        let resolved = Some(Change::Resolved);
        assert_eq!(
            (look(&mut lag, 90), look(&mut slow, 90), look(&mut rate, 90)),
            (resolved, resolved, resolved)
        );
    }

    #[test]
    fn a_short_run_is_judged_as_a_whole() {
        let registry = Registry::default();
        registry.series(&EVENTS, ["errored"]).add(2);
        registry.series(&EVENTS, ["delivered"]).add(98);
        for (rule, bad) in [
            ("errored > 1% for 5m", true),
            ("errored > 2% for 5m", false),
            ("errored >= 2", true),
            ("rule_matches{rule=\"Big\"} < 1 over 1h", true),
            ("lag > 1s", false),
        ] {
            let mut alarm = alarm(rule);
            alarm.look(&registry.snapshot(), Duration::from_millis(20));
            assert_eq!(alarm.condemns_run(), bad, "{rule}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded_however_often_it_looks() {
        let mut alarm = alarm("errored > 1% over 7days");
        let registry = Registry::default();
        for millis in 0..50_000 {
            alarm.look(&registry.snapshot(), Duration::from_millis(millis * 20_000));
        }
        assert!(alarm.readings.len() <= STEPS_PER_WINDOW as usize + 2, "{}", alarm.readings.len());
    }

    proptest! {
        /// Against the definition, looked up in the whole history.
        #[test]
        fn counts_are_those_of_the_window(adds in prop::collection::vec(0u64..5, 1..200)) {
            let mut alarm = alarm("errored >= 20 over 30s for 5s");
            let registry = Registry::default();
            let (mut total, mut held) = (vec![0u64], 0);
            for (at, add) in adds.iter().enumerate() {
                let second = at + 1;
                registry.series(&EVENTS, ["errored"]).add(*add);
                total.push(total[at] + add);
                alarm.look(&registry.snapshot(), seconds(second as u64));
                let holds = total[second] - total[second.saturating_sub(30)] >= 20;
                held = if holds { held + 1 } else { 0 };
                prop_assert_eq!(matches!(alarm.state(), AlarmState::Firing { .. }), held > 5, "{}", second);
                prop_assert_eq!(matches!(alarm.state(), AlarmState::Pending { .. }), (1..=5).contains(&held));
            }
        }
    }
}
