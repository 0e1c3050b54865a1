//! Operations on events, as RFC 6902 has them.

use super::distance::distance;
use crate::analysis::document::{Location, at, pointer, put, take};
use crate::json::{JsonPointer, Node, Value};

/// One change of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    location: Location,
    change: Change,
}

/// What is done at a place.
#[derive(Debug, Clone, PartialEq)]
enum Change {
    Add(Value),
    Replace(Value),
    Remove,
}

impl Operation {
    pub(super) fn add(location: Location, value: Value) -> Operation {
        Operation { location, change: Change::Add(value) }
    }

    pub(super) fn replace(location: Location, value: Value) -> Operation {
        Operation { location, change: Change::Replace(value) }
    }

    pub(super) fn remove(location: Location) -> Operation {
        Operation { location, change: Change::Remove }
    }

    /// `add`, `replace` or `remove`, as RFC 6902 spells them.
    pub fn name(&self) -> &'static str {
        match self.change {
            Change::Add(_) => "add",
            Change::Replace(_) => "replace",
            Change::Remove => "remove",
        }
    }

    /// The place in the event, which operations before this one may have changed.
    pub fn pointer(&self) -> JsonPointer {
        pointer(&self.location)
    }

    /// What is put there; `None` for `remove`.
    pub fn value(&self) -> Option<&Value> {
        match &self.change {
            Change::Add(value) | Change::Replace(value) => Some(value),
            Change::Remove => None,
        }
    }

    /// How much of the event changes, to prefer small changes among as many operations.
    pub(super) fn cost(&self, event: &Node) -> u64 {
        const STRUCTURE: u64 = 10;
        let size = |value: &Value| value.to_string().len() as u64;
        let old = at(event, &self.location).map(|node| &node.value);
        match (&self.change, old) {
            (Change::Replace(new), Some(old)) => distance(old, new),
            (Change::Add(new) | Change::Replace(new), _) => STRUCTURE + size(new),
            (Change::Remove, Some(old)) => STRUCTURE + size(old),
            (Change::Remove, None) => STRUCTURE,
        }
    }

    /// Does it; `None` if the place does not exist.
    pub(super) fn apply(&self, event: &mut Node) -> Option<()> {
        match &self.change {
            Change::Add(value) | Change::Replace(value) => put(event, &self.location, value.clone()),
            Change::Remove => take(event, &self.location).map(drop),
        }
    }
}

/// `event` with all operations done.
pub(super) fn applied(event: &Node, operations: &[Operation]) -> Option<Node> {
    let mut changed = event.clone();
    operations.iter().try_for_each(|operation| operation.apply(&mut changed))?;
    Some(changed)
}
