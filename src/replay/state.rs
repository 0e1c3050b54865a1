//! How far a replay is, in terms that outlast the program.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::saved_tally::SavedTally;
use crate::sources::Position;

/// Everything that a later run needs to go on where this one is: it ends with the same lines and numbers as a run that
/// nobody disturbed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReplayState {
    /// Where its source is.
    pub position: Position,
    /// The lengths of the outputs.
    pub written: WrittenBytes,
    /// Time that was spent.
    pub elapsed: Duration,
    /// Of each rule, the events that it matched.
    pub(super) matched: Vec<u64>,
    /// The other numbers.
    pub(super) tally: SavedTally,
}

/// Bytes of each output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WrittenBytes {
    /// Of the results.
    pub results: u64,
    /// Of the payloads.
    pub payloads: u64,
}

impl ReplayState {
    /// Events that were judged.
    pub fn read(&self) -> u64 {
        self.tally.read()
    }
}

/// Keeps the state of a replay where it outlasts the program.
pub trait Keeper {
    /// Whether the state should be kept now. Asked after every batch, so it has to be quick.
    fn is_due(&self) -> bool;

    /// Keeps `state`. All lines that belong to it have been written to the outputs and flushed, but need not be on the
    /// disk yet.
    ///
    /// # Errors
    /// It could not be kept; the run ends.
    fn keep(&mut self, state: &ReplayState) -> io::Result<()>;
}
