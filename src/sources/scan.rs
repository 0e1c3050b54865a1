//! Finds the end of one JSON document, however many reads it takes.
//!
//! Only strings and brackets are understood. That is enough to find the end of every valid document, keeps the
//! ends of most invalid ones (a bad number or a missing colon changes nothing), and leaves the judgement to the
//! matcher. What shows that the document broke off is listed in the module's documentation.

use std::ops::Range;

use super::members::{self, ListName};
use super::window::Window;

/// Brackets whose kind is remembered. Far beyond what EventBridge reads (1,000 levels); deeper ones are only
/// counted, so that a file of nothing but brackets takes no memory.
const KINDS_MAX: usize = 1 << 16;

/// Bytes, at most, from a brace to the quote that makes it the start of the next document.
const BRACE_BYTES_KEPT: u64 = 64;

/// A document under way.
#[derive(Debug)]
pub(super) struct Scan {
    start: u64,
    /// The next byte to look at.
    at: u64,
    /// How far the first byte is indented, if it is the first on its line.
    indent: u64,
    inside: Inside,
    last: Last,
    depth: u64,
    open: Vec<u8>,
    /// The string that was begun last, and the name of the outermost object's current member.
    string_start: u64,
    name: Range<u64>,
    /// The last brace in the current string, if only a few blanks have followed it.
    last_brace: Option<u64>,
    line_start: u64,
    /// Whether the current line, which is not the first, has been blank so far.
    line_blank: bool,
    style: Style,
    /// Whether a wrapper's list is reported.
    lists: Lists,
    line_rule: LineRule,
    /// The first place where a line may have started the next document.
    suspect: Option<u64>,
}

/// What a [`Scan`] found out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The document goes on behind the window.
    More,
    /// The document ends before `end`.
    Complete { end: u64 },
    /// The list of a wrapper begins: its bracket has just been passed.
    List(ListName),
    /// The document broke off, which shows at `at`.
    Derailed { at: u64, restart: Restart },
}

/// Where the next document starts when one broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Restart {
    /// Nothing points at a place.
    Unknown,
    /// An object starts here, in the middle of a line.
    Perhaps(u64),
    /// An object opens a line here, indented no deeper than the broken document.
    Surely(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    Reported,
    Ignored,
}

/// What a line means that seems to start another document where a value may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineRule {
    /// It may be a value; whether it is shows later.
    Suspect,
    /// It is another document.
    Break,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Structure,
    String,
    Escape,
    /// Just behind a closing quote.
    QuoteClosed,
}

/// The last token outside of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Opened,
    Comma,
    Colon,
    Value,
}

/// How the lines behind the first are indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// There are none yet.
    Unknown,
    /// Not at all so far.
    Flat,
    /// One of them was indented deeper than the document.
    Indented,
}

impl Scan {
    /// A scan of the document whose first byte, `{`, `[` or `"`, is at `start`.
    pub(super) fn new(start: u64, indent: u64, lists: Lists, line_rule: LineRule) -> Scan {
        Scan {
            start,
            at: start,
            indent,
            inside: Inside::Structure,
            last: Last::Opened,
            depth: 0,
            open: Vec::new(),
            string_start: start,
            name: start..start,
            last_brace: None,
            line_start: start,
            line_blank: false,
            style: Style::Unknown,
            lists,
            line_rule,
            suspect: None,
        }
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// The first byte that may be needed when the document itself is passed over: the next one may have started
    /// inside what still looks like a string.
    pub(super) fn needed_from(&self) -> u64 {
        let in_string = self.inside != Inside::Structure;
        self.last_brace.filter(|_| in_string).unwrap_or(self.at)
    }

    /// Where the next document starts after all, if this one turns out to have broken off.
    pub(super) fn suspect(&self) -> Option<u64> {
        self.suspect
    }

    pub(super) fn indent(&self) -> u64 {
        self.indent
    }

    /// Goes on behind a list that somebody else has read, which ended before `at`.
    pub(super) fn resume_behind_list(&mut self, at: u64) {
        self.at = at;
        self.last = Last::Value;
        self.style = Style::Flat;
        self.pass_over();
    }

    /// From now on, only the end of the document matters, and what is behind the scan may leave the window.
    pub(super) fn pass_over(&mut self) {
        self.lists = Lists::Ignored;
        self.line_rule = LineRule::Break;
    }

    /// Reads on up to the end of the window, or to what it finds first.
    pub(super) fn run(&mut self, window: Window<'_>) -> Step {
        loop {
            let rest = window.from(self.at);
            let Some(&next) = rest.first() else { return Step::More };
            let found = match self.inside {
                Inside::Structure => self.structure(rest, window),
                Inside::String => self.string(rest),
                Inside::Escape => self.escape(next),
                Inside::QuoteClosed => self.behind_quote(next),
            };
            if let Some(step) = found {
                return step;
            }
        }
    }

    fn structure(&mut self, rest: &[u8], window: Window<'_>) -> Option<Step> {
        let from = self.at;
        for (&byte, at) in rest.iter().zip(from..) {
            if matches!(byte, b' ' | b'\t' | b'\r') {
                continue;
            }
            if byte == b'\n' {
                (self.line_start, self.line_blank) = (at + 1, true);
                continue;
            }
            if self.line_blank && self.new_document_on(byte, at) && self.line_rule == LineRule::Break {
                return Some(Step::Derailed { at, restart: Restart::Surely(at) });
            }
            let found = match byte {
                b'"' => {
                    self.string_start = at;
                    self.last_brace = None;
                    self.inside = Inside::String;
                    self.at = at + 1;
                    return None;
                }
                b'{' | b'[' => self.open(byte, at, window),
                b'}' | b']' => self.close(byte, at),
                _ => {
                    self.last = match byte {
                        b',' => Last::Comma,
                        b':' => Last::Colon,
                        _ => Last::Value,
                    };
                    None
                }
            };
            if found.is_some() {
                self.at = at + 1;
                return found;
            }
        }
        self.at = from + rest.len() as u64;
        None
    }

    /// Whether `byte`, the first of its line, seems to start another document.
    ///
    /// A document that goes on over several lines nearly always starts the second one with a name, or indents
    /// it. So an object that opens the second line is taken for another document, and so is an object further
    /// down that is not indented although a line before was.
    fn new_document_on(&mut self, byte: u8, at: u64) -> bool {
        self.line_blank = false;
        let indented = at - self.line_start > self.indent;
        let starts_one = byte == b'{' && !indented && self.style != Style::Flat;
        self.style = match self.style {
            Style::Flat | Style::Unknown if !indented => Style::Flat,
            _ => Style::Indented,
        };
        if starts_one {
            self.suspect.get_or_insert(at);
        }
        starts_one
    }

    fn open(&mut self, byte: u8, at: u64, window: Window<'_>) -> Option<Step> {
        let allowed = match self.innermost() {
            Some(b'{') => self.last == Last::Colon,
            Some(_) => matches!(self.last, Last::Opened | Last::Comma),
            None => true,
        };
        if !allowed {
            let restart =
                if self.opens_line(at, window) { Restart::Surely(at) } else { Restart::Perhaps(at) };
            return Some(Step::Derailed { at, restart });
        }
        if byte == b'['
            && self.depth == 1
            && self.lists == Lists::Reported
            && let Some(list) = self.list_name(window)
        {
            return Some(Step::List(list));
        }
        if self.open.len() < KINDS_MAX {
            self.open.push(byte);
        }
        self.depth += 1;
        self.last = Last::Opened;
        None
    }

    fn opens_line(&self, at: u64, window: Window<'_>) -> bool {
        let before = window.slice(self.line_start..at);
        self.line_start > self.start
            && before.len() as u64 <= self.indent
            && before.iter().all(|byte| members::is_space(*byte))
    }

    /// The list of a wrapper that begins here, if it is one. An event may have members of any name too, so its
    /// first one has to be foreign.
    fn list_name(&self, window: Window<'_>) -> Option<ListName> {
        let name = window.slice(self.name.clone());
        let list = ListName::of(name).filter(|_| self.innermost() == Some(b'{'))?;
        let first = members::first_name(window.slice(self.start..self.at))?;
        (!members::is_envelope_field(first)).then_some(list)
    }

    fn close(&mut self, byte: u8, at: u64) -> Option<Step> {
        let opener = if byte == b'}' { b'{' } else { b'[' };
        if self.innermost().is_some_and(|innermost| innermost != opener) {
            return Some(Step::Derailed { at, restart: Restart::Unknown });
        }
        if self.depth == self.open.len() as u64 {
            self.open.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.last = Last::Value;
        (self.depth == 0).then_some(Step::Complete { end: at + 1 })
    }

    /// The bracket that was opened last, if its kind is known.
    fn innermost(&self) -> Option<u8> {
        if self.depth == self.open.len() as u64 { self.open.last().copied() } else { None }
    }

    fn string(&mut self, rest: &[u8]) -> Option<Step> {
        let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            self.note_brace(rest);
            self.at += rest.len() as u64;
            return None;
        };
        self.note_brace(&rest[..length]);
        let at = self.at + length as u64;
        self.at = at + 1;
        match rest[length] {
            b'\n' => {
                self.at = at;
                return Some(Step::Derailed { at, restart: Restart::Unknown });
            }
            b'\\' => self.inside = Inside::Escape,
            _ if self.depth == 0 => return Some(Step::Complete { end: at + 1 }),
            _ => self.string_closed(at),
        }
        None
    }

    /// Notes whether a brace is last in the string so far, of which `part`, at `self.at`, comes next.
    fn note_brace(&mut self, part: &[u8]) {
        match part.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) {
            Some(last) if part[last] == b'{' => self.last_brace = Some(self.at + last as u64),
            Some(_) => self.last_brace = None,
            None => {}
        }
        let end = self.at + part.len() as u64;
        self.last_brace = self.last_brace.filter(|brace| end - brace <= BRACE_BYTES_KEPT);
    }

    fn string_closed(&mut self, quote: u64) {
        if self.depth == 1 && self.last != Last::Colon {
            self.name = self.string_start + 1..quote;
        }
        self.last = Last::Value;
        self.inside = Inside::QuoteClosed;
    }

    fn escape(&mut self, byte: u8) -> Option<Step> {
        if byte == b'\n' {
            return Some(Step::Derailed { at: self.at, restart: Restart::Unknown });
        }
        self.last_brace = (byte == b'{').then_some(self.at);
        self.at += 1;
        self.inside = Inside::String;
        None
    }

    /// A document that broke off inside a string lets the first quote of the next one close it; what follows
    /// then is a name.
    fn behind_quote(&mut self, byte: u8) -> Option<Step> {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b']' | b'}') {
            self.inside = Inside::Structure;
            return None;
        }
        let restart = self.last_brace.map_or(Restart::Unknown, Restart::Perhaps);
        Some(Step::Derailed { at: self.at, restart })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Step {
        scan_with(LineRule::Suspect, text).1
    }

    fn scan_with(line_rule: LineRule, text: &str) -> (Option<u64>, Step) {
        let mut scan = Scan::new(0, 0, Lists::Reported, line_rule);
        let step = scan.run(Window::new(text.as_bytes(), 0));
        (scan.suspect(), step)
    }

    #[test]
    fn a_document_ends_where_its_brackets_do() {
        assert_eq!(scan(r#"{"a":"}\"","b":[{}]}{"#), Step::Complete { end: 20 });
        assert_eq!(scan("{\n  \"a\": [\n{}\n]\n}\n"), Step::Complete { end: 17 });
        assert_eq!(scan(r#"{"a":tru,"b" 01}x"#), Step::Complete { end: 16 });
        assert_eq!(scan(r#"{"a":"#), Step::More);
    }

    #[test]
    fn a_document_that_broke_off_is_noticed_at_the_next_one() {
        assert_eq!(scan(r#"{"a":{}{"b":1}"#), Step::Derailed { at: 7, restart: Restart::Perhaps(7) });
        assert_eq!(scan(r#"{"a":"x{"b":1}"#), Step::Derailed { at: 9, restart: Restart::Perhaps(7) });
        assert_eq!(scan("{\"a\":\"x\n{\"b\":1}"), Step::Derailed { at: 7, restart: Restart::Unknown });
        let open = "{\"a\":\n{\"b\":1}";
        assert_eq!(scan_with(LineRule::Suspect, open), (Some(6), Step::More));
        let surely = Step::Derailed { at: 6, restart: Restart::Surely(6) };
        assert_eq!(scan_with(LineRule::Break, open), (Some(6), surely));
        assert_eq!(scan(r#"{"a":[1}"#), Step::Derailed { at: 7, restart: Restart::Unknown });
    }

    #[test]
    fn lists_of_wrappers_are_reported_and_members_of_events_are_not() {
        assert_eq!(scan(r#"{"Records":[{"#), Step::List(ListName::Records));
        assert_eq!(scan(r#"{"x":["events"],"events" : [{"#), Step::List(ListName::Events));
        assert_eq!(scan(r#"{"version":"0","Records":[{}]}"#), Step::Complete { end: 30 });
        assert_eq!(scan(r#"{"a":{"Records":[{}]}}"#), Step::Complete { end: 22 });
    }

    #[test]
    fn any_depth_is_followed() {
        let deep = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
        let mut scan = Scan::new(0, 0, Lists::Reported, LineRule::Suspect);
        assert_eq!(scan.run(Window::new(&deep, 0)), Step::Complete { end: 400_000 });
        assert!(scan.open.capacity() <= 2 * KINDS_MAX);
    }
}
