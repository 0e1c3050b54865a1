//! Finding events by what bare messages show of them.

use std::collections::{BTreeSet, VecDeque};

use foldhash::fast::FixedState;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::fact::Fact;
use super::flight::MessagePrint;
use crate::probe::foresight::BodyPrint;
use crate::probe::{Entry, PairIndex};
use crate::tracking::EventNumber;

type Map<K, V> = std::collections::HashMap<K, V, FixedState>;

/// Events by their ids on the bus, their contents, and the bodies that are foreseen for them.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_id: Map<u64, EventNumber>,
    /// Events of which an id is not known.
    by_content: Map<u64, BTreeSet<EventNumber>>,
    /// Events for which this body is foreseen and at whose target nothing arrived.
    waiting: Map<(PairIndex, BodyPrint), BTreeSet<EventNumber>>,
    /// An event for which this body was foreseen, whatever arrived.
    foreseen: Map<(PairIndex, BodyPrint), EventNumber>,
}

/// The print of an event's id.
pub(super) fn id_print(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

/// The print of what stays of an event on its way to the bus.
pub(super) fn content_print(entry: &Entry) -> u64 {
    let mut hash = Xxh3::new();
    for text in [&entry.source, &entry.detail_type, &entry.detail] {
        hash.update(text.as_deref().unwrap_or_default().as_bytes());
        hash.update(b"\0");
    }
    for resource in &entry.resources {
        hash.update(resource.as_bytes());
        hash.update(b"\0");
    }
    hash.digest()
}

/// Messages without a trace header that found their event. One that is received again must not find another one, for
/// which the same body is foreseen.
#[derive(Debug, Default)]
pub(super) struct Messages {
    facts: Map<MessagePrint, Fact>,
    order: VecDeque<MessagePrint>,
}

/// Messages that are remembered.
const MESSAGES_MAX: usize = 1_000_000;

impl Messages {
    pub(super) fn fact(&self, message: MessagePrint) -> Option<Fact> {
        self.facts.get(&message).copied()
    }

    pub(super) fn add(&mut self, message: MessagePrint, fact: Fact) {
        if self.facts.insert(message, fact).is_none() {
            self.order.push_back(message);
        }
        if self.order.len() > MESSAGES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.facts.remove(&oldest);
        }
    }
}

impl Index {
    pub(super) fn by_id(&self, id: u64) -> Option<EventNumber> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn add_id(&mut self, id: u64, event: EventNumber) {
        self.by_id.insert(id, event);
    }

    pub(super) fn remove_id(&mut self, id: u64, event: EventNumber) {
        if self.by_id(id) == Some(event) {
            self.by_id.remove(&id);
        }
    }

    pub(super) fn by_content(&self, content: u64) -> impl Iterator<Item = EventNumber> {
        self.by_content.get(&content).into_iter().flatten().copied()
    }

    pub(super) fn add_content(&mut self, content: u64, event: EventNumber) {
        self.by_content.entry(content).or_default().insert(event);
    }

    pub(super) fn remove_content(&mut self, content: u64, event: EventNumber) {
        remove(&mut self.by_content, &content, event);
    }

    /// The first event that waits for this body.
    pub(super) fn waiting(&self, pair: PairIndex, body: BodyPrint) -> Option<EventNumber> {
        self.waiting.get(&(pair, body))?.first().copied()
    }

    /// An event that has got this body, or still waits for it.
    pub(super) fn foreseen(&self, pair: PairIndex, body: BodyPrint) -> Option<EventNumber> {
        self.foreseen.get(&(pair, body)).copied()
    }

    pub(super) fn add_body(&mut self, pair: PairIndex, body: BodyPrint, event: EventNumber) {
        self.waiting.entry((pair, body)).or_default().insert(event);
        self.foreseen.entry((pair, body)).or_insert(event);
    }

    /// The event waits for this body no longer.
    pub(super) fn got_body(&mut self, pair: PairIndex, body: BodyPrint, event: EventNumber) {
        remove(&mut self.waiting, &(pair, body), event);
    }

    pub(super) fn remove_body(&mut self, pair: PairIndex, body: BodyPrint, event: EventNumber) {
        self.got_body(pair, body, event);
        if self.foreseen(pair, body) == Some(event) {
            self.foreseen.remove(&(pair, body));
        }
    }
}

fn remove<K: std::hash::Hash + Eq>(map: &mut Map<K, BTreeSet<EventNumber>>, key: &K, event: EventNumber) {
    if let Some(events) = map.get_mut(key) {
        events.remove(&event);
        if events.is_empty() {
            map.remove(key);
        }
    }
}
