//! One event in flight.

use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64;

use crate::probe::foresight::{BodyPrint, Expected, Foreseen};
use crate::probe::moment::Moment;
use crate::probe::token::Sending;
use crate::probe::{MessageId, MirrorIndex, PairIndex};
use crate::verdict::EventError;

/// How an event came to be in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was sent by this process.
    Sent,
    /// An earlier process was about to send it, and nobody knows whether it did. Not seen at its deadline, it is sent.
    Intended,
    /// An earlier process sent it.
    Resumed,
}

/// The bus took an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Under this id.
    pub event_id: String,
    /// Whether an earlier try may have put it there too, under another id.
    pub repeated: bool,
}

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its entry is being put on the bus.
    Sending,
    /// It is on the bus.
    Waiting,
    /// Its verdict hangs on an answer of AWS.
    Asking,
    /// It has a verdict. Kept a while to recognise what comes late.
    Finished,
}

/// A message's id in eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MessagePrint(u64);

impl MessagePrint {
    pub(super) fn of(message: &MessageId) -> MessagePrint {
        MessagePrint(xxh3_64(message.0.as_bytes()))
    }
}

/// What arrived at a target, as far as memory has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Got {
    Nothing,
    /// A body, before the event was seen.
    Early {
        prints: [BodyPrint; 2],
        into: Into,
    },
    /// The foreseen body, where it should arrive.
    Right,
    /// The foreseen body, in the dead-letter queue.
    DeadLetter,
    /// Anything else; the texts tell.
    Odd,
}

/// Where a body arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Into {
    Target,
    DeadLetterQueue,
}

/// A target of an event.
#[derive(Debug, Clone)]
pub(super) struct PairFacts {
    pub(super) pair: PairIndex,
    /// Whose target it is, once that is foreseen.
    pub(super) mirror: Option<MirrorIndex>,
    /// What is foreseen, of each copy of the event that was seen; empty if nothing is.
    pub(super) expected: Vec<(Expected, BodyPrint)>,
    pub(super) got: Got,
    /// What it got is a body that fitted no event.
    pub(super) guessed: bool,
    pub(super) first: Option<MessagePrint>,
}

/// A mirror of an event.
#[derive(Debug, Clone)]
pub(super) struct MirrorFacts {
    pub(super) mirror: MirrorIndex,
    pub(super) foreseen: bool,
    pub(super) has_pairs: bool,
    pub(super) receipt: Option<MessagePrint>,
}

/// One event in flight.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) sending: Sending,
    /// How many events were begun before it.
    pub(super) begun: u64,
    pub(super) origin: Origin,
    pub(super) stage: Stage,
    pub(super) sent: Moment,
    pub(super) deadline: Moment,
    pub(super) next_look: Moment,
    pub(super) interval: Duration,
    pub(super) content: u64,
    /// Prints of the ids under which it is on the bus; several after a repeated call.
    pub(super) ids: Vec<u64>,
    pub(super) seen: Option<MessagePrint>,
    /// A copy of it cannot be judged here.
    pub(super) unjudgeable: bool,
    pub(super) mirrors: Vec<MirrorFacts>,
    pub(super) pairs: Vec<PairFacts>,
    /// Facts whose records are not durable yet.
    pub(super) pending: u16,
    /// Facts so far, and how many there were when it was judged before its deadline.
    pub(super) facts: u32,
    pub(super) judged_at: u32,
}

/// What the facts of an event add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    /// Something foreseen is missing, or nothing is foreseen.
    Open,
    /// Everything foreseen arrived, but not all of it as foreseen.
    Arrived,
    /// Everything arrived as foreseen at the targets: the event is delivered.
    Delivered,
}

impl Flight {
    pub(super) fn new(sending: Sending, origin: Origin, content: u64, begun: u64) -> Flight {
        let never = Moment(u64::MAX);
        Flight {
            sending,
            begun,
            origin,
            stage: Stage::Sending,
            sent: Moment::default(),
            deadline: never,
            next_look: never,
            interval: Duration::ZERO,
            content,
            ids: Vec::new(),
            seen: None,
            unjudgeable: false,
            mirrors: Vec::new(),
            pairs: Vec::new(),
            pending: 0,
            facts: 0,
            judged_at: 0,
        }
    }

    pub(super) fn mirror(&mut self, mirror: MirrorIndex) -> &mut MirrorFacts {
        let at = self.mirrors.iter().position(|facts| facts.mirror == mirror).unwrap_or_else(|| {
            self.mirrors.push(MirrorFacts { mirror, foreseen: false, has_pairs: false, receipt: None });
            self.mirrors.len() - 1
        });
        &mut self.mirrors[at]
    }

    pub(super) fn pair(&mut self, pair: PairIndex) -> &mut PairFacts {
        let at = self.pairs.iter().position(|facts| facts.pair == pair).unwrap_or_else(|| {
            self.pairs.push(PairFacts {
                pair,
                mirror: None,
                expected: Vec::new(),
                got: Got::Nothing,
                guessed: false,
                first: None,
            });
            self.pairs.len() - 1
        });
        &mut self.pairs[at]
    }

    /// A copy of the event was seen.
    pub(super) fn sighted(&mut self, foreseen: &Result<Foreseen, EventError>) {
        let Ok(foreseen) = foreseen else {
            self.unjudgeable = true;
            return;
        };
        for mirror in &foreseen.mirrors {
            self.mirror(*mirror).foreseen = true;
        }
        for foreseen in &foreseen.pairs {
            self.mirror(foreseen.mirror).has_pairs = true;
            let facts = self.pair(foreseen.pair);
            facts.mirror = Some(foreseen.mirror);
            let expected = (foreseen.expected, BodyPrint::of_foreseen(&foreseen.body));
            if !facts.expected.contains(&expected) {
                facts.expected.push(expected);
            }
        }
        // A body that came early, or that fitted no earlier copy, may fit now; if not, its text tells at the end.
        for facts in &mut self.pairs {
            if let Got::Early { prints, into } = facts.got {
                facts.got = facts.judged(prints, into);
            }
        }
    }

    /// What the facts add up to.
    pub(super) fn completeness(&self) -> Completeness {
        if self.seen.is_none() || self.unjudgeable {
            return Completeness::Open;
        }
        let foreseen = |facts: &&PairFacts| !facts.expected.is_empty();
        let unforeseen_arrived =
            self.pairs.iter().any(|facts| facts.expected.is_empty() && facts.got != Got::Nothing)
                || self.mirrors.iter().any(|facts| !facts.foreseen && facts.receipt.is_some());
        let nothing_foreseen = !self.mirrors.iter().any(|facts| facts.foreseen);
        let receipt_missing =
            self.mirrors.iter().any(|facts| facts.foreseen && !facts.has_pairs && facts.receipt.is_none());
        let mut pairs = self.pairs.iter().filter(foreseen);
        if nothing_foreseen
            || unforeseen_arrived
            || receipt_missing
            || pairs.clone().any(|facts| facts.got == Got::Nothing)
        {
            return Completeness::Open;
        }
        let delivered = |facts: &PairFacts| {
            facts.got == Got::Right
                && facts.expected.iter().all(|(expected, _)| *expected == Expected::Delivery)
        };
        if pairs.all(delivered) { Completeness::Delivered } else { Completeness::Arrived }
    }
}

impl PairFacts {
    /// What a body is to this target. The event has been seen.
    pub(super) fn judged(&self, prints: [BodyPrint; 2], into: Into) -> Got {
        let fits = |(expected, print): &&(Expected, BodyPrint)| {
            prints.contains(print) && *expected != Expected::Nowhere
        };
        match (self.expected.iter().find(fits), into) {
            (Some((Expected::Delivery | Expected::NoLogEvent(_), _)), Into::Target) => Got::Right,
            (Some(_), Into::DeadLetterQueue) => Got::DeadLetter,
            _ => Got::Odd,
        }
    }

    /// A further message of the same target.
    pub(super) fn also(&mut self, got: Got) {
        self.got = match (self.got, got) {
            (Got::Nothing, got) => got,
            (Got::Right, Got::Right) => Got::Right,
            (Got::DeadLetter, Got::DeadLetter) => Got::DeadLetter,
            // With whatever was odd before, the texts tell.
            _ => Got::Odd,
        };
    }
}
