//! Values that a source leaves open and the user may give.

use super::parameters::Given;
use super::tree::{Node, Value};
use super::{Missing, Remedy, Unknown};
use crate::json::Place;

/// The text given for `key`, or an unknown value that is called `key` in messages too.
pub(super) fn open_value(key: &str, place: Place, given: &Given<'_>) -> Node {
    if let Some(value) = given.get(key) {
        return Node::made(Value::from(value), place);
    }
    Node::made(Value::Unknown(Box::new(unknown(key, place))), place)
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
