//! How long things take.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::probe::MirrorIndex;

/// Decimal digits that a histogram of all events keeps of a time.
const DIGITS: u8 = 3;

/// The same for one rule: there may be hundreds.
const RULE_DIGITS: u8 = 2;

/// The longest time that is kept as it is: 30 days. No queue keeps a message that long.
const LONGEST_US: u64 = 30 * 86_400 * 1_000_000;

/// Times in microseconds.
#[derive(Debug, Clone)]
pub struct Latencies {
    /// From the moment in which an event should be sent to that in which its call was made.
    pub scheduled_to_sent: Times,
    /// From the moment in which the bus took an event to that in which the body at a target was received here; without
    /// bodies of which it is a guess that they are the event's.
    pub sent_to_delivered: Times,
    /// The same for each mirror.
    pub delivered_by_mirror: BTreeMap<MirrorIndex, Times>,
    /// From the moment in which the bus took an event to its verdict, of events that had to wait for their deadline.
    pub deadline_wait: Times,
}

/// Times of one kind.
#[derive(Debug, Clone)]
pub struct Times(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Latencies {
        Latencies {
            scheduled_to_sent: Times::new(DIGITS),
            sent_to_delivered: Times::new(DIGITS),
            delivered_by_mirror: BTreeMap::new(),
            deadline_wait: Times::new(DIGITS),
        }
    }
}

impl Latencies {
    /// A body was received.
    pub fn delivered(&mut self, mirror: MirrorIndex, took: Duration) {
        self.sent_to_delivered.add(took);
        self.delivered_by_mirror.entry(mirror).or_insert_with(|| Times::new(RULE_DIGITS)).add(took);
    }
}

impl Times {
    fn new(digits: u8) -> Times {
        // Fails for more than five digits only; an histogram without any digit is as good as none.
        let histogram = Histogram::new(digits);
        Times(histogram.unwrap_or_else(|_| Histogram::new(0).expect("zero digits are allowed")))
    }

    /// Something took so long.
    pub fn add(&mut self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(LONGEST_US).min(LONGEST_US);
        // It grows with what it is given. (Its `saturating_record` does not.)
        if self.0.record(us).is_err() {
            self.0.saturating_record(us);
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that so many percent did not exceed, in microseconds.
    pub fn percentile_us(&self, percent: f64) -> u64 {
        self.0.value_at_percentile(percent)
    }

    /// The longest, in microseconds.
    pub fn max_us(&self) -> u64 {
        self.0.max()
    }

    /// The histogram.
    pub fn histogram(&self) -> &Histogram<u64> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_to_three_digits_however_long() {
        let mut times = Times::new(DIGITS);
        (1..=1_000).for_each(|ms| times.add(Duration::from_millis(ms)));
        times.add(Duration::from_secs(86_400));
        assert_eq!(times.count(), 1_001);
        let median = times.percentile_us(50.0);
        assert!((499_000..=502_000).contains(&median), "{median}");
        assert!(times.max_us() >= 86_000_000_000, "{}", times.max_us());
    }
}
