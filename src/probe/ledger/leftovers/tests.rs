use std::time::Duration;

use super::super::attribute::Attributed;
use super::super::due::Due;
use super::super::flight::Accepted;
use super::super::table::LedgerOptions;
use super::*;
use crate::probe::arrival::{Arrival, News, Sighting};
use crate::probe::foresight::{Foreseen, ForeseenPair};
use crate::probe::token::Sending;
use crate::probe::{Entry, MirrorIndex};
use crate::tracking::Attempt;

const MIRROR: MirrorIndex = MirrorIndex(0);
const FIRST: PairIndex = PairIndex(0);
const SECOND: PairIndex = PairIndex(1);

fn at(seconds: u64) -> Moment {
    Moment::default() + Duration::from_secs(seconds)
}

fn sending(event: u64) -> Sending {
    Sending { event: EventNumber::new(event).unwrap(), attempt: Attempt::FIRST }
}

fn arrival(message: &str, news: News, body: &str) -> Arrival {
    Arrival { message: MessageId(message.to_owned()), sending: None, news, body: body.to_owned() }
}

/// A ledger that is told what happens without trace headers; events have ten seconds.
struct Run(Ledger);

impl Run {
    fn new() -> Run {
        Run(Ledger::new(LedgerOptions::default()))
    }

    /// The bus takes an event.
    fn send(&mut self, event: u64, now: Moment) {
        self.0.begin(sending(event), &Entry { detail: Some(event.to_string()), ..Entry::default() });
        let event_id = format!("id-{event}");
        self.0.accepted(sending(event), Accepted { event_id, repeated: false }, now);
    }

    fn record(&mut self, arrival: &Arrival) {
        match self.0.attribute(arrival) {
            Attributed::First { fact, .. } => drop(self.0.recorded(fact, at(0))),
            other => panic!("{other:?}"),
        }
    }

    /// A copy of an event is seen, of which these targets get `body-EVENT`.
    fn see(&mut self, event: u64, pairs: &[PairIndex]) {
        let pair = |pair: &PairIndex| ForeseenPair {
            pair: *pair,
            mirror: MIRROR,
            expected: Expected::Delivery,
            body: format!("body-{event}").into_bytes(),
        };
        let foreseen = Foreseen { mirrors: vec![MIRROR], pairs: pairs.iter().map(pair).collect() };
        let sighting = Sighting { event_id: Some(format!("id-{event}")), foreseen: Ok(foreseen) };
        self.record(&arrival(&format!("seen-{event}"), News::Seen(sighting), "{}"));
    }

    /// The rule matched it.
    fn match_by_rule(&mut self, event: u64) {
        let news = News::Receipt { mirror: MIRROR, event_id: Some(format!("id-{event}")) };
        self.record(&arrival(&format!("receipt-{event}"), news, "{}"));
    }

    fn get(&mut self, event: u64, pairs: &[PairIndex]) {
        self.see(event, pairs);
        self.match_by_rule(event);
    }

    fn body(message: &str, pairs: &[PairIndex]) -> Arrival {
        arrival(message, News::Body { candidates: pairs.to_vec(), failure: None }, message)
    }

    /// A body comes that fits nothing.
    fn park(&mut self, message: &str, pairs: &[PairIndex]) {
        match self.0.attribute(&Run::body(message, pairs)) {
            Attributed::Unknown(parked) => self.0.park(parked),
            other => panic!("{other:?}"),
        }
    }

    /// The events whose time is over by now and that are judged, each with the parked bodies that are kept for it.
    fn judged(&mut self, now: Moment) -> Vec<(u64, Vec<Leftover>)> {
        let due = self.0.take_due(now, now, 100);
        let judged = due.into_iter().filter_map(|due| match due {
            Due::Judge { sending, time_over: true, leftovers, .. } => Some((sending.event.get(), leftovers)),
            _ => None,
        });
        let mut judged: Vec<_> = judged.collect();
        judged.sort_by_key(|(event, _)| *event);
        judged
    }

    fn adopt(&mut self, leftover: &Leftover) {
        assert!(self.0.adopt(leftover));
        self.0.recorded(leftover.fact, at(0));
        self.0.unpark(&leftover.message);
    }
}

fn messages(leftovers: &[Leftover]) -> Vec<&str> {
    leftovers.iter().map(|leftover| leftover.message.0.as_str()).collect()
}

#[test]
fn two_events_do_not_count_on_one_body() {
    let mut run = Run::new();
    for event in [0, 1] {
        run.send(event, at(0));
        run.get(event, &[FIRST]);
    }
    run.park("x", &[FIRST]);
    run.send(2, at(5));
    run.park("y", &[FIRST]);
    let judged = run.judged(at(10));
    assert_eq!(judged.len(), 1, "the first takes what the second would have been judged with: {judged:?}");
    let (event, leftovers) = &judged[0];
    assert_eq!((*event, messages(leftovers)), (0, vec!["x"]));
    run.adopt(&leftovers[0]);
    assert_eq!(run.judged(at(11)), [], "the other body may be of an event that is yet to be seen");
    let judged = run.judged(at(15));
    let judged: Vec<_> = judged.iter().map(|(event, leftovers)| (*event, messages(leftovers))).collect();
    assert_eq!(judged, [(1, vec!["y"]), (2, vec![])]);
}

#[test]
fn an_event_waits_until_somebody_has_adopted_what_fits_it_too() {
    let mut run = Run::new();
    for event in [0, 1] {
        run.send(event, at(0));
        run.get(event, &[FIRST]);
    }
    run.park("x", &[FIRST]);
    let judged = run.judged(at(10));
    assert_eq!(judged.iter().map(|(event, _)| *event).collect::<Vec<_>>(), [0]);
    assert_eq!(run.judged(at(11)), []);
    run.adopt(&judged[0].1[0]);
    assert_eq!(run.judged(at(12)), [(1, vec![])]);
}

#[test]
fn no_body_is_taken_for_two_targets_of_one_event() {
    let mut run = Run::new();
    run.send(0, at(0));
    run.get(0, &[FIRST, SECOND]);
    run.park("x", &[FIRST, SECOND]);
    let judged = run.judged(at(10));
    let about: Vec<About> = judged[0].1.iter().map(|leftover| leftover.fact.about).collect();
    assert_eq!(about, [About::Body(FIRST)]);
}

#[test]
fn a_body_that_is_to_be_tried_once_more_is_not_taken() {
    let mut run = Run::new();
    run.send(0, at(0));
    run.get(0, &[FIRST]);
    run.park("x", &[FIRST]);
    run.0.retry_again(&MessageId("x".to_owned()));
    assert_eq!(run.judged(at(10)), []);
    run.0.take_retries(1);
    let judged = run.judged(at(11));
    assert_eq!(messages(&judged[0].1), ["x"]);
}

#[test]
fn a_target_that_got_something_meanwhile_adopts_nothing_over_it() {
    let mut run = Run::new();
    for event in [0, 1] {
        run.send(event, at(0));
        run.get(event, &[FIRST]);
    }
    run.park("x", &[FIRST]);
    let judged = run.judged(at(10));
    let own = Run::body("body-0", &[FIRST]);
    let Attributed::First { fact, .. } = run.0.attribute(&own) else { panic!("it waits for this body") };
    assert!(!run.0.adopt(&judged[0].1[0]), "while its own body is being written");
    run.0.recorded(fact, at(10));
    assert!(!run.0.adopt(&judged[0].1[0]));
    run.0.look_again(sending(0), &judged[0].1, at(11));
    let due = run.0.take_due(at(11), at(11), 100);
    assert!(due.contains(&Due::Delivered { sending: sending(0), mirrors: vec![MIRROR] }), "{due:?}");
    let gets_it = |due: &Due| matches!(due, Due::Judge { leftovers, .. } if messages(leftovers) == ["x"]);
    assert!(due.iter().any(gets_it), "it is free again: {due:?}");
}

#[test]
fn a_body_that_turns_out_to_be_of_another_event_is_not_adopted() {
    let mut run = Run::new();
    run.send(0, at(0));
    run.get(0, &[FIRST]);
    run.park("body-1", &[FIRST]);
    let judged = run.judged(at(10));
    run.send(1, at(10));
    run.get(1, &[FIRST]);
    assert!(!run.0.adopt(&judged[0].1[0]), "it is to be tried once more");
    run.0.look_again(sending(0), &judged[0].1, at(11));
    assert_eq!(run.judged(at(11)), [], "not before it was tried");
    assert_eq!(run.0.take_retries(10).len(), 1);
    run.record(&Run::body("body-1", &[FIRST]));
    run.0.unpark(&MessageId("body-1".to_owned()));
    assert_eq!(run.judged(at(12)), [(0, vec![])]);
}

fn guesses(leftovers: &[Leftover]) -> Vec<(usize, usize)> {
    leftovers.iter().map(|leftover| (leftover.guess.bodies, leftover.guess.events)).collect()
}

#[test]
fn a_body_is_not_taken_while_an_event_that_was_seen_may_lack_one_too() {
    let mut run = Run::new();
    for (event, sent) in [(0, 0), (1, 5)] {
        run.send(event, at(sent));
        run.get(event, &[FIRST]);
    }
    run.park("x", &[FIRST]);
    run.send(2, at(5));
    run.get(2, &[FIRST]);
    assert_eq!(run.judged(at(10)), [], "the second one may lack it");
    run.record(&Run::body("body-1", &[FIRST]));
    let judged = run.judged(at(11));
    assert_eq!(messages(&judged[0].1), ["x"]);
    assert_eq!(guesses(&judged[0].1), [(1, 1)], "the third one was begun after it came");
}

#[test]
fn a_guess_counts_what_is_in_question_and_what_was_guessed_before() {
    let mut run = Run::new();
    for (event, sent) in [(0, 0), (1, 0), (2, 0)] {
        run.send(event, at(sent));
        run.get(event, &[FIRST]);
    }
    run.park("x", &[FIRST]);
    run.send(3, at(5));
    run.park("y", &[FIRST]);
    let judged = run.judged(at(10));
    assert_eq!(
        judged.iter().map(|(event, kept)| (*event, guesses(kept))).collect::<Vec<_>>(),
        [(0, vec![(2, 3)])]
    );
    run.adopt(&judged[0].1[0]);
    run.0.finish(sending(0));
    let judged = run.judged(at(15));
    let judged: Vec<_> = judged.iter().map(|(event, kept)| (*event, guesses(kept))).collect();
    assert_eq!(judged, [(1, vec![(2, 3)]), (3, vec![])], "one is waited for, and the last was never seen");
}

#[test]
fn a_body_that_names_its_event_is_no_guess_for_others() {
    let mut run = Run::new();
    run.send(0, at(0));
    run.get(0, &[FIRST]);
    let of_another = Arrival { sending: Some(sending(7)), ..Run::body("x", &[FIRST, SECOND]) };
    let Attributed::Unknown(parked) = run.0.attribute(&of_another) else { panic!("it is not in flight") };
    run.0.park(parked);
    assert_eq!(run.judged(at(10)), [(0, vec![])]);
}

#[test]
fn parked_messages_are_tried_again_in_pieces() {
    let mut run = Run::new();
    run.send(0, at(0));
    run.get(0, &[FIRST]);
    run.park("x", &[FIRST]);
    run.park("y", &[FIRST]);
    for message in ["x", "y"] {
        run.0.retry_again(&MessageId(message.to_owned()));
    }
    assert_eq!(run.0.take_retries(1), [MessageId("x".to_owned())]);
    assert!(run.0.has_retries());
    assert_eq!(run.0.take_retries(1), [MessageId("y".to_owned())]);
    assert!(!run.0.has_retries());
    assert_eq!(messages(&run.judged(at(10))[0].1), ["x"]);
}
