//! Checks of the targets of one rule.

use std::collections::HashMap;

use super::context::LintedRule;
use super::{input, self_trigger};
use crate::findings::{Finding, FindingCode, Severity, SourceTexts};
use crate::pattern::Limits;
use crate::rules::{self, SourceKind};

/// Targets that a rule can have. Source: EventBridge quotas, "Targets per rule"; it cannot be raised.
const TARGETS_MAX: usize = 5;

/// Adds what there is to say about the targets of `rule`.
pub(super) fn check(
    rule: &LintedRule,
    limits: &Limits,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) {
    if rule.rule.source_kind.subject() == rules::Subject::SourceRecords {
        return;
    }
    number(rule, findings);
    ids(rule, findings);
    dead_letter_queues(rule, findings);
    self_trigger::check(rule, limits, findings);
    input::check(rule, texts, findings);
}

fn number(rule: &LintedRule, findings: &mut Vec<Finding>) {
    let targets = rule.rule.targets.len();
    // Files of names and patterns have no place for targets.
    if targets == 0 && rule.rule.source_kind != SourceKind::Tsv && rule.listens() {
        findings.push(no_targets(rule));
    }
    if targets > TARGETS_MAX {
        let message = format!("it has {targets} targets, and AWS takes {TARGETS_MAX} per rule");
        findings.push(rule.finding(FindingCode::TargetsTooMany, message));
    }
}

fn no_targets(rule: &LintedRule) -> Finding {
    let finding =
        rule.finding(FindingCode::TargetsMissing, "it has no targets, so nothing happens when it matches");
    // Output of the CLI has them in files of their own.
    let severity = match rule.rule.source_kind {
        SourceKind::Plain => Severity::Note,
        _ => finding.severity,
    };
    Finding { severity, ..finding }
}

fn ids(rule: &LintedRule, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for target in &rule.rule.targets {
        let Some(id) = target.id.known() else { continue };
        let count = seen.entry(id).or_insert(0);
        *count += 1;
        if *count == 2 {
            let message = format!("two targets have the id `{id}`, and only one of them is kept");
            findings.push(rule.target_finding(target, FindingCode::TargetIdTwice, message));
        }
    }
}

fn dead_letter_queues(rule: &LintedRule, findings: &mut Vec<Finding>) {
    let without: Vec<String> = rule
        .rule
        .targets
        .iter()
        .filter(|target| target.dead_letter_arn.is_none())
        .map(|target| format!("`{}`", target.id.written()))
        .collect();
    let message = match without.as_slice() {
        [] => return,
        [only] => {
            format!("target {only} has no dead-letter queue, so events that cannot be delivered are lost")
        }
        several => format!(
            "targets {} have no dead-letter queues, so events that cannot be delivered are lost",
            several.join(", ")
        ),
    };
    findings.push(rule.finding(FindingCode::NoDeadLetterQueue, message));
}
