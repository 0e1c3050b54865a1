//! CloudWatch Logs export text: `TIMESTAMP SPACE message`, and lines without a timestamp go on with the
//! message before.

use super::batch::Found;
use super::members;
use super::origin::Origins;
use super::sniff::{BYTE_ORDER_MARK, SNIFF_BYTES, message_start};
use super::unwrap::{Held, Opener, Whole};
use super::window::{Ahead, Window};
use super::{Origin, SourceProblem};

/// Export text under way.
pub(super) struct LogExport {
    origins: Origins,
    event_bytes_max: usize,
    /// The next byte to look at.
    at: u64,
    line: Line,
    message: Option<Message>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Start,
    Inside,
}

struct Message {
    origin: Origin,
    /// Where its text starts; `None` once it was reported as too long.
    text: Option<u64>,
}

impl LogExport {
    pub(super) fn new(start: u64, origins: Origins, event_bytes_max: usize) -> LogExport {
        LogExport { origins, event_bytes_max, at: start, line: Line::Start, message: None }
    }

    pub(super) fn keep_from(&mut self, window: Window<'_>) -> u64 {
        let keep = self.message.as_ref().and_then(|message| message.text).unwrap_or(self.at);
        self.origins.at(keep, window);
        keep
    }

    pub(super) fn run(&mut self, window: Window<'_>, ahead: Ahead, found: &mut Found, items_max: usize) {
        while found.len() < items_max {
            let rest = window.from(self.at);
            if rest.is_empty() {
                return;
            }
            let newline = memchr::memchr(b'\n', rest);
            if self.line == Line::Start {
                if newline.is_none() && rest.len() < SNIFF_BYTES && ahead == Ahead::More {
                    return;
                }
                self.start_line(rest, window, found);
            }
            self.line = if newline.is_some() { Line::Start } else { Line::Inside };
            self.at = newline.map_or(window.end(), |newline| self.at + newline as u64 + 1);
            self.check_length(found);
        }
    }

    fn start_line(&mut self, line: &[u8], window: Window<'_>, found: &mut Found) {
        let mark = if line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let Some(start) = message_start(&line[mark..]) else {
            if self.message.is_none() && !line.trim_ascii_start().is_empty() {
                self.begin_message(self.at, window);
            }
            return;
        };
        self.end_message(self.at, window, found);
        self.begin_message(self.at + (mark + start) as u64, window);
    }

    fn begin_message(&mut self, text: u64, window: Window<'_>) {
        let origin = self.origins.at(self.at, window);
        self.message = Some(Message { origin, text: Some(text) });
    }

    fn check_length(&mut self, found: &mut Found) {
        let Some(message) = &mut self.message else { return };
        let seen_bytes = message.text.map_or(0, |text| self.at - text);
        let limit_bytes = self.event_bytes_max as u64;
        // The line end behind the message, which may be of two bytes, does not count.
        if seen_bytes > limit_bytes + 2 {
            found.broken(message.origin, SourceProblem::EventTooLarge { seen_bytes, limit_bytes });
            message.text = None;
        }
    }

    fn end_message(&mut self, end: u64, window: Window<'_>, found: &mut Found) {
        let Some(Message { origin, text: Some(start) }) = self.message.take() else { return };
        let text = window.slice(start..end).trim_ascii_end();
        let is_document = members::value_end(text, 0) == Some(text.len());
        let mut opener = Opener::new(found, origin, self.event_bytes_max);
        if !is_document || opener.document(text, Held::Alone) == Whole::Event {
            let index = window.index(start);
            found.event(index..index + text.len(), origin);
        }
    }

    /// Ends the input, or the part of it before a fault.
    pub(super) fn finish(&mut self, window: Window<'_>, found: &mut Found, fault: Option<SourceProblem>) {
        let end = window.end();
        match (fault, self.message.take_if(|message| is_cut_off(message, window))) {
            (None, message) => {
                self.message = message.or(self.message.take());
                self.end_message(end, window, found);
            }
            (Some(problem), Some(message)) => found.broken(message.origin, problem),
            (Some(problem), None) => {
                self.end_message(end, window, found);
                found.broken(self.origins.at(end, window), problem);
            }
        }
        self.line = Line::Start;
        self.at = end;
    }
}

/// Whether a message is an object that lacks its end.
fn is_cut_off(message: &Message, window: Window<'_>) -> bool {
    let text = message.text.map_or(&[][..], |start| window.from(start));
    text.starts_with(b"{") && members::value_end(text, 0).is_none()
}
