//! Which pairs of a rule and an event are compared.

use std::collections::HashSet;
use std::sync::Arc;

use super::sample::{SampledEvent, Sampler};
use crate::matcher::explain;
use crate::pattern::{Pattern, Profile};

/// Explanations that are made in all to find the events that come nearest to rules; each takes some 30 µs.
const EXPLAINED_MAX: usize = 5_000;
/// Events that are explained for each rule, however many rules there are.
const EXPLAINED_PER_RULE_MIN: usize = 48;

/// A rule and an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The rule, by index.
    pub rule: usize,
    /// The event.
    pub event: Arc<SampledEvent>,
}

impl Pair {
    /// Whether the event matches by our own verdict.
    pub fn matches(&self) -> bool {
        self.event.matching.contains(&self.rule)
    }
}

/// Chooses at most `count` pairs: of each rule in turn an event that matches it and one that does not, nearest ones
/// first, until there are enough. Sorted by rule and event.
pub fn choose(
    sampler: &Sampler,
    patterns: &[&Pattern],
    profile: Profile,
    count: usize,
    seed: u64,
) -> Vec<Pair> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut rules: Vec<usize> = (0..patterns.len()).collect();
    random.shuffle(&mut rules);
    let of_each = patterns.len().max(1);
    let explained = (EXPLAINED_MAX / of_each).max(EXPLAINED_PER_RULE_MIN).max(count.div_ceil(of_each) + 1);
    let mut queues: Vec<(usize, std::vec::IntoIter<Arc<SampledEvent>>)> = rules
        .into_iter()
        .map(|rule| {
            (rule, candidates(sampler, rule, patterns[rule], profile, explained, &mut random).into_iter())
        })
        .collect();
    let (mut pairs, mut taken) = (Vec::new(), HashSet::new());
    while pairs.len() < count && !queues.is_empty() {
        queues.retain_mut(|(rule, events)| {
            let next = events.next();
            if let Some(event) = next.clone().filter(|_| pairs.len() < count)
                && taken.insert((*rule, event.number))
            {
                pairs.push(Pair { rule: *rule, event });
            }
            next.is_some()
        });
    }
    pairs.sort_by_key(|pair| (pair.rule, pair.event.number));
    pairs
}

/// Rules that are looked at for the one that an event all but matches.
const MISSED_MAX: usize = 8;

/// A rule for an event that goes by: as often as not one that it matches, else the one of some others that it comes
/// nearest to. None if there is no rule.
pub fn pair_for(
    event: SampledEvent,
    patterns: &[Pattern],
    profile: Profile,
    random: &mut fastrand::Rng,
) -> Option<Pair> {
    let matching = random.choice(event.matching.iter().copied());
    let missed = (0..patterns.len()).filter(|rule| !event.matching.contains(rule));
    let rule = match matching {
        Some(rule) if random.bool() || event.matching.len() == patterns.len() => rule,
        _ => {
            let looked_at = random.choose_multiple(missed, MISSED_MAX);
            looked_at.into_iter().min_by_key(|rule| unmet(&patterns[*rule], &event, profile))?
        }
    };
    Some(Pair { rule, event: Arc::new(event) })
}

/// The events of one rule in the order in which they are worth asking about.
fn candidates(
    sampler: &Sampler,
    rule: usize,
    pattern: &Pattern,
    profile: Profile,
    explained: usize,
    random: &mut fastrand::Rng,
) -> Vec<Arc<SampledEvent>> {
    let mut matching = sampler.matching(rule);
    let mut missing: Vec<&Arc<SampledEvent>> =
        sampler.events().into_iter().filter(|event| !event.matching.contains(&rule)).collect();
    random.shuffle(&mut matching);
    random.shuffle(&mut missing);
    missing.truncate(explained);
    missing.sort_by_cached_key(|event| unmet(pattern, event, profile));
    let (mut matching, mut missing) = (matching.into_iter(), missing.into_iter());
    let mut candidates = Vec::new();
    loop {
        let next = [matching.next(), missing.next()];
        if next.iter().all(Option::is_none) {
            return candidates;
        }
        candidates.extend(next.into_iter().flatten().cloned());
    }
}

/// How many conditions keep the event from matching.
fn unmet(pattern: &Pattern, event: &SampledEvent, profile: Profile) -> usize {
    explain(pattern, event.text.as_bytes(), profile).map_or(usize::MAX, |explanation| {
        explanation.conditions.iter().filter(|condition| !condition.holds).count()
    })
}
