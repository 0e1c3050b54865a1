//! Rules from the command line to a matcher, with everything that is to be said about them on standard error.

use super::args::LimitsName;
use super::live::LiveBuses;
use super::output::{Complained, say};
use crate::findings::{
    Compiled, CompiledRule, PatternOf, SourceTexts, compile, compile_pattern, compile_rule, of_note,
    of_problem,
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

/// Loads and compiles rules, printing every problem of all of them before giving up.
pub(super) fn compiled(
    sources: &[String],
    parameters: &Parameters,
    limits: LimitsName,
) -> Result<Compiled, Complained> {
    compiled_with(sources, parameters, limits, &LiveBuses::default())
}

/// The same with other credentials for live buses than those of the environment.
pub(super) fn compiled_with(
    sources: &[String],
    parameters: &Parameters,
    limits: LimitsName,
    live: &LiveBuses,
) -> Result<Compiled, Complained> {
    let compiled = compile(crate::rules::load_with(sources, parameters, live), &limits.limits());
    compiled.findings.iter().for_each(say);
    if compiled.has_errors() { Err(Complained) } else { Ok(compiled) }
}

/// The rules of all sources; as an error if some could not be loaded, which has been printed.
pub(super) fn loaded(sources: &[String], parameters: &Parameters) -> Result<Vec<Rule>, Vec<Rule>> {
    let LoadedRules { rules, problems, notes, .. } =
        crate::rules::load_with(sources, parameters, &LiveBuses::default());
    let mut texts = SourceTexts::default();
    notes.iter().for_each(|note| say(&of_note(note)));
    problems.iter().for_each(|problem| say(&of_problem(problem, &mut texts)));
    if problems.is_empty() { Ok(rules) } else { Err(rules) }
}

/// The names and patterns of the rules that listen. All that is wrong with patterns is printed.
pub(super) fn patterns(rules: &[Rule], limits: LimitsName) -> Result<Vec<(String, Pattern)>, Complained> {
    let (limits, mut texts, mut findings) = (limits.limits(), SourceTexts::default(), Vec::new());
    let compiled: Vec<_> =
        rules.iter().map(|rule| (rule, compile_pattern(rule, &limits, &mut texts, &mut findings))).collect();
    findings.iter().for_each(say);
    let mut patterns = Vec::new();
    for (rule, pattern) in compiled {
        match pattern.ok_or(Complained)? {
            PatternOf::Listening(pattern) => patterns.push((rule.display_name.to_string(), pattern)),
            PatternOf::Idle(_) => {}
        }
    }
    Ok(patterns)
}

/// One rule, ready to run; `None` for one that matches no event. All that is to be said is printed.
pub(super) fn compiled_rule(rule: Rule, limits: LimitsName) -> Result<Option<CompiledRule>, Complained> {
    let mut findings = Vec::new();
    let compiled = compile_rule(rule, &limits.limits(), &mut SourceTexts::default(), &mut findings);
    findings.iter().for_each(say);
    let refused = findings.iter().any(|finding| finding.severity == crate::findings::Severity::Error);
    if refused { Err(Complained) } else { Ok(compiled) }
}
