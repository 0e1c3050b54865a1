//! Whether one pattern matches whatever another one matches.
//!
//! Decided alternative by alternative. An alternative covers another one if each of its conditions is implied by the
//! other one's condition on the same field, or holds for every event; whoever satisfies the narrow one then satisfies
//! the wide one with the same values in the same elements of arrays. Where no single alternative covers a narrow one,
//! the narrow one is split by the tests of one field, which is how `[1, 2]` is covered by a `$or` of `[1]` and `[2]`.
//!
//! `exists: false` needs care: the engine looks for the field only in those elements that earlier fields chose, so
//! that a pattern with fewer fields may see more, and not match. See [`absence_carries_over`].

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::domain::{Domain, EventShape};
use super::leaves::{Found, implies};
use super::never::why_never_met;
use super::tests::TestList;
use crate::pattern::{
    Alternative, Condition, FieldPath, FieldTest, FieldTests, Pattern, PlacedTest, Profile,
};

/// Pairs of conditions that are compared for one question before it is left open.
const COMPARISONS_MAX: usize = 20_000;

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It certainly is.
    Certain,
    /// It was not proven; it may be so or not.
    Unproven,
}

/// Questions about pairs of patterns; remembers how conditions stand to each other.
#[derive(Debug)]
pub struct Relations {
    shape: EventShape,
    profile: Profile,
    /// Whether all values that the first tests accept in this domain are accepted by the second.
    known: HashMap<(Domain, Arc<FieldTests>, Arc<FieldTests>), bool>,
    comparisons: usize,
}

impl Relations {
    /// For patterns that see events of this shape, judged as in `profile`.
    pub fn new(shape: EventShape, profile: Profile) -> Relations {
        Relations { shape, profile, known: HashMap::new(), comparisons: 0 }
    }

    /// Whether `wide` matches every event that `narrow` matches.
    pub fn contains(&mut self, wide: &Pattern, narrow: &Pattern) -> Proof {
        if wide.alternatives() == narrow.alternatives() {
            return Proof::Certain;
        }
        if [wide, narrow].into_iter().any(looks_into_empty_names) {
            return Proof::Unproven;
        }
        self.comparisons = 0;
        let wide: Vec<&Alternative> = wide.alternatives().iter().collect();
        let covered = narrow.alternatives().iter().all(|alternative| self.covers(&wide, alternative));
        if covered { Proof::Certain } else { Proof::Unproven }
    }

    /// Whether the patterns match the same events.
    pub fn equal(&mut self, a: &Pattern, b: &Pattern) -> Proof {
        match self.contains(a, b) {
            Proof::Certain => self.contains(b, a),
            Proof::Unproven => Proof::Unproven,
        }
    }

    /// Whether every event matches.
    pub fn matches_everything(&mut self, pattern: &Pattern) -> Proof {
        let nothing_asked = Alternative { conditions: Vec::new() };
        self.comparisons = 0;
        let everything = !looks_into_empty_names(pattern)
            && pattern.alternatives().iter().any(|alternative| self.covers_one(alternative, &nothing_asked));
        if everything { Proof::Certain } else { Proof::Unproven }
    }

    /// Whether one of `wide` matches whatever `narrow` matches, or all of them together do.
    fn covers(&mut self, wide: &[&Alternative], narrow: &Alternative) -> bool {
        if wide.iter().any(|wide| self.covers_one(wide, narrow)) {
            return true;
        }
        if why_never_met(narrow, self.shape, self.profile).is_some() {
            return true;
        }
        if wide.len() < 2 {
            return false;
        }
        (0..narrow.conditions.len()).any(|at| self.covers_split(wide, narrow, at))
    }

    /// The same for each test of condition `at` alone.
    fn covers_split(&mut self, wide: &[&Alternative], narrow: &Alternative, at: usize) -> bool {
        let condition = &narrow.conditions[at];
        let tested = wide.iter().any(|wide| wide.conditions.iter().any(|other| other.path == condition.path));
        if !tested || condition.tests.tests.len() < 2 || self.comparisons > COMPARISONS_MAX {
            return false;
        }
        single_tests(&condition.tests).into_iter().all(|tests| {
            let mut narrow = narrow.clone();
            narrow.conditions[at].tests = Arc::new(tests);
            self.covers(wide, &narrow)
        })
    }

    /// Whether `wide` matches whatever `narrow` matches.
    fn covers_one(&mut self, wide: &Alternative, narrow: &Alternative) -> bool {
        wide.conditions.iter().all(|condition| self.follows(condition, wide, narrow))
    }

    /// Whether `condition` of `wide` holds for whatever `narrow` matches, with the values that `narrow` chooses.
    fn follows(&mut self, condition: &Condition, wide: &Alternative, narrow: &Alternative) -> bool {
        self.comparisons += 1;
        if self.comparisons > COMPARISONS_MAX {
            return false;
        }
        let domain = self.shape.domain(&condition.path);
        let other = narrow.conditions.iter().find(|other| other.path == condition.path);
        if !self.accepts_values_of(condition, other) {
            return false;
        }
        let may_be_absent =
            other.is_none_or(|other| other.tests.accepts_absence()) && !domain.is_always_there();
        !may_be_absent
            || condition.tests.accepts_absence()
                && (domain.is_never_there()
                    || other.is_some() && absence_carries_over(&condition.path, wide, narrow))
    }

    /// Whether `wide` accepts each value that its field has where `narrow` holds. Without `narrow`, nothing is asked of
    /// the field.
    fn accepts_values_of(&mut self, wide: &Condition, narrow: Option<&Condition>) -> bool {
        let anything = || Arc::new(FieldTests { tests: vec![present()], place: wide.tests.place.clone() });
        let narrow = narrow.map_or_else(anything, |narrow| Arc::clone(&narrow.tests));
        if Arc::ptr_eq(&narrow, &wide.tests) {
            return true;
        }
        let domain = self.shape.domain(&wide.path);
        let key = (domain, narrow, Arc::clone(&wide.tests));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let (narrow, wide) = (TestList::of(&key.1), TestList::of(&key.2));
        let accepts = implies(&narrow, &wide, domain, self.profile) == Found::Nothing;
        self.known.insert(key, accepts);
        accepts
    }
}

/// A test that every value passes.
fn present() -> PlacedTest {
    PlacedTest { test: FieldTest::Present, span: 0..0 }
}

/// Each test by itself. Alone, a test accepts at least what it accepts in the list.
fn single_tests(tests: &FieldTests) -> Vec<FieldTests> {
    let single = |test: &PlacedTest| FieldTests { tests: vec![test.clone()], place: tests.place.clone() };
    tests.tests.iter().map(single).collect()
}

/// Whether a field that `narrow` sees as absent is absent for `wide` too. `exists: false` looks only into those
/// elements of arrays that the fields checked before it have chosen, so `wide` has to choose with the same fields.
/// Fields share an array only if they share their first step.
fn absence_carries_over(path: &FieldPath, wide: &Alternative, narrow: &Alternative) -> bool {
    let checked_before = |other: &&Condition| {
        other.path.cmp_checked(path) == Ordering::Less && other.path.steps().next() == path.steps().next()
    };
    let mut choosing = narrow.conditions.iter().filter(checked_before);
    choosing.all(|other| wide.conditions.iter().any(|condition| condition.path == other.path))
}

/// Whether a pattern sees members with empty names, which others do not see.
fn looks_into_empty_names(pattern: &Pattern) -> bool {
    let mut conditions = pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions);
    conditions.any(|condition| condition.path.asks_for_empty_names())
}
