//! Messages on standard error.

use std::cmp::Ordering;
use std::fs;
use std::io::{IsTerminal, Write, stderr};
use std::ops::Range;

use crate::json::Place;
use crate::pattern::PatternError;
use crate::rules::{SourcePlace, Target};
use crate::transform::{Refusal, TransformError};

/// Prints an error. Nothing useful can be done where standard error is closed.
pub(super) fn complain(message: &str) {
    print("error", "\x1b[1;31m", message);
}

/// Prints something worth knowing that stops nothing.
pub(super) fn remark(message: &str) {
    print("note", "\x1b[1;36m", message);
}

fn print(word: &str, color: &str, message: &str) {
    let mut err = stderr().lock();
    let _ = match colored() {
        true => writeln!(err, "{color}{word}\x1b[0m: {message}"),
        false => writeln!(err, "{word}: {message}"),
    };
}

/// Colors only on a terminal, and never where `NO_COLOR` is set (see no-color.org).
fn colored() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The most problems of one text that are printed one by one; each takes time in proportion to its file.
const COMPLAINTS_MAX: usize = 20;

/// Counts what is wrong besides what was printed.
fn complain_of_more(more: usize, subject: Option<&str>) {
    if more > 0 {
        let subject = subject.map(|subject| format!("  ({subject})")).unwrap_or_default();
        let problems = if more == 1 { "problem" } else { "problems" };
        complain(&format!("and {more} more {problems}{subject}"));
    }
}

/// Prints the problems of a refused pattern, and how many more there are. `place_of` gives the place of a byte of the pattern in the
/// file that holds it; without one, the pattern was typed.
pub(super) fn complain_of_pattern(
    rule: Option<&str>,
    text: &str,
    error: &PatternError,
    place_of: Option<&dyn Fn(usize) -> SourcePlace>,
) {
    let source = source_of(place_of);
    let refused = Refused { text, source: source.as_deref().unwrap_or(text), place_of };
    for problem in error.problems().iter().take(COMPLAINTS_MAX) {
        complain(&refused.described(&Complaint {
            what: problem.kind.to_string(),
            span: problem.span.start as usize..problem.span.end as usize,
            pointer: problem.pointer.as_str(),
            subject: rule.map(|rule| format!("rule {rule}")),
            aws: None,
            hint: problem.kind.hint(),
        }));
    }
    let subject = rule.map(|rule| format!("rule {rule}"));
    complain_of_more(error.problems().len().saturating_sub(COMPLAINTS_MAX), subject.as_deref());
}

/// Prints the problems of a target whose input AWS would refuse, and how many more there are.
pub(super) fn complain_of_target(rule: &str, target: &Target, error: &TransformError) {
    let subject = format!("rule {rule}, target {}", target.id.written());
    // All parts of a target stand in one file.
    let source = fs::read_to_string(&*target.place.file).unwrap_or_default();
    let listed = error.problems().len().min(COMPLAINTS_MAX);
    for problem in &error.problems()[..listed] {
        let text = target.text_of(&problem.part);
        let place_of = |offset: usize| target.place_of(&problem.part, offset);
        let place_of: Option<&dyn Fn(usize) -> SourcePlace> = Some(&place_of);
        let refused = Refused { text, source: &source, place_of };
        complain(&refused.described(&Complaint {
            what: problem.kind.to_string(),
            span: problem.span.clone(),
            pointer: problem.pointer.as_str(),
            subject: Some(subject.clone()),
            aws: shortened(&problem.refusal),
            hint: problem.kind.hint(),
        }));
    }
    complain_of_more(error.problems().len() - listed + error.more(), Some(&subject));
}

/// The text of the file that `place_of` points into.
fn source_of(place_of: Option<&dyn Fn(usize) -> SourcePlace>) -> Option<String> {
    let file = place_of.map(|place_of| place_of(0).file);
    file.map(|file| fs::read_to_string(&*file).unwrap_or_default())
}

/// The longest answer of AWS that is worth showing; the generic ones repeat the whole text.
const REFUSAL_CHARS_MAX: usize = 240;

fn shortened(refusal: &Refusal) -> Option<String> {
    let message = refusal.message.as_ref()?;
    Some(match message.char_indices().nth(REFUSAL_CHARS_MAX) {
        Some((end, _)) => format!("{}: {}...", refusal.code, &message[..end]),
        None => format!("{}: {message}", refusal.code),
    })
}

/// A refused text and where it stands.
struct Refused<'a> {
    text: &'a str,
    /// The file that holds it, or the text itself if it was typed.
    source: &'a str,
    place_of: Option<&'a dyn Fn(usize) -> SourcePlace>,
}

/// One thing that is wrong with a text.
struct Complaint<'a> {
    what: String,
    span: Range<usize>,
    pointer: &'a str,
    /// What it is about, if it was not typed.
    subject: Option<String>,
    /// AWS's answer, where it is known.
    aws: Option<String>,
    hint: Option<String>,
}

impl Refused<'_> {
    fn described(&self, complaint: &Complaint<'_>) -> String {
        let Complaint { what, span, pointer, subject, aws, hint } = complaint;
        let (at, start, end) = match self.place_of {
            Some(place_of) => {
                let start = place_of(span.start);
                (start.to_string(), start.place, place_of(span.end).place)
            }
            None => {
                let place = |at| Place::of(self.text.as_bytes(), at);
                (format!("pattern:{}", place(span.start)), place(span.start), place(span.end))
            }
        };
        let mut message = format!("{what}\n  --> {at}");
        if !pointer.is_empty() {
            message += &format!("  {pointer}");
        }
        if let Some(subject) = subject {
            message += &format!("  ({subject})");
        }
        message += &excerpt(self.source, start, end, self.text.get(span.clone()).unwrap_or_default());
        if let Some(aws) = aws {
            message += &format!("\n  AWS: {aws}");
        }
        if let Some(hint) = hint {
            message += &format!("\n  hint: {hint}");
        }
        message
    }
}

/// The longest line that is worth showing.
const EXCERPT_CHARS_MAX: usize = 160;

/// The line with the problem, and marks below it. `written` is what the pattern's JSON text has there.
fn excerpt(source: &str, start: Place, end: Place, written: &str) -> String {
    let Some(line) = source.lines().nth(start.line as usize - 1) else { return String::new() };
    let chars = line.chars().count();
    let column = start.column as usize;
    // A text that ends too early does so behind the last character.
    if chars > EXCERPT_CHARS_MAX || column > chars + 1 {
        return String::new();
    }
    let before: String = line.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let marked: String = line.chars().skip(column - 1).collect();
    let marks = marks(start, end, written, &marked).clamp(1, (chars + 1 - column).max(1));
    let number = start.line.to_string();
    let margin = " ".repeat(number.len());
    format!("\n{number} | {line}\n{margin} | {before}{}", "^".repeat(marks))
}

/// How many characters to mark. In a pattern that stood as an object in its file, values have a place but no
/// end, and its JSON text has quotes that YAML may do without; so what stands in the file is looked at first.
fn marks(start: Place, end: Place, written: &str, line_from_start: &str) -> usize {
    let unquoted = written.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    for text in [Some(written), unquoted].into_iter().flatten() {
        if line_from_start.starts_with(text) {
            return text.chars().count();
        }
    }
    match end.line.cmp(&start.line) {
        Ordering::Greater => line_from_start.chars().count(),
        Ordering::Equal => end.column.saturating_sub(start.column) as usize,
        Ordering::Less => 1,
    }
}
