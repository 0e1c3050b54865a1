//! Tells the registry what batches came to.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::intake::Shed;
use super::tally::SampleTally;
use crate::replay::JudgedSeries;
use crate::report::Scaled;
use crate::sampling::DropReason;
use crate::telemetry::{Counter, Gauge, Registry, table};

/// The series of a run; those of rules are looked up when a batch has something to say of them.
#[derive(Debug)]
pub struct Published {
    registry: Arc<Registry>,
    read: Counter,
    judged: JudgedSeries,
    kept: Counter,
    sampled: Counter,
    ceiling: Counter,
    overload: Counter,
    without_key: Counter,
    lag: Gauge,
    rules: Gauge,
    estimated: [Gauge; 3],
}

impl Published {
    /// Looks up what every run has, so that it is there from the beginning.
    pub fn new(registry: Arc<Registry>) -> Published {
        let dropped = |reason| registry.series(&table::DROPPED, [reason]);
        let estimated = |verdict| registry.series(&table::ESTIMATED_EVENTS, [verdict]);
        Published {
            read: registry.series(&table::EVENTS_READ, []),
            judged: JudgedSeries::new(&registry),
            kept: registry.series(&table::SAMPLED, []),
            sampled: dropped(DropReason::Sampled.as_str()),
            ceiling: dropped(DropReason::Ceiling.as_str()),
            overload: dropped("overload"),
            without_key: registry.series(&table::SAMPLE_KEY_MISSING, []),
            lag: registry.series(&table::LAG, []),
            rules: registry.series(&table::RULES, []),
            estimated: ["delivered", "unmatched", "errored"].map(estimated),
            registry,
        }
    }

    /// Where the numbers go.
    pub(super) fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Adds a batch; `scaled` is what all batches stand for.
    pub(super) fn batch(&mut self, tally: &SampleTally, scaled: Scaled) {
        self.read.add(tally.read());
        let set = tally.ruling.set();
        self.judged.batch(&self.registry, set, &tally.judged, tally.took);
        self.kept.add(tally.kept);
        self.sampled.add(tally.sampled);
        self.ceiling.add(tally.ceiling);
        self.without_key.add(tally.without_key);
        self.rules.set(set.rules().len() as f64);
        let sums = [scaled.delivered, scaled.unmatched, scaled.errored];
        self.estimated.iter().zip(sums).for_each(|(gauge, sum)| gauge.set(sum));
        if let Some(age_ms) = tally.newest_ms.and_then(age_ms) {
            self.lag.set(age_ms as f64 / 1_000.0);
        }
        for (rule, (count, _)) in &tally.matched {
            self.registry.series(&table::RULE_MATCHES, [&set.rule(*rule).display_name]).add(*count);
        }
    }

    /// Counts what is dropped before it is judged, at once.
    pub(super) fn shed(&self) -> Shed {
        Shed::published([self.read.clone(), self.overload.clone()])
    }
}

/// How old an event of that time is now.
fn age_ms(time_ms: i64) -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some((i64::try_from(now.as_millis()).ok()? - time_ms).max(0))
}
