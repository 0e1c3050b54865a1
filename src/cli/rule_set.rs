//! Rules from the command line to a matcher.

use super::args::LimitsName;
use super::output::{complain, complain_of_pattern, complain_of_target, remark};
use crate::matcher::Matcher;
use crate::pattern::{Limits, Pattern};
use crate::rules::{LoadedRules, Parameters, Rule, RuleProblem, RuleState, Target};
use crate::transform::TargetInput;
use crate::verdict::{RuleSet, RuleTarget, RuleWithTargets};

impl LimitsName {
    pub(super) fn limits(self) -> Limits {
        match self {
            LimitsName::Service => Limits::service(),
            LimitsName::Engine => Limits::engine(),
        }
    }
}

/// Some rules cannot be used; all that is wrong has been printed.
#[derive(Debug)]
pub(super) struct Complained;

/// Whether the matcher has to note the events' ids.
pub(super) use crate::matcher::EventIds;

/// Loads and compiles rules, printing every problem of all of them before giving up.
pub(super) fn rule_set(
    sources: &[String],
    parameters: &Parameters,
    limits: LimitsName,
    event_ids: EventIds,
) -> Result<RuleSet, Complained> {
    let rules = loaded(sources, parameters);
    let all_loaded = rules.is_ok();
    let (Ok(rules) | Err(rules)) = rules;
    let compiled: Vec<_> = rules.iter().map(|rule| compile(rule, limits)).collect();
    if !all_loaded {
        return Err(Complained);
    }
    let compiled: Vec<_> = compiled.into_iter().collect::<Result<_, _>>()?;
    let (patterns, rules): (Vec<Pattern>, Vec<RuleWithTargets>) = compiled.into_iter().flatten().unzip();
    let profile = limits.limits().profile;
    let matcher = match event_ids {
        EventIds::Noted => Matcher::noting_event_ids(&patterns, profile),
        EventIds::Ignored => Matcher::new(&patterns, profile),
    };
    Ok(RuleSet::new(matcher, rules))
}

/// The rules of all sources; as an error if some could not be loaded, which has been printed.
pub(super) fn loaded(sources: &[String], parameters: &Parameters) -> Result<Vec<Rule>, Vec<Rule>> {
    let LoadedRules { rules, problems, notes } = crate::rules::load(sources, parameters);
    notes.iter().for_each(|note| remark(&note.to_string()));
    problems.iter().for_each(|problem| complain(&with_hint(problem)));
    if problems.is_empty() { Ok(rules) } else { Err(rules) }
}

fn with_hint(problem: &RuleProblem) -> String {
    match problem.kind.hint() {
        Some(hint) => format!("{problem}\n  hint: {hint}"),
        None => problem.to_string(),
    }
}

/// The names and patterns of the rules that listen. All that is wrong with patterns is printed.
pub(super) fn patterns(rules: &[Rule], limits: LimitsName) -> Result<Vec<(String, Pattern)>, Complained> {
    let limits = limits.limits();
    let named = |rule: &Rule| {
        let pattern = pattern(rule, &limits)?.filter(|_| rule.state != RuleState::Disabled);
        Ok(pattern.map(|pattern| (rule.display_name.to_string(), pattern)))
    };
    // Collected first, so that all rules are looked at.
    let patterns: Vec<_> = rules.iter().map(named).collect();
    let patterns: Vec<_> = patterns.into_iter().collect::<Result<_, _>>()?;
    Ok(patterns.into_iter().flatten().collect())
}

/// A rule that listens, ready to run; `None` for one that matches no event. All that is wrong is printed.
pub(super) fn compile(
    rule: &Rule,
    limits: LimitsName,
) -> Result<Option<(Pattern, RuleWithTargets)>, Complained> {
    let pattern = pattern(rule, &limits.limits());
    let targets = targets(rule);
    let (pattern, targets) = (pattern?, targets?);
    let Some(pattern) = pattern else {
        remark(&format!("rule {} runs on a schedule and matches no event", rule.display_name));
        return Ok(None);
    };
    if rule.state == RuleState::Disabled {
        remark(&format!("rule {} is disabled and matches no event", rule.display_name));
        return Ok(None);
    }
    let display_name = rule.display_name.to_string();
    let (name, arn) = (rule.name.to_string(), rule.arn.clone());
    Ok(Some((pattern, RuleWithTargets { display_name, name, arn, targets })))
}

fn pattern(rule: &Rule, limits: &Limits) -> Result<Option<Pattern>, Complained> {
    let Some(text) = rule.trigger.pattern() else { return Ok(None) };
    let pattern = Pattern::parse(text.json().as_bytes(), limits).map_err(|error| {
        let place_of = |offset: usize| text.place_of(offset);
        complain_of_pattern(Some(&rule.display_name), text.json(), &error, Some(&place_of));
        Complained
    })?;
    for warning in pattern.warnings() {
        remark(&format!("{}: rule {}: {warning}", text.place_of(0), rule.display_name));
    }
    Ok(Some(pattern))
}

/// The targets of a rule; all of them are looked at before giving up.
fn targets(rule: &Rule) -> Result<Vec<RuleTarget>, Complained> {
    let targets: Vec<_> = rule.targets.iter().map(|target| compiled_target(rule, target)).collect();
    targets.into_iter().collect()
}

fn compiled_target(rule: &Rule, target: &Target) -> Result<RuleTarget, Complained> {
    let id = target.id.written().to_owned();
    let (definition, missing) = target.known_definition();
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|missing| format!("`{}`", missing.name)).collect();
        remark(&format!(
            "{}: rule {}, target {id}: its input is not known without {}; it is taken to get its events",
            target.place,
            rule.display_name,
            names.join(", ")
        ));
    }
    let input = match missing.is_empty() {
        true => TargetInput::compile(&definition).map(Some),
        false => TargetInput::check_ways(&definition).map(|()| None),
    };
    match input {
        Ok(input) => Ok(RuleTarget { id, input }),
        Err(error) => {
            complain_of_target(&rule.display_name, target, &error);
            Err(Complained)
        }
    }
}
