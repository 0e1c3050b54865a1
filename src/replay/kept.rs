//! Adds up a replay whose state is kept.

use std::io;
use std::time::{Duration, Instant};

use super::collect::BatchTally;
use super::saved_tally::SavedTally;
use super::state::{ReplayState, WrittenBytes};
use super::worker::Lines;
use crate::verdict::RuleSet;

/// A replay so far.
pub(super) struct Kept {
    started: Instant,
    before: Duration,
    pub(super) total: BatchTally,
    pub(super) matched: Vec<u64>,
    written: WrittenBytes,
    /// As it was behind the last batch behind which reading can go on.
    state: ReplayState,
}

impl Kept {
    /// From where an earlier run was.
    pub(super) fn go_on(state: ReplayState, rules: &RuleSet) -> io::Result<Kept> {
        let count = rules.rules().len();
        let fits = state.matched.is_empty() || state.matched.len() == count;
        let Some(total) = state.tally.restore(count).filter(|_| fits) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the numbers that were kept are of other rules",
            ));
        };
        let mut matched = state.matched.clone();
        matched.resize(count, 0);
        let (before, written) = (state.elapsed, state.written);
        Ok(Kept { started: Instant::now(), before, total, matched, written, state })
    }

    /// Adds a batch, whose lines have been written.
    pub(super) fn add(&mut self, lines: &Lines, tally: BatchTally) {
        self.total.add(tally);
        self.matched.iter_mut().zip(&lines.matched).for_each(|(sum, count)| *sum += count);
        self.written.results += lines.results.len() as u64;
        self.written.payloads += lines.payloads.len() as u64;
        if let Some(position) = &lines.position {
            self.state = ReplayState {
                position: position.clone(),
                written: self.written,
                elapsed: self.elapsed(),
                matched: self.matched.clone(),
                tally: SavedTally::of(&self.total),
            };
        }
    }

    pub(super) fn state(&self) -> &ReplayState {
        &self.state
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.before + self.started.elapsed()
    }
}
