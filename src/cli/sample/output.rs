//! Results that are on the disk once they are flushed.

use std::io::{self, Write};

use crate::cli::output_file::OutputFile;

/// A file that is synced with each flush: what is deleted from a queue afterwards must not be lost with the machine.
pub(super) struct Synced(pub(super) OutputFile);

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.0.sync()
    }
}
