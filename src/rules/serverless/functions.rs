//! The functions of a service.

use super::events::{self, Numbers};
use super::function::Function;
use super::names;
use crate::rules::cloudformation::Evaluator;
use crate::rules::problem::RuleProblemKind;
use crate::rules::properties::{Problems, Reader, unresolved, wrong_kind};
use crate::rules::tree::{Member, Node, Value};

/// Whether any function has events that become rules.
pub(super) fn hold_rules(functions: &Node) -> bool {
    let has_rules = |member: &Member| {
        let events = member.value.get("events").and_then(Node::elements).unwrap_or_default();
        events.iter().any(events::is_known)
    };
    members(functions).any(has_rules)
}

/// Adds the rules of all functions.
pub(super) fn read(
    functions: &Node,
    service: &Node,
    stage: &Node,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    report_open(functions, "functions", reader);
    for part in functions.elements().unwrap_or_default() {
        report_open(part, "functions", reader);
    }
    for member in members(functions) {
        report_open(&member.value, "a function", reader);
        let name = member.name.to_string_lossy();
        let logical_id = format!("{}LambdaFunction", names::normalized(&name));
        let arn = evaluator.attribute_text(&logical_id, "Arn", member.name_place);
        let function = Function {
            name: &name,
            deployed_name: names::function_name(service, stage, &name, member.value.get_present("name")),
            arn: names::function_arn(arn, &logical_id),
        };
        let Some(events) = member.value.get_present("events") else { continue };
        report_open(events, "events", reader);
        let mut numbers = Numbers::default();
        for (number, event) in (1..).zip(events.elements().unwrap_or_default()) {
            report_open(event, "an event", reader);
            events::read(event, number, &mut numbers, &function, evaluator, reader);
        }
    }
}

/// Functions stand in one object, or in a list of such that were written in several files.
fn members(functions: &Node) -> impl Iterator<Item = &Member> {
    let parts = functions.elements().unwrap_or(std::slice::from_ref(functions));
    parts.iter().flat_map(Node::members)
}

/// A whole section out of another file may hold rules, which would be missed in silence.
fn report_open(node: &Node, what: &str, reader: &mut Reader<'_>) {
    let problems: Problems = match &node.value {
        Value::Unknown(unknown) => unresolved(unknown).collect(),
        // Events without settings are written as their name: `- alexaSkill`.
        Value::Map(_) | Value::List(_) | Value::Null => return,
        Value::String(_) if what == "an event" => return,
        _ => {
            let kind: RuleProblemKind = wrong_kind(what, "an object or a list", node);
            vec![(node.place, kind)]
        }
    };
    reader.problems(None, problems);
}
