//! Problems of test files as findings.

use super::format::{SuiteProblem, SuiteProblemKind};
use crate::document::DocumentProblem;
use crate::findings::{Excerpt, Finding, FindingCode, Location, Severity, SourceTexts};

/// The most problems of one file that are listed one by one; nobody reads the twenty-first.
const LISTED_MAX: usize = 20;

/// What problems of test files amount to; those of one file stand together. Behind the first of a file the others are
/// counted.
pub fn of_problems(problems: &[SuiteProblem], texts: &mut SourceTexts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for of_file in problems.chunk_by(|a, b| a.file == b.file) {
        findings.extend(of_file.iter().take(LISTED_MAX).map(|problem| of_problem(problem, texts)));
        let more = of_file.len().saturating_sub(LISTED_MAX);
        if more > 0 {
            let words = if more == 1 { "problem" } else { "problems" };
            let location = Location { file: of_file[0].file.clone(), span: None };
            let message = format!("and {more} more {words}");
            findings.push(Finding::new(FindingCode::TestInvalid, Severity::Error, message).at(location));
        }
    }
    findings
}

/// What a problem of a test file amounts to.
pub fn of_problem(problem: &SuiteProblem, texts: &mut SourceTexts) -> Finding {
    let code = match &problem.kind {
        SuiteProblemKind::Document(
            DocumentProblem::Unreadable { .. }
            | DocumentProblem::TooLarge { .. }
            | DocumentProblem::TooLong { .. }
            | DocumentProblem::NotUtf8,
        ) => FindingCode::FileUnreadable,
        SuiteProblemKind::Document(_) => FindingCode::FileInvalid,
        _ => FindingCode::TestInvalid,
    };
    let excerpt = problem.place.and_then(|place| Excerpt::new(&texts.of(&problem.file), place, place, ""));
    let span = problem.place.map(|place| (place, place));
    Finding::new(code, Severity::Error, problem.kind.to_string())
        .at(Location { file: problem.file.clone(), span })
        .shown(excerpt)
        .hinted(problem.kind.hint())
}
