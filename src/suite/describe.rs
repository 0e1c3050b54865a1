//! What is not as expected, in words.

use super::body_diff::difference;
use super::case::{EventCase, RulesUnderTest};
use super::explanation::{Explanation, explained};
use super::failure::Failure;
use super::format::VerdictExpected;
use crate::findings::Subject;
use crate::matcher::{RuleIndex, explain};
use crate::pattern::Pattern;
use crate::report::TestFailure;
use crate::verdict::TargetIndex;

/// Says what is not as expected about `case`; `None` stands for a test of many events.
pub(super) fn described(
    failure: &Failure,
    case: Option<&EventCase>,
    rules: &RulesUnderTest,
    nearest: Nearest,
) -> TestFailure {
    let describer = Describer { rules, case, nearest };
    match failure {
        Failure::NotJudged { code, reason } => {
            plain("event-not-judged", format!("the event cannot be judged: {code}: {reason}"))
        }
        Failure::NotDelivered { rule, target, code, reason, body } => TestFailure {
            details: body.lines().map(|line| format!("| {line}")).collect(),
            ..describer.of_target(
                "target-not-delivered",
                *rule,
                *target,
                &format!("does not get the event: {code}: {reason}"),
            )
        },
        Failure::Verdict { expected, found } => describer.verdict(*expected, found),
        Failure::Missing { rule } => describer.missing(*rule),
        Failure::Unexpected { rule } => describer.unexpected(*rule),
        Failure::OtherReason { rule, expected, way } => {
            let name = rules.name(*rule);
            let message = format!("{name} does not match, but not because of {expected} alone");
            let failure = about("reason-differs", message, Subject::rule(name));
            let pattern = rules.pattern(*rule);
            match pattern.alternatives().get(*way) {
                Some(way) => describer.explained(*rule, &pattern.only(way), failure),
                None => failure,
            }
        }
        Failure::Body { rule, target, expected, found, .. } => {
            let mut details = vec!["- expected, + got".to_owned()];
            details.extend(difference(expected.as_str(), found.as_str()));
            TestFailure {
                details,
                ..describer.of_target("body-differs", *rule, *target, "gets another body")
            }
        }
        Failure::NoBody { rule, target } => {
            describer.of_target("body-missing", *rule, *target, "gets nothing, as its rule does not match")
        }
        Failure::NoSnapshot { rule, target, found, .. } => TestFailure {
            details: found.lines().map(|line| format!("| {line}")).collect(),
            ..describer.of_target(
                "snapshot-missing",
                *rule,
                *target,
                "gets a body that was not recorded yet; `--bless` records it",
            )
        },
        Failure::Count { rule, expected, count, read, example } => {
            let subject = rule.map(|rule| Subject::rule(rules.name(rule))).unwrap_or_default();
            let what = match rule {
                Some(rule) => format!("{} matches {count} of {read} events", rules.name(*rule)),
                None => format!("{count} of {read} events are errored"),
            };
            let share = *count as f64 * 100.0 / (*read).max(1) as f64;
            let message = format!("{what} ({share:.2}%), expected {expected}");
            TestFailure {
                details: example.iter().cloned().collect(),
                ..about("count-differs", message, subject)
            }
        }
        Failure::NotListed { rule, count } => about(
            "rule-not-listed",
            format!("{} is not listed and matches {count} events", rules.name(*rule)),
            Subject::rule(rules.name(*rule)),
        ),
        Failure::Events { reason } => plain("events-unreadable", reason.clone()),
    }
}

fn plain(code: &'static str, message: String) -> TestFailure {
    about(code, message, Subject::default())
}

fn about(code: &'static str, message: String, subject: Subject) -> TestFailure {
    TestFailure { code, message, details: Vec::new(), subject, related: None }
}

/// Whether the nearest of all rules is looked for where an event matches none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearest {
    /// It is, and explained.
    Explained,
    /// It is not.
    LeftOut,
}

struct Describer<'d> {
    nearest: Nearest,
    rules: &'d RulesUnderTest,
    case: Option<&'d EventCase>,
}

impl Describer<'_> {
    fn of_target(&self, code: &'static str, rule: RuleIndex, target: TargetIndex, what: &str) -> TestFailure {
        let target_name = &self.rules.set.target(rule, target).id;
        let message = format!("{}, target {target_name}, {what}", self.rules.name(rule));
        TestFailure {
            related: self.rules.compiled.rules[rule.0 as usize]
                .rule
                .targets
                .get(target.0 as usize)
                .map(|target| target.place.clone()),
            ..about(code, message, Subject::target(self.rules.name(rule), target_name))
        }
    }

    fn missing(&self, rule: RuleIndex) -> TestFailure {
        let name = self.rules.name(rule);
        let failure =
            about("rule-not-matched", format!("{name} should match, it does not"), Subject::rule(name));
        self.explained(rule, self.rules.pattern(rule), failure)
    }

    fn unexpected(&self, rule: RuleIndex) -> TestFailure {
        let name = self.rules.name(rule);
        let failure = about("rule-matched", format!("{name} should not match, it does"), Subject::rule(name));
        self.explained(rule, self.rules.pattern(rule), failure)
    }

    /// The failure with how the conditions of the rule stand; `pattern` is the rule's, or a part of it.
    fn explained(&self, rule: RuleIndex, pattern: &Pattern, failure: TestFailure) -> TestFailure {
        match self.case.and_then(|case| explained(rule, pattern, case, self.rules)) {
            Some(Explanation { lines, place }) => {
                TestFailure { details: lines, related: Some(place), ..failure }
            }
            None => failure,
        }
    }

    fn verdict(&self, expected: VerdictExpected, found: &str) -> TestFailure {
        let code;
        let expected_words = match expected {
            VerdictExpected::NotErrored => "no error",
            VerdictExpected::Delivered => "delivered",
            VerdictExpected::Unmatched => "unmatched",
            VerdictExpected::Errored(None) => "errored",
            VerdictExpected::Errored(Some(expected)) => {
                code = format!("errored {expected}");
                &code
            }
        };
        let message = format!("expected the verdict {expected_words}, got {found}");
        let failure = plain("verdict-differs", message);
        match found {
            "unmatched" if self.nearest == Nearest::Explained => match self.nearest() {
                Some(rule) => self.explained(rule, self.rules.pattern(rule), failure),
                None => failure,
            },
            _ => failure,
        }
    }

    /// The rule of which the fewest conditions fail.
    fn nearest(&self) -> Option<RuleIndex> {
        let event = &self.case?.event;
        let count = u32::try_from(self.rules.compiled.rules.len()).unwrap_or(u32::MAX);
        let distance = |rule: &RuleIndex| {
            let explanation = explain(self.rules.pattern(*rule), event, self.rules.profile).ok()?;
            let failing = explanation.conditions.iter().filter(|condition| !condition.holds).count();
            Some((failing, explanation.conditions.len()))
        };
        let ranked = (0..count).map(RuleIndex).filter_map(|rule| {
            let (failing, all) = distance(&rule)?;
            // Of two as near, the one of which more holds.
            Some((failing, usize::MAX - all, rule))
        });
        ranked.min().map(|(_, _, rule)| rule)
    }
}
