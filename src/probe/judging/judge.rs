//! The verdict, or what to ask.

use std::collections::BTreeSet;

use super::case::{Answer, Case, CaseBody};
use super::question::Question;
use super::verdict::{Bundle, Evidence, Problem, Verdict};
use crate::probe::foresight::{Expected, Foreseen, ForeseenPair, difference, same_body};
use crate::probe::mirrored_bus::MirroredBus;
use crate::probe::{MirrorIndex, PairIndex, Subject};
use crate::transform::DeliveryFailure;
use crate::verdict::{Code, EventError, JudgeScratch};

/// What follows from a case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision {
    /// This verdict, and the mirrors that match by our answer, if there is one.
    Verdict(Verdict, Option<Vec<MirrorIndex>>),
    /// AWS has to be asked first.
    Ask(Question),
    /// It was not sent; it has to be.
    SendAgain,
}

/// Judges an event whose time is over, or of which everything arrived.
pub(crate) fn judge(mirrored: &MirroredBus, case: &Case, scratch: &mut JudgeScratch) -> Decision {
    if case.copies.is_empty() {
        return not_seen(case);
    }
    match foresee(mirrored, case, scratch) {
        Ok(foreseen) => Judging { mirrored, case, foreseen }.decide(),
        Err(error) => {
            let problem = Problem::of_event(error.code.as_str(), error.reason);
            Decision::Verdict(Verdict::errored(Vec::new(), vec![problem]), None)
        }
    }
}

fn not_seen(case: &Case) -> Decision {
    if case.only_intended && case.bodies.is_empty() && case.receipts.is_empty() {
        return Decision::SendAgain;
    }
    let arrived: usize = case.bodies.values().map(Vec::len).sum();
    let but = match arrived {
        0 => String::new(),
        1 => "; one body arrived, and there is no event to hold it against".to_owned(),
        many => format!("; {many} bodies arrived, and there is no event to hold them against"),
    };
    let message = format!("the bus took the event, and the catch-all got no copy in time{but}");
    let problem = Problem::of_event(Code::NotSeenOnBus.as_str(), message);
    Decision::Verdict(Verdict::errored(Vec::new(), vec![problem]), None)
}

/// What should become of all copies together: a repeated call may have put the event on the bus twice, under two ids.
fn foresee(
    mirrored: &MirroredBus,
    case: &Case,
    scratch: &mut JudgeScratch,
) -> Result<Vec<Foreseen>, EventError> {
    case.copies.iter().map(|copy| mirrored.foresight().foresee(copy.as_bytes(), scratch)).collect()
}

struct Judging<'c> {
    mirrored: &'c MirroredBus,
    case: &'c Case,
    /// Of each copy.
    foreseen: Vec<Foreseen>,
}

/// Whether AWS matched.
enum Matched {
    Yes,
    No,
    /// It has not been asked.
    Unknown,
    Refused(Problem),
}

impl Judging<'_> {
    fn decide(&self) -> Decision {
        let matching = self.matching();
        let mut problems = self.unforeseen(&matching);
        let mut ask = BTreeSet::new();
        for mirror in &matching {
            self.mirror(*mirror, &mut problems, &mut ask);
        }
        if matching.is_empty() && problems.is_empty() {
            return self.nothing_foreseen();
        }
        if !ask.is_empty() {
            return Decision::Ask(Question::Some(ask.into_iter().collect()));
        }
        let rules = self.rules(&matching);
        let verdict =
            if problems.is_empty() { Verdict::delivered(rules) } else { Verdict::errored(rules, problems) };
        Decision::Verdict(verdict, Some(matching))
    }

    /// The mirrors that match a copy, in ascending order.
    fn matching(&self) -> Vec<MirrorIndex> {
        let all: BTreeSet<MirrorIndex> =
            self.foreseen.iter().flat_map(|foreseen| &foreseen.mirrors).copied().collect();
        all.into_iter().collect()
    }

    /// Each rule once, though it may have two mirrors.
    fn rules(&self, mirrors: &[MirrorIndex]) -> Vec<String> {
        let mut rules: Vec<String> = mirrors
            .iter()
            .map(|mirror| self.mirrored.layout().mirror_at(*mirror).display_name.clone())
            .collect();
        rules.dedup();
        rules
    }

    /// What is foreseen at a target, of each copy.
    fn expected(&self, pair: PairIndex) -> Vec<&ForeseenPair> {
        self.foreseen
            .iter()
            .flat_map(|foreseen| &foreseen.pairs)
            .filter(|foreseen| foreseen.pair == pair)
            .collect()
    }

    fn pairs_of(&self, mirror: MirrorIndex) -> impl Iterator<Item = PairIndex> {
        self.mirrored.layout().mirror_at(mirror).targets.iter().filter_map(|target| match target.subject {
            Subject::Target { pair, .. } => Some(pair),
            Subject::Receipt => None,
        })
    }

    /// Receipts and bodies of mirrors that do not match by our answer.
    fn unforeseen(&self, matching: &[MirrorIndex]) -> Vec<Problem> {
        let foreseen = |mirror: &MirrorIndex| matching.contains(mirror);
        let receipts = self.case.receipts.iter().map(|mirror| (*mirror, Evidence::Receipt));
        let bodies = self.case.bodies.keys().map(|pair| (self.mirrored.mirror_of(*pair), Evidence::Delivery));
        let mut told = BTreeSet::new();
        let mut problems = Vec::new();
        for (mirror, evidence) in receipts.chain(bodies) {
            if !foreseen(&mirror) && told.insert(mirror) {
                problems.push(self.disagreement(mirror, true, evidence));
            }
        }
        problems
    }

    fn disagreement(&self, mirror: MirrorIndex, aws_matches: bool, evidence: Evidence) -> Problem {
        let rule = self.mirrored.layout().mirror_at(mirror);
        let message = match (aws_matches, evidence) {
            (true, Evidence::Receipt) => "the rule does not match by our answer, and it sent a receipt",
            (true, Evidence::Delivery) => "the rule does not match by our answer, and it sent a body",
            (true, Evidence::TestEventPattern) => {
                "the rule does not match by our answer, and TestEventPattern says that it does"
            }
            (false, _) => {
                "the rule matches by our answer, nothing arrived, and TestEventPattern says that it does not"
            }
        };
        Problem {
            rule: Some(rule.display_name.clone()),
            bundle: Some(Bundle {
                pattern: rule.pattern.clone(),
                event: self.case.copies.first().cloned().unwrap_or_default(),
                aws_matches,
                local_matches: !aws_matches,
                evidence,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            }),
            ..Problem::of_event(Code::VerdictsDisagree.as_str(), message)
        }
    }

    /// What is wrong at the targets of a mirror that matches; in `ask` if AWS has to say first whether it does.
    fn mirror(&self, mirror: MirrorIndex, problems: &mut Vec<Problem>, ask: &mut BTreeSet<MirrorIndex>) {
        let pairs: Vec<PairIndex> = self.pairs_of(mirror).collect();
        let empty: Vec<PairIndex> =
            pairs.iter().filter(|pair| !self.case.bodies.contains_key(pair)).copied().collect();
        let no_proof = pairs.is_empty() && !self.case.receipts.contains(&mirror);
        if no_proof || !empty.is_empty() {
            match self.matched(mirror, pairs.len() > empty.len()) {
                Matched::Yes => problems.extend(self.nothing_arrived(mirror, &pairs, &empty)),
                Matched::No => problems.push(self.disagreement(mirror, false, Evidence::TestEventPattern)),
                Matched::Unknown => drop(ask.insert(mirror)),
                Matched::Refused(problem) => problems.push(problem),
            }
        }
        for pair in pairs {
            if let Some(bodies) = self.case.bodies.get(&pair) {
                problems.extend(self.bodies(pair, bodies));
            }
        }
    }

    fn matched(&self, mirror: MirrorIndex, a_body_arrived: bool) -> Matched {
        if a_body_arrived || self.case.receipts.contains(&mirror) {
            return Matched::Yes;
        }
        match self.case.answers.get(&mirror) {
            None => Matched::Unknown,
            Some(Answer::Matches(true)) => Matched::Yes,
            Some(Answer::Matches(false)) => Matched::No,
            Some(Answer::Refused(code, message)) => Matched::Refused(Problem {
                rule: Some(self.mirrored.layout().mirror_at(mirror).display_name.clone()),
                ..Problem::of_event(code, format!("TestEventPattern refuses: {message}"))
            }),
        }
    }

    fn nothing_arrived(&self, mirror: MirrorIndex, pairs: &[PairIndex], empty: &[PairIndex]) -> Vec<Problem> {
        if pairs.is_empty() {
            let rule = Some(self.mirrored.layout().mirror_at(mirror).display_name.clone());
            let message = "the rule matches by AWS's own answer, and no receipt arrived in time";
            return vec![Problem { rule, ..Problem::of_event(Code::TimedOutMatched.as_str(), message) }];
        }
        let problem = |pair: &PairIndex| {
            let nowhere = self.expected(*pair).iter().all(|expected| expected.expected == Expected::Nowhere);
            if nowhere {
                return self.at(*pair, Code::EmptyInput.as_str(), DeliveryFailure::Empty.message());
            }
            let message = "the rule matches by AWS's own answer, and neither the target nor the dead-letter queue \
                got anything in time";
            self.at(*pair, Code::TimedOutMatched.as_str(), message)
        };
        empty.iter().map(problem).collect()
    }

    /// A problem at a target.
    fn at(&self, pair: PairIndex, code: &str, message: impl Into<String>) -> Problem {
        let (mirror, target) = self.mirrored.layout().pair(pair);
        Problem {
            rule: Some(mirror.display_name.clone()),
            target: target.stands_for.clone(),
            ..Problem::of_event(code, message)
        }
    }

    /// What is wrong with what arrived at a target.
    fn bodies(&self, pair: PairIndex, bodies: &[CaseBody]) -> Vec<Problem> {
        let expected = self.expected(pair);
        let fits = |body: &CaseBody| match &body.body {
            None => true,
            Some(text) => expected.iter().any(|foreseen| {
                let comes = foreseen.expected != Expected::Nowhere;
                comes && same_body(&foreseen.body, text.as_bytes())
            }),
        };
        let deliverable = expected
            .iter()
            .any(|foreseen| matches!(foreseen.expected, Expected::Delivery | Expected::NoLogEvent(_)));
        let mut problems = Vec::new();
        let (dead, delivered): (Vec<_>, Vec<_>) = bodies.iter().partition(|body| body.dead_letter.is_some());
        if let Some(letter) = dead.iter().find_map(|body| body.dead_letter.as_ref()) {
            let also = if delivered.is_empty() { "" } else { "; it was delivered as well" };
            let retries = letter.retries.as_ref().map(|retries| format!(" ({retries})")).unwrap_or_default();
            problems.push(self.at(pair, &letter.code, format!("{}{retries}{also}", letter.message)));
        }
        let right = |body: &&CaseBody| fits(body) && (body.dead_letter.is_some() || deliverable);
        let kinds = [&dead, &delivered].into_iter().filter(|kind| !kind.is_empty());
        for wrong in kinds.filter(|kind| !kind.iter().any(right)).filter_map(|kind| kind.first()) {
            problems.push(self.payload_differs(pair, &expected, wrong));
        }
        let no_log_event = expected.iter().find_map(|foreseen| match foreseen.expected {
            Expected::NoLogEvent(fault) => Some(DeliveryFailure::NoLogEvent(fault)),
            _ => None,
        });
        if let Some(failure) = no_log_event {
            problems.push(self.at(pair, failure.code(), failure.message()));
        }
        problems
    }

    fn payload_differs(&self, pair: PairIndex, expected: &[&ForeseenPair], found: &CaseBody) -> Problem {
        let text = found.body.as_deref().unwrap_or_default();
        let foreseen = expected.first().map(|foreseen| foreseen.body.as_slice()).unwrap_or_default();
        let message = match (expected.first().map(|foreseen| foreseen.expected), &found.dead_letter) {
            (Some(Expected::Nowhere), _) => "the body should be empty and arrive nowhere".to_owned(),
            (Some(Expected::DeadLetter), None) => {
                "the body should be no JSON and go to the dead-letter queue, and it was delivered".to_owned()
            }
            (_, Some(_)) => "the body in the dead-letter queue is another one than foreseen".to_owned(),
            _ => "the body is another one than foreseen".to_owned(),
        };
        let guess = found.guess.map(|guess| format!("; that it is of this event is {guess}"));
        let guess = guess.unwrap_or_default();
        Problem {
            difference: difference(foreseen, text.as_bytes()),
            ..self.at(pair, Code::PayloadDiffers.as_str(), format!("{message}{guess}"))
        }
    }

    /// No mirror matches by our answer, and nothing arrived: AWS is asked of all of them.
    fn nothing_foreseen(&self) -> Decision {
        if self.case.answers.is_empty() {
            return Decision::Ask(Question::All);
        }
        let problems: Vec<Problem> = self
            .case
            .answers
            .iter()
            .filter_map(|(mirror, answer)| match answer {
                Answer::Matches(false) => None,
                Answer::Matches(true) => Some(self.disagreement(*mirror, true, Evidence::TestEventPattern)),
                Answer::Refused(code, message) => Some(Problem {
                    rule: Some(self.mirrored.layout().mirror_at(*mirror).display_name.clone()),
                    ..Problem::of_event(code, format!("TestEventPattern refuses: {message}"))
                }),
            })
            .collect();
        let verdict =
            if problems.is_empty() { Verdict::unmatched() } else { Verdict::errored(Vec::new(), problems) };
        Decision::Verdict(verdict, Some(Vec::new()))
    }
}
