//! The words in which differences are told, in text and in Markdown alike.

use super::diff::{EventExample, Presence, RuleDiff, Sightings, TargetDiff};
use super::human::grouped;
use crate::findings::FindingCode;
use crate::rules::BusName;

/// `added`, `removed`, what became of it instead, or what was changed.
pub(super) fn change_of_rule(rule: &RuleDiff) -> String {
    let bus = |word: &str, bus: &str| match bus == BusName::default().as_str() && rule.other_bus.is_none() {
        true => String::new(),
        false => format!(" {word} bus {bus}"),
    };
    let other = |before: &str, word: &str| {
        rule.other_bus.as_ref().map(|other| format!("{before}{}", bus(word, other)))
    };
    let presence = match (rule.presence, rule.idle) {
        (Presence::Added, Some(why)) => Some(format!("listens now, {}", idle(why, "was"))),
        (Presence::Removed, Some(why)) => Some(format!("no longer listens, {}", idle(why, "is"))),
        (Presence::Added, None) => {
            let was = other(", removed", "from").unwrap_or_default();
            Some(format!("added{}{was}", bus("on", &rule.bus)))
        }
        (Presence::Removed, None) => {
            let is = other(", added", "on").unwrap_or_default();
            Some(format!("removed{}{is}", bus("from", &rule.bus)))
        }
        (Presence::Kept, _) => rule.was.as_ref().map(|was| format!("was {was}")),
    };
    joined(presence.into_iter().chain(rule.changed.iter().map(|part| (*part).to_owned())))
}

/// Why a rule does not listen on the side on which it is or was idle.
fn idle(why: FindingCode, verb: &str) -> String {
    match why {
        FindingCode::RuleDisabled => format!("{verb} disabled"),
        FindingCode::RuleOnSchedule => format!("{verb} on a schedule"),
        _ => format!("{verb} a filter of records"),
    }
}

/// The same for a target.
pub(super) fn change_of_target(target: &TargetDiff) -> String {
    let presence = match target.presence {
        Presence::Added => Some("added".to_owned()),
        Presence::Removed => Some("removed".to_owned()),
        Presence::Kept => None,
    };
    joined(presence.into_iter().chain(target.changed.iter().map(|part| (*part).to_owned())))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// What a target gets otherwise, besides what its rule explains.
pub(super) fn of_target(target: &TargetDiff) -> Vec<String> {
    let mut words = Vec::new();
    if target.presence == Presence::Added {
        words.push(format!("{} gets {}", target.arn, events(target.gained.count)));
    }
    if target.presence == Presence::Removed {
        words.push(format!("{} no longer gets {}", target.arn, events(target.lost.count)));
    }
    if let Some((old, new)) = &target.shapes {
        words.push(format!("it got {old}, now {new}"));
    }
    if target.bodies.count > 0 {
        // Of bodies that differ as a whole there is no place to name.
        let places: Vec<&str> =
            target.differs_at.iter().map(String::as_str).filter(|place| !place.is_empty()).collect();
        let at = if places.is_empty() { String::new() } else { format!(" (first at {})", places.join(", ")) };
        words.push(format!("another body of {}{at}", events(target.bodies.count)));
    }
    if target.failed.0 != target.failed.1 {
        let (old, new) = target.failed;
        words.push(format!("{} bodies were not delivered, now {}", grouped(old), grouped(new)));
    }
    if target.is_unknown {
        words.push("its bodies are not known before deployment".to_owned());
    }
    words
}

/// `1 event`, `2 events`.
pub(super) fn events(count: u64) -> String {
    format!("{} event{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `1 rule does not differ`, `2 rules do not differ`.
pub(super) fn unchanged(count: usize) -> String {
    match count {
        1 => "1 rule does not differ".to_owned(),
        _ => format!("{} rules do not differ", grouped(count as u64)),
    }
}

/// The first events, by id and place.
pub(super) fn examples(sightings: &Sightings) -> String {
    let named: Vec<String> = sightings.examples.iter().map(example).collect();
    named.join(", ")
}

pub(super) fn example(example: &EventExample) -> String {
    match &example.id {
        Some(id) => format!("{id} ({})", example.place),
        None => example.place.clone(),
    }
}
