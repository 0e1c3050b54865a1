//! What was seen in a window of time.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::matcher::RuleIndex;
use crate::sampling::Field;

/// Events that are kept of each kind.
const EVENTS_PER_KIND: usize = 32;
/// Longer events are not kept.
const EVENT_BYTES_MAX: usize = 64 << 10;
/// Kinds of events that are told apart; those of further kinds are only counted.
const KINDS_MAX: usize = 200;
/// Bytes of events that are kept in all.
const KEPT_BYTES_MAX: usize = 4 << 20;

/// The events of a window, or of a part of one.
#[derive(Debug, Clone, Default)]
pub struct WindowTally {
    /// Events, whatever they stand for.
    pub(super) events: u64,
    pub(super) weights: f64,
    pub(super) squares: f64,
    /// Of each rule, the weights of what it matched.
    pub(super) matched: HashMap<RuleIndex, f64>,
    pub(super) kinds: BTreeMap<Box<[u8]>, KindTally>,
    kept_bytes: usize,
}

/// The events of a kind.
#[derive(Debug, Clone, Default)]
pub(super) struct KindTally {
    pub(super) weights: f64,
    pub(super) matched: HashMap<RuleIndex, f64>,
    /// Those with the lowest hashes, which is a fair choice from all of them whatever their order.
    pub(super) events: BTreeMap<u64, Box<[u8]>>,
}

/// What tells kinds of events apart.
static KIND: LazyLock<[Field; 2]> = LazyLock::new(|| ["source", "detail-type"].map(Field::top));

impl WindowTally {
    /// Notes an event that was judged: what it stands for, and the rules that match it.
    pub fn note(&mut self, event: &[u8], weight: f64, matched: &[RuleIndex]) {
        self.events += 1;
        self.weights += weight;
        self.squares += weight * weight;
        for rule in matched {
            *self.matched.entry(*rule).or_default() += weight;
        }
        let kind = kind_of(event);
        if !self.kinds.contains_key(&*kind) && self.kinds.len() >= KINDS_MAX {
            return;
        }
        let of_kind = self.kinds.entry(kind).or_default();
        of_kind.weights += weight;
        for rule in matched {
            *of_kind.matched.entry(*rule).or_default() += weight;
        }
        if event.len() <= EVENT_BYTES_MAX {
            let hash = xxh3_64(event);
            let is_low = of_kind.events.last_key_value().is_none_or(|(last, _)| hash < *last);
            let has_room = of_kind.events.len() < EVENTS_PER_KIND && self.kept_bytes < KEPT_BYTES_MAX;
            if is_low || has_room {
                self.kept_bytes += event.len();
                of_kind.events.insert(hash, event.into());
                self.kept_bytes -= cut(&mut of_kind.events, has_room);
            }
        }
    }

    /// Adds another part of the window.
    pub fn add(&mut self, other: WindowTally) {
        self.events += other.events;
        self.weights += other.weights;
        self.squares += other.squares;
        for (rule, weight) in other.matched {
            *self.matched.entry(rule).or_default() += weight;
        }
        for (kind, tally) in other.kinds {
            if !self.kinds.contains_key(&kind) && self.kinds.len() >= KINDS_MAX {
                continue;
            }
            let known = self.kinds.entry(kind).or_default();
            known.weights += tally.weights;
            for (rule, weight) in tally.matched {
                *known.matched.entry(rule).or_default() += weight;
            }
            for (hash, event) in tally.events {
                let has_room = self.kept_bytes < KEPT_BYTES_MAX;
                self.kept_bytes += event.len();
                known.events.insert(hash, event);
                self.kept_bytes -= cut(&mut known.events, has_room);
            }
        }
    }

    /// Events so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Events of equal weight that would say as much.
    pub(super) fn effective(&self) -> f64 {
        if self.squares > 0.0 { self.weights * self.weights / self.squares } else { 0.0 }
    }

    /// The part of the events that a rule matched.
    pub(super) fn rate(&self, rule: RuleIndex) -> f64 {
        part(self.matched.get(&rule).copied().unwrap_or_default(), self.weights)
    }
}

/// Takes out the event with the highest hash if there are too many, or no room for one more; says how long it was.
fn cut(events: &mut BTreeMap<u64, Box<[u8]>>, has_room: bool) -> usize {
    if events.len() > EVENTS_PER_KIND || (!has_room && events.len() > 1) {
        return events.pop_last().map_or(0, |(_, event)| event.len());
    }
    0
}

pub(super) fn part(of: f64, all: f64) -> f64 {
    if all > 0.0 { of / all } else { 0.0 }
}

/// The source and the detail-type of an event, as they are written, with a line end between them.
fn kind_of(event: &[u8]) -> Box<[u8]> {
    let [source, detail_type] = [0, 1].map(|at: usize| KIND[at].find(event).unwrap_or_default());
    [source, b"\n", detail_type].concat().into()
}
