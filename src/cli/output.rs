//! Messages on standard error.

use std::cmp::Ordering;
use std::fs;
use std::io::{IsTerminal, Write, stderr};

use crate::json::Place;
use crate::pattern::{PatternError, PatternProblem};
use crate::rules::SourcePlace;

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

/// Prints all problems of a refused pattern. `place_of` gives the place of a byte of the pattern in the
/// file that holds it; without one, the pattern was typed.
pub(super) fn complain_of_pattern(
    rule: Option<&str>,
    text: &str,
    error: &PatternError,
    place_of: Option<&dyn Fn(usize) -> SourcePlace>,
) {
    let file = place_of.map(|place_of| place_of(0).file);
    let source = file.map(|file| fs::read_to_string(&*file).unwrap_or_default());
    let refused = Refused { rule, text, source: source.as_deref().unwrap_or(text), place_of };
    for problem in error.problems() {
        complain(&refused.described(problem));
    }
}

/// A refused pattern and where it stands.
struct Refused<'a> {
    rule: Option<&'a str>,
    text: &'a str,
    /// The file that holds it, or the pattern itself if it was typed.
    source: &'a str,
    place_of: Option<&'a dyn Fn(usize) -> SourcePlace>,
}

impl Refused<'_> {
    fn described(&self, problem: &PatternProblem) -> String {
        let span = problem.span.start as usize..problem.span.end as usize;
        let (at, start, end) = match self.place_of {
            Some(place_of) => {
                let start = place_of(span.start);
                (start.to_string(), start.place, place_of(span.end).place)
            }
            None => {
                let end = Place::of(self.text.as_bytes(), span.end);
                (format!("pattern:{}", problem.place), problem.place, end)
            }
        };
        let mut message = format!("{}\n  --> {at}", problem.kind);
        if !problem.pointer.is_empty() {
            message += &format!("  {}", problem.pointer);
        }
        if let Some(rule) = self.rule {
            message += &format!("  (rule {rule})");
        }
        message += &excerpt(self.source, start, end, self.text.get(span).unwrap_or_default());
        if let Some(hint) = problem.kind.hint() {
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
