//! What somebody wants to be kept.

use std::collections::BTreeMap;

use super::field::Field;
use super::ratio::Ratio;
use crate::pattern::Pattern;

/// What is to be kept of a stream of events.
#[derive(Debug, Clone)]
pub struct SamplingPlan {
    /// The part of the events that is kept.
    pub rate: Ratio,
    /// Events that have the same value here are kept or dropped together. Without it, and in events that lack it, the
    /// event's `id` decides, and in those that lack this too, the whole text.
    pub key: Option<Field>,
    /// Groups of events that have shares of their own.
    pub group: Option<Grouping>,
    /// Events that match are always kept, with weight 1.
    pub keep: Option<Pattern>,
    /// How many events are kept at most.
    pub ceiling: Option<Ceiling>,
}

impl SamplingPlan {
    /// The part `rate` of all events.
    pub fn of_rate(rate: Ratio) -> SamplingPlan {
        SamplingPlan { rate, key: None, group: None, keep: None, ceiling: None }
    }
}

/// Groups of events.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// What tells them apart; events that have no text here are one group.
    pub by: Field,
    /// The part that is kept of a group, for those that have one of their own.
    pub shares: BTreeMap<String, Ratio>,
}

/// How many events are kept at most. Events that are [always kept](SamplingPlan::keep) use up the budget too, but are
/// kept when there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceiling {
    /// Events per second, over any second or more.
    pub events_per_s: f64,
    /// Who shares it.
    pub division: Division,
}

/// Who shares a ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Division {
    /// All events.
    Whole,
    /// Each group that was seen gets an equal part, so that a loud one does not drown the others.
    EqualPerGroup,
}
