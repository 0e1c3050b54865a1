//! Checks of all rules of a bus together.

use std::collections::BTreeMap;

use super::context::LintedRule;
use crate::findings::{Finding, FindingCode};
use crate::pattern::{AnythingBut, FieldTest, Pattern};

/// Rules per bus. Source: EventBridge quotas, "Rules"; adjustable, and 100 in some regions.
const RULES_MAX: usize = 300;

/// Rules with wildcards per bus. Source: EventBridge quotas; not adjustable.
const WILDCARD_RULES_MAX: usize = 30;

/// Adds what there is to say about the numbers of rules on each bus, at the first rule that is too much.
pub(super) fn check(rules: &[LintedRule], findings: &mut Vec<Finding>) {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    let mut with_wildcards: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.listens()) {
        let bus = rule.rule.bus.as_str();
        let count = all.entry(bus).or_insert(0);
        *count += 1;
        if *count == RULES_MAX + 1 {
            let message = format!("bus `{bus}` has more than {RULES_MAX} rules, an account's default quota");
            findings.push(
                rule.finding(FindingCode::BusQuota, message).hinted(Some("ask AWS to raise it".to_owned())),
            );
        }
        if rule.pattern.as_ref().is_some_and(has_wildcard) {
            let count = with_wildcards.entry(bus).or_insert(0);
            *count += 1;
            if *count == WILDCARD_RULES_MAX + 1 {
                let message = format!(
                    "bus `{bus}` has more than {WILDCARD_RULES_MAX} rules with wildcards, and AWS does not raise this \
                     quota"
                );
                findings.push(rule.finding(FindingCode::BusQuota, message));
            }
        }
    }
}

fn has_wildcard(pattern: &Pattern) -> bool {
    let mut tests = pattern
        .alternatives()
        .iter()
        .flat_map(|alternative| &alternative.conditions)
        .flat_map(|condition| &condition.tests.tests);
    tests.any(|placed| {
        matches!(placed.test, FieldTest::Wildcard(_) | FieldTest::AnythingBut(AnythingBut::Wildcards(_)))
    })
}
