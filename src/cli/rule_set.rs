//! Rules from the command line to a matcher, with everything that is to be said about them on standard error.

use super::args::LimitsName;
use super::exit::Exit;
use super::live::LiveBuses;
use super::output::say;
use crate::findings::{
    Compiled, CompiledRule, Finding, FindingCode, PatternOf, Severity, SourceTexts, compile, compile_pattern,
    compile_rule, of_note, of_problem,
};
use crate::pattern::{Limits, Pattern};
use crate::rules::{LoadedRules, Parameters, Rule};

impl LimitsName {
    pub(super) fn limits(self) -> Limits {
        match self {
            LimitsName::Service => Limits::service(),
            LimitsName::Engine => Limits::engine(),
        }
    }
}

/// Whether the matcher has to note the events' ids.
pub(super) use crate::matcher::EventIds;

/// How a command ends that cannot use its rules for what was found in them.
pub(super) fn exit_of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Exit {
    let is_back_end = |finding: &Finding| finding.code == FindingCode::BusUnreadable;
    if findings.into_iter().any(is_back_end) { Exit::BackEndFailed } else { Exit::Unusable }
}

/// Loads and compiles rules, printing every problem of all of them before giving up; as an error how the command ends.
pub(super) fn compiled(
    sources: &[String],
    parameters: &Parameters,
    limits: LimitsName,
) -> Result<Compiled, Exit> {
    compiled_with(sources, parameters, limits, &LiveBuses::default())
}

/// The same with other credentials for live buses than those of the environment.
pub(super) fn compiled_with(
    sources: &[String],
    parameters: &Parameters,
    limits: LimitsName,
    live: &LiveBuses,
) -> Result<Compiled, Exit> {
    let compiled = compile(crate::rules::load_with(sources, parameters, live), &limits.limits());
    compiled.findings.iter().for_each(say);
    if compiled.has_errors() { Err(exit_of(&compiled.findings)) } else { Ok(compiled) }
}

/// The rules of all sources, and how a command ends that needs them all if some could not be loaded; what is wrong has
/// been printed.
pub(super) fn loaded(sources: &[String], parameters: &Parameters) -> (Vec<Rule>, Result<(), Exit>) {
    let LoadedRules { rules, problems, notes, .. } =
        crate::rules::load_with(sources, parameters, &LiveBuses::default());
    let mut texts = SourceTexts::default();
    notes.iter().for_each(|note| say(&of_note(note)));
    let problems: Vec<Finding> = problems.iter().map(|problem| of_problem(problem, &mut texts)).collect();
    problems.iter().for_each(say);
    (rules, if problems.is_empty() { Ok(()) } else { Err(exit_of(&problems)) })
}

/// The names and patterns of the rules that listen. All that is wrong with patterns is printed.
pub(super) fn patterns(rules: &[Rule], limits: LimitsName) -> Result<Vec<(String, Pattern)>, Exit> {
    let (limits, mut texts, mut findings) = (limits.limits(), SourceTexts::default(), Vec::new());
    let compiled: Vec<_> =
        rules.iter().map(|rule| (rule, compile_pattern(rule, &limits, &mut texts, &mut findings))).collect();
    findings.iter().for_each(say);
    let mut patterns = Vec::new();
    for (rule, pattern) in compiled {
        match pattern.ok_or(Exit::Unusable)? {
            PatternOf::Listening(pattern) => patterns.push((rule.display_name.to_string(), pattern)),
            PatternOf::Idle(_) => {}
        }
    }
    Ok(patterns)
}

/// One rule, ready to run; `None` for one that matches no event. All that is to be said is printed.
pub(super) fn compiled_rule(rule: Rule, limits: LimitsName) -> Result<Option<CompiledRule>, Exit> {
    let mut findings = Vec::new();
    let compiled = compile_rule(rule, &limits.limits(), &mut SourceTexts::default(), &mut findings);
    findings.iter().for_each(say);
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    if refused { Err(Exit::Unusable) } else { Ok(compiled) }
}
