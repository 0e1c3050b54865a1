//! How much slower than allowed to call, after the service asked for fewer calls.
//!
//! A quota in a table says little about a busy account, whose other callers use the same quota. So each
//! throttled call halves the rate, and time without one brings it back in equal steps (additive increase,
//! multiplicative decrease): senders that share a quota end up with equal parts of it.

use std::time::Duration;

use tokio::time::Instant;

/// What a throttled call leaves of the rate.
const CUT: f64 = 0.5;
/// Throttled calls within this time count as one: they were all on their way before the first answer came.
const CUT_INTERVAL: Duration = Duration::from_millis(250);
/// Part of the full rate that is won back per second.
const GAIN_PER_SECOND: f64 = 0.05;
/// Least part of the full rate.
const FLOOR: f64 = 1.0 / 64.0;

/// The part of the full rate to call at.
#[derive(Debug, Default)]
pub(super) struct Slowdown {
    /// The part and when it was set; `None` before the first throttled call.
    cut: Option<(f64, Instant)>,
}

impl Slowdown {
    /// The part of the full rate at `now`: above 0 and at most 1.
    pub(super) fn part(&self, now: Instant) -> f64 {
        self.cut.map_or(1.0, |(part, since)| {
            let gained = now.saturating_duration_since(since).as_secs_f64() * GAIN_PER_SECOND;
            (part + gained).min(1.0)
        })
    }

    /// A call was throttled.
    pub(super) fn throttled(&mut self, now: Instant) {
        let recent = |since: Instant| now.saturating_duration_since(since) < CUT_INTERVAL;
        if !self.cut.is_some_and(|(_, since)| recent(since)) {
            self.cut = Some(((self.part(now) * CUT).max(FLOOR), now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_the_rate_once_per_interval_and_time_restores_it() {
        let mut slowdown = Slowdown::default();
        let start = Instant::now();
        assert_eq!(slowdown.part(start), 1.0);
        slowdown.throttled(start);
        slowdown.throttled(start + Duration::from_millis(100));
        assert_eq!(slowdown.part(start), 0.5);
        slowdown.throttled(start + Duration::from_secs(2));
        assert_eq!(slowdown.part(start + Duration::from_secs(2)), 0.3);
        assert_eq!(slowdown.part(start + Duration::from_secs(60)), 1.0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_never_falls_to_nothing() {
        let mut slowdown = Slowdown::default();
        let start = Instant::now();
        for step in 0..100 {
            slowdown.throttled(start + CUT_INTERVAL * step);
        }
        assert!(slowdown.part(start + CUT_INTERVAL * 99) >= FLOOR);
    }
}
