//! Checks of one pattern.

use super::context::LintedRule;
use crate::analysis::relations::{
    ENVELOPE_FIELDS, EventShape, Impossible, ImpossibleReason, Proof, Relations, similar_field,
};
use crate::findings::{Finding, FindingCode, Severity, SourceTexts};
use crate::pattern::{Alternative, Condition, Limits, Pattern, wildcard_complexity};
use crate::rules::BusName;

/// A pattern whose length is above this share of the limit is nearly too long.
const NEARLY: f64 = 0.9;

/// Adds what there is to say about the pattern of `rule`.
pub(super) fn check(
    rule: &LintedRule,
    limits: &Limits,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) {
    let Some(pattern) = &rule.pattern else { return };
    let found = findings.len();
    never_matches(rule, texts, findings);
    unknown_fields(rule, pattern, texts, findings);
    if findings.len() == found {
        too_much(rule, pattern, limits, findings);
    }
    near_limits(rule, pattern, limits, findings);
}

fn never_matches(rule: &LintedRule, texts: &mut SourceTexts, findings: &mut Vec<Finding>) {
    let Some(impossible) = &rule.never else { return };
    let known = |one: &&Impossible| !matches!(one.reason, ImpossibleReason::UnknownField { .. });
    // Unknown fields have a finding of their own.
    let Some(first) = impossible.iter().find(known) else { return };
    let message = format!("no event matches this pattern: {}", described(first));
    let finding = rule.field_finding(&first.tests, FindingCode::PatternNeverMatches, message, texts);
    findings.push(finding.hinted(hint(first)));
}

fn described(impossible: &Impossible) -> String {
    let path = &impossible.path;
    match &impossible.reason {
        ImpossibleReason::NoValue => format!("no value passes the tests on `{path}`"),
        ImpossibleReason::AlwaysThere => format!("every event has `{path}`"),
        ImpossibleReason::TextOnly => format!("`{path}` is always text, and no text passes its tests"),
        ImpossibleReason::Format { looks } => format!("`{path}` is always {looks}"),
        ImpossibleReason::Object => "`detail` is an object, never a value".to_owned(),
        ImpossibleReason::BelowText { above } => format!("`{above}` is text, so it has no `{path}`"),
        ImpossibleReason::UnknownField { .. } => format!("events have no `{path}`"),
    }
}

fn hint(impossible: &Impossible) -> Option<String> {
    match &impossible.reason {
        ImpossibleReason::TextOnly => {
            Some("write the values as text, in quotes: EventBridge sends numbers here as text".to_owned())
        }
        ImpossibleReason::Object => Some("ask for a field below `detail`".to_owned()),
        ImpossibleReason::NoValue
        | ImpossibleReason::AlwaysThere
        | ImpossibleReason::Format { .. }
        | ImpossibleReason::BelowText { .. }
        | ImpossibleReason::UnknownField { .. } => None,
    }
}

/// Fields at the top that events of a bus do not have.
fn unknown_fields(
    rule: &LintedRule,
    pattern: &Pattern,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) {
    if rule.shape() == EventShape::Any {
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    for condition in pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions) {
        let name = first_step(condition);
        if ENVELOPE_FIELDS.contains(&name.as_str()) || seen.contains(&name) {
            continue;
        }
        let (outcome, severity) = match condition.tests.accepts_absence() {
            true => ("this condition always holds", FindingCode::FieldUnknown.severity()),
            false if rule.never.is_some() => ("no event matches", Severity::Error),
            false => ("no event matches by this branch of `$or`", FindingCode::FieldUnknown.severity()),
        };
        let message = format!("events have no field `{name}` at their top, so {outcome}");
        let hint = match similar_field(&name) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => "fields of your own are below `detail`".to_owned(),
        };
        let finding = rule.field_finding(&condition.tests, FindingCode::FieldUnknown, message, texts);
        findings.push(Finding { severity, ..finding.hinted(Some(hint)) });
        seen.push(name);
    }
}

fn first_step(condition: &Condition) -> String {
    String::from_utf8_lossy(condition.path.steps().next().unwrap_or_default()).into_owned()
}

/// Patterns that match more than anybody wants.
fn too_much(rule: &LintedRule, pattern: &Pattern, limits: &Limits, findings: &mut Vec<Finding>) {
    let everything = Relations::new(rule.shape(), limits.profile).matches_everything(pattern);
    if everything == Proof::Certain {
        let what = match rule.shape() {
            EventShape::Envelope => format!("every event on bus `{}` matches", rule.rule.bus),
            EventShape::Any => "every record matches".to_owned(),
        };
        findings.push(rule.finding(FindingCode::CatchAll, what));
    } else if rule.shape() == EventShape::Envelope {
        by_source(rule, pattern, findings);
    }
}

fn by_source(rule: &LintedRule, pattern: &Pattern, findings: &mut Vec<Finding>) {
    let asks_for_source = |condition: &Condition| condition.path.as_bytes() == b"source";
    let alternatives = pattern.alternatives();
    let only_source =
        alternatives.iter().all(|alternative| alternative.conditions.iter().all(asks_for_source));
    if only_source {
        let message = "every event of its sources matches, whatever its `detail-type`";
        findings.push(rule.finding(FindingCode::SourceCatchAll, message));
    }
    let has = |alternative: &Alternative, field: &[u8]| {
        alternative.conditions.iter().any(|condition| condition.path.as_bytes() == field)
    };
    let open = alternatives.iter().any(|alternative| !has(alternative, b"source"));
    if open && rule.rule.bus == BusName::default() && rule.rule.managed_by.is_none() {
        let message = "it takes events of any source, and every AWS service sends to the default bus";
        let finding = rule.finding(FindingCode::SourceMissing, message);
        // A detail type is mostly telling enough.
        let severity = match alternatives.iter().all(|alternative| has(alternative, b"detail-type")) {
            true => Severity::Note,
            false => finding.severity,
        };
        findings.push(Finding { severity, ..finding });
    }
}

fn near_limits(rule: &LintedRule, pattern: &Pattern, limits: &Limits, findings: &mut Vec<Finding>) {
    if let Some(complexity_max) = limits.complexity_max {
        let complexity = wildcard_complexity(pattern.alternatives());
        if complexity + 1 >= complexity_max && complexity <= complexity_max {
            let message = format!(
                "its wildcards have a complexity of {complexity}, and AWS refuses more than {complexity_max}: one or \
                 two more `*` and it cannot be deployed"
            );
            findings.push(rule.finding(FindingCode::WildcardsNearLimit, message));
        }
    }
    let text = rule.rule.trigger.pattern();
    if let (Some(chars_max), Some(text)) = (limits.chars_max, text) {
        let chars = text.json().chars().count();
        if chars <= chars_max && chars as f64 > chars_max as f64 * NEARLY {
            let message = format!("the pattern has {chars} characters, and AWS takes {chars_max}");
            findings.push(rule.finding(FindingCode::PatternNearLimit, message));
        }
    }
}
