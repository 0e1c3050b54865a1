//! Rate limit of a group of operations.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, sleep};

use super::clock::{TokioClock, TokioInstant};
use super::slowdown::Slowdown;

/// What a call costs at the full rate. Slowing down makes calls dearer, since a governor's own rate is fixed.
const CALL_CELLS: u32 = 16;
/// Calls that may be made at once after a pause, as a part of those of a second: 50 ms worth.
const BURST_DIVISOR: u32 = 20;

/// Spaces out calls.
#[derive(Debug)]
pub(super) struct Limiter {
    rate: Option<Rate>,
    slowdown: Mutex<Slowdown>,
}

#[derive(Debug)]
struct Rate {
    governor: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<TokioInstant>>,
    burst_cells: NonZeroU32,
    /// Held while waiting. Its queue is fair, so calls start in the order in which they were made, and
    /// only one of them looks at the clock.
    turn: tokio::sync::Mutex<()>,
}

impl Limiter {
    /// Lets so many calls per second pass; all of them if `None`.
    pub(super) fn new(calls_per_second: Option<NonZeroU32>) -> Limiter {
        Limiter { rate: calls_per_second.map(Rate::new), slowdown: Mutex::default() }
    }

    /// Returns when the next call may start.
    pub(super) async fn pass(&self) {
        if let Some(rate) = &self.rate {
            let _turn = rate.turn.lock().await;
            rate.take(self.cells()).await;
        }
    }

    /// A call was throttled: the following ones are slower.
    pub(super) fn throttled(&self) {
        self.slowdown.lock().unwrap_or_else(PoisonError::into_inner).throttled(Instant::now());
    }

    /// What a call costs now.
    fn cells(&self) -> u32 {
        let part = self.slowdown.lock().unwrap_or_else(PoisonError::into_inner).part(Instant::now());
        // At most 64 times the cost at full rate, see the floor of `Slowdown`.
        (f64::from(CALL_CELLS) / part).ceil() as u32
    }
}

impl Rate {
    fn new(calls_per_second: NonZeroU32) -> Rate {
        let cells = NonZeroU32::MIN.saturating_add(CALL_CELLS - 1);
        let burst_calls = NonZeroU32::new(calls_per_second.get() / BURST_DIVISOR).unwrap_or(NonZeroU32::MIN);
        let burst_cells = burst_calls.saturating_mul(cells);
        let quota = Quota::per_second(calls_per_second.saturating_mul(cells)).allow_burst(burst_cells);
        Rate {
            governor: RateLimiter::direct_with_clock(quota, TokioClock),
            burst_cells,
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Takes `cells`, in parts that the governor can hold at once.
    async fn take(&self, mut cells: u32) {
        while let Some(part) = NonZeroU32::new(cells.min(self.burst_cells.get())) {
            match self.governor.check_n(part) {
                Ok(Ok(())) => cells -= part.get(),
                Ok(Err(not_yet)) => sleep(not_yet.wait_time_from(TokioClock.now())).await,
                // A part is never larger than the burst.
                Err(_) => return,
            }
        }
    }
}
