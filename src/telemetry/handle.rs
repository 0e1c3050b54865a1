//! What code that counts holds. All of it is lock-free; clones share the same numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::buckets::{BUCKETS, BucketCounts, bucket_of};
use super::series::{OnShelf, Shelf, Shelves};

/// Only grows.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// Adds `count`.
    pub fn add(&self, count: u64) {
        // Nothing else is read because of this number, so no order is needed.
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// What was added so far.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The last value counts.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Arc<AtomicU64>);

impl Gauge {
    /// Replaces the value. One that is no finite number is ignored: not every exporter can say it.
    pub fn set(&self, value: f64) {
        if value.is_finite() {
            self.0.store(value.to_bits(), Ordering::Relaxed);
        }
    }

    /// The value; 0 if none was set.
    #[must_use]
    pub fn value(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// Durations in fixed buckets.
#[derive(Debug, Clone, Default)]
pub struct Histogram(Arc<HistogramCells>);

#[derive(Debug, Default)]
struct HistogramCells {
    counts: [AtomicU64; BUCKETS],
    /// Whole nanoseconds, so that sums are exact; they last for 584 years of durations.
    sum_nanos: AtomicU64,
}

impl Histogram {
    /// Counts `duration` once.
    pub fn record(&self, duration: Duration) {
        self.0.counts[bucket_of(duration)].fetch_add(1, Ordering::Relaxed);
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.0.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// What was counted so far. While others record, the sum may be a few durations ahead of the counts.
    #[must_use]
    pub fn counts(&self) -> BucketCounts {
        let counts = std::array::from_fn(|at| self.0.counts[at].load(Ordering::Relaxed));
        BucketCounts { counts, sum_nanos: self.0.sum_nanos.load(Ordering::Relaxed) }
    }
}

/// The three kinds of handle.
pub trait Handle: Clone + Default + OnShelf {}

impl Handle for Counter {}
impl Handle for Gauge {}
impl Handle for Histogram {}

impl OnShelf for Counter {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Counter> {
        &mut shelves.counters
    }
}

impl OnShelf for Gauge {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Gauge> {
        &mut shelves.gauges
    }
}

impl OnShelf for Histogram {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Histogram> {
        &mut shelves.histograms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_their_numbers() {
        let (counter, gauge, histogram) = (Counter::default(), Gauge::default(), Histogram::default());
        counter.clone().add(3);
        gauge.clone().set(0.25);
        histogram.clone().record(Duration::from_millis(3));
        assert_eq!((counter.total(), gauge.value()), (3, 0.25));
        assert_eq!((histogram.counts().count(), histogram.counts().sum_nanos), (1, 3_000_000));
    }

    #[test]
    fn a_gauge_keeps_its_value_when_given_no_number() {
        let gauge = Gauge::default();
        gauge.set(1.0);
        gauge.set(f64::NAN);
        gauge.set(f64::INFINITY);
        assert_eq!(gauge.value(), 1.0);
    }
}
