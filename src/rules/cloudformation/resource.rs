//! Resources of a template.

use super::Evaluator;
use crate::json::Place;
use crate::rules::tree::{Node, Value};

/// The type that a resource has.
pub(super) fn resource_type(resource: &Node) -> Option<&str> {
    resource.get("Type").and_then(Node::as_str)
}

/// The properties with everything resolved; an empty object where there are none.
pub(super) fn evaluated_properties(node: &Node, place: Place, evaluator: &Evaluator<'_>) -> Node {
    node.get("Properties")
        .and_then(|properties| evaluator.evaluate(properties))
        .unwrap_or_else(|| Node::made(Value::Map(Vec::new()), place))
}
