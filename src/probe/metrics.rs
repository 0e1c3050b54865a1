//! Tells the registry what a run comes to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::run::Observer;
use super::tally::Tally;
use crate::telemetry::{Counter, Gauge, Histogram, Registry, table};

/// The series of a run. What an earlier part of the run came to was counted by the process that did it.
#[derive(Debug)]
pub struct ProbeMetrics {
    registry: Arc<Registry>,
    verdicts: [Counter; 3],
    messages: [Counter; 3],
    in_flight: Gauge,
    put: Histogram,
    delivery: Histogram,
    told: Mutex<Option<Told>>,
}

/// What has been counted already.
#[derive(Debug, Default)]
struct Told {
    verdicts: [u64; 3],
    messages: [u64; 3],
    codes: BTreeMap<String, u64>,
    rules: BTreeMap<String, u64>,
}

impl Told {
    fn of(tally: &Tally) -> Told {
        Told {
            verdicts: [tally.delivered, tally.unmatched, tally.errored],
            messages: [tally.duplicates, tally.late, tally.foreign],
            codes: tally.codes.iter().map(|(code, tally)| (code.clone(), tally.events)).collect(),
            rules: tally.rules.iter().map(|(rule, tally)| (rule.clone(), tally.matched)).collect(),
        }
    }
}

impl ProbeMetrics {
    /// Looks up what every run has, so that it is there from the beginning.
    pub fn new(registry: Arc<Registry>) -> ProbeMetrics {
        let verdict = |verdict| registry.series(&table::EVENTS, [verdict]);
        let messages = |kind| registry.series(&table::PROBE_MESSAGES, [kind]);
        ProbeMetrics {
            verdicts: ["delivered", "unmatched", "errored"].map(verdict),
            messages: ["duplicate", "late", "foreign"].map(messages),
            in_flight: registry.series(&table::PROBE_IN_FLIGHT, []),
            put: registry.series(&table::PROBE_PUT_SECONDS, []),
            delivery: registry.series(&table::PROBE_DELIVERY_SECONDS, []),
            told: Mutex::new(None),
            registry,
        }
    }

    fn count(&self, told: &Told, now: &Told) {
        let add = |counters: &[Counter], told: &[u64], now: &[u64]| {
            for ((counter, told), now) in counters.iter().zip(told).zip(now) {
                counter.add(now.saturating_sub(*told));
            }
        };
        add(&self.verdicts, &told.verdicts, &now.verdicts);
        add(&self.messages, &told.messages, &now.messages);
        for (code, count) in grown(&told.codes, &now.codes) {
            self.registry.series(&table::ERRORS, [code]).add(count);
        }
        for (rule, count) in grown(&told.rules, &now.rules) {
            self.registry.series(&table::RULE_MATCHES, [rule]).add(count);
        }
    }
}

fn grown<'n>(
    told: &BTreeMap<String, u64>,
    now: &'n BTreeMap<String, u64>,
) -> impl Iterator<Item = (&'n str, u64)> {
    now.iter().filter_map(|(name, count)| {
        let more = count.saturating_sub(told.get(name).copied().unwrap_or_default());
        (more > 0).then_some((name.as_str(), more))
    })
}

impl Observer for ProbeMetrics {
    fn tally(&self, tally: &Tally, in_flight: usize) {
        let now = Told::of(tally);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = &*told {
            self.count(told, &now);
        }
        *told = Some(now);
        self.in_flight.set(in_flight as f64);
    }

    fn put(&self, took: Duration) {
        self.put.record(took);
    }

    fn delivered(&self, took: Duration) {
        self.delivery.record(took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::judging::{Problem, Verdict};
    use crate::telemetry::SeriesMax;
    use crate::tracking::EventNumber;

    #[test]
    fn only_what_this_process_found_is_counted() {
        let registry = Arc::new(Registry::new(SeriesMax::default()));
        let metrics = ProbeMetrics::new(Arc::clone(&registry));
        let (mut tally, event) = (Tally::default(), EventNumber::new(0).unwrap());
        tally.add(event, &Verdict::unmatched());
        metrics.tally(&tally, 2);
        for _ in 0..2 {
            tally.add(event, &Verdict::delivered(vec!["r".to_owned()]));
            tally.add(event, &Verdict::errored(vec![], vec![Problem::of_event("X", "x")]));
            tally.late += 1;
            metrics.tally(&tally, 1);
        }
        metrics.tally(&tally, 0);
        let found = registry.snapshot();
        let counted = |name, labels: &[&str]| found.counter(name, labels).unwrap_or_default();
        let events = ["delivered", "unmatched", "errored"].map(|v| counted("ruleproof_events_total", &[v]));
        assert_eq!(events, [2, 0, 2]);
        assert_eq!(counted("ruleproof_errors_total", &["X"]), 2);
        assert_eq!(counted("ruleproof_rule_matches_total", &["r"]), 2);
        assert_eq!(counted("ruleproof_probe_messages_total", &["late"]), 2);
    }
}
