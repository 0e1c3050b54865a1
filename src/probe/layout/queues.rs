//! The queues of a testbed.

use std::fmt;

/// The most delivery queues of a testbed. Each is long-polled over a connection of its own.
pub(super) const DELIVERY_QUEUES_MAX: usize = 32;

/// A queue of the testbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Destination {
    /// What targets got; several queues, by number.
    Deliveries(u16),
    /// The receipts: which mirror matched which event.
    Receipts,
    /// The catch-all's copies: every event as it was on the bus.
    Seen,
    /// What could not be delivered.
    DeadLetters,
}

/// What follows the testbed's name in the queue's.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Deliveries(number) => write!(f, "deliveries-{number:02}"),
            Destination::Receipts => f.write_str("receipts"),
            Destination::Seen => f.write_str("seen"),
            Destination::DeadLetters => f.write_str("dead-letters"),
        }
    }
}
