//! What a redrive does with each event.

use super::history::{AttemptHistory, History};
use crate::probe::judging::VerdictWord;
use crate::probe::ledger::Origin;
use crate::probe::records::{NotSent, SentAnswer, SentEvent};
use crate::probe::token::Sending;
use crate::tracking::Attempt;

/// What is to be done with an event.
#[derive(Debug, Clone, PartialEq)]
pub enum RedriveStep {
    /// Nothing: its verdict is final.
    Keep,
    /// It is sent, for the first time or once more.
    Send(Sending),
    /// It was sent and has no verdict: it gets a new deadline.
    Wait {
        /// The event.
        sending: Sending,
        /// Whether it certainly was.
        origin: Origin,
        /// Its id on the bus, if that is known.
        event_id: Option<String>,
    },
    /// The bus refused it, and only the verdict is missing.
    Refused(Sending, NotSent),
}

/// What a redrive does with an event: final verdicts stay, errored events are sent once more, and where an earlier process
/// stopped in the middle this one goes on.
pub fn next_step(history: &History) -> RedriveStep {
    let event = history.event;
    let Some((attempt, last)) = history.last() else {
        return RedriveStep::Send(Sending { event, attempt: Attempt::FIRST });
    };
    let sending = Sending { event, attempt };
    let sendable = history.planned.as_ref().is_none_or(|planned| planned.entry.is_ok());
    match &last.verdict {
        Some(found) if found.verdict.verdict == VerdictWord::Errored && sendable => match attempt.next() {
            Some(attempt) => RedriveStep::Send(Sending { event, attempt }),
            None => RedriveStep::Keep,
        },
        Some(_) => RedriveStep::Keep,
        None => unfinished(sending, last),
    }
}

fn unfinished(sending: Sending, last: &AttemptHistory) -> RedriveStep {
    match last.sent.as_ref().and_then(|sent: &SentEvent| sent.answer.as_ref()) {
        Some(SentAnswer::Refused(reason)) => RedriveStep::Refused(sending, reason.clone()),
        Some(SentAnswer::Accepted { event_id, .. }) => {
            RedriveStep::Wait { sending, origin: Origin::Resumed, event_id: Some(event_id.clone()) }
        }
        None => RedriveStep::Wait { sending, origin: Origin::Intended, event_id: None },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::probe::judging::{Problem, Verdict};
    use crate::probe::records::FinalVerdict;
    use crate::tracking::EventNumber;

    fn history(attempts: Vec<AttemptHistory>) -> History {
        let numbered = attempts
            .into_iter()
            .zip(1..=u8::MAX)
            .map(|(history, number)| (Attempt::new(number).unwrap(), history));
        History {
            event: EventNumber::new(7).unwrap(),
            planned: None,
            attempts: numbered.collect::<BTreeMap<_, _>>(),
        }
    }

    fn sent(answer: Option<SentAnswer>) -> AttemptHistory {
        AttemptHistory {
            sent: Some(SentEvent { scheduled_us: 0, at_us: 0, answer }),
            ..AttemptHistory::default()
        }
    }

    fn judged(verdict: Verdict) -> AttemptHistory {
        let verdict = Some(FinalVerdict { at_us: 0, verdict, mirrors: None });
        AttemptHistory { verdict, ..sent(None) }
    }

    fn sending(attempt: u8) -> Sending {
        Sending { event: EventNumber::new(7).unwrap(), attempt: Attempt::new(attempt).unwrap() }
    }

    #[test]
    fn only_what_has_no_final_verdict_is_sent_or_waited_for() {
        let errored = || judged(Verdict::errored(vec![], vec![Problem::of_event("X", "x")]));
        assert_eq!(next_step(&history(vec![])), RedriveStep::Send(sending(1)));
        assert_eq!(next_step(&history(vec![judged(Verdict::unmatched())])), RedriveStep::Keep);
        assert_eq!(next_step(&history(vec![judged(Verdict::delivered(vec![]))])), RedriveStep::Keep);
        assert_eq!(next_step(&history(vec![errored()])), RedriveStep::Send(sending(2)));
        assert_eq!(next_step(&history(vec![errored(), judged(Verdict::unmatched())])), RedriveStep::Keep);
        assert!(matches!(
            next_step(&history(vec![errored(), sent(None)])),
            RedriveStep::Wait { sending: found, origin: Origin::Intended, event_id: None } if found == sending(2)
        ));
        let accepted = sent(Some(SentAnswer::Accepted { event_id: "e".to_owned(), at_us: 1 }));
        assert!(matches!(
            next_step(&history(vec![accepted])),
            RedriveStep::Wait { origin: Origin::Resumed, event_id: Some(_), .. }
        ));
        let reason = NotSent { code: "MalformedDetail".to_owned(), message: String::new() };
        let refused = sent(Some(SentAnswer::Refused(reason.clone())));
        assert_eq!(next_step(&history(vec![refused])), RedriveStep::Refused(sending(1), reason));
        assert_eq!(next_step(&history(vec![errored(); 255])), RedriveStep::Keep);
    }
}
