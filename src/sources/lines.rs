//! The fast way through newline-delimited events, which is how most large files come.
//!
//! A line is taken whole when counting says that it holds one object, and it starts with a member of the
//! envelope, and the next line starts an object. Where counting errs, a broken line is handed on whole that the scan
//! might have divided. All other lines go through the scan.

use super::members::{first_name, is_envelope_field};
use super::window::Window;
use crate::json::structure::{InstructionSet, counts_as_one_object};

/// A line that holds one event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EventLine {
    /// Bytes of the event.
    pub(super) event_len: usize,
    /// Bytes of the line with its end.
    pub(super) line_len: usize,
}

/// The line that starts `text`, which starts with `{` and has its first line end at `newline`; `None` if it
/// needs a closer look.
pub(super) fn event_line(text: &[u8], newline: usize, instructions: InstructionSet) -> Option<EventLine> {
    let event = text[..newline].trim_ascii_end();
    let certain = text.get(newline + 1) == Some(&b'{')
        && first_name(event).is_some_and(is_envelope_field)
        && counts_as_one_object(event, instructions);
    certain.then_some(EventLine { event_len: event.len(), line_len: newline + 1 })
}

/// The next line end, looked for once however many documents are on the line.
pub(super) struct NextLineEnd {
    /// Bytes before this were searched; the last line end in them is `at`.
    searched_to: u64,
    at: Option<u64>,
}

impl NextLineEnd {
    pub(super) fn new(start: u64) -> NextLineEnd {
        NextLineEnd { searched_to: start, at: None }
    }

    /// The first line end in the window from `from` on, where `from` never goes back.
    pub(super) fn behind(&mut self, from: u64, window: Window<'_>) -> Option<u64> {
        if self.at.is_none_or(|at| at < from) {
            let start = self.searched_to.max(from);
            self.at = memchr::memchr(b'\n', window.from(start)).map(|found| start + found as u64);
            self.searched_to = self.at.map_or(window.end(), |at| at + 1);
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certain_lines_are_taken() {
        let taken = |text: &str| {
            let newline = text.find('\n').expect("a line end");
            event_line(text.as_bytes(), newline, InstructionSet::best()).map(|line| line.event_len)
        };
        assert_eq!(taken("{\"id\":\"1\"}\r\n{"), Some(10));
        assert_eq!(taken("{\"id\":{}}\n{"), Some(9));
        assert_eq!(taken("{\"id\":{}\n{"), None);
        assert_eq!(taken("{\"id\":{}}}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"}\n"), None);
        assert_eq!(taken("{\"id\":\"1\"}\n}"), None);
        assert_eq!(taken("{\"id\":\"1\"}{\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"} {\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"}, {\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":[{\"a\":\"{\\\"b\\\":{}}\"},{}]}\n{"), Some(30));
        assert_eq!(taken("{\"id\":\"{\"}{\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"}\"text\"}\n{"), None);
        assert_eq!(taken("{\"Records\":[]}\n{"), None);
    }
}
