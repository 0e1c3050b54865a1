//! Values that a source leaves open and the user may give.

use std::path::Path;

use super::parameters::Given;
use super::tree::{Node, SourceFile, Value};
use super::{Missing, Remedy, Unknown};
use crate::json::Place;

/// The text given for `key`, or an unknown value that is called `key` in messages too.
pub(super) fn open_value(key: &str, place: Place, given: &Given<'_>) -> Node {
    if let Some(value) = given.get(key) {
        return Node::made(Value::from(value), place);
    }
    Node::made(Value::Unknown(Box::new(unknown(key, place))), place)
}

/// The list or object that was given as JSON for `key`.
pub(super) fn given_structure(key: &str, place: Place, given: &Given<'_>) -> Option<Node> {
    let text = given.get(key).filter(|text| text.starts_with(['[', '{']))?;
    let source = SourceFile::of_bytes(Path::new(key), text.as_bytes().to_vec()).ok()?;
    let mut node = source.documents().ok()?.pop()?;
    put_at(&mut node, place);
    Some(node)
}

/// Says of all that is in `node` that it stands at `place`: where it stood is in no file.
fn put_at(node: &mut Node, place: Place) {
    (node.place, node.spelling) = (place, None);
    match &mut node.value {
        Value::List(elements) => elements.iter_mut().for_each(|element| put_at(element, place)),
        Value::Map(members) => members.iter_mut().for_each(|member| {
            member.name_place = place;
            put_at(&mut member.value, place);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Unknown(_) => {}
    }
}

/// An unknown value that is given as `key`.
pub(super) fn unknown(key: &str, place: Place) -> Unknown {
    let missing = Missing { name: key.to_owned(), remedy: Remedy::Give { key: key.to_owned() }, place };
    Unknown { written: format!("${{{key}}}"), missing: vec![missing], resource: None }
}

/// What lies at `path`, or the unknown value on the way there.
pub(super) fn inside<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let mut found = node;
    for name in path {
        if matches!(found.value, Value::Unknown(_)) {
            return Some(found);
        }
        found = found.get_present(name)?;
    }
    Some(found)
}
