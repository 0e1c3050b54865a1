//! Messages that no event could be found for yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::probe::foresight::BodyPrint;
use crate::probe::{MessageId, PairIndex};
use crate::tracking::EventNumber;

/// Messages of which memory holds what is needed to find their events; more than these are only in the store, and are
/// not tried again.
const REMEMBERED_MAX: usize = 100_000;

/// What may tell later of which event a parked message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ParkKey {
    /// The print of the id of its event.
    Id(u64),
    /// The print of the content of its event.
    Content(u64),
    /// A body that may be foreseen of an event.
    Body(BodyPrint),
    /// The event is known, but not of which target the message is.
    Event(EventNumber),
}

/// A message that waits for its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parked {
    /// The message.
    pub message: MessageId,
    /// By what it may be found.
    pub keys: Vec<ParkKey>,
    /// The targets of which it can be, if it is a body.
    pub candidates: Vec<PairIndex>,
    /// How much was known when its event was looked for.
    pub(super) known: u64,
    /// How many events had been begun when it came.
    pub(super) begun: u64,
}

impl Parked {
    /// Whether its event is known by its trace header: it is no other one's.
    fn names_event(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, ParkKey::Event(_)))
    }
}

/// All of them, in the order of their arrival.
#[derive(Debug, Default)]
pub(super) struct Parking {
    slots: BTreeMap<u64, Parked>,
    next: u64,
    known: BTreeMap<MessageId, u64>,
    by_key: BTreeMap<ParkKey, BTreeSet<u64>>,
    /// Bodies that name no event, by the targets of which they can be.
    by_pair: BTreeMap<PairIndex, BTreeSet<u64>>,
    /// Bodies that were handed out as leftovers and are not adopted yet.
    kept: BTreeSet<MessageId>,
}

impl Parking {
    /// Parks a message; one that is parked already stays as it is.
    pub(super) fn park(&mut self, parked: Parked) {
        if self.known.contains_key(&parked.message) || self.slots.len() >= REMEMBERED_MAX {
            return;
        }
        let slot = self.next;
        self.next += 1;
        for key in &parked.keys {
            self.by_key.entry(*key).or_default().insert(slot);
        }
        if !parked.names_event() {
            for pair in &parked.candidates {
                self.by_pair.entry(*pair).or_default().insert(slot);
            }
        }
        self.known.insert(parked.message.clone(), slot);
        self.slots.insert(slot, parked);
    }

    /// The messages that are parked under `key`, oldest first.
    pub(super) fn under(&self, key: ParkKey) -> Vec<MessageId> {
        let slots = self.by_key.get(&key).into_iter().flatten();
        slots.filter_map(|slot| self.slots.get(slot)).map(|parked| parked.message.clone()).collect()
    }

    /// The bodies that name no event, can be of `pair` and came after more than `begun` events had been begun, oldest first.
    pub(super) fn bodies_of(&self, pair: PairIndex, begun: u64) -> impl Iterator<Item = &Parked> {
        let slots = self.by_pair.get(&pair).into_iter().flatten();
        slots.filter_map(|slot| self.slots.get(slot)).filter(move |parked| parked.begun > begun)
    }

    /// A body is kept for an event, and not offered to others.
    pub(super) fn keep(&mut self, message: &MessageId) {
        self.kept.insert(message.clone());
    }

    /// It is offered again.
    pub(super) fn let_go(&mut self, message: &MessageId) {
        self.kept.remove(message);
    }

    /// Whether a body is kept for an event.
    pub(super) fn is_kept(&self, message: &MessageId) -> bool {
        self.kept.contains(message)
    }

    /// The message is parked no longer.
    pub(super) fn remove(&mut self, message: &MessageId) {
        self.kept.remove(message);
        let Some(slot) = self.known.remove(message) else { return };
        let Some(parked) = self.slots.remove(&slot) else { return };
        for key in &parked.keys {
            drop_slot(&mut self.by_key, key, slot);
        }
        for pair in &parked.candidates {
            drop_slot(&mut self.by_pair, pair, slot);
        }
    }

    /// Whether no body is parked.
    pub(super) fn has_no_body(&self) -> bool {
        self.by_pair.is_empty()
    }

    /// Whether the message is parked.
    pub(super) fn has(&self, message: &MessageId) -> bool {
        self.known.contains_key(message)
    }
}

fn drop_slot<K: Ord>(map: &mut BTreeMap<K, BTreeSet<u64>>, key: &K, slot: u64) {
    if let Some(slots) = map.get_mut(key) {
        slots.remove(&slot);
        if slots.is_empty() {
            map.remove(key);
        }
    }
}
