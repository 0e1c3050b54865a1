//! Plans the operations that make one alternative match.

use std::collections::BTreeMap;

use super::nearby::{Nearby, Wish};
use super::operation::Operation;
use crate::analysis::document::{Step, below, is_container, placed};
use crate::analysis::synthesis::nested;
use crate::json::{Member, Node, Value};
use crate::pattern::{Alternative, Condition, Profile};

/// How much of the event a plan may disturb; each way is tried where the one before does not work out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One element of each array is mended.
    Elements,
    /// Fields that are to be absent are taken out of all elements, besides.
    ElementsAndAbsences,
    /// Arrays with fields below are replaced by what is wanted of them.
    WithoutArrays,
}

impl Way {
    pub(super) const ALL: [Way; 3] = [Way::Elements, Way::ElementsAndAbsences, Way::WithoutArrays];
}

/// Leaves of an array that are considered for a change.
const LEAVES_MAX: usize = 100;

/// Elements of an array that are considered for a change.
const ELEMENTS_MAX: usize = 2_000;

/// Operations, and how much they change.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub(super) operations: Vec<Operation>,
    cost: u64,
}

impl Plan {
    fn of(operations: Vec<Operation>, root: &Node) -> Plan {
        let cost = operations.iter().map(|operation| operation.cost(root)).sum();
        Plan { operations, cost }
    }

    fn and(mut self, other: Plan) -> Plan {
        self.operations.extend(other.operations);
        self.cost += other.cost;
        self
    }

    /// Fewer operations are better, then smaller changes.
    pub(super) fn rank(&self) -> (usize, u64) {
        (self.operations.len(), self.cost)
    }
}

/// What has to be done to `event` so that it matches `alternative`. `None`: some condition accepts nothing.
pub(super) fn plan(
    event: &Node,
    alternative: &Alternative,
    way: Way,
    nearby: &Nearby,
    profile: Profile,
) -> Option<Plan> {
    let planner = Planner { root: event, way, nearby, profile };
    let Value::Object(members) = &event.value else { return None };
    let conditions: Vec<&Condition> = alternative.conditions.iter().collect();
    let plan = planner.members(members, None, &conditions, &[])?;
    Some(match way {
        Way::ElementsAndAbsences => planner.absences(&conditions).and(plan),
        Way::Elements | Way::WithoutArrays => plan,
    })
}

struct Planner<'e> {
    root: &'e Node,
    way: Way,
    nearby: &'e Nearby,
    profile: Profile,
}

impl<'e> Planner<'e> {
    /// For an object whose members have the dotted path `path` before them.
    fn members(
        &self,
        members: &'e [Member],
        path: Option<&[u8]>,
        wanted: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let mut by_member: BTreeMap<usize, Vec<&Condition>> = BTreeMap::new();
        let mut missing = Vec::new();
        for condition in wanted {
            match self.member_for(members, path, condition, at) {
                Some(member) => by_member.entry(member).or_default().push(condition),
                None if condition.tests.accepts_absence() => {}
                None => missing.push(*condition),
            }
        }
        let mut plan = self.additions(path, &missing, at)?;
        for (member, conditions) in by_member {
            let member = &members[member];
            plan = plan.and(self.member(member, path, &conditions, at)?);
        }
        Some(plan)
    }

    /// The member that leads to the field of `condition`; of several the one that needs least.
    fn member_for(
        &self,
        members: &'e [Member],
        path: Option<&[u8]>,
        condition: &Condition,
        at: &[Step],
    ) -> Option<usize> {
        let rest = rest_of(condition, path);
        let leads = |member: &Member| {
            let behind = rest.strip_prefix(member.name.as_bytes());
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(b"."))
        };
        let leading: Vec<usize> = (0..members.len()).filter(|index| leads(&members[*index])).collect();
        if leading.len() < 2 {
            return leading.first().copied();
        }
        let rank = |index: &usize| {
            let plan = self.member(&members[*index], path, &[condition], at);
            plan.map_or((usize::MAX, u64::MAX), |plan| plan.rank())
        };
        leading.into_iter().min_by_key(rank)
    }

    fn member(
        &self,
        member: &'e Member,
        path: Option<&[u8]>,
        wanted: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let name = member.name.as_bytes();
        let path = path.map_or_else(|| name.to_vec(), |path| [path, b".", name].concat());
        self.value(&member.value, &path, wanted, &below(at, Step::Member(member.name.clone())))
    }

    /// New members for fields of which nothing is there: one for each first name.
    fn additions(&self, path: Option<&[u8]>, missing: &[&Condition], at: &[Step]) -> Option<Plan> {
        let mut by_name: BTreeMap<&[u8], Vec<(&[u8], Value)>> = BTreeMap::new();
        for condition in missing {
            let rest = rest_of(condition, path);
            let value = self.wanted_value(condition)?;
            by_name.entry(first_name(rest)).or_default().push((rest, value));
        }
        let additions = by_name.into_values().flat_map(|fields| match nested(fields) {
            Value::Object(members) => members,
            _ => Vec::new(),
        });
        let operations =
            additions.map(|new| Operation::add(below(at, Step::Member(new.name)), new.value.value)).collect();
        Some(Plan::of(operations, self.root))
    }

    /// The most natural value that a condition accepts.
    fn wanted_value(&self, condition: &Condition) -> Option<Value> {
        self.nearby.value(condition, None, Wish::Accepted)
    }

    /// For a value at the dotted path `path`.
    fn value(&self, node: &'e Node, path: &[u8], wanted: &[&Condition], at: &[Step]) -> Option<Plan> {
        let (here, deeper): (Vec<&Condition>, Vec<&Condition>) =
            wanted.iter().partition(|condition| condition.path.as_bytes() == path);
        // An alternative has one condition for each path.
        let here = here.first().copied();
        match &node.value {
            Value::Object(members) => self.object(members, node, path, here, &deeper, at),
            Value::Array(elements) if self.way == Way::WithoutArrays && needs_any(&deeper) => {
                let here = here.filter(|condition| !condition.tests.accepts_absence() || elements.is_empty());
                self.instead(path, here.map(|here| self.wanted_value(here)), &deeper, at)
            }
            Value::Array(elements) => self.array(elements, path, here, &deeper, at),
            scalar => self.scalar(scalar, path, here, &deeper, at),
        }
    }

    fn object(
        &self,
        members: &'e [Member],
        node: &'e Node,
        path: &[u8],
        here: Option<&Condition>,
        deeper: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let Some(here) = here.filter(|condition| !condition.tests.accepts_absence()) else {
            return self.members(members, Some(path), deeper, at);
        };
        let leaf = self.wanted_value(here)?;
        if !needs_any(deeper) {
            return Some(self.one(Operation::replace(at.to_vec(), leaf)));
        }
        let both = Value::Array(vec![leaf.into(), node.clone()]);
        let inside = self.members(members, Some(path), deeper, &below(at, Step::Element(1)))?;
        Some(self.one(Operation::replace(at.to_vec(), both)).and(inside))
    }

    fn scalar(
        &self,
        scalar: &Value,
        path: &[u8],
        here: Option<&Condition>,
        deeper: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let is_refused = here.is_some_and(|condition| !condition.tests.accept(scalar, self.profile));
        if needs_any(deeper) {
            let leaf = match here {
                Some(condition) if is_refused => {
                    Some(self.nearby.value(condition, Some(scalar), Wish::Accepted))
                }
                Some(_) => Some(Some(scalar.clone())),
                None => None,
            };
            return self.instead(path, leaf, deeper, at);
        }
        let Some(condition) = here.filter(|_| is_refused) else { return Some(Plan::default()) };
        let operation = match self.nearby.value(condition, Some(scalar), Wish::Accepted) {
            Some(value) => Operation::replace(at.to_vec(), value),
            None if condition.tests.accepts_absence() => Operation::remove(at.to_vec()),
            None => return None,
        };
        Some(self.one(operation))
    }

    /// An object with what is needed below, beside a leaf if one is needed too, in the place of what is here. The leaf
    /// is `Some(None)` if one is needed and there is none to be had.
    fn instead(
        &self,
        path: &[u8],
        leaf: Option<Option<Value>>,
        deeper: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let object = self.object_of(path, deeper)?;
        let value = match leaf {
            None => object,
            Some(leaf) => Value::Array(vec![leaf?.into(), object.into()]),
        };
        Some(self.one(Operation::replace(at.to_vec(), value)))
    }

    fn object_of(&self, path: &[u8], deeper: &[&Condition]) -> Option<Value> {
        let needed = deeper.iter().filter(|condition| !condition.tests.accepts_absence());
        let fields =
            needed.map(|condition| Some((rest_of(condition, Some(path)), self.wanted_value(condition)?)));
        Some(nested(fields.collect::<Option<Vec<_>>>()?))
    }

    fn array(
        &self,
        elements: &'e [Node],
        path: &[u8],
        here: Option<&Condition>,
        deeper: &[&Condition],
        at: &[Step],
    ) -> Option<Plan> {
        let mut next = elements.len();
        let leaves = match here {
            Some(condition) => self.leaf_in_array(elements, condition, at, &mut next)?,
            None => Plan::default(),
        };
        if deeper.is_empty() {
            return Some(leaves);
        }
        let inside = elements
            .iter()
            .enumerate()
            .filter(|(_, element)| is_container(&element.value))
            .take(ELEMENTS_MAX);
        let plans = inside.filter_map(|(index, element)| {
            self.value(element, path, deeper, &below(at, Step::Element(index)))
        });
        let added = || {
            let object = self.object_of(path, deeper)?;
            Some(self.one(Operation::add(below(at, Step::Element(next)), object)))
        };
        let best = match needs_any(deeper) {
            true => plans.chain(added()).min_by_key(Plan::rank)?,
            // What is only to be absent is absent where there is no element.
            false => plans.min_by_key(Plan::rank).unwrap_or_default(),
        };
        Some(leaves.and(best))
    }

    /// A leaf for `condition` among the elements; `next` is the place of the next new element.
    fn leaf_in_array(
        &self,
        elements: &'e [Node],
        condition: &Condition,
        at: &[Step],
        next: &mut usize,
    ) -> Option<Plan> {
        let mut scalars = Vec::new();
        scalars_in(elements, at, &mut scalars);
        let accepts = |value: &Value| condition.tests.accept(value, self.profile);
        let absence_holds = condition.tests.accepts_absence() && scalars.is_empty();
        if absence_holds || scalars.iter().any(|(_, value)| accepts(value)) {
            return Some(Plan::default());
        }
        let changes = scalars.iter().take(LEAVES_MAX).filter_map(|(location, value)| {
            let near = self.nearby.value(condition, Some(value), Wish::Accepted)?;
            Some(self.one(Operation::replace(location.clone(), near)))
        });
        if let Some(best) = changes.min_by_key(Plan::rank) {
            return Some(best);
        }
        if condition.tests.accepts_absence() {
            return Some(self.one(Operation::remove(at.to_vec())));
        }
        let added = Operation::add(below(at, Step::Element(*next)), self.wanted_value(condition)?);
        *next += 1;
        Some(self.one(added))
    }

    /// Takes out the fields that are to be absent and have no value that would do, wherever they are.
    fn absences(&self, conditions: &[&Condition]) -> Plan {
        if !conditions.iter().any(|condition| condition.tests.accepts_absence()) {
            return Plan::default();
        }
        let leaves = placed(self.root);
        let mut locations: Vec<Vec<Step>> = Vec::new();
        for condition in conditions.iter().filter(|condition| condition.tests.accepts_absence()) {
            let here = || leaves.iter().filter(|leaf| leaf.path == condition.path.as_bytes());
            if here().any(|leaf| condition.tests.accept(leaf.value, self.profile)) {
                continue;
            }
            for leaf in here().filter(|leaf| !is_container(leaf.value)) {
                let member = leaf.location.iter().rposition(|step| matches!(step, Step::Member(_)));
                let location = leaf.location[..member.map_or(0, |at| at + 1)].to_vec();
                if !location.is_empty() && !locations.contains(&location) {
                    locations.push(location);
                }
            }
        }
        Plan::of(locations.into_iter().map(Operation::remove).collect(), self.root)
    }

    fn one(&self, operation: Operation) -> Plan {
        Plan::of(vec![operation], self.root)
    }
}

fn needs_any(conditions: &[&Condition]) -> bool {
    conditions.iter().any(|condition| !condition.tests.accepts_absence())
}

/// The scalars of an array and of the arrays in it.
fn scalars_in<'e>(elements: &'e [Node], at: &[Step], found: &mut Vec<(Vec<Step>, &'e Value)>) {
    for (index, element) in elements.iter().enumerate() {
        match &element.value {
            Value::Array(inner) => scalars_in(inner, &below(at, Step::Element(index)), found),
            Value::Object(_) => {}
            scalar => found.push((below(at, Step::Element(index)), scalar)),
        }
    }
}

/// The path of a condition's field from below `path`.
fn rest_of<'c>(condition: &'c Condition, path: Option<&[u8]>) -> &'c [u8] {
    let whole = condition.path.as_bytes();
    path.map_or(whole, |path| whole.get(path.len() + 1..).unwrap_or_default())
}

/// The name of the member that a new field begins with; the whole path where names are empty.
fn first_name(rest: &[u8]) -> &[u8] {
    rest.split(|byte| *byte == b'.').next().filter(|name| !name.is_empty()).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_new_members_are_never_empty_unless_the_path_is() {
        assert_eq!(first_name(b"a.b"), b"a");
        assert_eq!(first_name(b".b"), b".b");
        assert_eq!(first_name(b""), b"");
    }
}
