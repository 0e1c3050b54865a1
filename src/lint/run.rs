//! All checks, one after the other.

use std::collections::HashMap;
use std::sync::Arc;

use super::allow::Allowed;
use super::context::{LintedRule, shape};
use super::{bus, pairs, pattern, target};
use crate::analysis::relations::why_never;
use crate::findings::{Finding, SourceTexts, compile_rule, of_note, of_problem};
use crate::pattern::{Limits, Pattern};
use crate::rules::{LoadedRules, Rule};

/// How to check.
#[derive(Debug, Clone)]
pub struct LintOptions {
    /// Whose limits patterns are held to.
    pub limits: Limits,
    /// What is allowed in all rules.
    pub allowed: Allowed,
}

/// Everything that there is to say about `loaded`: first what concerns files, then rule by rule in the order of their
/// places, then pairs of rules and buses.
pub fn lint(loaded: LoadedRules, options: &LintOptions) -> Vec<Finding> {
    let mut texts = SourceTexts::default();
    let mut findings: Vec<Finding> = loaded.notes.iter().map(of_note).collect();
    findings.extend(loaded.problems.iter().map(|problem| of_problem(problem, &mut texts)));
    let mut allowed_by: HashMap<String, Allowed> = HashMap::new();
    let mut rules = Vec::new();
    for rule in loaded.rules {
        let allowed = Allowed::of_rule(&rule, &mut findings);
        allowed_by.insert(rule.display_name.to_string(), allowed);
        let rule = linted(rule, &options.limits, &mut texts, &mut findings);
        pattern::check(&rule, &options.limits, &mut texts, &mut findings);
        target::check(&rule, &options.limits, &mut texts, &mut findings);
        rules.push(rule);
    }
    pairs::check(&rules, &options.limits, &mut findings);
    bus::check(&rules, &mut findings);
    findings.retain(|finding| !options.allowed.allows(finding) && !is_allowed(finding, &allowed_by));
    findings
}

fn is_allowed(finding: &Finding, by_rule: &HashMap<String, Allowed>) -> bool {
    let rule = finding.subject.rule.as_ref().and_then(|rule| by_rule.get(rule));
    rule.is_some_and(|allowed| allowed.allows(finding))
}

fn linted(rule: Rule, limits: &Limits, texts: &mut SourceTexts, findings: &mut Vec<Finding>) -> LintedRule {
    let compiled = compile_rule(rule.clone(), limits, texts, findings);
    // Rules that do not listen are checked as well; somebody will switch them on.
    let parsed =
        || rule.trigger.pattern().and_then(|text| Pattern::parse(text.json().as_bytes(), limits).ok());
    let (pattern, targets) = match compiled {
        Some(compiled) => (Some(compiled.pattern), Some(compiled.targets)),
        None => (parsed(), None),
    };
    let never = pattern.as_ref().and_then(|pattern| why_never(pattern, shape(&rule), limits.profile));
    LintedRule { rule: Arc::new(rule), pattern, never, targets }
}
