//! The decisions that a pattern can make.

use std::collections::HashMap;
use std::sync::Arc;

use crate::json::{JsonPointer, Text};
use crate::pattern::{FieldTests, Pattern, PatternMember, PatternObject, Span};

/// One decision that a pattern can make, and how often it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageItem {
    /// What kind of decision it is.
    pub decision: Decision,
    /// Where the part of the pattern that decides stands in the pattern's JSON.
    pub pointer: JsonPointer,
    /// The bytes of the pattern's text that spell it.
    pub span: Span,
    /// The part that decides, as JSON.
    pub text: String,
    /// The events by which it was made.
    pub events: u64,
}

/// A kind of decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A test accepted a value of an event that matched.
    Accepted,
    /// An event did not match, and of all conditions of some way through the pattern only this one failed.
    Refused,
    /// An event matched by way of this branch of an `$or`.
    Taken,
}

impl Decision {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Accepted => "accepted",
            Decision::Refused => "refused",
            Decision::Taken => "taken",
        }
    }
}

/// The number of an item.
pub(super) type ItemIndex = usize;

/// What a condition's decisions are counted on.
#[derive(Debug, Clone)]
pub(super) struct ConditionItems {
    pub(super) tests: Arc<FieldTests>,
    pub(super) refused: ItemIndex,
    /// Of each test, in their order.
    pub(super) accepted: Vec<ItemIndex>,
    /// The branches of `$or`s in which the condition stands, outermost first.
    pub(super) taken: Vec<ItemIndex>,
}

/// The items of a pattern in the order in which it was written, and which of them belong to which list of tests.
pub(super) struct Items {
    pub(super) items: Vec<CoverageItem>,
    pub(super) conditions: Vec<ConditionItems>,
    /// From the address of a list of tests to its place in `conditions`.
    pub(super) places: HashMap<*const FieldTests, usize>,
}

impl Items {
    /// Lists of tests that a later one with the same path replaces in every alternative decide nothing and have no items.
    pub(super) fn of(pattern: &Pattern) -> Items {
        let conditions = pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions);
        let alive = conditions.map(|condition| Arc::as_ptr(&condition.tests)).collect();
        let mut listing = Listing {
            alive,
            items: Items { items: Vec::new(), conditions: Vec::new(), places: HashMap::new() },
            branches: Vec::new(),
            pointer: JsonPointer::root(),
        };
        listing.object(pattern.root());
        listing.items
    }
}

struct Listing {
    alive: std::collections::HashSet<*const FieldTests>,
    items: Items,
    /// The branches around the place where the listing is.
    branches: Vec<ItemIndex>,
    pointer: JsonPointer,
}

impl Listing {
    fn object(&mut self, object: &PatternObject) {
        for member in &object.members {
            let above = self.pointer.len();
            match member {
                PatternMember::Field { name, tests } => {
                    self.pointer.push_member(name);
                    self.field(tests);
                }
                PatternMember::Object { name, object } => {
                    self.pointer.push_member(name);
                    self.object(object);
                }
                PatternMember::Or { branches } => {
                    self.pointer.push_member(&Text::from("$or"));
                    branches.iter().enumerate().for_each(|(index, branch)| self.branch(index, branch));
                }
            }
            self.pointer.truncate(above);
        }
    }

    fn branch(&mut self, index: usize, branch: &PatternObject) {
        let Some(span) = self.span_of(branch) else { return };
        let above = self.pointer.len();
        self.pointer.push_element(index);
        let taken = self.push(Decision::Taken, span, branch.to_string());
        self.branches.push(taken);
        self.object(branch);
        self.branches.pop();
        self.pointer.truncate(above);
    }

    fn field(&mut self, tests: &Arc<FieldTests>) {
        if !self.alive.contains(&Arc::as_ptr(tests)) {
            return;
        }
        let all: Vec<String> = tests.tests.iter().map(|placed| placed.test.to_string()).collect();
        let refused = self.push(Decision::Refused, tests.place.0.clone(), format!("[{}]", all.join(",")));
        let accepted = tests.tests.iter().zip(all).enumerate().map(|(index, (placed, text))| {
            let above = self.pointer.len();
            self.pointer.push_element(index);
            let item = self.push(Decision::Accepted, placed.span.clone(), text);
            self.pointer.truncate(above);
            item
        });
        let accepted = accepted.collect();
        let condition =
            ConditionItems { tests: Arc::clone(tests), refused, accepted, taken: self.branches.clone() };
        self.items.places.insert(Arc::as_ptr(tests), self.items.conditions.len());
        self.items.conditions.push(condition);
    }

    /// From the first to the last list of tests that counts; `None` if no one does.
    fn span_of(&self, object: &PatternObject) -> Option<Span> {
        let spans = object.members.iter().filter_map(|member| match member {
            PatternMember::Field { tests, .. } => {
                self.alive.contains(&Arc::as_ptr(tests)).then(|| tests.place.0.clone())
            }
            PatternMember::Object { object, .. } => self.span_of(object),
            PatternMember::Or { branches } => {
                branches.iter().filter_map(|branch| self.span_of(branch)).reduce(joined)
            }
        });
        spans.reduce(joined)
    }

    fn push(&mut self, decision: Decision, span: Span, text: String) -> ItemIndex {
        let pointer = self.pointer.clone();
        self.items.items.push(CoverageItem { decision, pointer, span, text, events: 0 });
        self.items.items.len() - 1
    }
}

fn joined(a: Span, b: Span) -> Span {
    a.start.min(b.start)..a.end.max(b.end)
}
