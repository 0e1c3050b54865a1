//! Whether leaves can be found for all fields that agree on the elements of the arrays around them.

use std::collections::BTreeSet;

use super::event::{Leaves, Places};
use super::grammar::{Path, Rule};
use super::matchers::{Matcher, NumbersAsAddresses};

/// Whether the event holds what `rule` asks for.
pub fn matches(rule: &Rule, leaves: &Leaves) -> bool {
    let fields: Vec<Field<'_>> =
        rule.iter().map(|(path, matchers)| Field::of(path, matchers, leaves)).collect();
    Walk { fields: &fields, dead_ends: BTreeSet::new() }.from(0, &Places::new())
}

struct Field<'a> {
    /// Where every leaf of the field stands, wanted or not.
    present: Vec<&'a Places>,
    /// Where the leaves stand that some matcher of the list accepts.
    accepted: BTreeSet<&'a Places>,
    may_be_absent: bool,
}

impl<'a> Field<'a> {
    fn of(path: &Path, matchers: &[Matcher], leaves: &'a Leaves) -> Field<'a> {
        let numbers = NumbersAsAddresses::beside(matchers);
        let leaves = leaves.at(path);
        let accepted = leaves
            .iter()
            .filter(|(leaf, _)| matchers.iter().any(|matcher| matcher.accepts(leaf, numbers)))
            .map(|(_, places)| places);
        Field {
            present: leaves.iter().map(|(_, places)| places).collect(),
            accepted: accepted.collect(),
            may_be_absent: matchers.contains(&Matcher::Absent),
        }
    }
}

struct Walk<'a> {
    fields: &'a [Field<'a>],
    /// Places chosen at a field from which no way led on; without these, time is exponential in the fields.
    dead_ends: BTreeSet<(usize, Places)>,
}

impl Walk<'_> {
    /// Whether the fields from number `at` on can be satisfied given the elements `chosen` before.
    fn from(&mut self, at: usize, chosen: &Places) -> bool {
        let Some(field) = self.fields.get(at) else { return true };
        if self.dead_ends.contains(&(at, chosen.clone())) {
            return false;
        }
        let absent_here = !field.present.iter().any(|places| agree(places, chosen));
        let found = field.may_be_absent && absent_here && self.from(at + 1, chosen)
            || field
                .accepted
                .iter()
                .any(|places| agree(places, chosen) && self.from(at + 1, &union(places, chosen)));
        if !found {
            self.dead_ends.insert((at, chosen.clone()));
        }
        found
    }
}

/// No array may be entered through two different elements.
fn agree(a: &Places, b: &Places) -> bool {
    a.iter().all(|(array, index)| b.get(array).is_none_or(|other| other == index))
}

fn union(a: &Places, b: &Places) -> Places {
    a.iter().chain(b).map(|(array, index)| (*array, *index)).collect()
}
