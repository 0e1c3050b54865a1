//! A pattern as it was written, typed.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::field_test::{FieldTest, Leaf, NumbersOnField};
use super::limits::Profile;
use super::path::FieldPath;
use super::problem::PatternWarning;
use super::span::Span;
use crate::json::{JsonPointer, Text, Value};

/// A valid event pattern. Prints as JSON that parses to the same pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Shared with the patterns that are reduced to one of the alternatives.
    pub(super) root: Arc<PatternObject>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) warnings: Vec<PatternWarning>,
}

/// The members of an object in a pattern, as written: duplicates included, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternObject {
    /// At least one.
    pub members: Vec<PatternMember>,
}

/// One member of an object in a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternMember {
    /// A field with its tests.
    Field {
        /// The field's name.
        name: Text,
        /// What it must satisfy. Shared with the alternatives that test the field.
        tests: Arc<FieldTests>,
    },
    /// A nested object.
    Object {
        /// The field's name.
        name: Text,
        /// The members below it.
        object: PatternObject,
    },
    /// `$or`: at least one of the branches must match.
    Or {
        /// At least two.
        branches: Vec<PatternObject>,
    },
}

/// A test and where it was written.
#[derive(Debug, Clone)]
pub struct PlacedTest {
    /// The test.
    pub test: FieldTest,
    /// The bytes that spell it.
    pub span: Span,
}

impl PartialEq for PlacedTest {
    /// Two tests are the same wherever they stand.
    fn eq(&self, other: &PlacedTest) -> bool {
        self.test == other.test
    }
}

impl Eq for PlacedTest {}

impl Hash for PlacedTest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.test.hash(state);
    }
}

impl PartialEq for Pattern {
    /// Two patterns are the same if the same things are written in the same order.
    fn eq(&self, other: &Pattern) -> bool {
        self.root == other.root
    }
}

impl Eq for Pattern {}

/// One conjunction: an event matches if every condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// In the order in which the engine checks them.
    pub conditions: Vec<Condition>,
}

/// What one field must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub path: Arc<FieldPath>,
    /// Its tests.
    pub tests: Arc<FieldTests>,
}

/// The tests of one field; one of them must accept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldTests {
    /// At least one.
    pub tests: Vec<PlacedTest>,
    /// Where the list stands in the pattern's text.
    pub place: ListPlace,
}

/// Where a list of tests stands; never makes two lists different.
#[derive(Debug, Clone)]
pub struct ListPlace(pub Span);

impl PartialEq for ListPlace {
    fn eq(&self, _: &ListPlace) -> bool {
        true
    }
}

impl Eq for ListPlace {}

impl Hash for ListPlace {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl FieldTests {
    /// Whether the list asks for the field's absence (`exists: false`).
    pub fn accepts_absence(&self) -> bool {
        self.tests.iter().any(|placed| placed.test == FieldTest::Absent)
    }

    /// Whether one of the tests accepts a value at the field. None accepts objects and arrays.
    pub fn accept(&self, value: &Value, profile: Profile) -> bool {
        let numbers = self.numbers();
        let any_accepts =
            |leaf: &Leaf<'_>| self.tests.iter().any(|placed| placed.test.accepts(leaf, numbers));
        Leaf::of_value(value, profile, any_accepts).unwrap_or(false)
    }

    /// Whether any test looks at numbers.
    pub fn numbers(&self) -> NumbersOnField {
        match self.tests.iter().any(|placed| placed.test.tests_numbers()) {
            true => NumbersOnField::Tested,
            false => NumbersOnField::Untested,
        }
    }
}

impl Pattern {
    /// The members as written.
    pub fn root(&self) -> &PatternObject {
        &self.root
    }

    /// The conjunctions that the pattern stands for; an event matches the pattern if it matches one.
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// The same pattern reduced to one of its alternatives.
    pub fn only(&self, alternative: &Alternative) -> Pattern {
        let (root, warnings) = (Arc::clone(&self.root), self.warnings.clone());
        Pattern { root, alternatives: vec![alternative.clone()], warnings }
    }

    /// Whether any of its tests has wildcards, also below `anything-but`: a bus takes few such patterns.
    pub fn has_wildcard(&self) -> bool {
        let conditions = self.alternatives.iter().flat_map(|alternative| &alternative.conditions);
        conditions.flat_map(|condition| &condition.tests.tests).any(|placed| placed.test.has_wildcard())
    }

    /// What is accepted but deserves a look.
    pub fn warnings(&self) -> &[PatternWarning] {
        &self.warnings
    }

    /// Where `tests` stands in the pattern's JSON; the root if it is not a part of this pattern.
    pub fn pointer_of(&self, tests: &FieldTests) -> JsonPointer {
        let mut pointer = JsonPointer::root();
        find(&self.root, tests, &mut pointer);
        pointer
    }
}

/// Leaves `pointer` at `wanted` and returns true, or leaves it as it was.
fn find(object: &PatternObject, wanted: &FieldTests, pointer: &mut JsonPointer) -> bool {
    object.members.iter().any(|member| {
        let len = pointer.len();
        let found = match member {
            PatternMember::Field { name, tests } => {
                pointer.push_member(name);
                std::ptr::eq(&**tests, wanted)
            }
            PatternMember::Object { name, object } => {
                pointer.push_member(name);
                find(object, wanted, pointer)
            }
            PatternMember::Or { branches } => find_in_branches(branches, wanted, pointer),
        };
        if !found {
            pointer.truncate(len);
        }
        found
    })
}

fn find_in_branches(branches: &[PatternObject], wanted: &FieldTests, pointer: &mut JsonPointer) -> bool {
    pointer.push_member(&Text::from("$or"));
    branches.iter().enumerate().any(|(index, branch)| {
        let len = pointer.len();
        pointer.push_element(index);
        let found = find(branch, wanted, pointer);
        if !found {
            pointer.truncate(len);
        }
        found
    })
}
