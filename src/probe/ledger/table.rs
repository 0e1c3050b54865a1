//! The ledger itself: events come, are answered, and go.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use foldhash::fast::FixedState;

use super::fact::Fact;
use super::flight::{Accepted, Completeness, Flight, Got, MessagePrint, Origin, Stage};
use super::index::{Index, Messages, content_print, id_print};
use super::parked::{ParkKey, Parking};
use crate::probe::foresight::{BodyPrint, Foreseen};
use crate::probe::moment::Moment;
use crate::probe::token::Sending;
use crate::probe::{Entry, MessageId};
use crate::tracking::EventNumber;
use crate::verdict::EventError;

/// The numbers of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LedgerOptions {
    /// How long an event may take from the moment in which the bus took it.
    pub timeout: Duration,
    /// When the records of an event are looked for the first time, unless it is known to be complete before; the time
    /// doubles from one look to the next.
    pub first_look: Duration,
    /// Events with a verdict that are remembered, to recognise what comes late without a trace header.
    pub finished_max: usize,
}

impl Default for LedgerOptions {
    fn default() -> LedgerOptions {
        LedgerOptions {
            timeout: Duration::from_secs(10),
            first_look: Duration::from_secs(1),
            finished_max: 10_000,
        }
    }
}

/// What is known of the events in flight.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) options: LedgerOptions,
    pub(super) flights: std::collections::HashMap<EventNumber, Flight, FixedState>,
    pub(super) index: Index,
    pub(super) parking: Parking,
    pub(super) messages: Messages,
    pub(super) due: BTreeSet<(Moment, EventNumber)>,
    /// Events whose deadline is over while queues may still have something of them, by their deadlines.
    pub(super) draining: BTreeSet<(Moment, EventNumber)>,
    finished: VecDeque<Sending>,
    /// Parked messages for which an event may be found now.
    pub(super) retries: BTreeSet<MessageId>,
    in_flight: usize,
    /// Events in flight of which no copy was seen yet.
    pub(super) unseen: usize,
    /// Events begun so far.
    pub(super) begun: u64,
    /// How often something came to be known by which parked messages find their events.
    pub(super) known_so_far: u64,
    /// Events that had been begun when the last one of an earlier process was taken up.
    pub(super) taken_up: u64,
}

impl Ledger {
    /// A ledger without events.
    pub(crate) fn new(options: LedgerOptions) -> Ledger {
        Ledger {
            options,
            flights: std::collections::HashMap::default(),
            index: Index::default(),
            parking: Parking::default(),
            messages: Messages::default(),
            due: BTreeSet::new(),
            draining: BTreeSet::new(),
            finished: VecDeque::new(),
            retries: BTreeSet::new(),
            in_flight: 0,
            unseen: 0,
            begun: 0,
            known_so_far: 0,
            taken_up: 0,
        }
    }

    /// Events without a verdict.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// An event is about to be sent.
    pub(crate) fn begin(&mut self, sending: Sending, entry: &Entry) {
        let content = content_print(entry);
        self.forget(sending.event);
        self.flights.insert(sending.event, Flight::new(sending, Origin::Sent, content, self.begun));
        self.begun += 1;
        self.in_flight += 1;
        self.unseen += 1;
        self.index.add_content(content, sending.event);
    }

    /// An event of an earlier process waits again.
    pub(crate) fn resume(
        &mut self,
        sending: Sending,
        entry: &Entry,
        origin: Origin,
        event_id: Option<&str>,
        now: Moment,
    ) {
        self.begin(sending, entry);
        if let Some(flight) = self.flights.get_mut(&sending.event) {
            flight.origin = origin;
        }
        let known = event_id.map(|id| Accepted { event_id: id.to_owned(), repeated: true });
        self.on_the_bus(sending, known, now);
        self.taken_up = self.begun;
    }

    /// The bus took an event.
    pub(crate) fn accepted(&mut self, sending: Sending, accepted: Accepted, now: Moment) {
        self.on_the_bus(sending, Some(accepted), now);
    }

    fn on_the_bus(&mut self, sending: Sending, accepted: Option<Accepted>, now: Moment) {
        let Some(flight) = self.flights.get_mut(&sending.event).filter(|flight| flight.sending == sending)
        else {
            return;
        };
        flight.sent = now;
        flight.deadline = now + self.options.timeout;
        flight.interval = self.options.first_look;
        if flight.stage == Stage::Sending {
            flight.stage = Stage::Waiting;
        }
        let complete = flight.completeness() != Completeness::Open;
        let look = if complete { now } else { now + flight.interval };
        let content = flight.content;
        if let Some(Accepted { event_id, repeated }) = accepted {
            let id = id_print(&event_id);
            flight.ids.push(id);
            self.index.add_id(id, sending.event);
            if !repeated {
                self.index.remove_content(content, sending.event);
            }
            self.retry(ParkKey::Id(id));
        }
        self.retry(ParkKey::Content(content));
        self.schedule(sending.event, look);
    }

    /// A copy of the event was seen: what is foreseen of it counts from now on.
    pub(super) fn sighted(
        &mut self,
        event: EventNumber,
        event_id: Option<&str>,
        foreseen: &Result<Foreseen, EventError>,
    ) {
        let Some(flight) = self.flights.get_mut(&event) else { return };
        flight.sighted(foreseen);
        if let Some(id) = event_id.map(id_print) {
            if !flight.ids.contains(&id) {
                flight.ids.push(id);
            }
            self.index.add_id(id, event);
            self.retry(ParkKey::Id(id));
        }
        self.retry(ParkKey::Event(event));
        for pair in foreseen.iter().flat_map(|foreseen| &foreseen.pairs) {
            let print = BodyPrint::of_foreseen(&pair.body);
            self.index.add_body(pair.pair, print, event);
            self.retry(ParkKey::Body(print));
        }
        // What came before the event was seen is no longer waited for.
        self.note_got(event);
    }

    /// Takes what arrived out of the bodies that are waited for.
    pub(super) fn note_got(&mut self, event: EventNumber) {
        let Some(flight) = self.flights.get(&event) else { return };
        for facts in flight.pairs.iter().filter(|facts| facts.got != Got::Nothing) {
            for (_, print) in &facts.expected {
                self.index.got_body(facts.pair, *print, event);
            }
        }
    }

    /// The event has a verdict, and it is durable.
    pub(crate) fn finish(&mut self, sending: Sending) {
        let Some(flight) = self.flights.get_mut(&sending.event).filter(|flight| flight.sending == sending)
        else {
            return;
        };
        if flight.stage == Stage::Finished {
            return;
        }
        flight.stage = Stage::Finished;
        self.in_flight -= 1;
        self.unseen -= usize::from(flight.seen.is_none());
        for facts in flight.pairs.iter() {
            for (_, print) in &facts.expected {
                self.index.got_body(facts.pair, *print, sending.event);
            }
        }
        self.index.remove_content(flight.content, sending.event);
        self.unschedule(sending.event);
        self.finished.push_back(sending);
        while self.finished.len() > self.options.finished_max {
            let Some(oldest) = self.finished.pop_front() else { break };
            if self.flights.get(&oldest.event).is_some_and(|flight| flight.sending == oldest) {
                self.forget(oldest.event);
            }
        }
    }

    /// Removes every trace of an event.
    fn forget(&mut self, event: EventNumber) {
        self.unschedule(event);
        let Some(flight) = self.flights.remove(&event) else { return };
        if flight.stage != Stage::Finished {
            self.in_flight -= 1;
            self.unseen -= usize::from(flight.seen.is_none());
        }
        self.index.remove_content(flight.content, event);
        flight.ids.iter().for_each(|id| self.index.remove_id(*id, event));
        for facts in &flight.pairs {
            facts.expected.iter().for_each(|(_, print)| self.index.remove_body(facts.pair, *print, event));
        }
    }

    /// The next time to look at an event.
    pub(super) fn schedule(&mut self, event: EventNumber, at: Moment) {
        let Some(flight) = self.flights.get_mut(&event) else { return };
        if flight.stage == Stage::Finished {
            return;
        }
        let at = at.min(flight.deadline);
        self.look_at(event, at);
    }

    /// The same, past its deadline too.
    pub(super) fn look_at(&mut self, event: EventNumber, at: Moment) {
        let Some(flight) = self.flights.get_mut(&event) else { return };
        self.due.remove(&(flight.next_look, event));
        flight.next_look = at;
        self.due.insert((at, event));
    }

    /// Nobody looks at the event any more.
    pub(super) fn unschedule(&mut self, event: EventNumber) {
        let Some(flight) = self.flights.get(&event) else { return };
        self.due.remove(&(flight.next_look, event));
        self.draining.remove(&(flight.deadline, event));
    }

    fn retry(&mut self, key: ParkKey) {
        self.known_so_far += 1;
        let messages = self.parking.under(key);
        self.retries.extend(messages);
    }

    /// Takes at most `max` parked messages for which an event may be found now. Their arrivals are in the store; each is to
    /// be [attributed](Ledger::attribute) again.
    pub(crate) fn take_retries(&mut self, max: usize) -> Vec<MessageId> {
        std::iter::from_fn(|| self.retries.pop_first()).take(max).collect()
    }

    /// A parked message is to be tried once more.
    pub(crate) fn retry_again(&mut self, message: &MessageId) {
        self.retries.insert(message.clone());
    }

    /// An earlier process found the event of this message.
    pub(crate) fn remember(&mut self, message: &MessageId, fact: Fact) {
        self.messages.add(MessagePrint::of(message), fact);
    }

    /// Whether a message waits for its event.
    pub(crate) fn is_parked(&self, message: &MessageId) -> bool {
        self.parking.has(message)
    }

    /// Whether [`Ledger::take_retries`] has something.
    pub(crate) fn has_retries(&self) -> bool {
        !self.retries.is_empty()
    }

    /// A parked message found its event, and that is durable.
    pub(crate) fn unpark(&mut self, message: &MessageId) {
        self.parking.remove(message);
    }
}
