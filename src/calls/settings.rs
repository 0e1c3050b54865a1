//! The numbers of a policy.

use std::num::NonZeroU32;
use std::time::Duration;

/// Everything that a policy can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSettings {
    /// The service's name in errors.
    pub service: &'static str,
    /// Operations with limits of their own. The first group that names an operation has it.
    pub groups: Vec<CallGroup>,
    /// Limits of all other operations, which share them.
    pub others: CallGroup,
    /// How failed calls are repeated.
    pub retry: RetrySettings,
    /// When calling is stopped altogether.
    pub breaker: BreakerSettings,
}

/// Operations that share a quota.
#[derive(Debug, Clone, PartialEq)]
pub struct CallGroup {
    /// API names; of no meaning in [`CallSettings::others`].
    pub operations: &'static [&'static str],
    /// Calls per second of all of them together; `None` for no limit.
    pub calls_per_second: Option<NonZeroU32>,
    /// How long one try may take. Long polls need more than they wait.
    pub timeout: Duration,
}

/// How failed calls are repeated: after a random part of a delay that doubles (full jitter).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetrySettings {
    /// Tries of one call, the first one included; at least one is made.
    pub tries_max: u32,
    /// Upper bound of the first delay.
    pub delay_first: Duration,
    /// Upper bound of all delays.
    pub delay_max: Duration,
}

/// When calling is stopped, and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerSettings {
    /// Tries in a row that got no answer until the breaker opens.
    pub failures_to_open: u32,
    /// How long nothing is called before one call probes.
    pub probe_after: Duration,
    /// When a probe fails this long after the breaker opened, no further call is ever made.
    pub open_max: Duration,
}

impl CallGroup {
    /// Timeout of a try unless an operation needs another.
    pub const TIMEOUT: Duration = Duration::from_secs(10);

    /// Operations with so many calls per second and the usual timeout.
    pub fn limited(operations: &'static [&'static str], calls_per_second: NonZeroU32) -> CallGroup {
        CallGroup { operations, calls_per_second: Some(calls_per_second), timeout: CallGroup::TIMEOUT }
    }

    /// Operations without a limit, with the usual timeout.
    pub fn unlimited(operations: &'static [&'static str]) -> CallGroup {
        CallGroup { operations, calls_per_second: None, timeout: CallGroup::TIMEOUT }
    }
}

impl CallSettings {
    /// Settings of a service of which nothing is known: no rate limits, the usual retries and breaker.
    pub fn of_service(service: &'static str) -> CallSettings {
        CallSettings {
            service,
            groups: Vec::new(),
            others: CallGroup::unlimited(&[]),
            retry: RetrySettings::default(),
            breaker: BreakerSettings::default(),
        }
    }
}

impl Default for RetrySettings {
    /// Eight tries within about half a minute, as the delays average to the half of their bounds.
    fn default() -> RetrySettings {
        RetrySettings {
            tries_max: 8,
            delay_first: Duration::from_millis(200),
            delay_max: Duration::from_secs(10),
        }
    }
}

impl Default for BreakerSettings {
    fn default() -> BreakerSettings {
        BreakerSettings {
            failures_to_open: 10,
            probe_after: Duration::from_secs(5),
            open_max: Duration::from_secs(120),
        }
    }
}
