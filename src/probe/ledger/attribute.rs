//! Of which event a message is.

use std::time::Duration;

use super::fact::{About, Fact};
use super::flight::{Completeness, Flight, Got, Into, MessagePrint, Stage};
use super::index::{content_print, id_print};
use super::parked::{ParkKey, Parked};
use super::table::Ledger;
use crate::probe::arrival::{Arrival, News, Sighting};
use crate::probe::foresight::BodyPrint;
use crate::probe::moment::Moment;
use crate::probe::sendable::entry_of;
use crate::probe::token::Sending;
use crate::probe::{MirrorIndex, PairIndex};
use crate::tracking::EventNumber;

/// What to do with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attributed {
    /// The first message of its fact: to be written as a new record. Then [`Ledger::recorded`].
    First {
        /// The fact.
        fact: Fact,
        /// The body is the foreseen one, so that its text need not be kept.
        as_foreseen: bool,
        /// If it is late, it is a receipt that was to be expected: nothing needs to be read to know what it is.
        late: Late,
    },
    /// A further message of a fact, which has a durable record: to be added to that. Then [`Ledger::recorded`].
    Further(Fact),
    /// The event has a verdict already, or was sent once more since: to be added to the record as late.
    Late(Fact),
    /// The very message has been recorded; it only needs to be deleted.
    Again,
    /// Another message of the event is being written; to be tried again shortly.
    Busy,
    /// No event can be found yet: to be written as unattributed. Then [`Ledger::park`].
    Unknown(Parked),
}

/// Whether an event had its verdict when a message of it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Late {
    Yes,
    No,
}

/// Where a message belongs.
enum Home {
    Event(EventNumber, About),
    /// Not in flight any more, in this attempt at least.
    Gone(Fact),
    Unknown(Vec<ParkKey>),
}

impl Ledger {
    /// Finds the event of a message and takes note of what it says; what is to be written is the caller's part.
    pub(crate) fn attribute(&mut self, arrival: &Arrival) -> Attributed {
        if let Some(known) = self.known(arrival) {
            return known;
        }
        let home = match &arrival.news {
            News::Seen(sighting) => self.home_of_sighting(arrival, sighting),
            News::Receipt { mirror, event_id } => self.home_of_receipt(arrival, *mirror, event_id.as_deref()),
            News::Body { candidates, .. } => self.home_of_body(arrival, candidates),
        };
        match home {
            Home::Event(event, about) => self.take(event, about, arrival),
            Home::Gone(fact) => Attributed::Late(fact),
            Home::Unknown(keys) => {
                let candidates = match &arrival.news {
                    News::Body { candidates, .. } => candidates.clone(),
                    News::Seen(_) | News::Receipt { .. } => Vec::new(),
                };
                let (message, known, begun) = (arrival.message.clone(), self.known_so_far, self.begun);
                Attributed::Unknown(Parked { message, keys, candidates, known, begun })
            }
        }
    }

    /// What to do with a message without a trace header that came before.
    fn known(&mut self, arrival: &Arrival) -> Option<Attributed> {
        if arrival.sending.is_some() {
            return None;
        }
        let fact = self.messages.fact(MessagePrint::of(&arrival.message))?;
        match self.flight(fact.sending) {
            Some(_) => Some(self.take(fact.sending.event, fact.about, arrival)),
            None => Some(Attributed::Again),
        }
    }

    /// An unattributed message is durable, and may find its event later.
    pub(crate) fn park(&mut self, parked: Parked) {
        // While it was written down, its event may have been seen.
        if parked.known != self.known_so_far {
            self.retry_again(&parked.message);
        }
        self.parking.park(parked);
    }

    /// The same of a message that an earlier process parked, and that finds no event now either. Whenever it is tried, it
    /// came before anything that this process sent.
    pub(crate) fn park_earlier(&mut self, parked: Parked) {
        self.park(Parked { begun: self.taken_up, ..parked });
    }

    /// The record of a fact is durable; with it the event may be complete. Gives how long ago the bus took the event.
    pub(crate) fn recorded(&mut self, fact: Fact, now: Moment) -> Option<Duration> {
        let flight = self.flight(fact.sending)?;
        flight.pending = flight.pending.saturating_sub(1);
        flight.facts += 1;
        let complete = flight.completeness() != Completeness::Open;
        // What arrives before the answer of the bus took no time.
        let took = if flight.stage == Stage::Sending { Duration::ZERO } else { now - flight.sent };
        if complete && flight.stage == Stage::Waiting {
            self.schedule(fact.sending.event, now);
        }
        Some(took)
    }

    fn flight(&mut self, sending: Sending) -> Option<&mut Flight> {
        self.flights.get_mut(&sending.event).filter(|flight| flight.sending == sending)
    }

    /// Where a message with a trace header belongs, if it says of what it is.
    fn home_by_header(&self, sending: Sending, about: About) -> Home {
        match self.flights.get(&sending.event) {
            Some(flight) if flight.sending == sending => Home::Event(sending.event, about),
            _ => Home::Gone(Fact { sending, about }),
        }
    }

    fn home_of_sighting(&self, arrival: &Arrival, sighting: &Sighting) -> Home {
        if let Some(sending) = arrival.sending {
            return self.home_by_header(sending, About::Seen);
        }
        let id = sighting.event_id.as_deref().map(id_print);
        if let Some(event) = id.and_then(|id| self.index.by_id(id)) {
            return Home::Event(event, About::Seen);
        }
        let content = entry_of(arrival.body.as_bytes()).ok().map(|entry| content_print(&entry));
        let alike =
            content.map(|content| self.index.by_content(content).collect::<Vec<_>>()).unwrap_or_default();
        let flights = || alike.iter().filter_map(|event| self.flights.get(event));
        let keys = id.map(ParkKey::Id).into_iter().chain(content.map(ParkKey::Content)).collect();
        // As long as one of them may still get its id, the copy may be of that one.
        if flights().any(|flight| flight.stage == Stage::Sending) {
            return Home::Unknown(keys);
        }
        let unseen = flights().find(|flight| flight.seen.is_none());
        match unseen.or(flights().next()) {
            Some(flight) => Home::Event(flight.sending.event, About::Seen),
            None => Home::Unknown(keys),
        }
    }

    fn home_of_receipt(&self, arrival: &Arrival, mirror: MirrorIndex, event_id: Option<&str>) -> Home {
        let about = About::Receipt(mirror);
        if let Some(sending) = arrival.sending {
            return self.home_by_header(sending, about);
        }
        let Some(id) = event_id.map(id_print) else { return Home::Unknown(Vec::new()) };
        match self.index.by_id(id) {
            Some(event) => Home::Event(event, about),
            None => Home::Unknown(vec![ParkKey::Id(id)]),
        }
    }

    fn home_of_body(&self, arrival: &Arrival, candidates: &[PairIndex]) -> Home {
        let prints = BodyPrint::of_arrived(arrival.body.as_bytes());
        match (arrival.sending, candidates) {
            (Some(sending), [pair]) => self.home_by_header(sending, About::Body(*pair)),
            (Some(sending), _) => match self.flights.get(&sending.event) {
                Some(flight) if flight.sending == sending => target_of(flight, candidates, prints),
                _ => Home::Unknown(vec![ParkKey::Event(sending.event)]),
            },
            (None, _) => {
                let lookups = || candidates.iter().flat_map(|pair| prints.map(|print| (*pair, print)));
                let waiting =
                    lookups().find_map(|(pair, print)| Some((pair, self.index.waiting(pair, print)?)));
                let known =
                    || lookups().find_map(|(pair, print)| Some((pair, self.index.foreseen(pair, print)?)));
                // While events are yet to be seen, it may be of one of them.
                let twice = || if self.unseen == 0 { known() } else { None };
                match waiting.or_else(twice) {
                    Some((pair, event)) => Home::Event(event, About::Body(pair)),
                    None => Home::Unknown(prints.map(ParkKey::Body).to_vec()),
                }
            }
        }
    }

    /// Takes note of a message of `event`.
    fn take(&mut self, event: EventNumber, about: About, arrival: &Arrival) -> Attributed {
        let Some(flight) = self.flights.get_mut(&event) else { return Attributed::Busy };
        let fact = Fact { sending: flight.sending, about };
        let message = MessagePrint::of(&arrival.message);
        let first = match about {
            About::Seen => flight.seen,
            About::Receipt(mirror) => flight.mirror(mirror).receipt,
            About::Body(pair) => flight.pair(pair).first,
        };
        if flight.pending > 0 && first.is_some() {
            return Attributed::Busy;
        }
        if first == Some(message) {
            return Attributed::Again;
        }
        let late = match flight.stage {
            Stage::Finished if first.is_none() && flight.expects_receipt(about) => Late::Yes,
            Stage::Finished => return Attributed::Late(fact),
            Stage::Sending | Stage::Waiting | Stage::Asking => Late::No,
        };
        flight.pending += 1;
        if arrival.sending.is_none() {
            self.messages.add(message, fact);
        }
        let as_foreseen = match (&arrival.news, about) {
            (News::Seen(sighting), _) => {
                if flight.seen.replace(first.unwrap_or(message)).is_none() {
                    self.unseen -= 1;
                }
                self.sighted(event, sighting.event_id.as_deref(), &sighting.foreseen);
                false
            }
            (News::Receipt { .. }, About::Receipt(mirror)) => {
                flight.mirror(mirror).receipt.get_or_insert(message);
                false
            }
            (News::Body { failure, .. }, About::Body(pair)) => {
                let into = if failure.is_some() { Into::DeadLetterQueue } else { Into::Target };
                let got =
                    flight.take_body(pair, message, BodyPrint::of_arrived(arrival.body.as_bytes()), into);
                self.note_got(event);
                got == Got::Right
            }
            _ => false,
        };
        match first {
            None => Attributed::First { fact, as_foreseen, late },
            Some(_) => Attributed::Further(fact),
        }
    }
}

impl Flight {
    /// Whether it is about a receipt of a mirror that matches the event by our answer. An event can be delivered before it
    /// comes, as its bodies say enough.
    fn expects_receipt(&self, about: About) -> bool {
        let foreseen = |mirror| self.mirrors.iter().any(|facts| facts.mirror == mirror && facts.foreseen);
        matches!(about, About::Receipt(mirror) if foreseen(mirror))
    }

    /// A body arrived at `pair`; what it is to the target.
    fn take_body(
        &mut self,
        pair: PairIndex,
        message: MessagePrint,
        prints: [BodyPrint; 2],
        into: Into,
    ) -> Got {
        let seen = self.seen.is_some();
        let facts = self.pair(pair);
        facts.first.get_or_insert(message);
        let got = if seen { facts.judged(prints, into) } else { Got::Early { prints, into } };
        facts.also(got);
        got
    }
}

/// Of which of several targets a body of a known event is.
fn target_of(flight: &Flight, candidates: &[PairIndex], prints: [BodyPrint; 2]) -> Home {
    let event = flight.sending.event;
    if flight.seen.is_none() {
        return Home::Unknown(vec![ParkKey::Event(event)]);
    }
    let foreseen = || {
        let facts = flight.pairs.iter().filter(|facts| candidates.contains(&facts.pair));
        facts.filter(|facts| !facts.expected.is_empty())
    };
    let fits = |print: BodyPrint| prints.contains(&print);
    let same = || foreseen().filter(|facts| facts.expected.iter().any(|(_, print)| fits(*print)));
    let open = |facts: &&super::flight::PairFacts| facts.got == Got::Nothing;
    let target = same().find(open).or_else(|| same().next()).or_else(|| foreseen().find(open));
    match target {
        Some(facts) => Home::Event(event, About::Body(facts.pair)),
        None => Home::Unknown(vec![ParkKey::Event(event)]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::flight::Accepted;
    use super::super::table::LedgerOptions;
    use super::*;
    use crate::probe::{Entry, Foreseen, MessageId};
    use crate::tracking::Attempt;

    fn message(id: &str, sending: Sending, news: News) -> Arrival {
        Arrival { message: MessageId(id.to_owned()), sending: Some(sending), news, body: String::new() }
    }

    fn receipt(id: &str, sending: Sending, mirror: u16) -> Arrival {
        message(id, sending, News::Receipt { mirror: MirrorIndex(mirror), event_id: None })
    }

    /// A ledger with an event that its first mirror matches, and that has its verdict.
    fn finished() -> (Ledger, Sending) {
        let mut ledger = Ledger::new(LedgerOptions::default());
        let sending = Sending { event: EventNumber::new(0).unwrap(), attempt: Attempt::FIRST };
        ledger.begin(sending, &Entry::default());
        let accepted = Accepted { event_id: "e".to_owned(), repeated: false };
        ledger.accepted(sending, accepted, Moment::default());
        let foreseen = Ok(Foreseen { mirrors: vec![MirrorIndex(0)], pairs: Vec::new() });
        let seen = News::Seen(Sighting { event_id: Some("e".to_owned()), foreseen });
        let seen = ledger.attribute(&message("seen", sending, seen));
        let fact = Fact { sending, about: About::Seen };
        assert_eq!(seen, Attributed::First { fact, as_foreseen: false, late: Late::No });
        ledger.recorded(fact, Moment::default());
        ledger.finish(sending);
        (ledger, sending)
    }

    #[test]
    fn a_receipt_that_was_expected_is_known_to_be_the_first_even_when_it_is_late() {
        let (mut ledger, sending) = finished();
        let fact = Fact { sending, about: About::Receipt(MirrorIndex(0)) };
        let first = ledger.attribute(&receipt("r", sending, 0));
        assert_eq!(first, Attributed::First { fact, as_foreseen: false, late: Late::Yes });
        // It is being written.
        assert_eq!(ledger.attribute(&receipt("other", sending, 0)), Attributed::Busy);
        ledger.recorded(fact, Moment::default());
        assert_eq!(ledger.attribute(&receipt("r", sending, 0)), Attributed::Again);
        assert_eq!(ledger.attribute(&receipt("other", sending, 0)), Attributed::Late(fact));
    }

    #[test]
    fn a_late_receipt_that_contradicts_us_is_held_against_the_verdict() {
        let (mut ledger, sending) = finished();
        let fact = Fact { sending, about: About::Receipt(MirrorIndex(1)) };
        assert_eq!(ledger.attribute(&receipt("r", sending, 1)), Attributed::Late(fact));
    }
}
