//! What a run adds up to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::probe::MirrorIndex;
use crate::probe::judging::{Verdict, VerdictWord};
use crate::probe::latency::Latencies;
use crate::probe::records::SentAnswer;
use crate::probe::run::{AttemptHistory, History};
use crate::tracking::EventNumber;

/// Everything that is counted. `delivered + unmatched + errored` are the events with a verdict, each once, by its last
/// attempt.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Events that every target of every matching rule got as foreseen.
    pub delivered: u64,
    /// Events that no rule matches.
    pub unmatched: u64,
    /// All other events with a verdict.
    pub errored: u64,
    /// Events that were sent more than once, by redrives.
    pub redriven: u64,
    /// Of each code, the events that have it first, and one of them.
    pub codes: BTreeMap<String, CodeTally>,
    /// Of each rule, what became of the events that it matches by our answer.
    pub rules: BTreeMap<String, RuleTally>,
    /// Messages that said once more what another one had said.
    pub duplicates: u64,
    /// Messages that came after the verdict of their event.
    pub late: u64,
    /// Events with a verdict that something late contradicts: a rule sent something that does not match by our answer.
    /// As numbers, as several messages may contradict one verdict.
    contradicted: BTreeSet<EventNumber>,
    /// Messages that no event was found for.
    pub unattributed: u64,
    /// Messages of other runs, and whatever else was in the queues.
    pub foreign: u64,
    /// Events on which AWS and we differ.
    pub disagreements: u64,
    /// Times.
    pub latencies: Latencies,
}

/// Events with one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTally {
    /// How many.
    pub events: u64,
    /// The first of them that got its verdict.
    pub example: EventNumber,
    /// What was wrong with that one.
    pub message: String,
}

/// Events of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleTally {
    /// Events that it matches by our answer, whatever became of them.
    pub matched: u64,
    /// Of these, the ones with a problem at this rule.
    pub errored: u64,
}

impl Tally {
    /// An event has this verdict.
    pub fn add(&mut self, event: EventNumber, verdict: &Verdict) {
        match verdict.verdict {
            VerdictWord::Delivered => self.delivered += 1,
            VerdictWord::Unmatched => self.unmatched += 1,
            VerdictWord::Errored => self.errored += 1,
        }
        if let Some(problem) = verdict.problems.first() {
            let fresh = || CodeTally { events: 0, example: event, message: problem.message.clone() };
            self.codes.entry(problem.code.clone()).or_insert_with(fresh).events += 1;
        }
        self.disagreements += u64::from(verdict.disagrees());
        for rule in &verdict.rules {
            let errored = verdict.problems.iter().any(|problem| problem.rule.as_ref() == Some(rule));
            let tally = self.rules.entry(rule.clone()).or_default();
            tally.matched += 1;
            tally.errored += u64::from(errored);
        }
    }

    /// Takes up what is written down of an event besides its verdict.
    pub fn remember(&mut self, history: &History) {
        self.redriven += u64::from(history.attempts.len() > 1);
        for attempt in history.attempts.values() {
            let receipts = attempt.receipts.iter().map(|(_, receipt)| (receipt.duplicates(), receipt.late()));
            let outcomes = attempt.outcomes.iter().map(|(_, outcome)| (outcome.duplicates(), outcome.late()));
            let seen = attempt.seen.iter().map(|seen| (seen.duplicates(), seen.late()));
            for (duplicates, late) in receipts.chain(outcomes).chain(seen) {
                self.duplicates += duplicates;
                self.late += late;
            }
            if is_contradicted(attempt) {
                self.contradict(history.event);
            }
            self.remember_times(attempt);
        }
    }

    fn remember_times(&mut self, attempt: &AttemptHistory) {
        let Some(sent) = &attempt.sent else { return };
        self.latencies.scheduled_to_sent.add(between(sent.scheduled_us, sent.at_us));
        let Some(SentAnswer::Accepted { at_us, .. }) = &sent.answer else { return };
        for (pair, outcome) in &attempt.outcomes {
            // Of which event a guessed body is, and how long it took, nobody knows.
            for sign in outcome.signs.iter().filter(|sign| !sign.late && sign.says.guess.is_none()) {
                self.latencies.delivered(MirrorIndex(pair.rule), between(*at_us, sign.at_us));
            }
        }
    }

    /// Something late contradicts the verdict on an event.
    pub(super) fn contradict(&mut self, event: EventNumber) {
        self.contradicted.insert(event);
    }

    /// Events with a verdict that something late contradicts: a rule sent something that does not match by our answer.
    pub fn late_disagreements(&self) -> u64 {
        self.contradicted.len() as u64
    }

    /// Takes up the final verdict of an event.
    pub fn keep(&mut self, history: &History) {
        let last = history.last().and_then(|(_, attempt)| attempt.verdict.as_ref());
        if let Some(found) = last {
            self.add(history.event, &found.verdict);
        }
    }

    /// Events with a verdict.
    pub fn judged(&self) -> u64 {
        self.delivered + self.unmatched + self.errored
    }
}

fn between(from_us: i64, to_us: i64) -> Duration {
    Duration::from_micros(u64::try_from(to_us.saturating_sub(from_us)).unwrap_or_default())
}

/// Whether something came late of a mirror that does not match by our answer.
fn is_contradicted(attempt: &AttemptHistory) -> bool {
    let Some(found) = &attempt.verdict else { return false };
    let receipts =
        attempt.receipts.iter().filter(|(_, receipt)| receipt.late() > 0).map(|(mirror, _)| *mirror);
    let outcomes =
        attempt.outcomes.iter().filter(|(_, outcome)| outcome.late() > 0).map(|(pair, _)| pair.rule);
    receipts.chain(outcomes).any(|mirror| found.is_contradicted_by(mirror))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::guess::Guess;
    use crate::probe::records::{ArrivedBody, FinalVerdict, Nothing, SentEvent, Sign, Signs};
    use crate::tracking::{Attempt, Pair};

    fn history(attempt: AttemptHistory) -> History {
        let attempts = BTreeMap::from([(Attempt::FIRST, attempt)]);
        History { event: EventNumber::new(7).unwrap(), planned: None, attempts }
    }

    fn sent() -> SentEvent {
        let answer = SentAnswer::Accepted { event_id: "e".to_owned(), at_us: 1_000 };
        SentEvent { scheduled_us: 0, at_us: 0, answer: Some(answer) }
    }

    fn body(guess: Option<Guess>) -> Signs<ArrivedBody> {
        let says = ArrivedBody { body: None, dead_letter: None, guess };
        Signs::first(Sign { message: "m".to_owned(), at_us: 3_000, late: false, says })
    }

    #[test]
    fn bodies_that_are_guessed_at_have_no_times() {
        let times = |guess| {
            let outcomes = vec![(Pair { rule: 0, target: 0 }, body(guess))];
            let attempt = AttemptHistory { sent: Some(sent()), outcomes, ..AttemptHistory::default() };
            let mut tally = Tally::default();
            tally.remember(&history(attempt));
            (tally.latencies.sent_to_delivered.count(), tally.latencies.sent_to_delivered.max_us())
        };
        assert_eq!(times(None), (1, 2_000));
        assert_eq!(times(Some(Guess { bodies: 1, events: 1 })).0, 0);
    }

    #[test]
    fn an_event_is_contradicted_once_however_much_comes_late() {
        let verdict = Verdict::unmatched();
        let late =
            |message: &str| Sign { message: message.to_owned(), at_us: 0, late: true, says: Nothing {} };
        let receipts = vec![(0, Signs::first(late("a"))), (1, Signs::first(late("b")))];
        let verdict = Some(FinalVerdict { at_us: 0, verdict, mirrors: Some(Vec::new()) });
        let mut read = Tally::default();
        read.remember(&history(AttemptHistory { verdict, receipts, ..AttemptHistory::default() }));
        let mut live = Tally::default();
        [7, 7, 8].into_iter().filter_map(EventNumber::new).for_each(|event| live.contradict(event));
        assert_eq!((read.late, read.late_disagreements(), live.late_disagreements()), (2, 1, 2));
    }
}
