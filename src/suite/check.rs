//! Holds one event against what is expected of it.
//!
//! Pure: the same event, expectation and rules give the same outcome. The verdict is that of [`judge`], as in every
//! other command; explanations are asked for only where the reason of a miss is expected.

use super::body_text;
use super::case::{EventCase, ExpectedBody, RulesUnderTest};
use super::failure::{BodyText, Failure, Outcome};
use super::format::{BodyExpected, FoundExpected, Miss, RulesExpected, VerdictExpected};
use crate::event::EventText;
use crate::matcher::{ConditionOutcome, Explanation, RuleIndex, explain};
use crate::pattern::Pattern;
use crate::verdict::{
    Bodies, Code, Errored, EventError, JudgeScratch, Matches, TargetIndex, Verdict, judge, judge_as_matched,
};

/// What one thread needs to check cases; its memory is reused from one to the next.
#[derive(Debug)]
pub struct CheckScratch {
    without_bodies: JudgeScratch,
    with_bodies: JudgeScratch,
}

impl Default for CheckScratch {
    fn default() -> CheckScratch {
        CheckScratch {
            without_bodies: JudgeScratch::keeping(Bodies::Broken),
            with_bodies: JudgeScratch::keeping(Bodies::All),
        }
    }
}

impl CheckScratch {
    fn for_case(&mut self, case: &EventCase) -> &mut JudgeScratch {
        match case.expect.bodies.is_empty() {
            true => &mut self.without_bodies,
            false => &mut self.with_bodies,
        }
    }
}

/// Checks one case.
pub fn check(case: &EventCase, rules: &RulesUnderTest, scratch: &mut CheckScratch) -> Outcome {
    let verdict = judge(&rules.set, &case.event, scratch.for_case(case)).verdict;
    outcome(case, PatternsUnderTest { rules, damaged: None }, &verdict)
}

/// Checks one case as if `rule` had the pattern `damaged`, with which exactly the rules `matched` match the event: the
/// same as [`check`] with rules that were compiled anew, but at the price of the targets that are reached.
pub(super) fn check_damaged(
    case: &EventCase,
    rules: &RulesUnderTest,
    (rule, damaged): (RuleIndex, &Pattern),
    matched: &[RuleIndex],
    scratch: &mut CheckScratch,
) -> Outcome {
    let event = EventText::matched(&case.event);
    let verdict = judge_as_matched(&rules.set, event, matched, scratch.for_case(case));
    outcome(case, PatternsUnderTest { rules, damaged: Some((rule, damaged)) }, &verdict)
}

/// The rules of a check, one of them maybe with another pattern than its own.
#[derive(Clone, Copy)]
struct PatternsUnderTest<'r> {
    rules: &'r RulesUnderTest,
    damaged: Option<(RuleIndex, &'r Pattern)>,
}

impl<'r> PatternsUnderTest<'r> {
    fn pattern(self, rule: RuleIndex) -> &'r Pattern {
        match self.damaged {
            Some((damaged, pattern)) if damaged == rule => pattern,
            _ => self.rules.pattern(rule),
        }
    }
}

fn outcome(case: &EventCase, patterns: PatternsUnderTest<'_>, verdict: &Verdict<'_>) -> Outcome {
    let matches = match verdict {
        Verdict::Errored(Errored::Event(error)) => return not_judged(case, patterns.rules, error),
        Verdict::Unmatched => None,
        Verdict::Delivered(matches) | Verdict::Errored(Errored::Targets(matches)) => Some(*matches),
    };
    let matched = matches.map_or(&[][..], |matches| matches.rules);
    let mut failures = verdict_failures(case.expect.verdict, verdict, matches);
    failures.extend(rule_failures(&case.expect.rules, matched));
    failures
        .extend(case.expect.because.iter().filter_map(|miss| reason_failure(miss, case, matched, patterns)));
    failures.extend(case.expect.bodies.iter().filter_map(|body| body_failure(body, matches)));
    Outcome::of(failures)
}

/// The outcome for an event that cannot be judged: as expected only if that was all that was expected.
fn not_judged(case: &EventCase, rules: &RulesUnderTest, error: &EventError) -> Outcome {
    let expects_match = match &case.expect.rules {
        RulesExpected::Exactly(rules) => !rules.is_empty(),
        RulesExpected::Among { at_least, .. } => !at_least.is_empty(),
    };
    let expects_code = match case.expect.verdict {
        VerdictExpected::Errored(code) => code.is_none_or(|code| code == error.code),
        _ => false,
    };
    if expects_code && !expects_match && case.expect.bodies.is_empty() && case.expect.because.is_empty() {
        return Outcome::Passed;
    }
    let rule = error.rule.map(|rule| format!("rule {}: ", rules.name(rule))).unwrap_or_default();
    Outcome::Failed(vec![Failure::NotJudged { code: error.code, reason: rule + &error.reason }])
}

fn verdict_failures(
    expected: VerdictExpected,
    verdict: &Verdict<'_>,
    matches: Option<Matches<'_>>,
) -> Vec<Failure> {
    let codes = || {
        let codes = matches.into_iter().flat_map(|matches| matches.failures());
        codes.map(|failure| Code::from(failure.failure)).collect::<Vec<_>>()
    };
    let as_expected = match (expected, verdict) {
        (VerdictExpected::NotErrored | VerdictExpected::Delivered, Verdict::Errored(_)) => {
            return matches.map(undelivered).unwrap_or_default();
        }
        (VerdictExpected::NotErrored, _)
        | (VerdictExpected::Delivered, Verdict::Delivered(_))
        | (VerdictExpected::Unmatched, Verdict::Unmatched) => true,
        (VerdictExpected::Errored(code), Verdict::Errored(_)) => {
            code.is_none_or(|code| codes().contains(&code))
        }
        _ => false,
    };
    if as_expected {
        return Vec::new();
    }
    let mut codes: Vec<&str> = codes().into_iter().map(Code::as_str).collect();
    codes.dedup();
    let found = [&[verdict.as_str()], &codes[..]].concat().join(" ");
    vec![Failure::Verdict { expected, found }]
}

/// The targets that do not get an event of which nothing was said to go wrong.
fn undelivered(matches: Matches<'_>) -> Vec<Failure> {
    let failures = matches.deliveries().filter_map(|(delivery, body)| {
        let failure = delivery.failure?;
        let place = failure.place_in(body).map(|place| format!(" {place}")).unwrap_or_default();
        Some(Failure::NotDelivered {
            rule: delivery.rule,
            target: delivery.target,
            code: failure.into(),
            reason: format!("{failure}{place}"),
            body: String::from_utf8_lossy(body).into_owned(),
        })
    });
    failures.collect()
}

fn rule_failures(expected: &RulesExpected<RuleIndex>, matched: &[RuleIndex]) -> Vec<Failure> {
    let missing = |wanted: &[RuleIndex]| -> Vec<Failure> {
        let missing = wanted.iter().filter(|rule| !matched.contains(rule));
        missing.map(|rule| Failure::Missing { rule: *rule }).collect()
    };
    let unexpected = |is_refused: &dyn Fn(&RuleIndex) -> bool| -> Vec<Failure> {
        let unexpected = matched.iter().filter(|rule| is_refused(rule));
        unexpected.map(|rule| Failure::Unexpected { rule: *rule }).collect()
    };
    match expected {
        RulesExpected::Exactly(rules) => [missing(rules), unexpected(&|rule| !rules.contains(rule))].concat(),
        RulesExpected::Among { at_least, never } => {
            [missing(at_least), unexpected(&|rule| never.contains(rule))].concat()
        }
    }
}

/// Whether a rule is missed as expected: in some way through its `$or` all conditions hold but the one on the
/// field that is named.
fn reason_failure(
    miss: &Miss<RuleIndex>,
    case: &EventCase,
    matched: &[RuleIndex],
    patterns: PatternsUnderTest<'_>,
) -> Option<Failure> {
    let rule = miss.rule;
    if matched.contains(&rule) {
        // Said already if the rules that match are listed.
        let said = match &case.expect.rules {
            RulesExpected::Exactly(expected) => !expected.contains(&rule),
            RulesExpected::Among { never, .. } => never.contains(&rule),
        };
        return (!said).then_some(Failure::Unexpected { rule });
    }
    let pattern = patterns.pattern(rule);
    let explained = |way| explain(&pattern.only(way), &case.event, patterns.rules.profile).ok();
    let explanations: Vec<Option<Explanation>> = pattern.alternatives().iter().map(explained).collect();
    if explanations.iter().flatten().any(|explanation| is_missed_by(explanation, miss)) {
        return None;
    }
    let distance = |explanation: &Explanation| {
        let failing = explanation.conditions.iter().filter(|condition| !condition.holds);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            failing.partition(|condition| condition.path == miss.path.dotted());
        (elsewhere.len(), here.is_empty())
    };
    let ranked = explanations.iter().enumerate().filter_map(|(way, explanation)| {
        explanation.as_ref().map(|explanation| (distance(explanation), way))
    });
    let way = ranked.min().map_or(0, |(_, way)| way);
    Some(Failure::OtherReason { rule, expected: described(miss), way })
}

fn is_missed_by(explanation: &Explanation, miss: &Miss<RuleIndex>) -> bool {
    let mut failing = explanation.conditions.iter().filter(|condition| !condition.holds).peekable();
    failing.peek().is_some() && failing.all(|condition| fits(condition, miss))
}

/// Whether the condition is on the field, and what stands there is what was expected to. The field is named as in
/// the pattern, or as a place of the event.
fn fits(condition: &ConditionOutcome, miss: &Miss<RuleIndex>) -> bool {
    let of_field = condition.path == miss.path.dotted();
    let mut leaves = condition
        .found
        .iter()
        .filter(|leaf| of_field || leaf.pointer.as_str() == miss.path.as_str())
        .peekable();
    match &miss.found {
        FoundExpected::Anything => of_field || leaves.peek().is_some(),
        FoundExpected::Nothing => of_field && leaves.peek().is_none(),
        FoundExpected::Value(value) => leaves.any(|leaf| leaf.actual == *value),
    }
}

fn described(miss: &Miss<RuleIndex>) -> String {
    let path = miss.path.as_str();
    match &miss.found {
        FoundExpected::Anything => path.to_owned(),
        FoundExpected::Nothing => format!("{path} missing"),
        FoundExpected::Value(value) => format!("{path} = {value}"),
    }
}

fn body_failure(
    expected: &BodyExpected<RuleIndex, TargetIndex, ExpectedBody>,
    matches: Option<Matches<'_>>,
) -> Option<Failure> {
    let BodyExpected { rule, target, body } = expected;
    let (rule, target) = (*rule, *target);
    let mut deliveries = matches.into_iter().flat_map(|matches| matches.deliveries());
    let delivery = deliveries.find(|(delivery, _)| delivery.rule == rule && delivery.target == target);
    let Some((_, found)) = delivery else { return Some(Failure::NoBody { rule, target }) };
    let exact = |expected: &str| {
        let found = String::from_utf8_lossy(found);
        (expected != found)
            .then(|| (BodyText::Exact(expected.to_owned()), BodyText::Exact(found.into_owned())))
    };
    let differing = match body {
        ExpectedBody::Json(expected) => {
            let (expected, found) = (body_text::of_node(expected), body_text::of_body(found));
            (expected != found).then_some((expected, found))
        }
        ExpectedBody::Text(text) => exact(text),
        ExpectedBody::Snapshot(snapshot) => match &snapshot.recorded {
            Some(text) => exact(text),
            None => {
                let found = String::from_utf8_lossy(found).into_owned();
                let snapshot = snapshot.path.clone();
                return Some(Failure::NoSnapshot { rule, target, found, snapshot });
            }
        },
    };
    let snapshot = match body {
        ExpectedBody::Snapshot(snapshot) => Some(snapshot.path.clone()),
        ExpectedBody::Json(_) | ExpectedBody::Text(_) => None,
    };
    differing.map(|(expected, found)| Failure::Body { rule, target, expected, found, snapshot })
}
