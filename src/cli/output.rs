//! Messages on standard error.

use std::fs;
use std::io::{IsTerminal, Write, stderr};
use std::ops::Range;

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
    for problem in error.problems() {
        complain(&described(rule, text, problem, place_of));
    }
}

fn described(
    rule: Option<&str>,
    text: &str,
    problem: &PatternProblem,
    place_of: Option<&dyn Fn(usize) -> SourcePlace>,
) -> String {
    let start = problem.span.start as usize;
    let (at, place, source) = match place_of {
        Some(place_of) => {
            let found = place_of(start);
            (found.to_string(), found.place, fs::read_to_string(&*found.file).unwrap_or_default())
        }
        None => (format!("pattern:{}", problem.place), problem.place, text.to_owned()),
    };
    let mut message = problem.kind.to_string();
    message += &format!("\n  --> {at}");
    if !problem.pointer.is_empty() {
        message += &format!("  {}", problem.pointer);
    }
    if let Some(rule) = rule {
        message += &format!("  (rule {rule})");
    }
    message += &excerpt(&source, place, &(start..problem.span.end as usize));
    if let Some(hint) = problem.kind.hint() {
        message += &format!("\n  hint: {hint}");
    }
    message
}

/// The longest line that is worth showing.
const EXCERPT_CHARS_MAX: usize = 160;

/// The line with the problem, and marks below it.
fn excerpt(source: &str, place: Place, span: &Range<usize>) -> String {
    let Some(line) = source.lines().nth(place.line as usize - 1) else { return String::new() };
    let chars = line.chars().count();
    let column = place.column as usize;
    if chars > EXCERPT_CHARS_MAX || column > chars {
        return String::new();
    }
    let marks = span.len().clamp(1, chars + 1 - column);
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let before: String = line.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    format!("\n{number} | {line}\n{margin} | {before}{}", "^".repeat(marks))
}
