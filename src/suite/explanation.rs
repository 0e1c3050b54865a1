//! How the conditions of a rule stand, line by line.

use super::case::RulesUnderTest;
use crate::matcher::{ConditionOutcome, Explanation, RuleIndex};
use crate::rules::SourcePlace;

/// The longest value that is shown in full, in characters.
const VALUE_CHARS_MAX: usize = 60;

/// The most values that are shown of one field.
const VALUES_MAX: usize = 3;

/// A line for the rule and one for each condition: those that fail say what was wanted, and where.
pub(super) fn lines(rule: RuleIndex, explanation: &Explanation, rules: &RulesUnderTest) -> Vec<String> {
    let conditions = &explanation.conditions;
    let holding = conditions.iter().filter(|condition| condition.holds).count();
    let place = &rules.compiled.rules[rule.0 as usize].rule.place;
    let all = conditions.len();
    let words = if all == 1 { "condition holds" } else { "conditions hold" };
    let mut lines = vec![format!("{} ({place}): {holding} of {all} {words}", rules.name(rule))];
    let width = conditions.iter().map(|condition| pointer(condition).chars().count()).max().unwrap_or(0);
    lines.extend(conditions.iter().map(|condition| {
        let (pointer, found) = (pointer(condition), found(condition));
        match condition.holds {
            true => format!("✓ {pointer:width$}  {found}"),
            false => {
                let place = place_of(rule, condition, rules);
                format!("✗ {pointer:width$}  {found}, wanted {}  {place}", condition.expected)
            }
        }
    }));
    if explanation.elements_disagree {
        lines.push("each condition holds somewhere, but not in the same element of an array".to_owned());
    }
    lines
}

/// Where the first condition that fails is written, else the rule.
pub(super) fn place(
    rule: RuleIndex,
    explanation: &Explanation,
    rules: &RulesUnderTest,
) -> Option<SourcePlace> {
    let failing = explanation.conditions.iter().find(|condition| !condition.holds);
    Some(match failing {
        Some(condition) => place_of(rule, condition, rules),
        None => rules.compiled.rules[rule.0 as usize].rule.place.clone(),
    })
}

fn place_of(rule: RuleIndex, condition: &ConditionOutcome, rules: &RulesUnderTest) -> SourcePlace {
    let rule = &rules.compiled.rules[rule.0 as usize].rule;
    match rule.trigger.pattern() {
        Some(text) => text.place_of(condition.pattern_span.start as usize),
        None => rule.place.clone(),
    }
}

/// The field: where it stands in the event if it is there once, else its path.
fn pointer(condition: &ConditionOutcome) -> String {
    match &condition.found[..] {
        [only] => only.pointer.as_str().to_owned(),
        _ => format!("/{}", condition.path.replace('.', "/")),
    }
}

fn found(condition: &ConditionOutcome) -> String {
    if condition.found.is_empty() {
        return "is missing".to_owned();
    }
    let shown = condition.found.iter().take(VALUES_MAX).map(|leaf| shortened(&leaf.actual));
    let mut shown: Vec<String> = shown.collect();
    let more = condition.found.len().saturating_sub(VALUES_MAX);
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}
