//! Our answer to a case.

use super::case::{Case, CaseKind, Expected};
use super::outcome::Outcome;
use crate::event::check_envelope;
use crate::json::{Text, tree};
use crate::matcher::{Matcher, Scratch};
use crate::pattern::{Limits, Pattern, PatternError, Profile, wildcard_complexity};

/// Answers a case.
pub fn answer(case: &Case, scratch: &mut Scratch) -> Outcome {
    match &case.kind {
        CaseKind::Verdict { profile, pattern, event, expected } => {
            let (answered, reason) = verdict(*profile, pattern, event, scratch);
            Outcome { expected: expected.to_string(), answered: answered.to_string(), reason }
        }
        CaseKind::SeveralRules { profile, rules, event, matching, invalid } => {
            several_rules(*profile, rules, event, scratch).compared_with(matching, invalid)
        }
        CaseKind::Complexity { pattern, complexity } => {
            let (answered, reason) = match Pattern::parse(pattern.as_bytes(), &Limits::engine()) {
                Ok(pattern) => (wildcard_complexity(pattern.alternatives()).to_string(), None),
                Err(error) => (Expected::InvalidPattern.to_string(), Some(error.to_string())),
            };
            Outcome { expected: complexity.to_string(), answered, reason }
        }
        CaseKind::TargetInput(case) => case.answer(),
    }
}

fn verdict(
    profile: Profile,
    pattern: &Text,
    event: &Text,
    scratch: &mut Scratch,
) -> (Expected, Option<String>) {
    let pattern = match Pattern::parse(pattern.as_bytes(), &Limits::of(profile)) {
        Ok(pattern) => pattern,
        Err(error) => return (Expected::InvalidPattern, Some(error.to_string())),
    };
    let matcher = Matcher::new([&pattern], profile);
    match matcher.matches(event.as_bytes(), scratch) {
        Err(error) => (Expected::InvalidEvent, Some(error.to_string())),
        Ok(matched) => {
            let verdict = if matched.is_empty() { Expected::NoMatch } else { Expected::Match };
            match envelope_fault(profile, event) {
                Some(fault) => (Expected::InvalidEvent, Some(fault)),
                None => (verdict, None),
            }
        }
    }
}

/// What `TestEventPattern` would say of the envelope; the engine knows none.
fn envelope_fault(profile: Profile, event: &Text) -> Option<String> {
    if profile == Profile::Engine {
        return None;
    }
    match tree::parse(event.as_bytes()) {
        Ok(node) => check_envelope(&node).err().map(|problem| problem.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

/// What several rules answer together.
struct SeveralAnswers {
    matching: Result<Vec<String>, String>,
    invalid: Vec<String>,
    reason: Option<String>,
}

fn several_rules(
    profile: Profile,
    rules: &[(String, Text)],
    event: &Text,
    scratch: &mut Scratch,
) -> SeveralAnswers {
    let limits = Limits::of(profile);
    let (mut names, mut patterns, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
    let mut reasons: Vec<PatternError> = Vec::new();
    for (name, text) in rules {
        match Pattern::parse(text.as_bytes(), &limits) {
            Ok(pattern) => {
                names.push(name.clone());
                patterns.push(pattern);
            }
            Err(error) => {
                invalid.push(name.clone());
                reasons.push(error);
            }
        }
    }
    let matcher = Matcher::new(&patterns, profile);
    let matching = match matcher.matches(event.as_bytes(), scratch) {
        Ok(matched) => Ok(matched.iter().map(|rule| names[rule.0 as usize].clone()).collect()),
        Err(error) => Err(error.to_string()),
    };
    let reason = reasons.first().map(PatternError::to_string);
    SeveralAnswers { matching, invalid, reason }
}

impl SeveralAnswers {
    fn compared_with(mut self, matching: &[String], invalid: &[String]) -> Outcome {
        self.invalid.sort();
        let expected = names(matching, invalid);
        match self.matching {
            Ok(mut found) => {
                found.sort();
                Outcome { expected, answered: names(&found, &self.invalid), reason: self.reason }
            }
            Err(error) => {
                Outcome { expected, answered: Expected::InvalidEvent.to_string(), reason: Some(error) }
            }
        }
    }
}

fn names(matching: &[String], invalid: &[String]) -> String {
    format!("matching [{}], invalid [{}]", matching.join(", "), invalid.join(", "))
}
