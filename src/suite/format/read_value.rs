//! Values that stand in several parts of a test file.

use super::pointer::Pointer;
use super::problem::SuiteProblemKind;
use super::reader::{Placed, Reader};
use super::written::WrittenEvent;
use crate::document::{Node, Value};
use crate::json::Place;

/// The event that `node`, the value of `key`, is: an object, or `{file: ...}`.
pub(super) fn event(key: &str, node: &Node, reader: &mut Reader<'_>) -> Option<WrittenEvent> {
    if let Some(("file", member)) = node.only_member() {
        return reader.text("file", &member.value).map(WrittenEvent::File);
    }
    if !matches!(node.value, Value::Map(_)) {
        reader.wrong_kind(key, node, "an event");
        return None;
    }
    reader.data(node);
    Some(WrittenEvent::Inline(node.clone()))
}

/// A JSON pointer.
pub(super) fn pointer(text: &str, place: Place, reader: &mut Reader<'_>) -> Option<Placed<Pointer>> {
    match Pointer::parse(text) {
        Ok(value) => Some(Placed { value, place }),
        Err(fault) => {
            reader.problem(place, SuiteProblemKind::Pointer { pointer: text.to_owned(), fault });
            None
        }
    }
}

/// What was placed, without its place.
pub(super) fn values(placed: Vec<Placed<String>>) -> Vec<String> {
    placed.into_iter().map(|placed| placed.value).collect()
}
