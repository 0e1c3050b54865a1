//! Adds up what differs.

use std::collections::BTreeMap;

use super::comparison::Comparison;
use super::keeping::Keeping;
use super::sides::Sides;
use crate::verdict::{Code, EventError};

/// An event that shows a difference.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) id: Option<String>,
    /// `input:line`.
    pub(super) place: String,
    /// Its text, where somebody will look at it.
    pub(super) event: Option<Box<[u8]>>,
    /// What the old and the new target get, where that differs.
    pub(super) bodies: Option<Sides<Box<[u8]>>>,
}

/// How many events, and the first of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) examples: Vec<Example>,
}

impl Seen {
    /// Notes one more event; `example` is made only if it is kept.
    pub(super) fn note(&mut self, keeping: Keeping, example: impl FnOnce() -> Example) {
        self.count += 1;
        self.keep(keeping, example);
    }

    /// Adds later events.
    fn add(&mut self, later: Seen, keeping: Keeping) {
        self.count += later.count;
        later.examples.into_iter().for_each(|example| self.keep(keeping, || example));
    }

    fn keep(&mut self, keeping: Keeping, example: impl FnOnce() -> Example) {
        let kept = self.examples.len();
        if keeping.has_room(kept) {
            let mut example = example();
            if !keeping.keeps_text(kept) {
                (example.event, example.bodies) = (None, None);
            }
            self.examples.push(example);
        }
    }
}

/// What became of an event on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Delivered,
    Unmatched,
    Errored,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Outcome::Delivered => "delivered",
            Outcome::Unmatched => "unmatched",
            Outcome::Errored => "errored",
        }
    }
}

/// What differs for one rule.
#[derive(Debug, Clone, Default)]
pub(super) struct PairTally {
    /// Events that are treated otherwise in any way.
    pub(super) differing: u64,
    pub(super) gained: Seen,
    pub(super) lost: Seen,
    /// Of each target that is not plainly the same.
    pub(super) targets: BTreeMap<usize, TargetTally>,
}

/// What differs for one target.
#[derive(Debug, Clone, Default)]
pub(super) struct TargetTally {
    pub(super) gained: Seen,
    pub(super) lost: Seen,
    pub(super) changed: Seen,
    /// Events whose body is not delivered.
    pub(super) failed: Sides<u64>,
}

/// The numbers of one batch, or of many.
#[derive(Debug, Default)]
pub(crate) struct DiffTally {
    pub(super) bytes: u64,
    /// Of each pair of outcomes, how many events; with examples where the two differ.
    pub(super) outcomes: BTreeMap<Sides<Outcome>, Seen>,
    pub(super) pairs: BTreeMap<u32, PairTally>,
    pub(super) skips: BTreeMap<String, u64>,
    /// Events that could not be judged: of each kind how many, and the first with its place.
    pub(super) errors: BTreeMap<Code, (u64, String, String)>,
    /// Of each pair, the events that matched on each side; nothing where a worker adds them up itself.
    pub(super) matched: Vec<Sides<u64>>,
}

impl DiffTally {
    pub(super) fn read(&self) -> u64 {
        self.outcomes.values().map(|seen| seen.count).sum()
    }

    pub(super) fn errored(&mut self, error: &EventError, place: String) {
        self.outcomes.entry([Outcome::Errored; 2]).or_default().count += 1;
        let first = || (0, place, error.reason.clone());
        self.errors.entry(error.code).or_insert_with(first).0 += 1;
    }

    /// Of each rule that differs, by its name among the new rules, how many events it treats otherwise.
    pub(crate) fn differing<'c>(&self, comparison: &'c Comparison) -> Vec<(&'c str, u64)> {
        let differing = self.pairs.iter().filter(|(_, tally)| tally.differing > 0);
        differing.map(|(pair, tally)| (comparison.pairs[*pair as usize].name(), tally.differing)).collect()
    }

    /// Adds a batch that comes after all those before.
    pub(super) fn add(&mut self, later: DiffTally, keeping: Keeping) {
        self.bytes += later.bytes;
        for (outcomes, seen) in later.outcomes {
            self.outcomes.entry(outcomes).or_default().add(seen, keeping);
        }
        for (pair, tally) in later.pairs {
            self.pairs.entry(pair).or_default().add(tally, keeping);
        }
        for (reason, count) in later.skips {
            *self.skips.entry(reason).or_insert(0) += count;
        }
        for (code, (count, place, reason)) in later.errors {
            self.errors.entry(code).or_insert((0, place, reason)).0 += count;
        }
        self.matched.resize(self.matched.len().max(later.matched.len()), [0; 2]);
        for (sum, counts) in self.matched.iter_mut().zip(later.matched) {
            (0..2).for_each(|side| sum[side] += counts[side]);
        }
    }
}

impl PairTally {
    fn add(&mut self, later: PairTally, keeping: Keeping) {
        self.differing += later.differing;
        self.gained.add(later.gained, keeping);
        self.lost.add(later.lost, keeping);
        for (target, tally) in later.targets {
            let known = self.targets.entry(target).or_default();
            known.gained.add(tally.gained, keeping);
            known.lost.add(tally.lost, keeping);
            known.changed.add(tally.changed, keeping);
            (0..2).for_each(|side| known.failed[side] += tally.failed[side]);
        }
    }
}
