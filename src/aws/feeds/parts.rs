//! An object as a reader.

use std::io::{self, Read};

use tokio::sync::mpsc::Receiver;

use crate::sources::FeedFailure;

/// A part of an object, or why there is none.
pub(super) type Part = Result<Vec<u8>, String>;

/// Reads parts in their order as they come.
pub(super) struct Parts {
    parts: Receiver<Part>,
    current: io::Cursor<Vec<u8>>,
    /// Bytes that are still to come.
    left: u64,
    failure: FeedFailure,
}

impl Parts {
    pub(super) fn new(parts: Receiver<Part>, bytes: u64, failure: FeedFailure) -> Parts {
        Parts { parts, current: io::Cursor::default(), left: bytes, failure }
    }
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.current.read(buffer)?;
            if count > 0 || buffer.is_empty() || self.left == 0 {
                return Ok(count);
            }
            match self.parts.blocking_recv() {
                Some(Ok(part)) => {
                    self.left = self.left.saturating_sub(part.len() as u64);
                    self.current = io::Cursor::new(part);
                }
                Some(Err(problem)) => {
                    self.left = 0;
                    return Err(io::Error::other(problem));
                }
                // The feed has ended: what it noted is told by whoever asks it.
                None => {
                    self.left = 0;
                    let noted = self.failure.get().unwrap_or("its download ended early").to_owned();
                    return Err(io::Error::other(noted));
                }
            }
        }
    }
}
