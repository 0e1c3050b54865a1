//! Conditions, in three values: what cannot be decided says what it lacks.

use super::Evaluator;
use super::truth::Truth;
use crate::json::Place;
use crate::rules::tree::{Node, Value};
use crate::rules::{Missing, Remedy};

/// Conditions that name each other are followed so far. CloudFormation refuses circles; this ends them here.
const CONDITIONS_DEEP_MAX: usize = 100;

impl Evaluator<'_> {
    /// The condition called `name`, named at `place`. A given `Condition:NAME` decides it.
    pub(super) fn condition(&self, name: &str, place: Place) -> Truth {
        let key = format!("Condition:{name}");
        match self.given.get(&key) {
            Some("true") => return Truth::True,
            Some("false") => return Truth::False,
            _ => {}
        }
        if let Some(known) = self.condition_memory.borrow().get(name) {
            return known.clone();
        }
        let missing = Missing { name: format!("Condition: {name}"), remedy: Remedy::Give { key }, place };
        let Some(node) = self.section("Conditions", name) else { return Truth::Unknown(vec![missing]) };
        if self.conditions_deep.get() >= CONDITIONS_DEEP_MAX {
            return Truth::Unknown(vec![missing]);
        }
        self.conditions_deep.set(self.conditions_deep.get() + 1);
        let truth = self.truth(node);
        self.conditions_deep.set(self.conditions_deep.get() - 1);
        self.condition_memory.borrow_mut().insert(name.to_owned(), truth.clone());
        truth
    }

    fn truth(&self, node: &Node) -> Truth {
        let Some((function, member)) = node.only_member() else {
            return malformed("a condition", node.place);
        };
        let argument = &member.value;
        let arguments = argument.elements().unwrap_or_default();
        match (function, arguments) {
            ("Condition", _) => match argument.as_str() {
                Some(name) => self.condition(name, argument.place),
                None => malformed("Condition", node.place),
            },
            ("Fn::Equals", [left, right]) => self.equals(left, right),
            ("Fn::Not", [only]) => self.truth(only).negated(),
            ("Fn::And", [_, ..]) => self.all(arguments, Truth::False),
            ("Fn::Or", [_, ..]) => self.all(arguments, Truth::True),
            _ => malformed(function, node.place),
        }
    }

    /// `decisive` as soon as one is; unknown if any is; else the opposite.
    fn all(&self, arguments: &[Node], decisive: Truth) -> Truth {
        let mut missing = Vec::new();
        for argument in arguments {
            match self.truth(argument) {
                truth if truth == decisive => return decisive,
                // Each once, or conditions that name others twice would double the list at every step.
                Truth::Unknown(more) => {
                    for one in more {
                        if missing.iter().all(|known: &Missing| known.name != one.name) {
                            missing.push(one);
                        }
                    }
                }
                _ => {}
            }
        }
        if missing.is_empty() { decisive.negated() } else { Truth::Unknown(missing) }
    }

    fn equals(&self, left: &Node, right: &Node) -> Truth {
        let (left, right) = (self.evaluate(left), self.evaluate(right));
        let mut missing = Vec::new();
        for side in [&left, &right].into_iter().flatten() {
            if let Value::Unknown(unknown) = &side.value {
                missing.extend(unknown.missing.iter().cloned());
            }
        }
        if !missing.is_empty() {
            return Truth::Unknown(missing);
        }
        Truth::of(comparable(left.as_ref()) == comparable(right.as_ref()))
    }
}

/// CloudFormation compares texts: `true` equals `"true"`, `1` equals `"1"`.
fn comparable(node: Option<&Node>) -> Option<String> {
    let node = node?;
    Some(node.scalar_text().map_or_else(|| node.to_json(), str::to_owned))
}

fn malformed(function: &str, place: Place) -> Truth {
    let form = "one of Fn::Equals: [a, b], Fn::And: [...], Fn::Or: [...], Fn::Not: [x] and Condition: NAME";
    Truth::Unknown(vec![Missing { name: function.to_owned(), remedy: Remedy::Write(form), place }])
}
