//! Adds up what differs.

use std::collections::BTreeMap;

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
    /// Notes one more event; `example` is made only if it is among the first `examples_max`.
    pub(super) fn note(&mut self, examples_max: usize, example: impl FnOnce() -> Example) {
        self.count += 1;
        if self.examples.len() < examples_max {
            self.examples.push(example());
        }
    }

    /// Adds later events.
    fn add(&mut self, later: Seen, examples_max: usize) {
        self.count += later.count;
        let room = examples_max.saturating_sub(self.examples.len());
        self.examples.extend(later.examples.into_iter().take(room));
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
pub(super) struct DiffTally {
    pub(super) bytes: u64,
    /// Of each pair of outcomes, how many events; with examples where the two differ.
    pub(super) outcomes: BTreeMap<Sides<Outcome>, Seen>,
    pub(super) pairs: BTreeMap<u32, PairTally>,
    pub(super) skips: BTreeMap<String, u64>,
    /// Events that could not be judged: of each kind how many, and the first with its place.
    pub(super) errors: BTreeMap<Code, (u64, String, String)>,
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

    /// Adds a batch that comes after all those before.
    pub(super) fn add(&mut self, later: DiffTally, examples_max: usize) {
        self.bytes += later.bytes;
        for (outcomes, seen) in later.outcomes {
            self.outcomes.entry(outcomes).or_default().add(seen, examples_max);
        }
        for (pair, tally) in later.pairs {
            self.pairs.entry(pair).or_default().add(tally, examples_max);
        }
        for (reason, count) in later.skips {
            *self.skips.entry(reason).or_insert(0) += count;
        }
        for (code, (count, place, reason)) in later.errors {
            self.errors.entry(code).or_insert((0, place, reason)).0 += count;
        }
    }
}

impl PairTally {
    fn add(&mut self, later: PairTally, examples_max: usize) {
        self.gained.add(later.gained, examples_max);
        self.lost.add(later.lost, examples_max);
        for (target, tally) in later.targets {
            let known = self.targets.entry(target).or_default();
            known.gained.add(tally.gained, examples_max);
            known.lost.add(tally.lost, examples_max);
            known.changed.add(tally.changed, examples_max);
            (0..2).for_each(|side| known.failed[side] += tally.failed[side]);
        }
    }
}
