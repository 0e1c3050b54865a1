//! Findings about targets and their inputs.

use super::pattern::{LISTED_MAX, more};
use super::{Excerpt, Finding, FindingCode, Location, Severity, SourceTexts, Subject};
use crate::rules::{Missing, Rule, Target};
use crate::transform::{Refusal, TransformError, TransformProblem};

/// The longest answer of AWS that is worth showing; the generic ones repeat the whole text.
const REFUSAL_CHARS_MAX: usize = 240;

/// What is wrong with a target whose input AWS would refuse.
pub(super) fn of_target(
    rule: &Rule,
    target: &Target,
    error: &TransformError,
    texts: &mut SourceTexts,
) -> Vec<Finding> {
    let subject = Subject::target(&*rule.display_name, target.id.written());
    // All parts of a target stand in one file.
    let source = texts.of(&target.place.file);
    let listed = error.problems().iter().take(LISTED_MAX);
    let left_out = error.problems().len() - listed.len() + error.more();
    listed
        .map(|problem| of_target_problem(target, problem, &source).about(subject.clone()))
        .chain(more(left_out, FindingCode::TargetInvalid, &subject))
        .collect()
}

fn of_target_problem(target: &Target, problem: &TransformProblem, source: &str) -> Finding {
    let start = target.place_of(&problem.part, problem.span.start);
    let end = target.place_of(&problem.part, problem.span.end).place;
    let written = target.text_of(&problem.part).get(problem.span.clone()).unwrap_or_default();
    let finding = Finding::new(FindingCode::TargetInvalid, Severity::Error, problem.kind.to_string())
        .shown(Excerpt::new(source, start.place, end, written))
        .at(Location { file: start.file, span: Some((start.place, end)) })
        .hinted(problem.kind.hint());
    Finding { pointer: problem.pointer.as_str().to_owned(), aws: shortened(&problem.refusal), ..finding }
}

fn shortened(refusal: &Refusal) -> Option<String> {
    let message = refusal.message.as_ref()?;
    Some(match message.char_indices().nth(REFUSAL_CHARS_MAX) {
        Some((end, _)) => format!("{}: {}...", refusal.code, &message[..end]),
        None => format!("{}: {message}", refusal.code),
    })
}

/// A target whose input is not known before deployment.
pub(super) fn of_unknown_input(rule: &Rule, target: &Target, missing: &[&Missing]) -> Finding {
    let names: Vec<String> = missing.iter().map(|missing| format!("`{}`", missing.name)).collect();
    let message =
        format!("its input is not known without {}; it is taken to get its events", names.join(", "));
    Finding::new(FindingCode::InputUnknown, Severity::Note, message)
        .at(Location::at(&target.place))
        .about(Subject::target(&*rule.display_name, target.id.written()))
}
