//! The smallest change that flips a verdict, proven.

use std::collections::HashMap;
use std::fmt;

use super::breaking::Breaker;
use super::nearby::Nearby;
use super::operation::{Operation, applied};
use super::planning::{Plan, Way, plan};
use crate::analysis::document::{Step, is_container, placed, without_duplicates};
use crate::analysis::synthesis::{event_for_alternative, matching_event, refused_event};
use crate::event::check_envelope;
use crate::json::{Node, Value, tree};
use crate::matcher::{MatchError, Matcher, Scratch};
use crate::pattern::{Alternative, Condition, Pattern, Profile};

/// Longer events are not repaired; those of AWS have at most 256 KiB (1 MiB on newer buses).
const EVENT_BYTES_MAX: usize = 2 << 20;

/// Alternatives that are planned for one event: the nearest.
const ALTERNATIVES_MAX: usize = 100;

/// Leaves of one field that are looked at to find the nearest alternatives.
const LEAVES_MAX: usize = 100;

/// Plans that are put to the matcher.
const PROOFS_MAX: usize = 60;

/// A change of an event that flips the verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// What to do, in this order: a JSON Patch.
    pub operations: Vec<Operation>,
    /// The changed event, as compact JSON.
    pub event: String,
    /// Whether the changed event matches.
    pub matches: bool,
    /// Whether the event had members of the same name; the patch is for the event with the last of each, which is
    /// what most programs read.
    pub duplicates_dropped: bool,
}

/// Why there is no repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRepair {
    /// No event was found that the pattern matches, so no change can make this one match.
    NeverMatches,
    /// No event was found that the pattern does not match.
    AlwaysMatches,
    /// Nothing that was tried flips the verdict.
    NotFound,
    /// The event is too long to be repaired.
    EventTooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The longest.
        bytes_max: usize,
    },
}

impl fmt::Display for NoRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoRepair::NeverMatches => f.write_str("no event is known that the pattern matches"),
            NoRepair::AlwaysMatches => f.write_str("no event is known that the pattern does not match"),
            NoRepair::NotFound => f.write_str("no small change was found that flips the verdict"),
            NoRepair::EventTooLong { bytes, bytes_max } => {
                write!(f, "the event has {bytes} bytes, at most {bytes_max} are looked into")
            }
        }
    }
}

/// Looks for the smallest change of `event` that makes it match `pattern`, or, if it matches, makes it miss.
///
/// The flip is proven with the matcher. The fewest operations win, then the smallest change of values; nothing
/// fewer was found, which is no proof that there is nothing. In profile `Service` an event with a complete envelope
/// keeps it complete.
///
/// # Errors
/// The event cannot be judged.
pub fn repair(
    pattern: &Pattern,
    event: &[u8],
    profile: Profile,
) -> Result<Result<Repair, NoRepair>, MatchError> {
    let matcher = Matcher::new([pattern], profile);
    let matched = !matcher.matches(event, &mut Scratch::default())?.is_empty();
    if event.len() > EVENT_BYTES_MAX {
        return Ok(Err(NoRepair::EventTooLong { bytes: event.len(), bytes_max: EVENT_BYTES_MAX }));
    }
    let written = tree::parse(event).map_err(MatchError::Syntax)?;
    let unique = without_duplicates(&written);
    let duplicates_dropped = unique.is_some();
    let root = unique.unwrap_or(written);
    let keeps_envelope = profile == Profile::Service && check_envelope(&root).is_ok();
    let allowed = |event: &Node| !keeps_envelope || check_envelope(event).is_ok();
    let flipper = Flipper { pattern, matcher, matched, profile, allowed: &allowed };
    let found = match flipper.is_flipped(&root) {
        true => Some(Vec::new()),
        false => flipper.operations(&root).map(|operations| flipper.minimised(&root, operations)),
    };
    let Some(operations) = found else { return Ok(Err(flipper.reason())) };
    let Some(changed) = applied(&root, &operations) else { return Ok(Err(NoRepair::NotFound)) };
    let event = changed.value.to_string();
    Ok(Ok(Repair { operations, event, matches: !matched, duplicates_dropped }))
}

struct Flipper<'p> {
    pattern: &'p Pattern,
    matcher: Matcher,
    matched: bool,
    profile: Profile,
    allowed: &'p dyn Fn(&Node) -> bool,
}

impl Flipper<'_> {
    fn is_flipped(&self, event: &Node) -> bool {
        let text = event.value.to_string();
        let verdict = self.matcher.matches(text.as_bytes(), &mut Scratch::default()).map(<[_]>::len);
        verdict.is_ok_and(|rules| (rules == 1) != self.matched)
    }

    fn works(&self, root: &Node, operations: &[Operation]) -> bool {
        applied(root, operations).is_some_and(|changed| (self.allowed)(&changed) && self.is_flipped(&changed))
    }

    fn operations(&self, root: &Node) -> Option<Vec<Operation>> {
        match self.matched {
            true => {
                let broken = Breaker::new(self.pattern, self.profile, self.allowed).operations(root);
                let works = |operations: &Vec<Operation>| self.works(root, operations);
                broken.filter(works).or_else(|| self.rewritten_to_miss(root))
            }
            false => self.planned(root).or_else(|| self.rewritten(root)),
        }
    }

    /// The best of the plans that work, over the alternatives that are nearest; ways that disturb more of the event
    /// are tried only where those before do not work for any.
    fn planned(&self, root: &Node) -> Option<Vec<Operation>> {
        let (nearest, nearby) = (self.nearest(root), Nearby::new(self.profile));
        Way::ALL.into_iter().find_map(|way| {
            let plans =
                nearest.iter().filter_map(|alternative| plan(root, alternative, way, &nearby, self.profile));
            let mut plans: Vec<Plan> = plans.collect();
            plans.sort_by_key(Plan::rank);
            let operations = plans.into_iter().take(PROOFS_MAX).map(|plan| plan.operations);
            operations.into_iter().find(|operations| self.works(root, operations))
        })
    }

    /// Those with the fewest conditions that no leaf of the event meets.
    fn nearest(&self, root: &Node) -> Vec<&Alternative> {
        let placed = placed(root);
        let mut values: HashMap<&[u8], Vec<&Value>> = HashMap::new();
        for leaf in placed.iter().filter(|leaf| !is_container(leaf.value)) {
            values.entry(&leaf.path).or_default().push(leaf.value);
        }
        let is_met = |condition: &Condition| match values.get(condition.path.as_bytes()) {
            None => condition.tests.accepts_absence(),
            Some(found) => {
                found.iter().take(LEAVES_MAX).any(|value| condition.tests.accept(value, self.profile))
            }
        };
        let mut alternatives: Vec<&Alternative> = self.pattern.alternatives().iter().collect();
        alternatives.sort_by_cached_key(|alternative| {
            alternative.conditions.iter().filter(|condition| !is_met(condition)).count()
        });
        alternatives.truncate(ALTERNATIVES_MAX);
        alternatives
    }

    /// The last resort: whole members of an event that was made for an alternative.
    fn rewritten(&self, root: &Node) -> Option<Vec<Operation>> {
        let alternatives = self.pattern.alternatives().iter().take(PROOFS_MAX);
        alternatives.into_iter().find_map(|alternative| {
            let made = event_for_alternative(self.pattern, alternative, self.profile)?;
            let made = tree::parse(made.as_bytes()).ok()?;
            let operations = replaced_members(root, &made)?;
            self.works(root, &operations).then_some(operations)
        })
    }

    fn rewritten_to_miss(&self, root: &Node) -> Option<Vec<Operation>> {
        let made = refused_event(self.pattern, self.profile)?;
        let operations = replaced_members(root, &tree::parse(made.as_bytes()).ok()?)?;
        self.works(root, &operations).then_some(operations)
    }

    /// Without the operations that are not needed.
    fn minimised(&self, root: &Node, mut operations: Vec<Operation>) -> Vec<Operation> {
        let mut at = 0;
        while at < operations.len() && operations.len() > 1 {
            let mut fewer = operations.clone();
            fewer.remove(at);
            if self.works(root, &fewer) {
                operations = fewer;
            } else {
                at += 1;
            }
        }
        operations
    }

    fn reason(&self) -> NoRepair {
        match self.matched {
            false if matching_event(self.pattern, self.profile).is_none() => NoRepair::NeverMatches,
            true if refused_event(self.pattern, self.profile).is_none() => NoRepair::AlwaysMatches,
            _ => NoRepair::NotFound,
        }
    }
}

/// Makes the top-level members of one event those of another.
fn replaced_members(root: &Node, made: &Node) -> Option<Vec<Operation>> {
    let (Value::Object(old), Value::Object(new)) = (&root.value, &made.value) else { return None };
    let gone = old.iter().filter(|member| new.iter().all(|other| other.name != member.name));
    let removed = gone.map(|member| Operation::remove(vec![Step::Member(member.name.clone())]));
    let put = new.iter().map(|member| {
        let location = vec![Step::Member(member.name.clone())];
        let value = member.value.value.clone();
        match old.iter().any(|other| other.name == member.name) {
            true => Operation::replace(location, value),
            false => Operation::add(location, value),
        }
    });
    Some(removed.chain(put).collect())
}
