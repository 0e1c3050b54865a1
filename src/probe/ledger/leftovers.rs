//! Which parked body is taken for which event: a guess, where nothing better can be known.
//!
//! A body that fits no event may be of each event at whose target nothing arrived and that was begun before the body came.
//! It is kept for one of them when that one's time is over, under the same lock that hands the event out to be judged: so
//! no two events count on one body. An event waits while a body that fits it may turn out to be another one's: while events
//! are yet to be seen or to get their own, while the body is being tried once more, and while it is kept for an event that
//! has not adopted it. Only events that were begun before the body came are waited for, so this ends.
//!
//! Between keeping and adopting the body is read from the store, and either may change: the target gets its own body, or
//! an event is seen of which this one was foreseen. So adopting may be refused, and the event is looked at again.

use std::collections::BTreeMap;

use super::fact::{About, Fact};
use super::flight::{Flight, Got, MessagePrint, PairFacts, Stage};
use super::parked::Parked;
use super::table::Ledger;
use crate::probe::foresight::Expected;
use crate::probe::guess::Guess;
use crate::probe::moment::Moment;
use crate::probe::token::Sending;
use crate::probe::{MessageId, PairIndex};
use crate::tracking::EventNumber;

/// A parked body that is kept for a target of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leftover {
    /// The body's message.
    pub message: MessageId,
    /// What it is taken for.
    pub fact: Fact,
    /// What else it might be of.
    pub guess: Guess,
}

/// Events that parked bodies may be of. Nothing of this changes while due events are taken.
#[derive(Debug)]
pub(super) struct Rivals {
    /// How many events had been begun before the first one that has not been seen and may still be: its time is not over.
    unseen_from: u64,
    /// Of each target, the events that should have got a body there and did not, or got one by a guess.
    lacking: BTreeMap<PairIndex, Vec<Lacking>>,
}

/// An event that lacks a body.
#[derive(Debug)]
struct Lacking {
    /// How many events were begun before it.
    begun: u64,
    /// Its own may still come.
    may_get: bool,
    guessed: bool,
}

impl Rivals {
    fn of<'f>(flights: impl Iterator<Item = &'f Flight>, drained: Moment) -> Rivals {
        let mut rivals = Rivals { unseen_from: u64::MAX, lacking: BTreeMap::new() };
        for flight in flights {
            let (begun, in_time) =
                (flight.begun, flight.stage != Stage::Finished && flight.deadline > drained);
            if in_time && flight.seen.is_none() {
                rivals.unseen_from = rivals.unseen_from.min(begun);
            }
            for facts in flight.pairs.iter().filter(|facts| facts.lacks_body() || facts.guessed) {
                let lacking = Lacking { begun, may_get: in_time && !facts.guessed, guessed: facts.guessed };
                rivals.lacking.entry(facts.pair).or_default().push(lacking);
            }
        }
        rivals
    }

    /// The events that lack a body at `pair` and were begun before this one came.
    fn lacking(&self, pair: PairIndex, parked: &Parked) -> impl Iterator<Item = &Lacking> {
        self.lacking.get(&pair).into_iter().flatten().filter(|event| event.begun < parked.begun)
    }

    /// Whether one of them may turn out to be the body's event, or to have got its own.
    fn may_claim(&self, pair: PairIndex, parked: &Parked) -> bool {
        parked.begun > self.unseen_from || self.lacking(pair, parked).any(|event| event.may_get)
    }
}

/// What there is for a target.
enum Choice<'p> {
    Nothing,
    /// One fits, and it may still be another event's.
    Undecided,
    Body(&'p Parked, Guess),
}

impl Ledger {
    /// Keeps parked bodies for the targets of an event whose time is over and at which nothing arrived. Nothing if one that
    /// fits may still be another event's.
    pub(super) fn keep_leftovers(
        &mut self,
        event: EventNumber,
        drained: Moment,
        rivals: &mut Option<Rivals>,
    ) -> Option<Vec<Leftover>> {
        let mut kept = Vec::new();
        let Some(flight) = self.flights.get(&event) else { return Some(kept) };
        // Most events lack nothing, and with trace headers no body is ever parked.
        if self.parking.has_no_body() {
            return Some(kept);
        }
        for pair in flight.without_body() {
            let rivals = rivals.get_or_insert_with(|| Rivals::of(self.flights.values(), drained));
            match self.choose(flight, pair, rivals, &kept) {
                Choice::Nothing => {}
                Choice::Undecided => return None,
                Choice::Body(parked, guess) => kept.push(Leftover {
                    message: parked.message.clone(),
                    fact: Fact { sending: flight.sending, about: About::Body(pair) },
                    guess,
                }),
            }
        }
        kept.iter().for_each(|leftover| self.parking.keep(&leftover.message));
        Some(kept)
    }

    fn choose(&self, flight: &Flight, pair: PairIndex, rivals: &Rivals, kept: &[Leftover]) -> Choice<'_> {
        let bodies = || self.parking.bodies_of(pair, flight.begun);
        let fitting = || bodies().filter(|parked| !self.has_event(&parked.message));
        let others = || fitting().filter(|parked| kept.iter().all(|own| own.message != parked.message));
        let decided = |parked: &&Parked| self.is_free(&parked.message) && !rivals.may_claim(pair, parked);
        match others().find(decided) {
            Some(parked) => {
                let lacking = || rivals.lacking(pair, parked);
                let guessed = lacking().filter(|event| event.guessed).count();
                let guess = Guess { bodies: fitting().count() + guessed, events: lacking().count() };
                Choice::Body(parked, guess)
            }
            None if others().next().is_some() => Choice::Undecided,
            None => Choice::Nothing,
        }
    }

    /// Whether a parked body is neither kept for an event nor to be tried once more.
    fn is_free(&self, message: &MessageId) -> bool {
        !self.parking.is_kept(message) && !self.retries.contains(message)
    }

    /// Whether a parked message was received again and found its event then.
    fn has_event(&self, message: &MessageId) -> bool {
        self.messages.fact(MessagePrint::of(message)).is_some()
    }

    /// Takes a body that is kept for a target of an event; whether it did. Then [`Ledger::recorded`]. Not if the target got
    /// something meanwhile, or the body may be another event's by now: then [`Ledger::look_again`].
    pub(crate) fn adopt(&mut self, leftover: &Leftover) -> bool {
        let Leftover { message, fact, .. } = leftover;
        let About::Body(pair) = fact.about else { return false };
        if !self.parking.is_kept(message) || self.retries.contains(message) || self.has_event(message) {
            return false;
        }
        let Some(flight) = self.current(fact.sending) else { return false };
        let print = MessagePrint::of(message);
        let facts = flight.pair(pair);
        if facts.got != Got::Nothing {
            return false;
        }
        facts.first = Some(print);
        facts.also(Got::Odd);
        facts.guessed = true;
        flight.pending += 1;
        self.messages.add(print, *fact);
        self.note_got(fact.sending.event);
        true
    }

    /// An event cannot be judged with what was kept for it: others may have that, and it is due anew.
    pub(crate) fn look_again(&mut self, sending: Sending, leftovers: &[Leftover], now: Moment) {
        leftovers.iter().for_each(|leftover| self.parking.let_go(&leftover.message));
        let Some(flight) = self.current(sending).filter(|flight| flight.stage == Stage::Asking) else {
            return;
        };
        flight.stage = Stage::Waiting;
        self.look_at(sending.event, now);
    }
}

impl Flight {
    /// The targets at which something foreseen did not arrive though their rule sent a receipt.
    fn without_body(&self) -> impl Iterator<Item = PairIndex> {
        let receipt =
            |mirror| self.mirrors.iter().any(|own| Some(own.mirror) == mirror && own.receipt.is_some());
        let open = self.pairs.iter().filter(move |facts| facts.lacks_body() && receipt(facts.mirror));
        open.map(|facts| facts.pair)
    }
}

impl PairFacts {
    /// Whether something foreseen did not arrive.
    fn lacks_body(&self) -> bool {
        self.got == Got::Nothing && self.expected.iter().any(|(expected, _)| *expected != Expected::Nowhere)
    }
}

#[cfg(test)]
mod tests;
