//! Problems of test files as findings.

use super::format::{SuiteProblem, SuiteProblemKind};
use crate::document::DocumentProblem;
use crate::findings::{Excerpt, Finding, FindingCode, Location, Severity, SourceTexts};

/// What a problem of a test file amounts to.
pub fn of_problem(problem: &SuiteProblem, texts: &mut SourceTexts) -> Finding {
    let code = match &problem.kind {
        SuiteProblemKind::Document(
            DocumentProblem::Unreadable { .. } | DocumentProblem::TooLarge { .. } | DocumentProblem::NotUtf8,
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
