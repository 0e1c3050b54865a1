//! What a rule reads off a snapshot, and what two readings say about the time between them.

use std::time::Duration;

use super::super::buckets::BucketCounts;
use super::super::snapshot::{Snapshot, Value};
use super::rule::{Measured, Selector};

/// The numbers that a rule needs, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// Counts so far: what is looked at, and what it is a part of.
    Counts { part: u64, whole: u64 },
    /// Of gauges; `None` if there is none.
    Level(Option<f64>),
    /// Of a histogram.
    Buckets(Box<BucketCounts>),
}

impl Measured {
    pub(super) fn read(&self, snapshot: &Snapshot) -> Reading {
        match self {
            Measured::Count(counter) | Measured::Rate(counter) => {
                Reading::Counts { part: count(counter, snapshot), whole: 0 }
            }
            Measured::Ratio(part, whole) => {
                Reading::Counts { part: count(part, snapshot), whole: count(whole, snapshot) }
            }
            Measured::Level(gauge) => {
                let levels = gauge.of(snapshot).filter_map(|sample| match sample.value {
                    Value::Gauge(level) => Some(level),
                    _ => None,
                });
                Reading::Level(levels.reduce(f64::max))
            }
            Measured::Quantile(_, histogram) => {
                let counts = histogram.of(snapshot).find_map(|sample| match &sample.value {
                    Value::Histogram(counts) => Some(counts.clone()),
                    _ => None,
                });
                Reading::Buckets(counts.unwrap_or_default())
            }
        }
    }

    /// The value over the time between two readings; `None` if there is nothing to say.
    pub(super) fn value(&self, then: &Reading, now: &Reading, between: Duration) -> Option<f64> {
        match (self, then, now) {
            (_, _, Reading::Level(level)) => *level,
            (Measured::Quantile(quantile, _), Reading::Buckets(then), Reading::Buckets(now)) => {
                now.since(then).quantile(*quantile)
            }
            (
                _,
                Reading::Counts { part: part_then, whole: whole_then },
                Reading::Counts { part: part_now, whole: whole_now },
            ) => {
                let part = part_now.saturating_sub(*part_then) as f64;
                match self {
                    Measured::Ratio(..) => {
                        let whole = whole_now.saturating_sub(*whole_then);
                        (whole > 0).then(|| part / whole as f64)
                    }
                    Measured::Rate(_) => (!between.is_zero()).then(|| part / between.as_secs_f64()),
                    _ => Some(part),
                }
            }
            _ => None,
        }
    }
}

fn count(counter: &Selector, snapshot: &Snapshot) -> u64 {
    let counted = counter.of(snapshot).filter_map(|sample| match sample.value {
        Value::Counter(total) => Some(total),
        _ => None,
    });
    counted.sum()
}
