//! Snapshots as single numbers, for back ends that know no histograms with our bounds.

use super::super::definition::Unit;
use super::super::snapshot::{Sample, Value};

/// The quantiles that stand for a histogram.
const QUANTILES: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

/// A number with its own name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) number: Number,
}

/// How a number is to be understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// What was counted since the last emission.
    Count(u64),
    /// What was summed up since the last emission.
    Sum(f64),
    /// How things are now, or were in the meantime.
    Level(f64),
}

/// The numbers of a sample that holds what came since the last emission. Counters that stood still give none: their
/// absence says as much and costs nothing.
pub(super) fn scalars(sample: &Sample) -> Vec<Scalar> {
    let (name, unit) = (sample.definition.name, sample.definition.unit);
    let scalar = |suffix: &str, unit, number| Scalar { name: format!("{name}{suffix}"), unit, number };
    match &sample.value {
        Value::Counter(0) => Vec::new(),
        Value::Counter(count) => vec![scalar("", unit, Number::Count(*count))],
        Value::Gauge(value) => vec![scalar("", unit, Number::Level(*value))],
        Value::Histogram(counts) if counts.count() == 0 => Vec::new(),
        Value::Histogram(counts) => {
            let quantiles = QUANTILES.iter().filter_map(|(suffix, quantile)| {
                let value = counts.quantile(*quantile)?;
                Some(scalar(&format!("_{suffix}"), unit, Number::Level(value)))
            });
            let sums = [
                scalar("_count", Unit::Count, Number::Count(counts.count())),
                scalar("_sum", unit, Number::Sum(counts.sum_seconds())),
            ];
            sums.into_iter().chain(quantiles).collect()
        }
    }
}
