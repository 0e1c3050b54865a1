//! Delays before tries, random but reproducible.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::settings::RetrySettings;

/// Draws delays with full jitter: anything between nothing and a bound that doubles. Callers that failed
/// together do not come back together.
#[derive(Debug)]
pub(super) struct Jitter {
    random: Mutex<fastrand::Rng>,
}

impl Jitter {
    pub(super) fn new(seed: u64) -> Jitter {
        Jitter { random: Mutex::new(fastrand::Rng::with_seed(seed)) }
    }

    /// The delay after so many failed tries (from 1).
    pub(super) fn delay(&self, retry: &RetrySettings, failed_tries: u32) -> Duration {
        let doubled = 1u32.checked_shl(failed_tries.saturating_sub(1)).unwrap_or(u32::MAX);
        let bound = retry.delay_first.saturating_mul(doubled).min(retry.delay_max);
        let part = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        bound.mul_f64(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_stay_below_bounds_that_double_and_repeat_with_the_seed() {
        let retry = RetrySettings {
            tries_max: 99,
            delay_first: Duration::from_millis(100),
            delay_max: Duration::from_secs(1),
        };
        let draw = |seed| -> Vec<Duration> {
            let jitter = Jitter::new(seed);
            (1..=80).map(|tries| jitter.delay(&retry, tries)).collect()
        };
        let delays = draw(7);
        for (bound_ms, delay) in [100, 200, 400, 800].into_iter().chain([1000; 76]).zip(&delays) {
            assert!(*delay <= Duration::from_millis(bound_ms), "{delay:?} is above {bound_ms} ms");
        }
        assert!(delays.iter().any(|delay| *delay > Duration::from_millis(800)));
        assert_eq!(delays, draw(7));
        assert_ne!(delays, draw(8));
    }
}
