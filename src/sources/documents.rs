//! A stream of JSON documents: newline-delimited, back to back, pretty-printed, in arrays or in wrappers.

use super::batch::Found;
use super::lines::{NextLineEnd, event_line};
use super::members::{self, ListName};
use super::origin::Origins;
use super::resync::{Outcome, Place, Resync};
use super::scan::{LineRule, Lists, Restart, Scan, Step};
use super::sniff::BYTE_ORDER_MARK;
use super::unwrap::{Held, Opener, Whole, is_control_message};
use super::window::{Ahead, Window};
use super::{Origin, SkipReason, SourceProblem};
use crate::json::structure::InstructionSet;
use crate::json::tree;

/// Text without any separator that is longer than this is no number.
const SCALAR_BYTES_MAX: usize = 64 << 10;
/// Starts each document of a JSON text sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1e;

/// The stream under way.
pub(super) struct Documents {
    origins: Origins,
    event_bytes_max: usize,
    /// The next byte to look at, between documents.
    at: u64,
    /// Where the current line starts, if nothing but separators has been on it.
    fresh_line: Option<u64>,
    list: Option<List>,
    state: State,
    /// Stricter once a document was torn at a line: such input is made of lines, and going back from each of
    /// them would take quadratic time.
    line_rule: LineRule,
    line_end: NextLineEnd,
    instructions: InstructionSet,
}

#[derive(Default)]
enum State {
    #[default]
    Between,
    Document(Scan),
    /// In a document that is too long and was reported.
    TooLarge(Scan),
    /// In a wrapper, behind its list.
    BehindList(Scan),
    Lost(Resync),
}

/// The array or the wrapper's list that is being read.
struct List {
    origin: Origin,
    held: Held,
    elements: Elements,
    /// The wrapper.
    outer: Option<Scan>,
    /// Whether an element has ended and no comma has followed.
    comma_due: bool,
}

/// What is known of a list's elements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Elements {
    NoneYet,
    Some,
    /// Parts of a control message, which was reported as a whole.
    Control,
}

#[derive(PartialEq, Eq)]
enum Flow {
    On,
    /// More bytes are needed.
    Wait,
}

impl Documents {
    pub(super) fn new(start: u64, origins: Origins, event_bytes_max: usize) -> Documents {
        Documents {
            origins,
            event_bytes_max,
            at: start,
            fresh_line: Some(start),
            list: None,
            state: State::Between,
            line_rule: LineRule::Suspect,
            line_end: NextLineEnd::new(start),
            instructions: InstructionSet::best(),
        }
    }

    /// The first byte that is still needed. What lies before is counted.
    pub(super) fn keep_from(&mut self, window: Window<'_>) -> u64 {
        let keep = match &self.state {
            State::Between => self.at,
            State::Document(scan) => scan.start(),
            State::TooLarge(scan) | State::BehindList(scan) => scan.needed_from(),
            State::Lost(resync) => resync.keep_from(),
        };
        self.origins.at(keep, window);
        keep
    }

    pub(super) fn run(&mut self, window: Window<'_>, ahead: Ahead, found: &mut Found, items_max: usize) {
        while found.len() < items_max {
            let flow = match std::mem::take(&mut self.state) {
                State::Between => self.between(window, ahead, found),
                State::Document(scan) => self.document(scan, window, ahead, found),
                State::TooLarge(scan) => self.too_large(scan, window),
                State::BehindList(scan) => self.behind_list(scan, window, found),
                State::Lost(resync) => self.lost(resync, window, ahead, found),
            };
            if flow == Flow::Wait {
                return;
            }
        }
    }

    fn between(&mut self, window: Window<'_>, ahead: Ahead, found: &mut Found) -> Flow {
        let Some(byte) = self.skip_separators(window, ahead) else { return Flow::Wait };
        let in_list = self.list.is_some();
        match (byte, in_list) {
            (b']', true) => self.end_list(found),
            (b'{', true) if self.list_broke_off() => {
                self.list = None;
                found.broken(self.origins.at(self.at, window), SourceProblem::ListCutOff);
            }
            (b'[', false) => {
                let origin = self.origins.at(self.at, window);
                self.at += 1;
                self.list = Some(List {
                    origin,
                    held: Held::Alone,
                    elements: Elements::NoneYet,
                    outer: None,
                    comma_due: false,
                });
            }
            (b'{', false) if self.take_line(window, found) => {}
            (b'{' | b'[' | b'"', _) => {
                let lists = if in_list { Lists::Ignored } else { Lists::Reported };
                let indent = self.fresh_line.map_or(0, |line| self.at - line);
                self.state = State::Document(Scan::new(self.at, indent, lists, self.line_rule));
            }
            _ => return self.scalar(window, ahead, found),
        }
        Flow::On
    }

    /// The next byte that means something; `self.at` is its place.
    fn skip_separators(&mut self, window: Window<'_>, ahead: Ahead) -> Option<u8> {
        loop {
            let byte = window.get(self.at)?;
            match byte {
                b'\n' => self.fresh_line = Some(self.at + 1),
                b',' => self.comma_due(false),
                b' ' | b'\t' | b'\r' | RECORD_SEPARATOR => {}
                0xef => {
                    let start = window.slice(self.at..self.at + BYTE_ORDER_MARK.len() as u64);
                    if start != BYTE_ORDER_MARK {
                        let undecided = BYTE_ORDER_MARK.starts_with(start) && ahead == Ahead::More;
                        return if undecided { None } else { Some(byte) };
                    }
                    self.at += BYTE_ORDER_MARK.len() as u64 - 1;
                }
                _ => return Some(byte),
            }
            self.at += 1;
        }
    }

    /// Whether the object at hand is the next document, because it opens a line where a comma is due.
    fn list_broke_off(&self) -> bool {
        self.fresh_line.is_some() && self.list.as_ref().is_some_and(|list| list.comma_due)
    }

    fn comma_due(&mut self, due: bool) {
        if let Some(list) = &mut self.list {
            list.comma_due = due;
        }
    }

    fn take_line(&mut self, window: Window<'_>, found: &mut Found) -> bool {
        let Some(newline) = self.line_end.behind(self.at, window) else { return false };
        let newline = window.index(newline) - window.index(self.at);
        let Some(line) = event_line(window.from(self.at), newline, self.instructions) else { return false };
        if line.event_len > self.event_bytes_max {
            return false;
        }
        let index = window.index(self.at);
        found.event(index..index + line.event_len, self.origins.at(self.at, window));
        self.at += line.line_len as u64;
        self.fresh_line = Some(self.at);
        self.origins.line_ended(self.at);
        true
    }

    /// A number, a word, or text that is nothing of JSON.
    fn scalar(&mut self, window: Window<'_>, ahead: Ahead, found: &mut Found) -> Flow {
        let rest = window.from(self.at);
        let len = members::scalar_len(rest);
        if len == rest.len() && len < SCALAR_BYTES_MAX && ahead == Ahead::More {
            return Flow::Wait;
        }
        // In a list the commas tell where it ends, whatever it is.
        let ends = len < SCALAR_BYTES_MAX && (self.list.is_some() || is_scalar(&rest[..len]));
        if len > 0 && ends {
            self.deliver(self.at, self.at + len as u64, window, found);
        } else {
            self.state = State::Lost(Resync::behind_text(self.at, self.place(None)));
        }
        Flow::On
    }

    fn document(&mut self, mut scan: Scan, window: Window<'_>, ahead: Ahead, found: &mut Found) -> Flow {
        match (scan.run(window), scan.suspect()) {
            (Step::Complete { end }, _) => self.deliver(scan.start(), end, window, found),
            (Step::List(list), _) => self.begin_list(scan, list, window, found),
            (Step::More, suspect) => {
                let given_up = ahead == Ahead::Nothing || self.is_too_large(&scan, window);
                match suspect.filter(|_| given_up) {
                    Some(restart) => self.tear(&scan, restart, window, found),
                    None => return self.wait_in(scan, window, found),
                }
            }
            (Step::Derailed { .. }, Some(restart))
            | (Step::Derailed { restart: Restart::Surely(restart), .. }, None) => {
                self.tear(&scan, restart, window, found);
            }
            (Step::Derailed { at, restart }, None) => {
                let place = self.place(members::first_name(window.slice(scan.start()..at)));
                self.state = State::Lost(Resync::behind_document(&scan, place, at, restart));
            }
        }
        Flow::On
    }

    /// Ends a document that broke off where a line starts the next one.
    fn tear(&mut self, scan: &Scan, restart: u64, window: Window<'_>, found: &mut Found) {
        if scan.suspect().is_some() {
            self.line_rule = LineRule::Break;
        }
        self.report_lost(scan.start(), restart, window, found);
        self.go_on_at_line(restart, window);
    }

    fn is_too_large(&self, scan: &Scan, window: Window<'_>) -> bool {
        window.end() - scan.start() > self.event_bytes_max as u64
    }

    fn wait_in(&mut self, mut scan: Scan, window: Window<'_>, found: &mut Found) -> Flow {
        if self.is_too_large(&scan, window) {
            self.report_too_large(scan.start(), window.end() - scan.start(), window, found);
            scan.pass_over();
            self.state = State::TooLarge(scan);
        } else {
            self.state = State::Document(scan);
        }
        Flow::Wait
    }

    fn too_large(&mut self, mut scan: Scan, window: Window<'_>) -> Flow {
        match scan.run(window) {
            Step::More | Step::List(_) => {
                self.state = State::TooLarge(scan);
                return Flow::Wait;
            }
            Step::Complete { end } => self.go_on(end),
            Step::Derailed { restart: Restart::Surely(restart), .. } => self.go_on_at_line(restart, window),
            Step::Derailed { at, restart } => {
                let resync = Resync::behind_document(&scan, self.place(None), at, restart);
                self.state = State::Lost(resync.reported());
            }
        }
        Flow::On
    }

    fn begin_list(&mut self, scan: Scan, list: ListName, window: Window<'_>, found: &mut Found) {
        let origin = self.origins.at(scan.start(), window);
        let is_control = is_control_message(window.slice(scan.start()..scan.at()));
        if is_control {
            found.skipped(origin, SkipReason::ControlMessage);
        }
        self.go_on(scan.at());
        let elements = if is_control { Elements::Control } else { Elements::NoneYet };
        self.list =
            Some(List { origin, held: Held::In(list), elements, outer: Some(scan), comma_due: false });
    }

    fn end_list(&mut self, found: &mut Found) {
        self.go_on(self.at + 1);
        let Some(list) = self.list.take() else { return };
        if list.elements == Elements::NoneYet {
            found.skipped(list.origin, SkipReason::EmptyList);
        }
        if let Some(mut outer) = list.outer {
            outer.resume_behind_list(self.at);
            self.state = State::BehindList(outer);
        }
    }

    fn behind_list(&mut self, mut scan: Scan, window: Window<'_>, found: &mut Found) -> Flow {
        match scan.run(window) {
            Step::More | Step::List(_) => {
                self.state = State::BehindList(scan);
                return Flow::Wait;
            }
            Step::Complete { end } => self.go_on(end),
            Step::Derailed { at, restart } => {
                found.broken(self.origins.at(at, window), SourceProblem::WrapperBroken);
                match restart {
                    Restart::Perhaps(restart) | Restart::Surely(restart) if restart >= at => {
                        self.go_on(restart)
                    }
                    _ => {
                        let resync = Resync::behind_document(&scan, Place::Stream, at, restart);
                        self.state = State::Lost(resync.reported());
                    }
                }
            }
        }
        Flow::On
    }

    fn lost(&mut self, mut resync: Resync, window: Window<'_>, ahead: Ahead, found: &mut Found) -> Flow {
        let outcome = resync.run(window, ahead);
        let start = resync.start();
        let mut report = |documents: &mut Documents, end: u64| {
            if let Some(start) = start {
                documents.report_lost(start, end, window, found);
            }
        };
        match outcome {
            Outcome::More => return self.wait_lost(resync, window, found),
            Outcome::GoOn { at } => {
                report(self, at);
                self.go_on(at);
            }
            Outcome::Document { start, end } => {
                report(self, start);
                self.deliver(start, end, window, found);
            }
        }
        Flow::On
    }

    fn wait_lost(&mut self, mut resync: Resync, window: Window<'_>, found: &mut Found) -> Flow {
        let limit_bytes = self.event_bytes_max as u64;
        if let Some(start) = resync.start().filter(|start| window.end() - start > limit_bytes) {
            self.report_too_large(start, window.end() - start, window, found);
            resync = resync.reported();
        }
        if window.end() - resync.keep_from() > limit_bytes {
            resync.drop_candidate();
        }
        self.state = State::Lost(resync);
        Flow::Wait
    }

    /// Hands on a document that is as whole as its brackets tell.
    fn deliver(&mut self, start: u64, end: u64, window: Window<'_>, found: &mut Found) {
        self.go_on(end);
        if end - start > self.event_bytes_max as u64 {
            return self.report_too_large(start, end - start, window, found);
        }
        self.comma_due(true);
        let Some(held) = self.count_element() else { return };
        let origin = self.origins.at(start, window);
        let mut opener = Opener::new(found, origin, self.event_bytes_max);
        if opener.document(window.slice(start..end), held) == Whole::Event {
            found.event(window.index(start)..window.index(end), origin);
        }
    }

    /// Notes an element if a list is being read. `None` if it counts for nothing.
    fn count_element(&mut self) -> Option<Held> {
        let Some(list) = &mut self.list else { return Some(Held::Alone) };
        if list.elements == Elements::Control {
            return None;
        }
        list.elements = Elements::Some;
        Some(list.held)
    }

    /// Hands on text that is no whole document, for the matcher to say what is wrong with it.
    fn report_lost(&mut self, start: u64, end: u64, window: Window<'_>, found: &mut Found) {
        // The comma behind it may be a part of what is lost.
        self.comma_due(false);
        if self.count_element().is_none() {
            return;
        }
        let text = window.slice(start..end).trim_ascii_end();
        let origin = self.origins.at(start, window);
        if text.len() > self.event_bytes_max {
            let limit_bytes = self.event_bytes_max as u64;
            found.broken(origin, SourceProblem::EventTooLarge { seen_bytes: text.len() as u64, limit_bytes });
        } else {
            let index = window.index(start);
            found.event(index..index + text.len(), origin);
        }
    }

    fn report_too_large(&mut self, start: u64, seen_bytes: u64, window: Window<'_>, found: &mut Found) {
        if self.count_element().is_some() {
            let limit_bytes = self.event_bytes_max as u64;
            let problem = SourceProblem::EventTooLarge { seen_bytes, limit_bytes };
            found.broken(self.origins.at(start, window), problem);
        }
    }

    fn go_on(&mut self, at: u64) {
        self.at = at;
        self.fresh_line = None;
    }

    /// Goes on with the document at `at`, which opens a line.
    fn go_on_at_line(&mut self, at: u64, window: Window<'_>) {
        let blank = window.slice(0..at).iter().rev().take_while(|byte| **byte != b'\n').count() as u64;
        self.at = at;
        self.fresh_line = Some(at - blank);
    }

    fn place(&self, first_name: Option<&[u8]>) -> Place {
        match self.list {
            None => Place::Stream,
            Some(_) => Place::List(first_name.map(Box::from)),
        }
    }

    /// Ends the input, or the part of it before a fault.
    pub(super) fn finish(&mut self, window: Window<'_>, found: &mut Found, fault: Option<SourceProblem>) {
        let end = window.end();
        let in_list = self.list.is_some();
        let broken_at = match std::mem::take(&mut self.state) {
            State::Document(scan) => Some((scan.start(), SourceProblem::CutOff)),
            State::BehindList(_) => Some((end, SourceProblem::CutOff)),
            State::Between if in_list => Some((end, SourceProblem::ListCutOff)),
            State::Between | State::TooLarge(_) => None,
            State::Lost(resync) => {
                if let Some(start) = resync.start() {
                    self.report_lost(start, end, window, found);
                }
                None
            }
        };
        match (broken_at, fault) {
            (Some((at, problem)), fault) => {
                found.broken(self.origins.at(at, window), fault.unwrap_or(problem));
            }
            (None, Some(problem)) => found.broken(self.origins.at(end, window), problem),
            (None, None) => {}
        }
        self.list = None;
        self.at = end;
        self.fresh_line = Some(end);
    }
}

fn is_scalar(text: &[u8]) -> bool {
    tree::parse(text).is_ok_and(|node| node.span == (0..text.len()))
}
