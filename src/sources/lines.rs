//! The fast way through newline-delimited events, which is how most large files come.
//!
//! A line is taken whole when it certainly holds one event: it starts with a member of the envelope, ends with
//! a brace, has no brace that another document could follow, and the next line starts an object. That takes
//! two passes of `memchr` and no look at the bytes between. All other lines go through the scan.

use super::members::{first_name, is_envelope_field};

/// A line that holds one event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EventLine {
    /// Bytes of the event.
    pub(super) event_len: usize,
    /// Bytes of the line with its end.
    pub(super) line_len: usize,
}

/// The line that starts `text`, which starts with `{`; `None` if it needs a closer look.
pub(super) fn event_line(text: &[u8]) -> Option<EventLine> {
    let newline = memchr::memchr(b'\n', text)?;
    let event = text[..newline].trim_ascii_end();
    let certain = text.get(newline + 1) == Some(&b'{')
        && event.ends_with(b"}")
        && first_name(event).is_some_and(is_envelope_field)
        && !another_document_follows(event);
    certain.then_some(EventLine { event_len: event.len(), line_len: newline + 1 })
}

/// Whether a brace closes that something else than the rest of its document follows. Braces in strings may say
/// so too; then the scan tells.
fn another_document_follows(event: &[u8]) -> bool {
    memchr::memchr_iter(b'}', event).any(|brace| match &event[brace + 1..] {
        // Commas may stand between documents, too.
        [b',', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{' | b'[', ..]),
        [b'}' | b']', ..] | [] => false,
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certain_lines_are_taken() {
        let taken = |text: &str| event_line(text.as_bytes()).map(|line| line.event_len);
        assert_eq!(taken("{\"id\":\"1\"}\r\n{"), Some(10));
        assert_eq!(taken("{\"id\":{}}\n{"), Some(9));
        assert_eq!(taken("{\"id\":\"1\"}\n"), None);
        assert_eq!(taken("{\"id\":\"1\"}\n}"), None);
        assert_eq!(taken("{\"id\":\"1\"}{\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"} {\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"id\":\"1\"}, {\"id\":\"2\"}\n{"), None);
        assert_eq!(taken("{\"Records\":[]}\n{"), None);
    }
}
