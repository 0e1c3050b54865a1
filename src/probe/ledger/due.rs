//! Which events have to be looked at.

use std::time::Duration;

use super::fact::About;
use super::flight::{Completeness, Flight, Got, Into, MessagePrint, Origin, Stage};
use super::leftovers::{Leftover, Rivals};
use super::table::Ledger;
use crate::probe::foresight::{BodyPrint, Foreseen};
use crate::probe::moment::Moment;
use crate::probe::token::Sending;
use crate::probe::{MessageId, MirrorIndex, PairIndex};
use crate::tracking::EventNumber;
use crate::verdict::EventError;

/// How soon an event is looked at again whose records are being written.
const WRITING: Duration = Duration::from_millis(10);

/// How soon an event is looked at again that waits for others to be over.
const OTHERS: Duration = Duration::from_millis(250);

/// What is to be done for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// Everything arrived as foreseen: it is delivered.
    Delivered {
        /// The event.
        sending: Sending,
        /// The mirrors that match it.
        mirrors: Vec<MirrorIndex>,
    },
    /// To be judged by its records.
    Judge {
        /// The event.
        sending: Sending,
        /// What the records to read are about.
        facts: Vec<About>,
        /// Whether its time is over. If not, only a verdict that no further message can better is final.
        time_over: bool,
        /// Parked bodies that are kept for it, once its time is over. Each is to be [adopted](Ledger::adopt).
        leftovers: Vec<Leftover>,
        /// Nobody knows whether it was sent at all.
        only_intended: bool,
    },
    /// Somebody else may have written what is missing.
    Look {
        /// The event.
        sending: Sending,
        /// What is missing.
        missing: Vec<About>,
    },
}

/// What arrived of an event. If this is the same at two times, so are its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// What the records to read are about.
    pub facts: Vec<About>,
    /// How many messages are written in them.
    recorded: u32,
}

impl Ledger {
    /// The next time at which [`Ledger::take_due`] has something.
    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes at most `max` events that are due. The time of an event is over when everything that was in the queues by
    /// its deadline has been written down; `drained` says until when that is so.
    pub(crate) fn take_due(&mut self, now: Moment, drained: Moment, max: usize) -> Vec<Due> {
        let mut taken = Vec::new();
        let mut rivals = None;
        while taken.len() < max {
            let Some(event) = self.next_ready(now, drained) else { break };
            taken.extend(self.look(event, now, drained, &mut rivals));
        }
        taken
    }

    fn next_ready(&mut self, now: Moment, drained: Moment) -> Option<EventNumber> {
        if self.waits_for_drain(drained) {
            return self.draining.pop_first().map(|(_, event)| event);
        }
        let (at, event) = self.due.first().copied().filter(|(at, _)| *at <= now)?;
        self.due.remove(&(at, event));
        Some(event)
    }

    /// Whether an event has only waited for the queues to be empty, and they were at `drained`.
    pub(crate) fn waits_for_drain(&self, drained: Moment) -> bool {
        self.draining.first().is_some_and(|(deadline, _)| *deadline <= drained)
    }

    fn look(
        &mut self,
        event: EventNumber,
        now: Moment,
        drained: Moment,
        rivals: &mut Option<Rivals>,
    ) -> Option<Due> {
        let flight = self.flights.get_mut(&event)?;
        if flight.stage != Stage::Waiting {
            return None;
        }
        if flight.pending > 0 {
            // Past its deadline too: what is being written has arrived in time.
            self.look_at(event, now + WRITING);
            return None;
        }
        let sending = flight.sending;
        let time_over = now >= flight.deadline && drained >= flight.deadline;
        let leftovers =
            if time_over { self.keep_leftovers(event, drained, rivals) } else { Some(Vec::new()) };
        let Some(leftovers) = leftovers else {
            self.look_at(event, now + OTHERS);
            return None;
        };
        let flight = self.flights.get_mut(&event)?;
        let due = match flight.completeness() {
            Completeness::Delivered => {
                flight.stage = Stage::Asking;
                let mirrors = flight.mirrors.iter().filter(|facts| facts.foreseen).map(|facts| facts.mirror);
                return Some(Due::Delivered { sending, mirrors: mirrors.collect() });
            }
            Completeness::Arrived if flight.judged_at != flight.facts || time_over => {
                flight.judged_at = flight.facts;
                flight.judge(time_over, leftovers)
            }
            _ if time_over => flight.judge(true, leftovers),
            _ => Due::Look { sending, missing: flight.missing() },
        };
        if time_over {
            flight.stage = Stage::Asking;
        } else if now >= flight.deadline {
            self.draining.insert((flight.deadline, event));
            // There is nothing to be read that is not looked for already.
            return matches!(due, Due::Judge { .. }).then_some(due);
        } else {
            let wait = flight.interval;
            flight.interval = wait.saturating_mul(2);
            self.schedule(event, now + wait);
        }
        Some(due)
    }

    /// What arrived by now of an event whose time is over; nothing while a part of it is being written.
    pub(crate) fn arrived(&self, sending: Sending) -> Option<Arrived> {
        let flight = self.flights.get(&sending.event).filter(|flight| flight.sending == sending)?;
        (flight.pending == 0).then(|| Arrived { facts: flight.arrived(), recorded: flight.facts })
    }

    /// An event that was judged before its time is over has its verdict with that.
    pub(crate) fn settle(&mut self, sending: Sending) {
        let Some(flight) = self.current(sending) else { return };
        if flight.stage == Stage::Waiting {
            flight.stage = Stage::Asking;
            self.unschedule(sending.event);
        }
    }

    /// How long ago the bus took an event.
    pub(crate) fn waited(&self, sending: Sending, now: Moment) -> Duration {
        self.flights.get(&sending.event).map_or(Duration::ZERO, |flight| now - flight.sent)
    }

    /// Takes note of a record that somebody else wrote, or an earlier process.
    pub(crate) fn learn_seen(
        &mut self,
        sending: Sending,
        message: &MessageId,
        event_id: Option<&str>,
        foreseen: &Result<Foreseen, EventError>,
    ) {
        let Some(flight) = self.current(sending) else { return };
        if flight.seen.replace(flight.seen.unwrap_or(MessagePrint::of(message))).is_none()
            && flight.stage != Stage::Finished
        {
            self.unseen -= 1;
        }
        self.sighted(sending.event, event_id, foreseen);
    }

    /// The same of a receipt.
    pub(crate) fn learn_receipt(&mut self, sending: Sending, mirror: MirrorIndex, message: &MessageId) {
        let Some(flight) = self.current(sending) else { return };
        flight.mirror(mirror).receipt.get_or_insert(MessagePrint::of(message));
    }

    /// The same of what arrived at a target: `body` where it was kept, else it was as foreseen.
    pub(crate) fn learn_body(
        &mut self,
        sending: Sending,
        pair: PairIndex,
        message: &MessageId,
        body: Option<&[u8]>,
        dead_letter: bool,
    ) {
        let Some(flight) = self.current(sending) else { return };
        let seen = flight.seen.is_some();
        let facts = flight.pair(pair);
        facts.first.get_or_insert(MessagePrint::of(message));
        let into = if dead_letter { Into::DeadLetterQueue } else { Into::Target };
        let got = match body.map(BodyPrint::of_arrived) {
            None => Got::Right,
            Some(prints) if seen => facts.judged(prints, into),
            Some(prints) => Got::Early { prints, into },
        };
        facts.also(got);
        self.note_got(sending.event);
    }

    /// After records were learnt the event may be complete.
    pub(crate) fn learnt(&mut self, sending: Sending, now: Moment) {
        let Some(flight) = self.current(sending) else { return };
        flight.facts += 1;
        if flight.completeness() != Completeness::Open {
            self.schedule(sending.event, now);
        }
    }

    pub(super) fn current(&mut self, sending: Sending) -> Option<&mut Flight> {
        self.flights.get_mut(&sending.event).filter(|flight| flight.sending == sending)
    }
}

impl Flight {
    fn judge(&self, time_over: bool, leftovers: Vec<Leftover>) -> Due {
        let only_intended = self.origin == Origin::Intended;
        Due::Judge { sending: self.sending, facts: self.arrived(), time_over, leftovers, only_intended }
    }

    /// What arrived of the event.
    fn arrived(&self) -> Vec<About> {
        let receipts = self.mirrors.iter().filter(|facts| facts.receipt.is_some());
        let bodies = self.pairs.iter().filter(|facts| facts.got != Got::Nothing);
        let facts = self.seen.map(|_| About::Seen).into_iter();
        let facts = facts.chain(receipts.map(|facts| About::Receipt(facts.mirror)));
        facts.chain(bodies.map(|facts| About::Body(facts.pair))).collect()
    }

    fn missing(&self) -> Vec<About> {
        let seen = self.seen.is_none().then_some(About::Seen).into_iter();
        let receipts = self.mirrors.iter().filter(|facts| facts.foreseen && facts.receipt.is_none());
        let bodies = self.pairs.iter().filter(|facts| facts.got == Got::Nothing);
        seen.chain(receipts.map(|facts| About::Receipt(facts.mirror)))
            .chain(bodies.map(|facts| About::Body(facts.pair)))
            .collect()
    }
}
