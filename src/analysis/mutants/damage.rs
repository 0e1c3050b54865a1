//! Where a pattern can be damaged, and the damaged whole.

use std::sync::Arc;

use super::MutantKind;
use super::field_damage::{TestDamage, damaged};
use crate::json::{JsonPointer, Text};
use crate::pattern::{FieldTest, FieldTests, Pattern, PatternMember, PatternObject, PlacedTest, Span};

/// One thing to change in a pattern. The changed pattern is made only when asked for: all of them together are
/// as many times larger than the pattern as it has values.
pub(super) struct Damage {
    pub(super) kind: MutantKind,
    pub(super) description: String,
    pub(super) pointer: JsonPointer,
    pub(super) span: Span,
    /// The members around the one that is changed.
    way: Vec<Step>,
    /// The member, in its object.
    index: usize,
    change: Change,
}

/// What becomes of a member.
enum Change {
    /// It is gone.
    Drop,
    /// One of its tests is another one, or gone.
    Test(usize, Option<FieldTest>),
    /// One branch of an `$or` is gone.
    DropBranch(usize),
}

impl Damage {
    /// The members of the damaged pattern; `None` if there are none, or a branch of an `$or` is left empty.
    pub(super) fn applied(&self, pattern: &Pattern) -> Option<PatternObject> {
        changed(pattern.root(), &self.way, self.index, &self.change)
    }
}

/// All damages, by their places.
pub(super) fn damages(pattern: &Pattern) -> Vec<Damage> {
    let mut walk = Walk { pointer: JsonPointer::root(), way: Vec::new(), found: Vec::new() };
    walk.object(pattern.root());
    walk.found.sort_by_key(|damage| (damage.span.start, damage.span.end));
    walk.found
}

/// A step on the way to a member: its place, and the branch taken if it is an `$or`.
#[derive(Debug, Clone, Copy)]
struct Step {
    member: usize,
    branch: Option<usize>,
}

struct Walk {
    pointer: JsonPointer,
    /// The members around the one that is looked at.
    way: Vec<Step>,
    found: Vec<Damage>,
}

impl Walk {
    fn object(&mut self, object: &PatternObject) {
        for (index, member) in object.members.iter().enumerate() {
            let len = self.pointer.len();
            match member {
                PatternMember::Field { name, tests } => {
                    self.pointer.push_member(name);
                    self.field(index, name, tests);
                }
                PatternMember::Object { name, object } => {
                    self.pointer.push_member(name);
                    self.below(Step { member: index, branch: None }, object);
                }
                PatternMember::Or { branches } => {
                    self.pointer.push_member(&Text::from("$or"));
                    self.branches(index, branches);
                }
            }
            self.pointer.truncate(len);
        }
    }

    fn below(&mut self, step: Step, object: &PatternObject) {
        self.way.push(step);
        self.object(object);
        self.way.pop();
    }

    fn branches(&mut self, index: usize, branches: &[PatternObject]) {
        for (at, branch) in branches.iter().enumerate() {
            let len = self.pointer.len();
            self.pointer.push_element(at);
            let description = format!("branch {} of `$or` dropped: {branch}", at + 1);
            self.note(MutantKind::BranchDropped, description, span_of(branch), index, Change::DropBranch(at));
            self.below(Step { member: index, branch: Some(at) }, branch);
            self.pointer.truncate(len);
        }
    }

    fn field(&mut self, index: usize, name: &Text, tests: &FieldTests) {
        let dropped = format!("condition on `{name}` dropped");
        self.note(MutantKind::ConditionDropped, dropped, tests.place.0.clone(), index, Change::Drop);
        for (at, placed) in tests.tests.iter().enumerate() {
            let len = self.pointer.len();
            self.pointer.push_element(at);
            if tests.tests.len() > 1 {
                let description = format!("alternative {} of `{name}` dropped", placed.test);
                let change = Change::Test(at, None);
                self.note(MutantKind::AlternativeDropped, description, placed.span.clone(), index, change);
            }
            for TestDamage { kind, test } in damaged(&placed.test) {
                let description = format!("{} of `{name}` becomes {test}", placed.test);
                self.note(kind, description, placed.span.clone(), index, Change::Test(at, Some(test)));
            }
            self.pointer.truncate(len);
        }
    }

    fn note(&mut self, kind: MutantKind, description: String, span: Span, index: usize, change: Change) {
        let (pointer, way) = (self.pointer.clone(), self.way.clone());
        self.found.push(Damage { kind, description, pointer, span, way, index, change });
    }
}

/// `object` with a member changed; `None` if nothing is left of it.
fn changed(object: &PatternObject, way: &[Step], index: usize, change: &Change) -> Option<PatternObject> {
    let mut members = object.members.clone();
    match way {
        [] => drop(members.splice(index..=index, changed_member(object.members.get(index)?, change))),
        [step, rest @ ..] => match members.get_mut(step.member)? {
            PatternMember::Object { object: below, .. } => match changed(below, rest, index, change) {
                Some(kept) => *below = kept,
                // An object without members is no pattern; its field goes with it.
                None => drop(members.remove(step.member)),
            },
            PatternMember::Or { branches } => {
                let branch = branches.get_mut(step.branch?)?;
                *branch = changed(branch, rest, index, change)?;
            }
            PatternMember::Field { .. } => return None,
        },
    }
    (!members.is_empty()).then_some(PatternObject { members })
}

/// What stands in the place of a member.
fn changed_member(member: &PatternMember, change: &Change) -> Vec<PatternMember> {
    match (member, change) {
        (PatternMember::Field { name, tests }, Change::Test(at, test)) => {
            let mut tests = FieldTests::clone(tests);
            let test = test.iter().map(|test| PlacedTest { test: test.clone(), span: Span::default() });
            tests.tests.splice(at..=at, test);
            vec![PatternMember::Field { name: name.clone(), tests: Arc::new(tests) }]
        }
        (PatternMember::Or { branches }, Change::DropBranch(at)) => {
            let mut kept = branches.clone();
            kept.remove(*at);
            // A single branch is no `$or`: it stands in the object around.
            match kept.len() {
                0 | 1 => kept.into_iter().flat_map(|branch| branch.members).collect(),
                _ => vec![PatternMember::Or { branches: kept }],
            }
        }
        _ => Vec::new(),
    }
}

/// From the first test in `object` to the last.
fn span_of(object: &PatternObject) -> Span {
    let spans = object.members.iter().map(|member| match member {
        PatternMember::Field { tests, .. } => tests.place.0.clone(),
        PatternMember::Object { object, .. } => span_of(object),
        PatternMember::Or { branches } => around(branches.iter().map(span_of)),
    });
    around(spans)
}

fn around(spans: impl Iterator<Item = Span>) -> Span {
    spans.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or_default()
}
