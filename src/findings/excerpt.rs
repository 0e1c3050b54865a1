//! The line of a file that a finding means.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use crate::json::Place;

/// The longest line that is worth showing.
const EXCERPT_CHARS_MAX: usize = 160;

/// A line with a part of it marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Its number, from 1.
    pub line: u32,
    /// Its text.
    pub text: String,
    /// The marked characters, at least one; may lie behind the last one, where something is missing.
    pub marked: Range<usize>,
}

impl Excerpt {
    /// The first line from `start` to `end`; none if it is too long to show. `written` is what the JSON text of the
    /// pattern or target has there, empty if there is none.
    pub fn new(source: &str, start: Place, end: Place, written: &str) -> Option<Excerpt> {
        let text = source.lines().nth((start.line as usize).checked_sub(1)?)?;
        let chars = text.chars().count();
        let first = (start.column as usize).checked_sub(1)?;
        // A text that ends too early does so behind the last character.
        if chars > EXCERPT_CHARS_MAX || first > chars {
            return None;
        }
        let rest: String = text.chars().skip(first).collect();
        let marks = marks(start, end, written, &rest).clamp(1, (chars - first).max(1));
        Some(Excerpt { line: start.line, text: text.to_owned(), marked: first..first + marks })
    }
}

/// How many characters to mark. In a pattern that stood as an object in its file, values have a place but no
/// end, and its JSON text has quotes that YAML may do without; so what stands in the file is looked at first.
fn marks(start: Place, end: Place, written: &str, rest: &str) -> usize {
    let unquoted = written.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    for text in [Some(written), unquoted].into_iter().flatten() {
        if !text.is_empty() && rest.starts_with(text) {
            return text.chars().count();
        }
    }
    match end.line.cmp(&start.line) {
        Ordering::Greater => rest.chars().count(),
        Ordering::Equal => end.column.saturating_sub(start.column) as usize,
        Ordering::Less => 1,
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent: String =
            self.text.chars().take(self.marked.start).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let marks = "^".repeat(self.marked.len());
        write!(f, "{number} | {}\n{margin} | {indent}{marks}", self.text)
    }
}
