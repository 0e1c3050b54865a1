//! The numbers of a moment.

use std::collections::BTreeMap;

use super::buckets::BucketCounts;
use super::definition::Definition;

/// The value of a series.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a counter, since the start.
    Counter(u64),
    /// Of a gauge.
    Gauge(f64),
    /// Of a histogram, since the start.
    Histogram(Box<BucketCounts>),
}

/// A series with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its metric.
    pub definition: &'static Definition,
    /// The values of the metric's labels, in their order.
    pub values: Box<[Box<str>]>,
    /// Its value.
    pub value: Value,
}

impl Sample {
    /// Names and values of the labels.
    pub fn labels(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.definition.labels.iter().copied().zip(self.values.iter().map(|value| &**value))
    }
}

/// All series at one moment, sorted by name and by values of labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    samples: Vec<Sample>,
}

impl Snapshot {
    pub(super) fn new(mut samples: Vec<Sample>) -> Snapshot {
        samples.sort_by(|a, b| order(a).cmp(&order(b)));
        Snapshot { samples }
    }

    /// The series.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The series of one metric after the other.
    pub fn by_metric(&self) -> impl Iterator<Item = (&'static Definition, &[Sample])> {
        let same = |a: &Sample, b: &Sample| a.definition.name == b.definition.name;
        self.samples.chunk_by(same).map(|samples| (samples[0].definition, samples))
    }

    /// The series with exactly these values of labels.
    #[must_use]
    pub fn find(&self, name: &str, values: &[&str]) -> Option<&Sample> {
        let wanted = |sample: &Sample| {
            sample
                .definition
                .name
                .cmp(name)
                .then_with(|| sample.values.iter().map(|value| &**value).cmp(values.iter().copied()))
        };
        self.samples.binary_search_by(wanted).ok().map(|at| &self.samples[at])
    }

    /// What a counter has counted; `None` if there is no such series.
    #[must_use]
    pub fn counter(&self, name: &str, values: &[&str]) -> Option<u64> {
        match self.find(name, values)?.value {
            Value::Counter(total) => Some(total),
            _ => None,
        }
    }

    /// What all series of a counter have counted together.
    #[must_use]
    pub fn counter_sum(&self, name: &str) -> u64 {
        let counted = |sample: &Sample| match sample.value {
            Value::Counter(total) => Some(total),
            _ => None,
        };
        self.samples.iter().filter(|sample| sample.definition.name == name).filter_map(counted).sum()
    }

    /// What came since `earlier`: differences of counters and histograms, gauges as they are now.
    ///
    /// Sums of such differences are exact, since each is taken between two moments of the same totals.
    #[must_use]
    pub fn since(&self, earlier: &Snapshot) -> Snapshot {
        let before: BTreeMap<_, _> =
            earlier.samples.iter().map(|sample| (order(sample), &sample.value)).collect();
        let difference = |sample: &Sample| {
            let value = match (&sample.value, before.get(&order(sample))) {
                (Value::Counter(now), Some(Value::Counter(then))) => {
                    Value::Counter(now.saturating_sub(*then))
                }
                (Value::Histogram(now), Some(Value::Histogram(then))) => {
                    Value::Histogram(Box::new(now.since(then)))
                }
                (now, _) => now.clone(),
            };
            Sample { value, ..sample.clone() }
        };
        Snapshot { samples: self.samples.iter().map(difference).collect() }
    }

    /// The first `count` series.
    pub(super) fn first(&self, count: usize) -> Snapshot {
        Snapshot { samples: self.samples.iter().take(count).cloned().collect() }
    }

    /// These series, and those of `earlier` that are not among them.
    pub(super) fn or_else(self, earlier: &Snapshot) -> Snapshot {
        let mut all: BTreeMap<_, _> =
            earlier.samples.iter().map(|sample| (order(sample), sample.clone())).collect();
        all.extend(self.samples.iter().map(|sample| (order(sample), sample.clone())));
        Snapshot { samples: all.into_values().collect() }
    }
}

fn order(sample: &Sample) -> (&'static str, &[Box<str>]) {
    (sample.definition.name, &sample.values)
}

#[cfg(test)]
mod tests {
    use super::super::registry::Registry;
    use super::super::table::{EVENTS, LAG};

    #[test]
    fn differences_add_up_to_the_total() {
        let registry = Registry::default();
        let mut before = registry.snapshot();
        let (mut sum, mut total) = (0, 0);
        for step in 1..=20 {
            registry.series(&EVENTS, [if step % 2 == 0 { "delivered" } else { "unmatched" }]).add(step);
            registry.series(&LAG, []).set(step as f64);
            let now = registry.snapshot();
            sum += now.since(&before).counter_sum("ruleproof_events_total");
            total += step;
            before = now;
        }
        assert_eq!(sum, total);
    }
}
