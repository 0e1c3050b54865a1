//! Why an example differs.

use std::collections::BTreeSet;

use super::comparison::RulePair;
use super::keeping::EventContents;
use super::sides::{NEW, OLD};
use super::tally::{Example, PairTally};
use crate::matcher::explain;
use crate::pattern::Profile;

/// What the pattern that does not match asks for and the first example does not have, of a rule that is on both sides.
pub(super) fn why(
    pair: &RulePair,
    tally: &PairTally,
    profile: Profile,
    contents: EventContents,
) -> Vec<String> {
    let [Some(_), Some(_)] = &pair.rules else { return Vec::new() };
    let mut lines = Vec::new();
    for (seen, other, word) in [(&tally.lost, NEW, "new"), (&tally.gained, OLD, "old")] {
        let Some(first) = seen.examples.first() else { continue };
        let conditions = missing(pair, other, first, profile, contents);
        lines.extend(conditions.into_iter().map(|condition| format!("the {word} pattern wants {condition}")));
    }
    lines
}

/// The conditions of one side that an example does not meet.
fn missing(
    pair: &RulePair,
    side: usize,
    example: &Example,
    profile: Profile,
    contents: EventContents,
) -> Vec<String> {
    let (Some(rule), Some(event)) = (&pair.rules[side], &example.event) else { return Vec::new() };
    let Ok(explanation) = explain(&rule.pattern, event, profile) else { return Vec::new() };
    if explanation.elements_disagree {
        return vec!["all its conditions in the same element of an array".to_owned()];
    }
    let unmet = explanation.conditions.iter().filter(|condition| !condition.holds);
    unmet
        .map(|condition| {
            let found: Vec<&str> = condition.found.iter().map(|leaf| leaf.actual.as_str()).collect();
            let found = match (contents, found.as_slice()) {
                (_, []) => "; the event has nothing there".to_owned(),
                (EventContents::Hidden, _) => {
                    let kinds: BTreeSet<&str> = found.iter().map(|leaf| kind(leaf)).collect();
                    let kinds = kinds.into_iter().collect::<Vec<_>>().join(" and ");
                    format!("; the event has {kinds} there, which `--show-events` shows")
                }
                (EventContents::Shown, found) => format!("; the event has {}", found.join(", ")),
            };
            format!("`{}` to be {}{found}", condition.path, condition.expected)
        })
        .collect()
}

/// What kind of value the JSON of a leaf is, which tells nothing of an event's contents.
fn kind(leaf: &str) -> &'static str {
    match leaf.bytes().next() {
        Some(b'"') => "text",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'[') => "an empty list",
        Some(b'{') => "an empty object",
        _ => "a number",
    }
}
