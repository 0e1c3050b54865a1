//! The leaves of one event by their dotted paths: the slow, plain view for whoever asks about single conditions.

use std::collections::HashMap;

use crate::json::{Node, Value};
use crate::pattern::{FieldPath, Pattern};

/// The leaves of one event by their dotted paths, which lead through arrays as if these were not there.
#[derive(Debug)]
pub struct EventLeaves<'n> {
    by_path: HashMap<Vec<u8>, Vec<&'n Value>, foldhash::fast::RandomState>,
}

/// Whether a pattern looks into members of events whose name is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmptyNames {
    /// They are as if they were not there.
    PassedOver,
    /// They are members like others.
    Seen,
}

impl EmptyNames {
    /// What `pattern` does.
    pub fn of(pattern: &Pattern) -> EmptyNames {
        let mut conditions = pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions);
        match conditions.any(|condition| condition.path.asks_for_empty_names()) {
            true => EmptyNames::Seen,
            false => EmptyNames::PassedOver,
        }
    }
}

impl<'n> EventLeaves<'n> {
    /// The leaves of an event.
    pub fn of(event: &'n Node, empty_names: EmptyNames) -> EventLeaves<'n> {
        let mut leaves = EventLeaves { by_path: HashMap::default() };
        leaves.collect(event, None, empty_names);
        leaves
    }

    /// The leaves at `path`, in the order of the event.
    pub fn at(&self, path: &FieldPath) -> &[&'n Value] {
        self.by_path.get(path.as_bytes()).map_or(&[], Vec::as_slice)
    }

    fn collect(&mut self, node: &'n Node, path: Option<&[u8]>, empty_names: EmptyNames) {
        match &node.value {
            Value::Object(members) => {
                for member in members {
                    let name = member.name.as_bytes();
                    if name.is_empty() && empty_names == EmptyNames::PassedOver {
                        continue;
                    }
                    let below = path.map_or_else(|| name.to_vec(), |path| [path, b".", name].concat());
                    self.collect(&member.value, Some(&below), empty_names);
                }
            }
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.collect(element, path, empty_names));
            }
            leaf => self.by_path.entry(path.unwrap_or_default().to_vec()).or_default().push(leaf),
        }
    }
}
