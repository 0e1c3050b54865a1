//! The run's clock.

use std::time::SystemTime;

use tokio::time::Instant;

use crate::probe::moment::Moment;

/// Time as the run counts it: tokio's, so that simulations are in charge of it, and the wall's only to begin with.
#[derive(Debug, Clone, Copy)]
pub struct RunClock {
    origin: Instant,
    origin_us: i64,
}

impl RunClock {
    /// A clock that begins now, when the wall's shows `wall`.
    pub fn starting_at(wall: SystemTime) -> RunClock {
        let since_1970 = wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let origin_us = i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX);
        RunClock { origin: Instant::now(), origin_us }
    }

    /// How long it has run.
    pub(super) fn now(self) -> Moment {
        Moment::default() + self.origin.elapsed()
    }

    /// The moment as an instant to wait for.
    pub(super) fn instant(self, moment: Moment) -> Instant {
        self.origin + (moment - Moment::default())
    }

    /// Microseconds since 1970.
    pub(super) fn wall_us(self) -> i64 {
        self.wall_us_at(self.now())
    }

    /// The same of another moment.
    pub(super) fn wall_us_at(self, moment: Moment) -> i64 {
        self.origin_us.saturating_add(i64::try_from(moment.0).unwrap_or(i64::MAX))
    }
}
