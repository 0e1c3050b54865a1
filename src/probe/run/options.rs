//! What a run can be told.

use std::num::NonZeroU32;
use std::time::Duration;

/// What a run can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOptions {
    /// Events per second; `None` for as many as the other limits let through.
    pub rate: Option<NonZeroU32>,
    /// The most events without a verdict.
    pub in_flight_max: usize,
    /// How long an event may take from the moment in which the bus took it.
    pub timeout: Duration,
    /// How long collecting goes on behind the last verdict, for what comes late.
    pub linger: Duration,
    /// How long one receive waits for a message. Events that nothing arrives of wait that much longer for their verdict.
    pub receive_wait: Duration,
    /// When the records of an event are looked for the first time, unless it is known to be complete before.
    pub first_look: Duration,
    /// The most `PutEvents` calls at a time.
    pub put_calls_max: usize,
    /// The most receivers of one queue. There is one as long as it keeps up.
    pub receivers_max: usize,
    /// The most events that AWS is asked about at a time.
    pub askers: usize,
    /// How long records are kept, for stores that delete by themselves.
    pub keep: Duration,
}

impl Default for RunOptions {
    fn default() -> RunOptions {
        RunOptions {
            rate: None,
            in_flight_max: 10_000,
            timeout: Duration::from_secs(10),
            linger: Duration::from_secs(1),
            receive_wait: Duration::from_secs(2),
            first_look: Duration::from_secs(1),
            put_calls_max: 32,
            receivers_max: 16,
            askers: 8,
            keep: Duration::from_secs(14 * 86_400),
        }
    }
}
