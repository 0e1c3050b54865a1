//! Which events are kept to choose from, while they stream by.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::reservoir::Reservoir;
use crate::event::check_envelope;
use crate::json::tree;

/// Events that are kept to find ones that all but match.
const EVENTS_MAX: usize = 1_000;

/// Bytes of the longest event that `TestEventPattern` is asked about. Its limit is not documented; this is what `PutEvents`
/// took until 2026-01-29, when it went to 1 MB.
pub const ASKED_BYTES_MAX: usize = 256 << 10;

/// An event that may be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledEvent {
    /// Its text.
    pub text: Arc<str>,
    /// The rules that match it by our own verdict, by index.
    pub matching: BTreeSet<usize>,
    /// Its place in the stream.
    pub number: u64,
}

impl SampledEvent {
    /// An event, unless `TestEventPattern` would not take it.
    pub fn new(event: &[u8], matching: BTreeSet<usize>, number: u64) -> Option<SampledEvent> {
        Some(SampledEvent { text: askable(event)?, matching, number })
    }
}

/// Keeps a sample of a stream of events, in bounded memory.
#[derive(Debug)]
pub struct Sampler {
    random: fastrand::Rng,
    all: Reservoir<Option<Arc<SampledEvent>>>,
    matching: Vec<Reservoir<Option<Arc<SampledEvent>>>>,
    read: u64,
    refused: u64,
}

impl Sampler {
    /// For so many rules, of which `pairs` are to be chosen. The same seed chooses the same events.
    pub fn new(rules: usize, pairs: usize, seed: u64) -> Sampler {
        let per_rule = (2 * pairs).div_ceil(rules.max(1)).max(8);
        Sampler {
            random: fastrand::Rng::with_seed(seed),
            all: Reservoir::new(EVENTS_MAX),
            matching: vec![Reservoir::new(per_rule); rules],
            read: 0,
            refused: 0,
        }
    }

    /// The next event of the stream, and the rules that match it.
    pub fn offer(&mut self, event: &[u8], matching: &[usize]) {
        let number = self.read;
        self.read += 1;
        // Made when it is first kept. AWS takes no event without the fields that all have.
        let mut made: Option<Option<Arc<SampledEvent>>> = None;
        let mut refused = 0;
        let mut make = || {
            made.get_or_insert_with(|| {
                let sampled = SampledEvent::new(event, matching.iter().copied().collect(), number);
                refused += u64::from(sampled.is_none());
                sampled.map(Arc::new)
            })
            .clone()
        };
        self.all.offer(&mut self.random, &mut make);
        for rule in matching {
            if let Some(reservoir) = self.matching.get_mut(*rule) {
                reservoir.offer(&mut self.random, &mut make);
            }
        }
        self.refused += refused;
    }

    /// Events that were offered.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Events that were looked at and left out, as AWS would refuse them whatever the pattern.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// The sample of all events, in the order of the stream.
    pub(super) fn events(&self) -> Vec<&Arc<SampledEvent>> {
        in_order(&self.all)
    }

    /// The sample of the events that match a rule, in the order of the stream.
    pub(super) fn matching(&self, rule: usize) -> Vec<&Arc<SampledEvent>> {
        self.matching.get(rule).map(in_order).unwrap_or_default()
    }
}

fn in_order(reservoir: &Reservoir<Option<Arc<SampledEvent>>>) -> Vec<&Arc<SampledEvent>> {
    let mut events: Vec<_> = reservoir.kept().iter().flatten().collect();
    events.sort_by_key(|event| event.number);
    events
}

/// The event's text, if `TestEventPattern` takes it.
fn askable(event: &[u8]) -> Option<Arc<str>> {
    if event.len() > ASKED_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(event).ok()?;
    let node = tree::parse(event).ok()?;
    check_envelope(&node).ok()?;
    Some(text.into())
}
