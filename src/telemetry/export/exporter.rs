//! What every exporter does.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use thiserror::Error;

use super::super::snapshot::Snapshot;

/// When a snapshot was taken, for the back ends that want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(Duration);

impl Moment {
    /// The present.
    #[must_use]
    pub fn now() -> Moment {
        Moment(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    /// A time since the beginning of 1970, for tests.
    #[must_use]
    pub const fn since_1970(duration: Duration) -> Moment {
        Moment(duration)
    }

    pub(super) fn millis(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn nanos(self) -> u64 {
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Why an emission did not take place, or only a part of it.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct EmitProblem(pub String);

/// Hands numbers on to one back end.
pub trait Exporter: Send + 'static {
    /// Its name in `ruleproof_emissions_total{exporter}`.
    fn name(&self) -> &'static str;

    /// Hands on `snapshot`, or what came since the last one that arrived.
    ///
    /// # Errors
    /// The back end did not take it, or not all of it. What it did not take is in the next emission.
    fn emit(&mut self, snapshot: &Snapshot, at: Moment) -> Result<(), EmitProblem>;
}
