//! From loaded rules to rules that can judge events, with everything that is to be said on the way.

use super::pattern::{of_pattern, of_warning};
use super::target::{of_target, of_unknown_input};
use super::{Finding, FindingCode, Location, Severity, SourceTexts, Subject, of_note, of_problem};
use crate::matcher::{EventIds, Matcher};
use crate::pattern::{Limits, Pattern, Profile};
use crate::rules::{self, BusName, LoadedRules, Rule, RuleName, RuleState, Target};
use crate::transform::TargetInput;
use crate::verdict::{RuleSet, RuleTarget, RuleWithTargets};

/// Rules that were compiled, and what there is to say about them.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// The rules that listen to events and are valid, in the order in which they were loaded.
    pub rules: Vec<CompiledRule>,
    /// First about loading, then rule by rule.
    pub findings: Vec<Finding>,
    /// The valid rules that match no event, in the order in which they were loaded.
    pub idle: Vec<IdleRule>,
    /// The parameters that something asked for, with their values, by name.
    pub asked: Vec<(String, String)>,
}

/// A rule that matches no event of a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRule {
    /// Its bus.
    pub bus: BusName,
    /// Its name.
    pub name: RuleName,
    /// Why: it is disabled, runs on a schedule, or filters records.
    pub why: FindingCode,
}

/// A rule that listens to events, with its pattern and the inputs of its targets.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    /// As it was loaded.
    pub rule: Rule,
    /// Its pattern.
    pub pattern: Pattern,
    /// Its targets, in the order of `rule.targets`.
    pub targets: Vec<RuleTarget>,
}

/// Compiles all rules; nothing stops it, so that everything that is wrong is known at once.
pub fn compile(loaded: LoadedRules, limits: &Limits) -> Compiled {
    let mut texts = SourceTexts::default();
    let mut findings: Vec<Finding> = loaded.notes.iter().map(of_note).collect();
    findings.extend(loaded.problems.iter().map(|problem| of_problem(problem, &mut texts)));
    let (mut rules, mut idle) = (Vec::new(), Vec::new());
    for rule in loaded.rules {
        let (bus, name, before) = (rule.bus.clone(), rule.name.clone(), findings.len());
        match compile_rule(rule, limits, &mut texts, &mut findings) {
            Some(rule) => rules.push(rule),
            None => {
                let why = findings[before..].iter().map(|finding| finding.code).find(|code| is_idle(*code));
                idle.extend(why.map(|why| IdleRule { bus, name, why }));
            }
        }
    }
    Compiled { rules, findings, idle, asked: loaded.asked }
}

fn is_idle(code: FindingCode) -> bool {
    matches!(code, FindingCode::RuleDisabled | FindingCode::RuleOnSchedule | FindingCode::RecordFilter)
}

/// Compiles one rule; `None` if it matches no event or is invalid, which is among the findings then.
pub fn compile_rule(
    rule: Rule,
    limits: &Limits,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) -> Option<CompiledRule> {
    let pattern = compile_pattern(&rule, limits, texts, findings);
    let targets = targets(&rule, texts, findings);
    let pattern = match pattern? {
        PatternOf::Listening(pattern) => pattern,
        PatternOf::Idle(idle) => {
            findings.push(*idle);
            return None;
        }
    };
    Some(CompiledRule { rule, pattern, targets: targets? })
}

/// The pattern of a rule.
#[derive(Debug)]
pub enum PatternOf {
    /// The rule listens to events.
    Listening(Pattern),
    /// It does not, for the reason given.
    Idle(Box<Finding>),
}

/// Compiles the pattern of a rule; `None` if it is invalid, which is among the findings then.
pub fn compile_pattern(
    rule: &Rule,
    limits: &Limits,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) -> Option<PatternOf> {
    let idle = |code, message| {
        let finding = Finding::new(code, Severity::Note, message);
        let finding = finding.at(Location::at(&rule.place)).about(Subject::rule(&*rule.display_name));
        PatternOf::Idle(Box::new(finding))
    };
    let Some(text) = rule.trigger.pattern() else {
        return Some(idle(FindingCode::RuleOnSchedule, "it runs on a schedule and matches no event"));
    };
    let pattern = match Pattern::parse(text.json().as_bytes(), limits) {
        Ok(pattern) => pattern,
        Err(error) => {
            findings.extend(of_pattern(&rule.display_name, text, &error, texts));
            return None;
        }
    };
    findings.extend(pattern.warnings().iter().map(|warning| of_warning(&rule.display_name, text, warning)));
    if rule.source_kind.subject() == rules::Subject::SourceRecords {
        let message = "it filters the records of its source and matches no event";
        return Some(idle(FindingCode::RecordFilter, message));
    }
    Some(match rule.state {
        RuleState::Disabled => idle(FindingCode::RuleDisabled, "it is disabled and matches no event"),
        RuleState::Enabled | RuleState::EnabledWithAllCloudTrailManagementEvents => {
            PatternOf::Listening(pattern)
        }
    })
}

/// The targets of a rule, all of which are looked at; `None` if one is invalid.
fn targets(rule: &Rule, texts: &mut SourceTexts, findings: &mut Vec<Finding>) -> Option<Vec<RuleTarget>> {
    let compiled: Vec<_> =
        rule.targets.iter().map(|target| compile_target(rule, target, texts, findings)).collect();
    compiled.into_iter().collect()
}

fn compile_target(
    rule: &Rule,
    target: &Target,
    texts: &mut SourceTexts,
    findings: &mut Vec<Finding>,
) -> Option<RuleTarget> {
    let (definition, missing) = target.known_definition();
    let input = match missing.is_empty() {
        true => TargetInput::compile(&definition).map(Some),
        false => {
            findings.push(of_unknown_input(rule, target, &missing));
            TargetInput::check_ways(&definition).map(|()| None)
        }
    };
    match input {
        Ok(input) => Some(RuleTarget { id: target.id.written().to_owned(), input }),
        Err(error) => {
            findings.extend(of_target(rule, target, &error, texts));
            None
        }
    }
}

impl CompiledRule {
    /// The JSON text of its pattern, as it was written.
    pub fn pattern_json(&self) -> &str {
        self.rule.trigger.pattern().map(|pattern| pattern.json()).unwrap_or_default()
    }

    /// The rule as verdicts see it.
    pub fn with_targets(&self) -> RuleWithTargets {
        RuleWithTargets {
            display_name: self.rule.display_name.to_string(),
            name: self.rule.name.to_string(),
            arn: self.rule.arn.clone(),
            targets: self.targets.clone(),
        }
    }
}

impl Compiled {
    /// Whether anything has to be mended before the rules can be used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The rules, ready to judge events, in their order.
    pub fn rule_set(&self, event_ids: EventIds, profile: Profile) -> RuleSet {
        let patterns = self.rules.iter().map(|rule| &rule.pattern);
        let matcher = match event_ids {
            EventIds::Noted => Matcher::noting_event_ids(patterns, profile),
            EventIds::Ignored => Matcher::new(patterns, profile),
        };
        RuleSet::new(matcher, self.rules.iter().map(CompiledRule::with_targets).collect())
    }
}
