//! Looks for the next document behind one that broke off.

use super::members::{first_name, is_space};
use super::scan::{LineRule, Lists, Restart, Scan, Step};
use super::window::{Ahead, Window};

/// The search for the next document.
#[derive(Debug)]
pub(super) struct Resync {
    /// Where the text starts that belongs to no document; `None` once that was reported.
    start: Option<u64>,
    lost: Lost,
    indent: u64,
    /// The next byte to search.
    at: u64,
    candidate: Option<Scan>,
    /// The end of the candidate, when only what follows it is still to be seen.
    whole_to: Option<u64>,
    place: Place,
}

/// What was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// A document that broke off.
    Document,
    /// Text that starts no document. It ends with its line.
    Text,
}

/// Where documents are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Stream,
    /// In a list, for elements whose first member has this name, or for any.
    List(Option<Box<[u8]>>),
}

/// What the search came to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// More bytes are needed.
    More,
    /// Documents are read on from here.
    GoOn { at: u64 },
    /// A whole document.
    Document { start: u64, end: u64 },
}

impl Resync {
    pub(super) fn behind_document(scan: &Scan, place: Place, at: u64, restart: Restart) -> Resync {
        let candidate = match restart {
            Restart::Perhaps(start) => Some(Scan::new(start, scan.indent(), Lists::Ignored, LineRule::Break)),
            Restart::Unknown | Restart::Surely(_) => None,
        };
        let (start, indent) = (Some(scan.start()), scan.indent());
        Resync { start, lost: Lost::Document, indent, at, candidate, whole_to: None, place }
    }

    pub(super) fn behind_text(start: u64, place: Place) -> Resync {
        let (lost, indent) = (Lost::Text, 0);
        Resync { start: Some(start), lost, indent, at: start, candidate: None, whole_to: None, place }
    }

    /// The same search, for text that need not be reported any more.
    pub(super) fn reported(mut self) -> Resync {
        self.start = None;
        self
    }

    pub(super) fn start(&self) -> Option<u64> {
        self.start
    }

    /// The first byte that is still needed.
    pub(super) fn keep_from(&self) -> u64 {
        self.start.or_else(|| self.candidate.as_ref().map(Scan::start)).unwrap_or(self.at)
    }

    /// Gives up the candidate, which has grown too long to be a document.
    pub(super) fn drop_candidate(&mut self) {
        if let Some(scan) = self.candidate.take() {
            self.at = scan.at();
            self.whole_to = None;
        }
    }

    pub(super) fn run(&mut self, window: Window<'_>, ahead: Ahead) -> Outcome {
        loop {
            let outcome = match self.candidate.take() {
                Some(scan) => self.follow(scan, window, ahead),
                None => self.search(window, ahead),
            };
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
    }

    fn follow(&mut self, mut scan: Scan, window: Window<'_>, ahead: Ahead) -> Option<Outcome> {
        let step = match self.whole_to {
            Some(end) => Step::Complete { end },
            None => scan.run(window),
        };
        match step {
            Step::More => {
                self.candidate = Some(scan);
                return Some(Outcome::More);
            }
            // Never reported: a wrapper is taken only when it is whole, so its list has to be read over.
            Step::List(_) => self.candidate = Some(scan),
            Step::Derailed { at, restart } => self.try_next(&scan, at, restart),
            Step::Complete { end } => match self.fits(&scan, end, window, ahead) {
                None => {
                    self.whole_to = Some(end);
                    self.candidate = Some(scan);
                    return Some(Outcome::More);
                }
                Some(true) => return Some(Outcome::Document { start: scan.start(), end }),
                Some(false) => {
                    self.whole_to = None;
                    self.at = end;
                }
            },
        }
        None
    }

    fn try_next(&mut self, broken: &Scan, at: u64, restart: Restart) {
        self.at = at;
        if let Restart::Perhaps(start) | Restart::Surely(start) = restart
            && start > broken.start()
        {
            self.candidate = Some(Scan::new(start, self.indent, Lists::Ignored, LineRule::Break));
        }
    }

    /// Whether the whole object that ends before `end` is a document of its own; `None` if what follows it has
    /// not been read yet.
    fn fits(&self, scan: &Scan, end: u64, window: Window<'_>, ahead: Ahead) -> Option<bool> {
        let in_stream = self.place == Place::Stream;
        let is_blank =
            |byte: &&u8| if in_stream { is_space(**byte) && **byte != b'\n' } else { is_space(**byte) };
        let next = window.from(end).iter().find(|byte| !is_blank(byte));
        match (next, &self.place) {
            (None, _) if ahead == Ahead::More => None,
            (None, _) => Some(true),
            (Some(next), Place::Stream) => Some(matches!(next, b'{' | b'[' | b'\n' | 0x1e)),
            (Some(next), Place::List(name)) => {
                let alike = name
                    .as_deref()
                    .is_none_or(|name| first_name(window.slice(scan.start()..end)) == Some(name));
                Some(alike && matches!(next, b',' | b']'))
            }
        }
    }

    fn search(&mut self, window: Window<'_>, ahead: Ahead) -> Option<Outcome> {
        let rest = window.from(self.at);
        let Some(found) = memchr::memchr2(b'\n', b'{', rest) else {
            self.at = window.end();
            return Some(Outcome::More);
        };
        let at = self.at + found as u64;
        if rest[found] == b'{' {
            self.at = at + 1;
            if self.is_value(at, window) {
                return None;
            }
            self.candidate = Some(Scan::new(at, self.indent, Lists::Ignored, LineRule::Break));
            return None;
        }
        self.at = at;
        self.behind_line(&rest[found + 1..], ahead)
    }

    /// Whether the object at `at` is a value inside of something, as far as the bytes before it tell.
    fn is_value(&self, at: u64, window: Window<'_>) -> bool {
        let before = window.slice(self.keep_from()..at).trim_ascii_end().last();
        match self.place {
            Place::Stream => matches!(before, Some(b':' | b',' | b'[')),
            Place::List(_) => before == Some(&b':'),
        }
    }

    /// Looks at the line behind a line end, which `self.at` is at.
    fn behind_line(&mut self, line: &[u8], ahead: Ahead) -> Option<Outcome> {
        if self.lost == Lost::Text {
            return Some(Outcome::GoOn { at: self.at });
        }
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match line.get(blank) {
            None if ahead == Ahead::More && blank as u64 <= self.indent => return Some(Outcome::More),
            Some(b'{' | b'[') if blank as u64 <= self.indent => return Some(Outcome::GoOn { at: self.at }),
            _ => self.at += 1,
        }
        None
    }
}
