//! Where an item comes from.

use super::window::Window;

/// An input of one [`EventSource`](super::EventSource), in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub u32);

/// The place of an item in its input. What stands inside a wrapper has the place of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The input.
    pub input: InputId,
    /// Bytes before the item in the input, after decompression.
    pub offset_bytes: u64,
    /// The line on which the item starts, from 1.
    pub line: u64,
}

/// Knows the line of the last place that was asked for, so that each line end is counted once.
pub(super) struct Origins {
    input: InputId,
    /// The offset of the input's first byte in the window's own count.
    input_start: u64,
    counted_to: u64,
    line: u64,
}

impl Origins {
    /// `input_start` is the offset of the input's first byte, on the line `first_line`.
    pub(super) fn new(input: InputId, input_start: u64, first_line: u64) -> Origins {
        Origins { input, input_start, counted_to: input_start, line: first_line }
    }

    /// The origin at `at`, which must not lie before places that were asked for earlier.
    pub(super) fn at(&mut self, at: u64, window: Window<'_>) -> Origin {
        if at > self.counted_to {
            let passed = window.slice(self.counted_to..at);
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.counted_to = at;
        }
        Origin { input: self.input, offset_bytes: at - self.input_start, line: self.line }
    }

    /// Notes that the line of the last origin ends just before `next_line`.
    pub(super) fn line_ended(&mut self, next_line: u64) {
        self.counted_to = next_line;
        self.line += 1;
    }
}
