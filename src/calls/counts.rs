//! What a policy did, for reports and for tests of cost.

use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers of what happened so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallCounts {
    /// Tries that were made, successful or not.
    pub calls: u64,
    /// Tries that repeated a failed one.
    pub retries: u64,
    /// Answers that asked for fewer calls.
    pub throttles: u64,
    /// How often the breaker opened.
    pub opened: u64,
}

/// The same, while counting goes on.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) calls: AtomicU64,
    pub(super) retries: AtomicU64,
    pub(super) throttles: AtomicU64,
    pub(super) opened: AtomicU64,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> CallCounts {
        CallCounts {
            calls: self.calls.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            throttles: self.throttles.load(Ordering::Relaxed),
            opened: self.opened.load(Ordering::Relaxed),
        }
    }
}
