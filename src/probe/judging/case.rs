//! Everything that is known of an event.

use std::collections::BTreeMap;

use crate::probe::records::{ArrivedBody, SeenEvent, Signs, TargetOutcome};
use crate::probe::{MirrorIndex, PairIndex};

/// What is durable of an event in one attempt, and what AWS answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Case {
    /// The copies of the event that the catch-all got.
    pub copies: Vec<String>,
    /// The mirrors of which there is a receipt.
    pub receipts: Vec<MirrorIndex>,
    /// What arrived at targets.
    pub bodies: BTreeMap<PairIndex, Vec<CaseBody>>,
    /// What AWS answered of mirrors' patterns.
    pub answers: BTreeMap<MirrorIndex, Answer>,
    /// Nobody knows whether it was sent at all: a process ended in between.
    pub only_intended: bool,
}

/// A body that arrived.
pub(super) type CaseBody = ArrivedBody;

/// What AWS answered of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Whether it matches the event.
    Matches(bool),
    /// It refuses pattern or event: its code and message.
    Refused(String, String),
}

impl Case {
    /// Adds the record of the event as seen.
    pub(crate) fn seen(&mut self, record: SeenEvent) {
        self.copies.extend(record.signs.into_iter().map(|sign| sign.says.event));
    }

    /// Adds what arrived at a target.
    pub(crate) fn outcome(&mut self, pair: PairIndex, record: TargetOutcome) {
        let Signs { signs, .. } = record;
        self.bodies.entry(pair).or_default().extend(signs.into_iter().map(|sign| sign.says));
    }
}
