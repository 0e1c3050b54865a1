//! A budget of events that refills with time.

use std::time::Duration;

/// A token bucket that holds one second's worth of events.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    tokens: f64,
    filled_at: Duration,
}

impl Budget {
    /// A full one.
    pub(super) fn new(events_per_s: f64, now: Duration) -> Budget {
        Budget { tokens: capacity(events_per_s), filled_at: now }
    }

    /// The probability with which the next event may be kept: 1 while at least half of the budget is there, and less
    /// the less there is, so that it settles where as much is kept as comes in. `None` if the budget is used up.
    pub(super) fn share(&mut self, events_per_s: f64, now: Duration) -> Option<f64> {
        let passed = now.saturating_sub(self.filled_at).as_secs_f64();
        self.filled_at = self.filled_at.max(now);
        self.tokens = (self.tokens + passed * events_per_s).min(capacity(events_per_s));
        (self.tokens >= 1.0).then(|| (2.0 * self.tokens / capacity(events_per_s)).min(1.0))
    }

    /// Notes that an event was kept.
    pub(super) fn take(&mut self) {
        self.tokens = (self.tokens - 1.0).max(0.0);
    }
}

/// One second's worth; at least two events, so that one is left to be had at any rate.
fn capacity(events_per_s: f64) -> f64 {
    events_per_s.max(2.0)
}
