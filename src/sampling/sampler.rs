//! Decides about one event after the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::ceiling::Budget;
use super::field::Field;
use super::groups::{GroupCounts, Groups};
use super::key::{KeyFrom, KeyHasher};
use super::plan::{Ceiling, Division, SamplingPlan};
use super::ratio::Ratio;
use crate::matcher::{Matcher, Scratch};
use crate::pattern::Profile;

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// It is looked at.
    Kept {
        /// How many events it stands for; at least 1.
        weight: f64,
    },
    /// It is not.
    Dropped(DropReason),
}

/// Why an event is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// It is not in the sample.
    Sampled,
    /// The ceiling leaves no room for it.
    Ceiling,
}

impl DropReason {
    /// The reason as it is counted.
    pub fn as_str(self) -> &'static str {
        match self {
            DropReason::Sampled => "sampled",
            DropReason::Ceiling => "ceiling",
        }
    }
}

/// What a sampler has decided so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SamplingCounts {
    /// By group; without groups all as `other`.
    pub groups: BTreeMap<String, GroupCounts>,
    /// Events that lack the key, and are sampled by their id or text.
    pub without_key: u64,
}

impl SamplingCounts {
    /// Adds what another sampler decided.
    pub fn add(&mut self, other: &SamplingCounts) {
        self.without_key += other.without_key;
        for (name, counts) in &other.groups {
            self.groups.entry(name.clone()).or_default().add(counts);
        }
    }

    /// The weights of events that the ceiling dropped unseen and that no kept event has taken up: by so much, sums of
    /// weights are too low.
    pub fn carried(&self) -> f64 {
        // `sum` begins at -0, which JSON would show.
        self.groups.values().fold(0.0, |sum, counts| sum + counts.carried)
    }
}

/// Decides about events. Each thread has one of its own; a ceiling is that of one sampler.
#[derive(Debug)]
pub struct Sampler {
    plan: SamplingPlan,
    keep: Option<Arc<Matcher>>,
    id: Field,
    matching: Scratch,
    hasher: KeyHasher,
    text: Vec<u8>,
    groups: Groups,
    budget: Option<Budget>,
    without_key: u64,
}

impl Sampler {
    /// A sampler for `plan`, whose pattern is judged as in `profile`.
    pub fn new(plan: &SamplingPlan, profile: Profile) -> Sampler {
        Sampler {
            keep: plan.keep.as_ref().map(|pattern| Arc::new(Matcher::new([pattern], profile))),
            id: Field::top("id"),
            matching: Scratch::default(),
            hasher: KeyHasher::default(),
            text: Vec::new(),
            groups: Groups::new(plan.rate, plan.group.as_ref()),
            budget: None,
            without_key: 0,
            plan: plan.clone(),
        }
    }

    /// Decides about an event. `now` is the time since any moment that stays the same; it never goes back, or the ceiling
    /// waits for it.
    pub fn decide(&mut self, event: &[u8], now: Duration) -> Decision {
        let name = self.plan.group.as_ref().and_then(|group| group.by.find_text(event, &mut self.text));
        let divided = self.plan.ceiling.is_some_and(|ceiling| ceiling.division == Division::EqualPerGroup);
        let live = if divided { self.groups.live() } else { 1 };
        let group = self.groups.get(name);
        group.counts.seen += 1;
        let (hash, from) = self.hasher.hash(event, self.plan.key.as_ref(), &self.id);
        self.without_key += u64::from(self.plan.key.is_some() && from == KeyFrom::Event);
        // The budget is asked before anything is known of the event but its group.
        let mut limit = self.plan.ceiling.map(|ceiling| match ceiling.division {
            Division::Whole => {
                let rate = ceiling.events_per_s;
                (self.budget.get_or_insert_with(|| Budget::new(rate, now)), rate)
            }
            Division::EqualPerGroup => {
                let rate = part(ceiling, live);
                (group.budget.get_or_insert_with(|| Budget::new(rate, now)), rate)
            }
        });
        let share = match &mut limit {
            None => Some(1.0),
            Some((budget, rate)) => budget.share(*rate, now),
        };
        let decision = if is_kept_always(self.keep.as_deref(), event, &mut self.matching) {
            Decision::Kept { weight: 1.0 }
        } else {
            drawn(hash, group.ratio, share, &mut group.counts.carried)
        };
        if let Decision::Kept { weight } = decision {
            group.counts.kept += 1;
            group.counts.scaled += weight;
            if let Some((budget, _)) = limit {
                budget.take();
            }
        }
        decision
    }

    /// Events so far that lack the key.
    pub fn without_key(&self) -> u64 {
        self.without_key
    }

    /// What was decided so far.
    pub fn counts(&self) -> SamplingCounts {
        SamplingCounts { groups: self.groups.counts(), without_key: self.without_key }
    }
}

/// The part of a ceiling that one of so many groups has.
fn part(ceiling: Ceiling, groups: usize) -> f64 {
    ceiling.events_per_s / groups as f64
}

fn is_kept_always(keep: Option<&Matcher>, event: &[u8], matching: &mut Scratch) -> bool {
    // What cannot be judged is sampled like everything else.
    keep.is_some_and(|keep| keep.matches(event, matching).is_ok_and(|matched| !matched.is_empty()))
}

/// Decides by the hash; `share` is what the budget leaves of the ratio.
fn drawn(hash: u64, ratio: Ratio, share: Option<f64>, carried: &mut f64) -> Decision {
    if !ratio.takes(hash, 1.0) {
        return Decision::Dropped(DropReason::Sampled);
    }
    match share {
        None => {
            *carried += 1.0 / ratio.get();
            Decision::Dropped(DropReason::Ceiling)
        }
        Some(share) if ratio.takes(hash, share) => {
            Decision::Kept { weight: 1.0 / (ratio.get() * share) + std::mem::take(carried) }
        }
        Some(_) => Decision::Dropped(DropReason::Ceiling),
    }
}
