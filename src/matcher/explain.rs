//! Says why an event matches a pattern or does not: condition by condition, with places in both.
//!
//! This is the slow, plain path: it builds the event's values. The verdict itself comes from the same
//! [`Matcher`] that everything else uses, so that an explanation cannot contradict it.

use std::collections::HashMap;
use std::sync::Arc;

use super::compiled::Matcher;
use super::error::MatchError;
use super::matching::Scratch;
use crate::json::{JsonPointer, Node, Value, tree};
use crate::pattern::{Alternative, Condition, FieldPath, FieldTests, Pattern, Profile, Span};

/// Why an event matches a pattern or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The verdict.
    pub matched: bool,
    /// Which of the pattern's alternatives the conditions are of.
    pub alternative: usize,
    /// The conditions of the alternative (way through `$or`) that matches, or comes nearest to it.
    pub conditions: Vec<ConditionOutcome>,
    /// Each condition is satisfied somewhere, yet the pattern does not match: different elements of an
    /// array satisfy them, or an absence is contradicted.
    pub elements_disagree: bool,
}

/// How one condition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionOutcome {
    /// The field's dotted path.
    pub path: String,
    /// Where the field's tests stand in the pattern's JSON.
    pub pattern_pointer: JsonPointer,
    /// The bytes of the pattern's text that spell the tests.
    pub pattern_span: Span,
    /// What the pattern wants, as JSON: a list of tests of which one must accept.
    pub expected: String,
    /// Whether some leaf satisfies it, or its field is absent as it asks: in a match from the element of an array that
    /// matches, else from the whole event.
    pub holds: bool,
    /// The leaves at the field, in the order of the event.
    pub found: Vec<FoundLeaf>,
}

/// A leaf of the event at a tested field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLeaf {
    /// Where it is in the event.
    pub pointer: JsonPointer,
    /// Its JSON text.
    pub actual: String,
    /// Whether a test accepts it.
    pub accepted: bool,
}

/// Explains how `event` stands to `pattern`.
///
/// # Errors
/// The event cannot be judged.
pub fn explain(pattern: &Pattern, event: &[u8], profile: Profile) -> Result<Explanation, MatchError> {
    let matcher = Matcher::new([pattern], profile);
    let matched = !matcher.matches(event, &mut Scratch::default())?.is_empty();
    let root = tree::parse(event).map_err(MatchError::Syntax)?;
    let sees_empty_names =
        pattern.alternatives().iter().flat_map(|a| &a.conditions).any(|c| c.path.asks_for_empty_names());
    let mut leaves = Vec::new();
    collect(&root, None, &mut JsonPointer::root(), sees_empty_names, &mut leaves);
    let mut holding = Holding::new(&leaves, profile);
    let alternatives = pattern.alternatives();
    // Only those are asked for one by one whose conditions are met somewhere; absences depend on what is chosen.
    let mut matches_alone = |alternative: &Alternative| {
        let may_hold = |condition: &Condition| holding.holds(condition) || condition.tests.accepts_absence();
        alternative.conditions.iter().all(may_hold)
            && Matcher::new([&pattern.only(alternative)], profile).is_match(event)
    };
    let matching = matched.then(|| alternatives.iter().position(&mut matches_alone)).flatten();
    let mut unmet = |at: &usize| {
        alternatives[*at].conditions.iter().filter(|condition| !holding.holds(condition)).count()
    };
    let alternative = matching.or_else(|| (0..alternatives.len()).min_by_key(&mut unmet)).unwrap_or_default();
    let written = alternatives.get(alternative).map(|nearest| &*nearest.conditions).unwrap_or_default();
    let mut conditions: Vec<ConditionOutcome> =
        written.iter().map(|condition| outcome(pattern, condition, &leaves, profile)).collect();
    // In a match, leaves in other elements than the chosen one do not contradict an absence.
    conditions.iter_mut().for_each(|condition| condition.holds |= matched);
    let elements_disagree = !matched && conditions.iter().all(|condition| condition.holds);
    Ok(Explanation { matched, alternative, conditions, elements_disagree })
}

impl Matcher {
    fn is_match(&self, event: &[u8]) -> bool {
        self.matches(event, &mut Scratch::default()).is_ok_and(|matched| !matched.is_empty())
    }
}

/// A leaf with its dotted path.
struct PlacedLeaf<'n> {
    path: Vec<u8>,
    pointer: JsonPointer,
    node: &'n Node,
}

fn collect<'n>(
    node: &'n Node,
    path: Option<&[u8]>,
    pointer: &mut JsonPointer,
    sees_empty_names: bool,
    leaves: &mut Vec<PlacedLeaf<'n>>,
) {
    let len = pointer.len();
    match &node.value {
        Value::Object(members) => {
            for member in members.iter().filter(|m| sees_empty_names || !m.name.as_bytes().is_empty()) {
                let below = match path {
                    None => member.name.as_bytes().to_vec(),
                    Some(path) => [path, b".", member.name.as_bytes()].concat(),
                };
                pointer.push_member(&member.name);
                collect(&member.value, Some(&below), pointer, sees_empty_names, leaves);
                pointer.truncate(len);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointer.push_element(index);
                collect(element, path, pointer, sees_empty_names, leaves);
                pointer.truncate(len);
            }
        }
        _ => {
            leaves.extend(path.map(|path| PlacedLeaf { path: path.to_vec(), pointer: pointer.clone(), node }))
        }
    }
}

/// Which conditions are met somewhere in an event; each is looked at once, though many alternatives have it.
struct Holding<'l> {
    by_path: HashMap<&'l [u8], Vec<&'l PlacedLeaf<'l>>>,
    known: HashMap<(*const FieldPath, *const FieldTests), bool>,
    profile: Profile,
}

impl<'l> Holding<'l> {
    fn new(leaves: &'l [PlacedLeaf<'l>], profile: Profile) -> Holding<'l> {
        let mut by_path: HashMap<&[u8], Vec<&PlacedLeaf<'_>>> = HashMap::new();
        leaves.iter().for_each(|leaf| by_path.entry(&leaf.path).or_default().push(leaf));
        Holding { by_path, known: HashMap::new(), profile }
    }

    fn holds(&mut self, condition: &Condition) -> bool {
        let key = (Arc::as_ptr(&condition.path), Arc::as_ptr(&condition.tests));
        *self.known.entry(key).or_insert_with(|| match self.by_path.get(condition.path.as_bytes()) {
            None => condition.tests.accepts_absence(),
            Some(found) => found.iter().any(|leaf| condition.tests.accept(&leaf.node.value, self.profile)),
        })
    }
}

fn outcome(
    pattern: &Pattern,
    condition: &Condition,
    leaves: &[PlacedLeaf<'_>],
    profile: Profile,
) -> ConditionOutcome {
    let found: Vec<FoundLeaf> = leaves
        .iter()
        .filter(|leaf| leaf.path == condition.path.as_bytes())
        .map(|leaf| FoundLeaf {
            pointer: leaf.pointer.clone(),
            actual: leaf.node.value.to_string(),
            accepted: condition.tests.accept(&leaf.node.value, profile),
        })
        .collect();
    let expected: Vec<String> = condition.tests.tests.iter().map(|placed| placed.test.to_string()).collect();
    ConditionOutcome {
        path: condition.path.to_string(),
        pattern_pointer: pattern.pointer_of(&condition.tests),
        pattern_span: condition.tests.place.0.clone(),
        expected: format!("[{}]", expected.join(",")),
        holds: found.iter().any(|leaf| leaf.accepted)
            || found.is_empty() && condition.tests.accepts_absence(),
        found,
    }
}
