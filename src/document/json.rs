//! JSON files as trees.

use super::place::PlaceCursor;
use super::problem::DocumentProblem;
use super::tree::{Member, Node, Spelling, Syntax, Value};
use crate::json;
use crate::json::Place;

/// Reads a file that holds one JSON value.
///
/// # Errors
/// The first place at which it is not JSON, or more than white space behind the value.
pub fn read<U>(text: &str) -> Result<Node<U>, (Place, DocumentProblem)> {
    let bytes = text.as_bytes();
    let root = json::tree::parse(bytes)
        .map_err(|error| (Place::of(bytes, error.at), DocumentProblem::Json(error.problem)))?;
    let rest = &bytes[root.span.end..];
    if let Some(more) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
        return Err((Place::of(bytes, root.span.end + more), DocumentProblem::MoreAfterJson));
    }
    Ok(convert(root, &mut PlaceCursor::new(bytes)))
}

fn convert<U>(node: json::Node, cursor: &mut PlaceCursor<'_>) -> Node<U> {
    let place = cursor.place(node.span.start);
    let spelling = Spelling { span: node.span, syntax: Syntax::Json, doubt: None };
    let value = match node.value {
        json::Value::Array(elements) => {
            let elements = elements.into_iter().map(|element| convert(element, cursor)).collect();
            return Node::made(Value::List(elements), place);
        }
        json::Value::Object(members) => {
            let members = members.into_iter().map(|member| convert_member(member, cursor)).collect();
            return Node::made(Value::Map(members), place);
        }
        json::Value::Null => Value::Null,
        json::Value::Bool(value) => Value::Bool(value),
        json::Value::Number(spelling) => Value::Number(spelling),
        json::Value::String(text) => Value::String(text),
    };
    Node { value, place, spelling: Some(spelling) }
}

fn convert_member<U>(member: json::Member, cursor: &mut PlaceCursor<'_>) -> Member<U> {
    let name_place = cursor.place(member.name_span.start);
    Member { name: member.name, name_place, name_doubt: None, value: convert(member.value, cursor) }
}
