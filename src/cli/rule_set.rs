//! Rules from the command line to a matcher.

use super::args::LimitsName;
use super::output::{complain, complain_of_pattern, remark};
use crate::matcher::Matcher;
use crate::pattern::{Limits, Pattern, Profile};
use crate::replay::RuleSet;
use crate::rules::{LoadedRules, Parameters, Rule, RuleProblem, RuleState};

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
    let LoadedRules { rules, problems, notes } = crate::rules::load(sources, parameters);
    notes.iter().for_each(|note| remark(&note.to_string()));
    problems.iter().for_each(|problem| complain(&with_hint(problem)));
    let limits = limits.limits();
    let mut refused = !problems.is_empty();
    let (mut names, mut patterns) = (Vec::new(), Vec::new());
    for rule in rules {
        match compile(&rule, &limits) {
            Ok(Some(pattern)) => {
                names.push(String::from(rule.display_name));
                patterns.push(pattern);
            }
            Ok(None) => {}
            Err(Complained) => refused = true,
        }
    }
    if refused {
        return Err(Complained);
    }
    let profile: Profile = limits.profile;
    let matcher = match event_ids {
        EventIds::Noted => Matcher::noting_event_ids(&patterns, profile),
        EventIds::Ignored => Matcher::new(&patterns, profile),
    };
    Ok(RuleSet::new(matcher, names))
}

fn with_hint(problem: &RuleProblem) -> String {
    match problem.kind.hint() {
        Some(hint) => format!("{problem}\n  hint: {hint}"),
        None => problem.to_string(),
    }
}

/// The pattern of a rule that listens; `None` for one that matches no event.
fn compile(rule: &Rule, limits: &Limits) -> Result<Option<Pattern>, Complained> {
    let Some(text) = rule.trigger.pattern() else {
        remark(&format!("rule {} runs on a schedule and matches no event", rule.display_name));
        return Ok(None);
    };
    let pattern = Pattern::parse(text.json().as_bytes(), limits).map_err(|error| {
        let place_of = |offset: usize| text.place_of(offset);
        complain_of_pattern(Some(&rule.display_name), text.json(), &error, Some(&place_of));
        Complained
    })?;
    for warning in pattern.warnings() {
        remark(&format!("{}: rule {}: {warning}", text.place_of(0), rule.display_name));
    }
    if rule.state == RuleState::Disabled {
        remark(&format!("rule {} is disabled and matches no event", rule.display_name));
        return Ok(None);
    }
    Ok(Some(pattern))
}
