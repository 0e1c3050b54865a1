//! Whether leaves that satisfy a rule's fields can be chosen together.

use std::collections::BTreeSet;

use super::compile::{Rule, asks_for_empty_names};
use super::event::{Elements, Leaf, Leaves, flatten};
use super::test::Test;
use crate::units::Units;
use ruleproof::json::Node;
use ruleproof::pattern::Profile;

/// The model would need too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// Choices that are tried for one event and pattern.
const STEPS_MAX: usize = 20_000;

/// An event for patterns that see members named `""` and for those that do not.
pub struct Event {
    seen: Leaves,
    skipped: Leaves,
}

impl Event {
    /// The event `node`, which was read from `text`.
    pub fn new(text: &[u8], node: &Node, profile: Profile) -> Event {
        Event { seen: flatten(text, node, profile, true), skipped: flatten(text, node, profile, false) }
    }

    /// The leaves that patterns find which do not look into members named `""`.
    pub fn leaves(&self) -> &Leaves {
        &self.skipped
    }
}

/// Whether `event` matches a pattern that stands for `rules`.
pub fn matches(rules: &[Rule], event: &Event) -> Result<bool, Unknown> {
    let sees_empty_names = rules.iter().flat_map(|rule| rule.keys()).any(asks_for_empty_names);
    let leaves = if sees_empty_names { &event.seen } else { &event.skipped };
    let mut steps = 0;
    for rule in rules {
        if rule_matches(rule, leaves, &mut steps)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One field of a rule: all its leaves, and those that satisfy it.
struct Field<'l> {
    may_be_absent: bool,
    all: &'l [Leaf],
    satisfying: BTreeSet<&'l Elements>,
}

/// Fields are taken in the order of their paths, which is what `exists: false` depends on.
fn rule_matches(rule: &Rule, leaves: &Leaves, steps: &mut usize) -> Result<bool, Unknown> {
    let fields: Vec<Field<'_>> = rule.iter().map(|(path, tests)| field(path, tests, leaves)).collect();
    if fields.iter().any(|field| !field.may_be_absent && field.satisfying.is_empty()) {
        return Ok(false);
    }
    let mut search = Search { fields: &fields, seen: BTreeSet::new(), steps };
    search.from(0, &Elements::new())
}

fn field<'l>(path: &Units, tests: &[Test], leaves: &'l Leaves) -> Field<'l> {
    let all = leaves.get(path).map_or(&[][..], Vec::as_slice);
    let numbers_tested = tests.iter().any(Test::looks_at_numbers);
    let accepted = |leaf: &&Leaf| tests.iter().any(|test| test.accepts(leaf, numbers_tested));
    Field {
        may_be_absent: tests.contains(&Test::Absent),
        all,
        satisfying: all.iter().filter(accepted).map(|leaf| &leaf.elements).collect(),
    }
}

struct Search<'s> {
    fields: &'s [Field<'s>],
    seen: BTreeSet<(usize, Elements)>,
    steps: &'s mut usize,
}

impl Search<'_> {
    /// Whether the fields from number `at` on can be satisfied beside what was `chosen` for those before.
    fn from(&mut self, at: usize, chosen: &Elements) -> Result<bool, Unknown> {
        let fields = self.fields;
        let Some(field) = fields.get(at) else { return Ok(true) };
        if !self.seen.insert((at, chosen.clone())) {
            return Ok(false);
        }
        *self.steps += 1 + field.all.len() + field.satisfying.len();
        if *self.steps > STEPS_MAX {
            return Err(Unknown);
        }
        let absent = field.may_be_absent && !field.all.iter().any(|leaf| fit(chosen, &leaf.elements));
        if absent && self.from(at + 1, chosen)? {
            return Ok(true);
        }
        for elements in field.satisfying.iter().filter(|elements| fit(chosen, elements)) {
            if self.from(at + 1, &both(chosen, elements))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether two leaves lie in the same element of every array that is around both.
fn fit(a: &Elements, b: &Elements) -> bool {
    a.iter().all(|(array, element)| match b.binary_search_by_key(array, |(array, _)| *array) {
        Ok(at) => b[at].1 == *element,
        Err(_) => true,
    })
}

fn both(a: &Elements, b: &Elements) -> Elements {
    let all: BTreeSet<(usize, usize)> = a.iter().chain(b).copied().collect();
    all.into_iter().collect()
}
