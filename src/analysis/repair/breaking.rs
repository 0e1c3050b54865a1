//! Finds the operations after which a matching event does not match any more.

use super::nearby::{Nearby, Wish};
use super::operation::Operation;
use crate::analysis::document::{Location, PlacedLeaf, Step, at, below, placed};
use crate::analysis::synthesis::nested;
use crate::json::{Node, Value};
use crate::matcher::{Matcher, Scratch};
use crate::pattern::{Alternative, Condition, Pattern, Profile};

/// Operations that a repair may have; each makes fewer alternatives match.
const OPERATIONS_MAX: usize = 64;

/// Single operations that are tried at one step.
const TRIED_MAX: usize = 400;

/// Alternatives whose conditions are looked at for one step.
const ALTERNATIVES_MAX: usize = 100;

/// Leaves of one field that are changed one by one; beyond, all are changed at once.
const LEAVES_MAX: usize = 20;

/// Breaks all alternatives of a pattern that match an event.
pub(super) struct Breaker<'p> {
    pattern: &'p Pattern,
    profile: Profile,
    nearby: Nearby,
    /// A rule for each alternative.
    matcher: Matcher,
    /// Whether an event may be made so.
    allowed: &'p dyn Fn(&Node) -> bool,
}

impl<'p> Breaker<'p> {
    pub(super) fn new(
        pattern: &'p Pattern,
        profile: Profile,
        allowed: &'p dyn Fn(&Node) -> bool,
    ) -> Breaker<'p> {
        let each: Vec<Pattern> =
            pattern.alternatives().iter().map(|alternative| pattern.only(alternative)).collect();
        Breaker {
            pattern,
            profile,
            nearby: Nearby::new(profile),
            matcher: Matcher::new(&each, profile),
            allowed,
        }
    }

    /// Operations after which no alternative matches `event`; each is the one that breaks most, and changes least.
    pub(super) fn operations(&self, event: &Node) -> Option<Vec<Operation>> {
        let (mut event, mut operations) = (event.clone(), Vec::new());
        loop {
            let matching = self.matching(&event)?;
            if matching.is_empty() {
                return Some(operations);
            }
            if operations.len() >= OPERATIONS_MAX {
                return None;
            }
            let (operation, changed) = self.best(&event, &matching)?;
            operations.push(operation);
            event = changed;
        }
    }

    fn matching(&self, event: &Node) -> Option<Vec<&'p Alternative>> {
        let mut scratch = Scratch::default();
        let matched = self.matcher.matches(event.value.to_string().as_bytes(), &mut scratch).ok()?;
        Some(matched.iter().filter_map(|rule| self.pattern.alternatives().get(rule.0 as usize)).collect())
    }

    fn best(&self, event: &Node, matching: &[&'p Alternative]) -> Option<(Operation, Node)> {
        let mut candidates = self.candidates(event, matching);
        candidates.sort_by_key(|operation| operation.cost(event));
        let mut best: Option<(usize, Operation, Node)> = None;
        for operation in candidates.into_iter().take(TRIED_MAX) {
            let mut changed = event.clone();
            if operation.apply(&mut changed).is_none() || !(self.allowed)(&changed) {
                continue;
            }
            let Some(left) = self.matching(&changed).map(|matching| matching.len()) else { continue };
            if left < best.as_ref().map_or(matching.len(), |(left, _, _)| *left) {
                best = Some((left, operation, changed));
            }
            // The cheapest one that does it all.
            if left == 0 {
                break;
            }
        }
        best.map(|(_, operation, changed)| (operation, changed))
    }

    fn candidates(&self, event: &Node, matching: &[&'p Alternative]) -> Vec<Operation> {
        let leaves = placed(event);
        let mut seen: Vec<&Condition> = Vec::new();
        let mut candidates = Vec::new();
        for condition in
            matching.iter().take(ALTERNATIVES_MAX).flat_map(|alternative| &alternative.conditions)
        {
            if seen.contains(&condition) {
                continue;
            }
            seen.push(condition);
            let accepted: Vec<&PlacedLeaf<'_>> = leaves
                .iter()
                .filter(|leaf| leaf.path == condition.path.as_bytes())
                .filter(|leaf| condition.tests.accept(leaf.value, self.profile))
                .collect();
            match accepted.is_empty() {
                true => candidates.extend(self.presence(event, condition)),
                false => accepted
                    .iter()
                    .take(LEAVES_MAX)
                    .for_each(|leaf| self.other(leaf, condition, &mut candidates)),
            }
        }
        candidates
    }

    /// Ways to keep a leaf from satisfying a condition.
    fn other(&self, leaf: &PlacedLeaf<'_>, condition: &Condition, candidates: &mut Vec<Operation>) {
        let refused = self.nearby.value(condition, Some(leaf.value), Wish::Refused);
        candidates.extend(refused.clone().map(|value| Operation::replace(leaf.location.clone(), value)));
        candidates.push(Operation::remove(leaf.location.clone()));
        // The arrays around, with all their elements, and the objects in them.
        for len in (1..leaf.location.len()).rev() {
            let location: Location = leaf.location[..len].to_vec();
            let holds_elements = matches!(leaf.location[len], Step::Element(_));
            if holds_elements {
                candidates.extend(refused.clone().map(|value| Operation::replace(location.clone(), value)));
                candidates.push(Operation::replace(location.clone(), Value::Array(Vec::new())));
            }
            candidates.push(Operation::remove(location));
        }
    }

    /// Ways to have a value where a condition is content with none.
    fn presence(&self, event: &Node, condition: &Condition) -> Vec<Operation> {
        let Some(value) = self.nearby.value(condition, None, Wish::Refused) else {
            return Vec::new();
        };
        let steps: Vec<&[u8]> = condition.path.steps().collect();
        let places = self.places(event, &steps).into_iter();
        let operation = |(location, rest): (Location, &[&[u8]])| {
            let is_object = matches!(at(event, &location)?.value, Value::Object(_));
            let Value::Object(new) = nested([(&*rest.join(&b'.'), value.clone())]) else { return None };
            match (rest, new.into_iter().next()) {
                ([], _) => Some(Operation::replace(location, value.clone())),
                (_, Some(new)) if is_object => {
                    Some(Operation::add(below(&location, Step::Member(new.name)), new.value.value))
                }
                (_, new) => Some(Operation::replace(location, Value::Object(new.into_iter().collect()))),
            }
        };
        places.filter_map(operation).collect()
    }

    /// Where the way down `steps` ends, one element after the other, and the steps left.
    fn places<'s>(&self, event: &Node, steps: &'s [&'s [u8]]) -> Vec<(Location, &'s [&'s [u8]])> {
        let mut open: Vec<(Location, &[&[u8]])> = vec![(Location::new(), steps)];
        let mut found = Vec::new();
        while let Some((location, steps)) = open.pop() {
            if found.len() + open.len() > TRIED_MAX {
                break;
            }
            let Some(node) = at(event, &location) else { continue };
            match (&node.value, steps) {
                (Value::Array(elements), _) if !elements.is_empty() => {
                    open.extend(
                        (0..elements.len()).map(|index| (below(&location, Step::Element(index)), steps)),
                    );
                }
                (Value::Object(members), [first, rest @ ..]) => {
                    match members.iter().find(|member| member.name.as_bytes() == *first) {
                        Some(member) => {
                            open.push((below(&location, Step::Member(member.name.clone())), rest))
                        }
                        None => found.push((location, steps)),
                    }
                }
                _ => found.push((location, steps)),
            }
        }
        found
    }
}
