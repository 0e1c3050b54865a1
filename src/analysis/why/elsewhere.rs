//! Traps of fields that are not where the pattern looks for them.

use super::trap::Trap;
use crate::analysis::document::{PlacedLeaf, is_container, pointer};
use crate::json::{Value, tree};
use crate::pattern::{Condition, FieldTest, Profile};

/// Places named for one condition.
const PLACES_MAX: usize = 3;

/// What an event without a leaf at the field looks like. `placed` are all values with their paths.
pub(super) fn of_missing(condition: &Condition, placed: &[PlacedLeaf<'_>], profile: Profile) -> Vec<Trap> {
    let path = condition.path.as_bytes();
    if let Some(trap) = at_path(condition, placed).or_else(|| above_path(path, placed)) {
        return vec![trap];
    }
    let wants_null = condition.tests.accept(&Value::Null, profile)
        && condition.tests.tests.iter().any(|placed| matches!(placed.test, FieldTest::Equals(_)));
    let mut traps: Vec<Trap> = wants_null.then_some(Trap::AbsenceForNull).into_iter().collect();
    traps.extend(named_alike(condition, placed, profile));
    traps
}

/// Whether the field is there, but is no leaf.
pub(super) fn at_path(condition: &Condition, placed: &[PlacedLeaf<'_>]) -> Option<Trap> {
    let here =
        placed.iter().find(|leaf| leaf.path == condition.path.as_bytes() && is_container(leaf.value))?;
    let pointer = pointer(&here.location);
    let is_exists = |test: &FieldTest| matches!(test, FieldTest::Present | FieldTest::Absent);
    Some(match here.value {
        _ if condition.tests.tests.iter().all(|placed| is_exists(&placed.test)) => {
            Trap::ExistsOnContainer { pointer }
        }
        Value::Array(_) => Trap::EmptyArray { pointer },
        _ => Trap::ObjectForLeaf { pointer },
    })
}

/// A leaf where the pattern looks for an object. Values beside objects in an array are no trap.
fn above_path(path: &[u8], placed: &[PlacedLeaf<'_>]) -> Option<Trap> {
    let is_above = |leaf: &&PlacedLeaf<'_>| {
        path.strip_prefix(&*leaf.path).is_some_and(|below| below.starts_with(b"."))
            && !is_container(leaf.value)
    };
    let above = placed.iter().find(is_above)?;
    if placed.iter().any(|other| other.path == above.path && is_container(other.value)) {
        return None;
    }
    let pointer = pointer(&above.location);
    Some(match above.value {
        Value::String(text) if text.as_str().is_some_and(is_json_object) => Trap::JsonInString { pointer },
        _ => Trap::LeafForObject { pointer },
    })
}

fn is_json_object(text: &str) -> bool {
    text.trim_start().starts_with('{') && tree::check(text.as_bytes()).is_ok()
}

/// Leaves whose path is the same but for case, or ends in the same name; those that would do first.
fn named_alike(condition: &Condition, placed: &[PlacedLeaf<'_>], profile: Profile) -> Vec<Trap> {
    let path = condition.path.as_bytes();
    let name = last_name(path);
    let mut found: Vec<(u8, usize, Trap)> = Vec::new();
    for leaf in placed.iter().filter(|leaf| !is_container(leaf.value)) {
        let pointer = pointer(&leaf.location);
        let would_hold = condition.tests.accept(leaf.value, profile);
        if leaf.path.eq_ignore_ascii_case(path) {
            found.push((0, 0, Trap::NameDiffersInCase { pointer }));
        } else if last_name(&leaf.path) == name && !name.is_empty() {
            let far = levels(&leaf.path).abs_diff(levels(path));
            found.push((if would_hold { 1 } else { 2 }, far, Trap::FieldElsewhere { pointer, would_hold }));
        }
    }
    found.sort_by_key(|(kind, far, _)| (*kind, *far));
    found.into_iter().take(PLACES_MAX).map(|(_, _, trap)| trap).collect()
}

fn last_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'.').next().unwrap_or_default()
}

fn levels(path: &[u8]) -> usize {
    path.iter().filter(|byte| **byte == b'.').count()
}
