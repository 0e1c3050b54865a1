//! Blocks of resources.

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::evaluate::{Evaluator, steps};
use crate::json::Text;
use crate::rules::attributes::Casing;
use crate::rules::open_value::open_value;
use crate::rules::resources::Resource;
use crate::rules::terraform::{RULE_TYPE, as_name, kind_of};
use crate::rules::tree::{Member, Node, Value};

/// Attributes that hold patterns.
const PATTERNS: [&str; 2] = ["event_pattern", "pattern"];

/// The resources of a file that are known here.
pub(super) fn resources_of(body: &Body, evaluator: &Evaluator<'_>) -> Vec<Resource> {
    body.get_blocks("resource").filter_map(|block| resource(block, evaluator)).collect()
}

fn resource(block: &Block, evaluator: &Evaluator<'_>) -> Option<Resource> {
    let [resource_type, name] = &block.labels[..] else { return None };
    let kind = kind_of(resource_type.as_str())?;
    let address = format!("{}.{}", resource_type.as_str(), name.as_str());
    let values = values(&block.body, &address, evaluator);
    Some(Resource {
        kind,
        fallback_name: as_name(&address, resource_type.as_str()),
        properties: kind.properties(&values, Casing::Snake),
        rule_addresses: block
            .body
            .get_attribute("rule")
            .and_then(|rule| rule_address(&rule.value))
            .into_iter()
            .collect(),
        place: evaluator.place(block.ident.span()),
        address,
    })
}

/// `aws_cloudwatch_event_rule.big` of a reference to an attribute of it, with or without a key.
fn rule_address(expression: &Expression) -> Option<String> {
    let Expression::Traversal(traversal) = expression else { return None };
    let mut plain = (**traversal).clone();
    plain.operators.truncate(1);
    match steps(&plain)?[..] {
        [RULE_TYPE, name] => Some(format!("{RULE_TYPE}.{name}")),
        _ => None,
    }
}

/// Attributes and nested blocks, which are lists of objects, as in plans.
fn values(body: &Body, path: &str, evaluator: &Evaluator<'_>) -> Node {
    let mut members: Vec<Member> = Vec::new();
    for attribute in body.attributes() {
        let name = attribute.key.as_str();
        let value = match PATTERNS.contains(&name) {
            true => evaluator.json_value(&attribute.value),
            false => evaluator.value(&attribute.value),
        };
        members.push(member(name, evaluator.place(attribute.key.span()), value));
    }
    for block in body.blocks() {
        nested(block, path, evaluator, &mut members);
    }
    Node::made(Value::Map(members), evaluator.place(body.span()))
}

fn nested(block: &Block, path: &str, evaluator: &Evaluator<'_>, members: &mut Vec<Member>) {
    let place = evaluator.place(block.ident.span());
    // What a `dynamic` block makes depends on a collection; it is open as a whole.
    if let ("dynamic", [label]) = (block.ident.as_str(), &block.labels[..]) {
        let name = label.as_str();
        let value = open_value(&format!("{path}.{name}"), place, evaluator.given);
        return members.push(member(name, place, value));
    }
    let name = block.ident.as_str();
    let value = values(&block.body, &format!("{path}.{name}"), evaluator);
    match members.iter_mut().find(|member| member.name.as_bytes() == name.as_bytes()) {
        Some(Member { value: Node { value: Value::List(elements), .. }, .. }) => elements.push(value),
        Some(_) => {}
        None => members.push(member(name, place, Node::made(Value::List(vec![value]), place))),
    }
}

fn member(name: &str, name_place: crate::json::Place, value: Node) -> Member {
    Member { name: Text::from(name), name_place, name_doubt: None, value }
}
