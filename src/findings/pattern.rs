//! Findings about event patterns.

use std::path::Path;
use std::sync::Arc;

use super::{Excerpt, Finding, FindingCode, Location, Severity, SourceTexts, Subject};
use crate::json::Place;
use crate::pattern::{PatternError, PatternWarning};
use crate::rules::{PatternText, SourcePlace};

/// The most problems of one text that are listed one by one; nobody reads the twenty-first.
pub(super) const LISTED_MAX: usize = 20;

/// What is wrong with the pattern of a rule.
pub fn of_pattern(
    rule: &str,
    text: &PatternText,
    error: &PatternError,
    texts: &mut SourceTexts,
) -> Vec<Finding> {
    let source = texts.of(&text.place_of(0).file);
    let place_of = |offset| text.place_of(offset);
    Refused { text: text.json(), source: &source, place_of: &place_of }.findings(error, Subject::rule(rule))
}

/// What is wrong with a pattern that stands in `file` on its own, or was typed.
pub fn of_typed_pattern(file: &Path, text: &str, error: &PatternError) -> Vec<Finding> {
    let file: Arc<Path> = file.into();
    let place_of =
        |offset| SourcePlace { file: Arc::clone(&file), place: Place::of(text.as_bytes(), offset) };
    Refused { text, source: text, place_of: &place_of }.findings(error, Subject::default())
}

/// What a warning about the pattern of a rule amounts to.
pub(super) fn of_warning(rule: &str, text: &PatternText, warning: &PatternWarning) -> Finding {
    let code = match warning {
        PatternWarning::Long { .. } => FindingCode::PatternLong,
    };
    Finding::new(code, Severity::Warning, warning.to_string())
        .at(Location::at(&text.place_of(0)))
        .about(Subject::rule(rule))
}

/// A finding that counts what is wrong besides what is listed; none if nothing is.
pub(super) fn more(more: usize, code: FindingCode, subject: &Subject) -> Option<Finding> {
    let problems = if more == 1 { "problem" } else { "problems" };
    (more > 0).then(|| {
        Finding::new(code, Severity::Error, format!("and {more} more {problems}")).about(subject.clone())
    })
}

/// A refused pattern and where it stands.
struct Refused<'a> {
    text: &'a str,
    /// The text of the file that holds it.
    source: &'a str,
    place_of: &'a dyn Fn(usize) -> SourcePlace,
}

impl Refused<'_> {
    fn findings(&self, error: &PatternError, subject: Subject) -> Vec<Finding> {
        let code = FindingCode::PatternInvalid;
        let listed = error.problems().iter().take(LISTED_MAX).map(|problem| {
            let span = problem.span.start as usize..problem.span.end as usize;
            let (start, end) = ((self.place_of)(span.start), (self.place_of)(span.end).place);
            let written = self.text.get(span).unwrap_or_default();
            let finding = Finding::new(code, Severity::Error, problem.kind.to_string())
                .shown(Excerpt::new(self.source, start.place, end, written))
                .at(Location { file: start.file, span: Some((start.place, end)) })
                .about(subject.clone())
                .hinted(problem.kind.hint());
            Finding { pointer: problem.pointer.as_str().to_owned(), ..finding }
        });
        let rest = more(error.problems().len().saturating_sub(LISTED_MAX), code, &subject);
        listed.chain(rest).collect()
    }
}
