//! Results that are on the disk once they are flushed.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::Context;

use crate::cli::output_file::OutputFile;

/// Bytes of a file that are looked at for the end of its last whole line.
const TAIL_BYTES: usize = 64 << 10;

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

/// Cuts away a last line that broke off when a process was killed.
pub(super) fn cut_broken_line(path: &Path) -> anyhow::Result<()> {
    let cut = || {
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        if !file.metadata()?.is_file() {
            return Ok(());
        }
        let (mut end, mut block) = (file.metadata()?.len(), vec![0; TAIL_BYTES]);
        while end > 0 {
            let start = end.saturating_sub(TAIL_BYTES as u64);
            let tail = &mut block[..usize::try_from(end - start).unwrap_or(TAIL_BYTES)];
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(tail)?;
            if let Some(at) = memchr::memrchr(b'\n', tail) {
                return file.set_len(start + at as u64 + 1);
            }
            end = start;
        }
        file.set_len(0)
    };
    cut().with_context(|| format!("{} cannot be written", path.display()))
}
