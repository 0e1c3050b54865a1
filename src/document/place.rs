//! Places in files, and how to find many of them in one walk.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::json::Place;

/// A place in a file, shown as `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePlace {
    /// The file, as it was named or found.
    pub file: Arc<Path>,
    /// Line and column, both from 1.
    pub place: Place,
}

impl fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.place)
    }
}

/// The place that lies behind `text` if `text` starts at `start`.
pub fn advance(start: Place, text: &[u8]) -> Place {
    let inside = Place::of(text, text.len());
    match inside.line {
        1 => Place { line: start.line, column: start.column.saturating_add(inside.column - 1) },
        lines => Place { line: start.line.saturating_add(lines - 1), column: inside.column },
    }
}

/// Finds the places of ascending byte offsets in one walk; counting from the start for each of them would
/// take quadratic time on files of one long line, as the CLI writes them.
pub(super) struct PlaceCursor<'a> {
    text: &'a [u8],
    at: usize,
    place: Place,
}

impl<'a> PlaceCursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        PlaceCursor { text, at: 0, place: Place { line: 1, column: 1 } }
    }

    /// The place of byte `at`, which is not before the last one asked for.
    pub(super) fn place(&mut self, at: usize) -> Place {
        let at = at.clamp(self.at, self.text.len());
        self.place = advance(self.place, &self.text[self.at..at]);
        self.at = at;
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_agrees_with_counting_from_the_start() {
        let text = "ab\n\né{x\r\n  y".as_bytes();
        let mut cursor = PlaceCursor::new(text);
        for at in [0, 1, 3, 4, 6, 7, 9, 11, 99] {
            assert_eq!(cursor.place(at), Place::of(text, at), "byte {at}");
        }
    }
}
