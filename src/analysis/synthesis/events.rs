//! The questions that can be asked.

use std::collections::HashSet;

use super::search::Search;
use crate::pattern::{Alternative, Condition, FieldPath, FieldTests, Pattern, Profile};

/// Alternatives, or pairs of them, that are looked into for one question.
const ALTERNATIVES_MAX: usize = 2_000;

/// An event that `pattern` matches, with a complete envelope, as JSON text.
///
/// The same pattern gets the same event. In profile `Service` only events that the service takes count, so
/// there is none for a pattern that wants `source` to be absent.
///
/// `None`: none was found; in all likelihood the pattern can never match.
pub fn matching_event(pattern: &Pattern, profile: Profile) -> Option<String> {
    let patterns = [pattern];
    let mut search = Search::new(&patterns, &[], profile);
    let alternatives = pattern.alternatives().iter().take(ALTERNATIVES_MAX);
    alternatives.into_iter().find_map(|alternative| search.event(&refs(alternative)))
}

/// As [`matching_event`], by way of one of the pattern's alternatives. Others may match the event too.
pub fn event_for_alternative(
    pattern: &Pattern,
    alternative: &Alternative,
    profile: Profile,
) -> Option<String> {
    let only = pattern.only(alternative);
    Search::new(&[&only], &[], profile).event(&refs(&only.alternatives()[0]))
}

/// An event that `matching` matches and `other` does not. `None`: none was found, so `other` may well match
/// whatever `matching` does.
pub fn separating_event(matching: &Pattern, other: &Pattern, profile: Profile) -> Option<String> {
    let (wanted, unwanted) = ([matching], [other]);
    // What both patterns have as it is cannot tell them apart.
    let shared: HashSet<Vec<Key<'_>>> = other.alternatives().iter().map(keys).collect();
    let differing = matching.alternatives().iter().filter(|alternative| !shared.contains(&keys(alternative)));
    let mut differing = differing.take(ALTERNATIVES_MAX).peekable();
    differing.peek()?;
    let mut search = Search::new(&wanted, &unwanted, profile);
    differing.find_map(|alternative| search.event(&refs(alternative)))
}

/// An event that both patterns match. `None`: none was found.
pub fn common_event(a: &Pattern, b: &Pattern, profile: Profile) -> Option<String> {
    let patterns = [a, b];
    let mut search = Search::new(&patterns, &[], profile);
    let pairs =
        a.alternatives().iter().flat_map(|of_a| b.alternatives().iter().map(move |of_b| (of_a, of_b)));
    pairs.take(ALTERNATIVES_MAX).find_map(|(of_a, of_b)| {
        search.event(&of_a.conditions.iter().chain(&of_b.conditions).collect::<Vec<_>>())
    })
}

/// An event that `pattern` does not match. `None`: none was found; in all likelihood the pattern matches every event.
pub fn refused_event(pattern: &Pattern, profile: Profile) -> Option<String> {
    Search::new(&[], &[pattern], profile).event(&[])
}

fn refs(alternative: &Alternative) -> Vec<&Condition> {
    alternative.conditions.iter().collect()
}

/// What makes two conditions the same.
type Key<'p> = (&'p FieldPath, &'p FieldTests);

fn keys(alternative: &Alternative) -> Vec<Key<'_>> {
    alternative.conditions.iter().map(|condition| (&*condition.path, &*condition.tests)).collect()
}
