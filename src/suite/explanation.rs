//! How the conditions of a rule stand to the event of a case.

use super::case::{EventCase, RulesUnderTest};
use crate::analysis::why::{ConditionReport, Report, why};
use crate::matcher::RuleIndex;
use crate::pattern::Pattern;
use crate::report::{Explained, explanation_lines};
use crate::rules::SourcePlace;

/// What explains that a rule matches or does not.
pub(super) struct Explanation {
    /// The verdict and how much holds, then a line for each condition, with hints.
    pub(super) lines: Vec<String>,
    /// Where the first condition that fails is written, else the rule.
    pub(super) place: SourcePlace,
}

/// Explains how a rule stands to the event; `pattern` is the rule's, or one way through its `$or`.
pub(super) fn explained(
    rule: RuleIndex,
    pattern: &Pattern,
    case: &EventCase,
    rules: &RulesUnderTest,
) -> Option<Explanation> {
    let report = why(pattern, &case.event, rules.profile).ok()?;
    let place_of = |condition: &ConditionReport| {
        place_in_pattern(rule, condition.outcome.pattern_span.start as usize, rules)
    };
    let places: Vec<SourcePlace> = report.conditions.iter().map(place_of).collect();
    let place = place_in_pattern(rule, 0, rules);
    let explained = Explained { name: rules.name(rule), place: &place, report: &report, places: &places };
    let lines = explanation_lines(explained);
    let place = first_failing(&report, &places).unwrap_or(place);
    Some(Explanation { lines, place })
}

fn first_failing(report: &Report, places: &[SourcePlace]) -> Option<SourcePlace> {
    let at = report.conditions.iter().position(|condition| !condition.outcome.holds)?;
    places.get(at).cloned()
}

fn place_in_pattern(rule: RuleIndex, offset: usize, rules: &RulesUnderTest) -> SourcePlace {
    let rule = &rules.compiled.rules[rule.0 as usize].rule;
    rule.trigger.pattern().map_or_else(|| rule.place.clone(), |text| text.place_of(offset))
}
