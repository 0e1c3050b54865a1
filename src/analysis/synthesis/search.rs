//! Looks for an assignment that some conditions accept and some conjunctions do not.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::assignment::{Assignment, Choice, accepts};
use super::layout::{Layout, event};
use super::values::values_at;
use crate::event::{REQUIRED_FIELDS, check_envelope};
use crate::json::{Value, tree};
use crate::matcher::{Matcher, RuleIndex, Scratch};
use crate::pattern::{Alternative, Condition, FieldPath, FieldTest, FieldTests, Pattern, Profile};

/// Choices tried for one question.
const CHOICES_MAX: usize = 20_000;

/// Conditions looked at for one question: bounds the time that patterns of many alternatives can take.
const CONDITIONS_MAX: usize = 4_000_000;

/// Alternatives of unwanted patterns that are made to fail one after the other.
const AVOIDED_MAX: usize = 300;

/// Finished assignments that are put to the matcher for one question.
const PROOFS_MAX: usize = 50;

/// One question: an event that all `wanted` patterns match and no `unwanted` one does.
pub(super) struct Search<'p> {
    wanted: &'p [&'p Pattern],
    unwanted: &'p [&'p Pattern],
    profile: Profile,
    matcher: Matcher,
    /// The tests at each path, of all patterns.
    tests: HashMap<&'p FieldPath, Vec<&'p FieldTests>>,
    values: HashMap<&'p FieldPath, Rc<[Value]>>,
    choices_left: usize,
    conditions_left: usize,
    proofs_left: usize,
}

/// What is asked of the paths that wanted patterns name.
type Demands<'p> = HashMap<&'p FieldPath, Vec<&'p Condition>>;

impl<'p> Search<'p> {
    pub(super) fn new(
        wanted: &'p [&'p Pattern],
        unwanted: &'p [&'p Pattern],
        profile: Profile,
    ) -> Search<'p> {
        let mut tests: HashMap<&FieldPath, Vec<&FieldTests>> = HashMap::new();
        let mut seen = HashSet::new();
        // Those that are not shared by all come first: they are what tells patterns apart.
        for condition in wanted.iter().chain(unwanted).flat_map(|pattern| conditions(pattern)) {
            if seen.insert((&*condition.path, &*condition.tests)) {
                tests.entry(&condition.path).or_default().push(&condition.tests);
            }
        }
        Search {
            wanted,
            unwanted,
            profile,
            matcher: Matcher::new(wanted.iter().chain(unwanted).copied(), profile),
            tests,
            values: HashMap::new(),
            choices_left: CHOICES_MAX,
            conditions_left: CONDITIONS_MAX,
            proofs_left: PROOFS_MAX,
        }
    }

    /// An event for these conditions, taken from the alternatives of wanted patterns.
    pub(super) fn event(&mut self, conditions: &[&'p Condition]) -> Option<String> {
        let mut demands: Demands<'p> = HashMap::new();
        for condition in conditions {
            demands.entry(&condition.path).or_default().push(condition);
        }
        let mut assignment = Assignment::default();
        let mut paths: Vec<&FieldPath> = demands.keys().copied().collect();
        paths.sort_by(|a, b| a.cmp_checked(b));
        for path in paths {
            let choice = self.choices(path).find(|choice| fits(&demands, path, choice, self.profile))?;
            assignment.set(path, choice);
        }
        let unwanted: Vec<&Alternative> =
            self.unwanted.iter().flat_map(|pattern| pattern.alternatives()).collect();
        self.avoid(&assignment, &demands, &unwanted, &mut Vec::new())
    }

    /// Changes the assignment until no unwanted alternative matches it. `broken` are the conditions that were made
    /// to fail on the way, and are to stay so.
    fn avoid(
        &mut self,
        assignment: &Assignment,
        demands: &Demands<'p>,
        unwanted: &[&'p Alternative],
        broken: &mut Vec<&'p Condition>,
    ) -> Option<String> {
        let Some(matching) = self.first_matching(assignment, unwanted)? else {
            return self.proven(assignment);
        };
        if broken.len() >= AVOIDED_MAX {
            return None;
        }
        for condition in &matching.conditions {
            let demanded = demands.get(&*condition.path).map(Vec::as_slice).unwrap_or_default();
            if demanded.iter().any(|demand| demand.tests == condition.tests) {
                continue;
            }
            broken.push(condition);
            let profile = self.profile;
            let here: Vec<&Condition> =
                broken.iter().copied().filter(|other| other.path == condition.path).collect();
            let choices = self
                .choices(&condition.path)
                .filter(|choice| here.iter().all(|broken| !accepts(broken, choice, profile)))
                .filter(|choice| fits(demands, &condition.path, choice, profile));
            for choice in choices {
                self.choices_left = self.choices_left.checked_sub(1)?;
                let mut changed = assignment.clone();
                changed.set(&condition.path, choice);
                if let Some(event) = self.avoid(&changed, demands, unwanted, broken) {
                    return Some(event);
                }
            }
            broken.pop();
        }
        None
    }

    /// `None` if the search has taken too long.
    fn first_matching<'a>(
        &mut self,
        assignment: &Assignment,
        alternatives: &[&'a Alternative],
    ) -> Option<Option<&'a Alternative>> {
        for alternative in alternatives {
            let mut holds = true;
            for condition in &alternative.conditions {
                self.conditions_left = self.conditions_left.checked_sub(1)?;
                if !assignment.meets(condition, self.profile) {
                    holds = false;
                    break;
                }
            }
            if holds {
                return Some(Some(alternative));
            }
        }
        Some(None)
    }

    /// Values and absence that may be at `path`, whatever the tests on it say.
    fn choices(&mut self, path: &'p FieldPath) -> impl Iterator<Item = Choice> + use<'p> {
        let values = match self.values.get(path) {
            Some(values) => Rc::clone(values),
            None => {
                let values = self.values_at(path);
                self.values.insert(path, Rc::clone(&values));
                values
            }
        };
        let may_be_absent = !self.is_required(path);
        (0..values.len()).map(move |at| Some(values[at].clone())).chain(may_be_absent.then_some(None))
    }

    fn values_at(&self, path: &FieldPath) -> Rc<[Value]> {
        let lists = self.tests.get(path).map(Vec::as_slice).unwrap_or_default();
        values_at(path, &told_apart(lists), self.profile).into()
    }

    /// Whether the service takes no event without this field.
    fn is_required(&self, path: &FieldPath) -> bool {
        self.profile == Profile::Service
            && REQUIRED_FIELDS.iter().any(|name| name.as_bytes() == path.as_bytes())
    }

    /// The event of an assignment, if the matcher agrees that it does what is asked.
    fn proven(&mut self, assignment: &Assignment) -> Option<String> {
        self.proofs_left = self.proofs_left.checked_sub(1)?;
        [Layout::Arrays, Layout::DottedNames].into_iter().find_map(|layout| {
            let event = event(assignment, layout).to_string();
            self.does_what_is_asked(&event).then_some(event)
        })
    }

    fn does_what_is_asked(&self, event: &str) -> bool {
        let mut scratch = Scratch::default();
        let Ok(matched) = self.matcher.matches(event.as_bytes(), &mut scratch) else { return false };
        let is_wanted = |index: &RuleIndex| (index.0 as usize) < self.wanted.len();
        let wanted = matched.iter().filter(|index| is_wanted(index)).count();
        let is_valid = || {
            self.profile == Profile::Engine
                || tree::parse(event.as_bytes()).is_ok_and(|node| check_envelope(&node).is_ok())
        };
        wanted == self.wanted.len() && matched.len() == wanted && is_valid()
    }
}

/// All conditions of a pattern, alternative by alternative.
fn conditions(pattern: &Pattern) -> impl Iterator<Item = &Condition> {
    pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions)
}

fn fits(demands: &Demands<'_>, path: &FieldPath, choice: &Choice, profile: Profile) -> bool {
    demands
        .get(path)
        .is_none_or(|on_path| on_path.iter().all(|condition| accepts(condition, choice, profile)))
}

/// All tests, first those that are not in every list.
fn told_apart<'t>(lists: &[&'t FieldTests]) -> Vec<&'t FieldTest> {
    let all = lists.iter().flat_map(|list| &list.tests).map(|placed| &placed.test);
    if lists.len() < 2 {
        return all.collect();
    }
    let mut count: HashMap<&FieldTest, usize> = HashMap::new();
    for list in lists {
        let distinct: HashSet<&FieldTest> = list.tests.iter().map(|placed| &placed.test).collect();
        distinct.into_iter().for_each(|test| *count.entry(test).or_default() += 1);
    }
    let (shared, special): (Vec<_>, Vec<_>) = all.partition(|test| count[test] == lists.len());
    special.into_iter().chain(shared).collect()
}
