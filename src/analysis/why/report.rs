//! The report on one pattern and one event.

use super::trap::Trap;
use super::{elsewhere, values};
use crate::analysis::document::{PlacedLeaf, placed};
use crate::json::{JsonPointer, tree};
use crate::matcher::{ConditionOutcome, MatchError, Matcher, Scratch, explain};
use crate::pattern::{Alternative, Condition, Pattern, Profile};

/// Leaves of one field that are looked at for traps.
const LEAVES_MAX: usize = 50;

/// Why an event matches a pattern or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The verdict, by the matcher.
    pub matched: bool,
    /// How many alternatives (ways through `$or`) the pattern has; the conditions are those of one of them.
    pub alternatives: usize,
    /// Which of them: the one that matches, or comes nearest to it.
    pub alternative: usize,
    /// Its conditions, in the order in which the engine checks them.
    pub conditions: Vec<ConditionReport>,
    /// What is wrong though each condition holds somewhere.
    pub traps: Vec<Trap>,
}

/// How one condition stands, and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionReport {
    /// Whether it holds, where it is written, what it wants and what was found.
    pub outcome: ConditionOutcome,
    /// The mistakes that it looks like.
    pub traps: Vec<Trap>,
}

impl Report {
    /// How many conditions do not hold; all hold in a match, and in a miss whose conditions hold in different
    /// elements of an array.
    pub fn failed(&self) -> usize {
        self.conditions.iter().filter(|condition| !condition.outcome.holds).count()
    }
}

/// Explains how `event` stands to `pattern`.
///
/// # Errors
/// The event cannot be judged.
pub fn why(pattern: &Pattern, event: &[u8], profile: Profile) -> Result<Report, MatchError> {
    let explanation = explain(pattern, event, profile)?;
    let root = tree::parse(event).map_err(MatchError::Syntax)?;
    let placed = placed(&root);
    let written: &[Condition] = pattern
        .alternatives()
        .get(explanation.alternative)
        .map_or(&[], |alternative| &alternative.conditions);
    let is_split =
        !explanation.matched && is_split(pattern, written, &explanation.conditions, event, profile)?;
    let split = is_split.then(|| Trap::SplitAcrossElements { elements: elements(&explanation.conditions) });
    let traps = split.into_iter().collect();
    let conditions = explanation.conditions.into_iter().zip(written).map(|(outcome, condition)| {
        let traps = traps_of(condition, &outcome, &placed, profile);
        ConditionReport { outcome, traps }
    });
    Ok(Report {
        matched: explanation.matched,
        alternatives: pattern.alternatives().len(),
        alternative: explanation.alternative,
        conditions: conditions.collect(),
        traps,
    })
}

/// Whether the conditions that hold do so in different elements only, whatever else is wrong.
fn is_split(
    pattern: &Pattern,
    written: &[Condition],
    outcomes: &[ConditionOutcome],
    event: &[u8],
    profile: Profile,
) -> Result<bool, MatchError> {
    let held = written.iter().zip(outcomes).filter(|(_, outcome)| outcome.holds);
    let conditions: Vec<Condition> = held.map(|(condition, _)| condition.clone()).collect();
    if conditions.len() < 2 {
        return Ok(false);
    }
    let together = pattern.only(&Alternative { conditions });
    Ok(Matcher::new([&together], profile).matches(event, &mut Scratch::default())?.is_empty())
}

fn traps_of(
    condition: &Condition,
    outcome: &ConditionOutcome,
    placed: &[PlacedLeaf<'_>],
    profile: Profile,
) -> Vec<Trap> {
    if outcome.holds {
        let found: Vec<(&JsonPointer, bool)> =
            outcome.found.iter().map(|leaf| (&leaf.pointer, leaf.accepted)).collect();
        let by_absence = found.is_empty().then(|| elsewhere::at_path(condition, placed)).flatten();
        return values::of_held(&condition.tests, &found).or(by_absence).into_iter().collect();
    }
    if outcome.found.is_empty() {
        return elsewhere::of_missing(condition, placed, profile);
    }
    let mut traps = Vec::new();
    for leaf in outcome.found.iter().take(LEAVES_MAX) {
        let Ok(actual) = tree::parse(leaf.actual.as_bytes()) else { continue };
        let trap = values::of_refused(condition, &actual.value, profile);
        traps.extend(trap.filter(|trap| !traps.contains(trap)));
    }
    traps
}

/// The array elements with leaves that satisfy some condition.
fn elements(conditions: &[ConditionOutcome]) -> Vec<JsonPointer> {
    let mut elements: Vec<JsonPointer> = Vec::new();
    for leaf in conditions.iter().flat_map(|condition| &condition.found).filter(|leaf| leaf.accepted) {
        if let Some(element) = element_around(&leaf.pointer).filter(|element| !elements.contains(element)) {
            elements.push(element);
        }
    }
    elements
}

/// The innermost element of an array that a pointer leads through. A member whose name is a number looks the same, which
/// is no harm in a hint.
fn element_around(pointer: &JsonPointer) -> Option<JsonPointer> {
    let mut around = pointer.clone();
    while let Some(slash) = around.as_str().rfind('/') {
        let is_index = around.as_str()[slash + 1..].bytes().all(|byte| byte.is_ascii_digit());
        if is_index && around.len() > slash + 1 && around != *pointer {
            return Some(around);
        }
        around.truncate(slash);
    }
    None
}
