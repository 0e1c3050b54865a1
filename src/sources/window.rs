//! A stretch of an input that is in memory, addressed by offsets that outlive it.

use std::ops::Range;

/// Bytes at hand. Offsets count all bytes that were ever read, so that they stay true when the bytes move.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    bytes: &'a [u8],
    start: u64,
}

impl<'a> Window<'a> {
    pub(super) fn new(bytes: &'a [u8], start: u64) -> Window<'a> {
        Window { bytes, start }
    }

    /// The offset just behind the last byte at hand.
    pub(super) fn end(self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// Where offset `at` is in memory, within the bytes at hand.
    pub(super) fn index(self, at: u64) -> usize {
        usize::try_from(at.saturating_sub(self.start)).map_or(self.bytes.len(), |at| at.min(self.bytes.len()))
    }

    /// The bytes from `at` on.
    pub(super) fn from(self, at: u64) -> &'a [u8] {
        &self.bytes[self.index(at)..]
    }

    /// The bytes of `range` that are at hand.
    pub(super) fn slice(self, range: Range<u64>) -> &'a [u8] {
        let start = self.index(range.start);
        &self.bytes[start..self.index(range.end).max(start)]
    }

    /// The byte at `at`, if it is at hand.
    pub(super) fn get(self, at: u64) -> Option<u8> {
        let index = usize::try_from(at.checked_sub(self.start)?).ok()?;
        self.bytes.get(index).copied()
    }
}

/// Whether more bytes of the input can follow the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    More,
    Nothing,
}
