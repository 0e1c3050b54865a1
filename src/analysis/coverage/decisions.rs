//! Counts the decisions of a pattern, event by event.

use std::cell::OnceCell;
use std::sync::Arc;

use super::items::{ConditionItems, CoverageItem, ItemIndex, Items};
use crate::json::{Node, Value};
use crate::matcher::{EmptyNames, EventLeaves, Matcher, Scratch};
use crate::pattern::{FieldPath, FieldTest, Pattern, Profile};

/// An event, as coverage looks at it. Made once for all patterns.
#[derive(Debug)]
pub struct ObservedEvent<'e> {
    text: &'e [u8],
    root: &'e Node,
    leaves: EventLeaves<'e>,
    /// With members that have no name; hardly a pattern asks for them.
    all_leaves: OnceCell<EventLeaves<'e>>,
}

impl<'e> ObservedEvent<'e> {
    /// From the text of an event, and what it was read as.
    pub fn new(text: &'e [u8], root: &'e Node) -> ObservedEvent<'e> {
        let leaves = EventLeaves::of(root, EmptyNames::PassedOver);
        ObservedEvent { text, root, leaves, all_leaves: OnceCell::new() }
    }

    fn leaves(&self, empty_names: EmptyNames) -> &EventLeaves<'e> {
        match empty_names {
            EmptyNames::PassedOver => &self.leaves,
            EmptyNames::Seen => self.all_leaves.get_or_init(|| EventLeaves::of(self.root, EmptyNames::Seen)),
        }
    }
}

/// What events have decided of one pattern.
#[derive(Debug)]
pub struct PatternCoverage {
    items: Vec<CoverageItem>,
    conditions: Vec<PlacedCondition>,
    alternatives: Vec<AlternativePlan>,
    empty_names: EmptyNames,
    profile: Profile,
    scratch: Scratch,
}

/// A list of tests at a path.
#[derive(Debug)]
struct PlacedCondition {
    path: Arc<FieldPath>,
    counted_on: ConditionItems,
}

/// A way through the pattern.
#[derive(Debug)]
struct AlternativePlan {
    /// Numbers of conditions.
    conditions: Vec<usize>,
    /// Of this alternative alone.
    matcher: Matcher,
}

/// How an event stands to an alternative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Matches,
    /// Of all conditions, only this one fails.
    FailsBy(usize),
    /// Several fail, or elements of arrays disagree.
    Fails,
}

impl PatternCoverage {
    /// Nothing is decided yet.
    pub fn new(pattern: &Pattern, profile: Profile) -> PatternCoverage {
        let Items { items, conditions, places } = Items::of(pattern);
        let mut paths: Vec<Option<Arc<FieldPath>>> = vec![None; conditions.len()];
        let mut alternatives = Vec::new();
        for alternative in pattern.alternatives() {
            let mut numbers = Vec::new();
            for condition in &alternative.conditions {
                let Some(place) = places.get(&Arc::as_ptr(&condition.tests)) else { continue };
                paths[*place] = Some(Arc::clone(&condition.path));
                numbers.push(*place);
            }
            let matcher = Matcher::new([&pattern.only(alternative)], profile);
            alternatives.push(AlternativePlan { conditions: numbers, matcher });
        }
        let conditions = conditions.into_iter().zip(paths);
        let conditions = conditions
            .filter_map(|(counted_on, path)| path.map(|path| PlacedCondition { path, counted_on }))
            .collect();
        let empty_names = EmptyNames::of(pattern);
        PatternCoverage { items, conditions, alternatives, empty_names, profile, scratch: Scratch::default() }
    }

    /// The decisions that the pattern can make, in the order in which it was written.
    pub fn items(&self) -> &[CoverageItem] {
        &self.items
    }

    /// How often each decision was made, in their order, and begins to count anew.
    pub fn take_counts(&mut self) -> Vec<u64> {
        self.items.iter_mut().map(|item| std::mem::take(&mut item.events)).collect()
    }

    /// Counts what `event` decides, and says whether it matches. An event that cannot be judged decides nothing.
    pub fn observe(&mut self, event: &ObservedEvent<'_>) -> bool {
        let leaves = event.leaves(self.empty_names);
        let holds: Vec<bool> =
            self.conditions.iter().map(|condition| condition.holds(leaves, self.profile)).collect();
        let standings: Vec<Standing> = (0..self.alternatives.len())
            .map(|index| self.alternatives[index].standing(&holds, event.text, &mut self.scratch))
            .collect();
        let mut decided: Vec<ItemIndex> = Vec::new();
        let matches = standings.contains(&Standing::Matches);
        if matches {
            let matching = self.alternatives.iter().zip(&standings);
            let matching = matching.filter(|(_, standing)| **standing == Standing::Matches);
            for condition in matching.flat_map(|(alternative, _)| &alternative.conditions) {
                self.conditions[*condition].accepted(leaves, self.profile, &mut decided);
            }
        } else {
            decided.extend(standings.iter().filter_map(|standing| match standing {
                Standing::FailsBy(condition) => Some(self.conditions[*condition].counted_on.refused),
                Standing::Matches | Standing::Fails => None,
            }));
        }
        decided.sort_unstable();
        decided.dedup();
        decided.into_iter().for_each(|item| self.items[item].events += 1);
        matches
    }
}

impl AlternativePlan {
    fn standing(&self, holds: &[bool], event: &[u8], scratch: &mut Scratch) -> Standing {
        let mut failing = self.conditions.iter().filter(|condition| !holds[**condition]);
        match (failing.next(), failing.next()) {
            (Some(only), None) => Standing::FailsBy(*only),
            (Some(_), Some(_)) => Standing::Fails,
            (None, _) => match self.matcher.matches(event, scratch) {
                Ok(matched) if !matched.is_empty() => Standing::Matches,
                _ => Standing::Fails,
            },
        }
    }
}

impl PlacedCondition {
    fn holds(&self, leaves: &EventLeaves<'_>, profile: Profile) -> bool {
        let found = leaves.at(&self.path);
        let tests = &self.counted_on.tests;
        match found {
            [] => tests.accepts_absence(),
            found => found.iter().any(|leaf| tests.accept(leaf, profile)),
        }
    }

    /// Adds the tests that accept something, and the branches around them, to `decided`.
    fn accepted(&self, leaves: &EventLeaves<'_>, profile: Profile, decided: &mut Vec<ItemIndex>) {
        let ConditionItems { tests, accepted, taken, .. } = &self.counted_on;
        let (found, numbers) = (leaves.at(&self.path), tests.numbers());
        let accepts = |test: &FieldTest| match found {
            [] => *test == FieldTest::Absent,
            found => found.iter().any(|leaf: &&Value| test.accepts_value(leaf, numbers, profile)),
        };
        let tests = tests.tests.iter().zip(accepted).filter(|(placed, _)| accepts(&placed.test));
        decided.extend(tests.map(|(_, item)| *item).chain(taken.iter().copied()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree;
    use crate::pattern::Limits;

    /// The items that `events` have decided, as `decision text`.
    fn decided(pattern: &str, events: &[&str]) -> Vec<String> {
        let limits = Limits::service();
        let pattern = Pattern::parse(pattern.as_bytes(), &limits).unwrap();
        let mut coverage = PatternCoverage::new(&pattern, limits.profile);
        for event in events {
            let root = tree::parse(event.as_bytes()).unwrap();
            coverage.observe(&ObservedEvent::new(event.as_bytes(), &root));
        }
        let decided = coverage.items().iter().filter(|item| item.events > 0);
        decided.map(|item| format!("{} {} {}", item.decision.as_str(), item.pointer, item.text)).collect()
    }

    const PATTERN: &str = r#"{"source": ["a", "b"], "detail": {"n": [{"numeric": [">", 5]}]}}"#;

    #[test]
    fn a_match_accepts_what_it_came_by() {
        assert_eq!(
            decided(PATTERN, &[r#"{"source": "b", "detail": {"n": 6}}"#]),
            [r#"accepted /source/1 "b""#, r#"accepted /detail/n/0 {"numeric":[">",5]}"#]
        );
    }

    #[test]
    fn a_miss_refuses_only_where_one_condition_fails_alone() {
        assert_eq!(
            decided(PATTERN, &[r#"{"source": "b", "detail": {"n": 5}}"#]),
            [r#"refused /detail/n [{"numeric":[">",5]}]"#]
        );
        assert_eq!(decided(PATTERN, &[r#"{"source": "c", "detail": {"n": 5}}"#]), [""; 0]);
    }

    #[test]
    fn a_branch_is_taken_by_a_match_and_its_conditions_refuse_when_no_other_branch_matches() {
        let pattern = r#"{"$or": [{"a": [1]}, {"b": [2], "c": [3]}]}"#;
        assert_eq!(
            decided(pattern, &[r#"{"b": 2, "c": 3}"#]),
            [r#"taken /$or/1 {"b":[2],"c":[3]}"#, "accepted /$or/1/b/0 2", "accepted /$or/1/c/0 3"]
        );
        assert_eq!(
            decided(pattern, &[r#"{"a": 0, "b": 2}"#]),
            ["refused /$or/0/a [1]", "refused /$or/1/c [3]"]
        );
        assert_eq!(
            decided(pattern, &[r#"{"a": 1, "b": 2}"#]),
            ["taken /$or/0 {\"a\":[1]}", "accepted /$or/0/a/0 1"]
        );
    }

    #[test]
    fn absence_is_accepted_and_presence_refused() {
        let pattern = r#"{"source": ["a"], "gone": [{"exists": false}]}"#;
        let events = [r#"{"source": "a"}"#, r#"{"source": "a", "gone": 1}"#];
        assert_eq!(
            decided(pattern, &events),
            [
                r#"accepted /source/0 "a""#,
                r#"refused /gone [{"exists":false}]"#,
                r#"accepted /gone/0 {"exists":false}"#
            ]
        );
    }

    #[test]
    fn elements_that_disagree_decide_nothing() {
        let pattern = r#"{"items": {"a": [1], "b": [2]}}"#;
        assert_eq!(decided(pattern, &[r#"{"items": [{"a": 1}, {"b": 2}]}"#]), [""; 0]);
    }

    #[test]
    fn a_list_of_tests_that_a_later_one_replaces_has_no_items() {
        let limits = Limits::engine();
        let pattern = Pattern::parse(br#"{"a": [1], "a": [2]}"#, &limits).unwrap();
        let coverage = PatternCoverage::new(&pattern, limits.profile);
        let texts: Vec<&str> = coverage.items().iter().map(|item| item.text.as_str()).collect();
        assert_eq!(texts, ["[2]", "2"]);
    }
}
