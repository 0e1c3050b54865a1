//! The buckets of all histograms.
//!
//! Fixed bounds rather than an HDR histogram: Prometheus and OTLP want counts by bound, an atomic add per bucket needs
//! no lock and no merge, and a histogram is 200 bytes whatever it counts. The price is that a quantile is known only as
//! well as its bucket is narrow, at worst a factor of five.

use std::time::Duration;

/// Upper bounds, inclusive. Half decades from 10 µs, where a small batch is, to the minutes of late deliveries.
const BOUNDS_NANOS: [u64; BUCKETS - 1] = [
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
    30_000_000_000,
    60_000_000_000,
    300_000_000_000,
];
/// All buckets, the last of which has no bound.
pub(super) const BUCKETS: usize = 23;
const NANOS_PER_SECOND: f64 = 1e9;

/// The bucket that counts `duration`.
pub(super) fn bucket_of(duration: Duration) -> usize {
    let nanos = duration.as_nanos();
    BOUNDS_NANOS.partition_point(|bound| u128::from(*bound) < nanos)
}

/// The numbers of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BucketCounts {
    pub(super) counts: [u64; BUCKETS],
    pub(super) sum_nanos: u64,
}

impl BucketCounts {
    /// The upper bounds of all buckets but the last, in seconds.
    pub fn bounds() -> impl Iterator<Item = f64> {
        BOUNDS_NANOS.iter().map(|nanos| *nanos as f64 / NANOS_PER_SECOND)
    }

    /// Each bucket's own count, the unbounded one last.
    #[must_use]
    pub fn by_bucket(&self) -> &[u64] {
        &self.counts
    }

    /// How many durations.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Their sum in seconds.
    #[must_use]
    pub fn sum_seconds(&self) -> f64 {
        self.sum_nanos as f64 / NANOS_PER_SECOND
    }

    /// What came since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &BucketCounts) -> BucketCounts {
        BucketCounts {
            counts: std::array::from_fn(|at| self.counts[at].saturating_sub(earlier.counts[at])),
            sum_nanos: self.sum_nanos.saturating_sub(earlier.sum_nanos),
        }
    }

    /// The duration, in seconds, that the part `quantile` (0 to 1) of all is not above; `None` if there is none.
    ///
    /// As `histogram_quantile` of Prometheus has it: evenly spread inside a bucket, and the last bound for what is
    /// above all bounds.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let count = self.count();
        let rank = quantile.clamp(0.0, 1.0) * count as f64;
        let mut below = 0;
        let mut lower = 0.0;
        for (own, upper) in self.counts.iter().zip(BucketCounts::bounds()) {
            if *own > 0 && (below + own) as f64 >= rank {
                return Some(lower + (upper - lower) * ((rank - below as f64) / *own as f64));
            }
            below += own;
            lower = upper;
        }
        (count > 0).then_some(lower)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts_of(millis: impl IntoIterator<Item = u64>) -> BucketCounts {
        let mut counts = BucketCounts::default();
        for millis in millis {
            counts.counts[bucket_of(Duration::from_millis(millis))] += 1;
            counts.sum_nanos += millis * 1_000_000;
        }
        counts
    }

    #[test]
    fn bounds_rise_and_are_inclusive() {
        assert!(BOUNDS_NANOS.is_sorted_by(|a, b| a < b));
        assert_eq!(bucket_of(Duration::ZERO), 0);
        assert_eq!(bucket_of(Duration::from_nanos(10_000)), 0);
        assert_eq!(bucket_of(Duration::from_nanos(10_001)), 1);
        assert_eq!(bucket_of(Duration::MAX), BUCKETS - 1);
    }

    #[test]
    fn quantiles_are_those_of_prometheus() {
        // 50 in (5 ms, 10 ms], 50 in (50 ms, 100 ms].
        let counts = counts_of([7; 50].into_iter().chain([80; 50]));
        assert_eq!(counts.quantile(0.5), Some(0.010));
        assert_eq!(counts.quantile(0.25), Some(0.0075));
        assert_eq!(counts.quantile(0.99), Some(0.05 + 0.05 * 0.98));
        assert_eq!(counts.quantile(0.0), Some(0.005));
        assert_eq!(counts_of([]).quantile(0.5), None);
        assert_eq!(counts_of([1_000_000]).quantile(0.5), Some(300.0));
    }

    #[test]
    fn what_came_since_is_the_difference() {
        let (earlier, later) = (counts_of([1, 2]), counts_of([1, 2, 3]));
        assert_eq!(later.since(&earlier), counts_of([3]));
    }
}
