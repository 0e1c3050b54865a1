//! Writes checkpoints while a replay runs.

use std::fs::File;
use std::io;
use std::time::{Duration, Instant};

use super::file::Writer;
use crate::replay::{Keeper, ReplayState};
use crate::sources::{Acknowledgements, Position};

/// A run works at least so many times as long as a checkpoint takes to write.
const SHARE: u32 = 4;

/// Writes checkpoints behind outputs.
pub(in crate::cli) struct FileKeeper {
    pub(super) writer: Writer,
    /// What has to be on the disk before a checkpoint that counts it.
    pub(super) outputs: Vec<File>,
    pub(super) acknowledgements: Acknowledgements,
    pub(super) every: Duration,
    /// When the next one is due.
    pub(super) due: Instant,
    /// Where the last one was.
    pub(super) kept: ReplayState,
}

impl FileKeeper {
    /// Whether the run that was kept has come to its end.
    pub(in crate::cli) fn is_complete(&self) -> bool {
        self.kept.position == Position::END
    }

    /// The run is over: lets go of what is left.
    pub(in crate::cli) fn finish(&mut self) {
        self.acknowledgements.finish();
    }

    /// Events up to the last checkpoint.
    pub(in crate::cli) fn read(&self) -> u64 {
        self.kept.read()
    }
}

impl FileKeeper {
    fn write(&mut self, state: ReplayState) -> io::Result<()> {
        self.writer.replace(&state)?;
        self.kept = state;
        Ok(())
    }
}

impl Keeper for FileKeeper {
    fn is_due(&self) -> bool {
        Instant::now() >= self.due
    }

    fn keep(&mut self, state: &ReplayState) -> io::Result<()> {
        let began = Instant::now();
        self.outputs.iter().try_for_each(File::sync_data)?;
        let mut durable = state.clone();
        durable.position = self.acknowledgements.durable(&state.position);
        self.write(durable)?;
        self.acknowledgements.recorded(&state.position);
        // A complete run is not gone on with: so it is complete only once nothing is held any more.
        if state.position == Position::END && !self.is_complete() && self.acknowledgements.settle() == 0 {
            self.write(state.clone())?;
        }
        self.due = Instant::now() + self.every.max(began.elapsed() * SHARE);
        Ok(())
    }
}
