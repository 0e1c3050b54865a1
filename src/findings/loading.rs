//! Findings about files of rules.

use std::path::Path;
use std::sync::Arc;

use super::{Excerpt, Finding, FindingCode, Location, Severity, SourceTexts, Subject};
use crate::document::DocumentProblem;
use crate::json::Place;
use crate::rules::{LiveFault, LiveProblem, RuleNote, RuleNoteKind, RuleProblem, RuleProblemKind};

/// What a problem of loading amounts to.
pub fn of_problem(problem: &RuleProblem, texts: &mut SourceTexts) -> Finding {
    let excerpt = problem.place.and_then(|place| Excerpt::new(&texts.of(&problem.file), place, place, ""));
    Finding::new(problem_code(&problem.kind), Severity::Error, problem.kind.to_string())
        .at(location(&problem.file, problem.place))
        .about(Subject { rule: problem.rule.clone(), target: None })
        .shown(excerpt)
        .hinted(problem.kind.hint())
}

/// What a note of loading amounts to.
pub fn of_note(note: &RuleNote) -> Finding {
    Finding::new(note_code(&note.kind), Severity::Note, note.kind.to_string())
        .at(location(&note.file, note.place))
}

fn location(file: &Arc<Path>, place: Option<Place>) -> Location {
    Location { file: Arc::clone(file), span: place.map(|place| (place, place)) }
}

fn problem_code(kind: &RuleProblemKind) -> FindingCode {
    match kind {
        RuleProblemKind::NotFound
        | RuleProblemKind::NothingMatches
        | RuleProblemKind::BadGlob { .. }
        | RuleProblemKind::Git(_)
        | RuleProblemKind::Live(LiveProblem { fault: LiveFault::Source, .. })
        | RuleProblemKind::Unreadable { .. }
        | RuleProblemKind::Stopped { .. } => FindingCode::FileUnreadable,
        RuleProblemKind::Live(LiveProblem { fault: LiveFault::BackEnd, .. }) => FindingCode::BusUnreadable,
        RuleProblemKind::Document(problem) => document_code(problem),
        RuleProblemKind::NotTsv => FindingCode::FileInvalid,
        RuleProblemKind::NoRules(_) => FindingCode::NoRules,
        RuleProblemKind::Unresolved(_) => FindingCode::ValueUnresolved,
        RuleProblemKind::WrongKind { .. }
        | RuleProblemKind::MissingProperty { .. }
        | RuleProblemKind::Name { .. }
        | RuleProblemKind::UnknownState { .. }
        | RuleProblemKind::NoTrigger => FindingCode::RuleInvalid,
        RuleProblemKind::DoubtfulNumber { .. } | RuleProblemKind::DoubtfulName { .. } => {
            FindingCode::YamlAmbiguous
        }
        RuleProblemKind::TargetsOfNoRule
        | RuleProblemKind::TargetsOfUnknownRule { .. }
        | RuleProblemKind::TargetsOfSeveralRules { .. } => FindingCode::TargetsWithoutRule,
    }
}

fn document_code(problem: &DocumentProblem) -> FindingCode {
    match problem {
        DocumentProblem::Unreadable { .. }
        | DocumentProblem::TooLarge { .. }
        | DocumentProblem::TooLong { .. }
        | DocumentProblem::NotUtf8 => FindingCode::FileUnreadable,
        DocumentProblem::Json(_)
        | DocumentProblem::MoreAfterJson
        | DocumentProblem::Yaml { .. }
        | DocumentProblem::Hcl { .. }
        | DocumentProblem::TooDeep { .. } => FindingCode::FileInvalid,
    }
}

fn note_code(kind: &RuleNoteKind) -> FindingCode {
    match kind {
        RuleNoteKind::NameUnknown { .. }
        | RuleNoteKind::BusUnknown { .. }
        | RuleNoteKind::StateUnknown { .. }
        | RuleNoteKind::ConditionUnknown { .. } => FindingCode::ValueAssumed,
        RuleNoteKind::ConditionFalse { .. } => FindingCode::RuleLeftOut,
        RuleNoteKind::WordReadAsBoolean { .. } => FindingCode::YamlBoolean,
        RuleNoteKind::CutList => FindingCode::ListCut,
        RuleNoteKind::LoopNotExpanded { .. } => FindingCode::LoopNotExpanded,
        RuleNoteKind::TooLarge { .. } => FindingCode::FilePassedOver,
        RuleNoteKind::Twice { .. } => FindingCode::RuleTwice,
        RuleNoteKind::UnusedParameter => FindingCode::ParameterUnused,
        RuleNoteKind::TargetOfRuleElsewhere { .. } => FindingCode::TargetElsewhere,
        RuleNoteKind::NoFilters { .. } => FindingCode::NoFilters,
        RuleNoteKind::PassedOver { .. } => FindingCode::ResourcePassedOver,
    }
}
