//! The leaves of an event, with the array elements around each.

use std::collections::HashMap;

use ruleproof::json::{Member, Node, Value};
use ruleproof::pattern::Profile;

use super::number;
use super::test::Scalar;
use crate::units::{Units, decode};

/// A leaf: anything but an object or an array.
#[derive(Debug, Clone)]
pub struct Leaf {
    pub value: Scalar,
    /// Where it lies in the arrays around it.
    pub elements: Elements,
}

/// Of some arrays, in the order in which they begin, one element each: array and element by number. A scalar
/// lies in no element of the array that holds it.
pub type Elements = Vec<(usize, usize)>;

/// The leaves of an event by their dotted path.
pub type Leaves = HashMap<Units, Vec<Leaf>>;

/// Finds the leaves of `event`, which was read from `text`. Members named `""` are left out with all below
/// them unless `sees_empty_names`.
pub(super) fn flatten(text: &[u8], event: &Node, profile: Profile, sees_empty_names: bool) -> Leaves {
    let text = std::str::from_utf8(&text[..event.span.end]).expect("what was parsed is UTF-8");
    let mut walk =
        Walk { text, profile, sees_empty_names, arrays: 0, around: Elements::new(), leaves: Leaves::new() };
    walk.value(None, event);
    walk.leaves
}

struct Walk<'t> {
    text: &'t str,
    profile: Profile,
    sees_empty_names: bool,
    arrays: usize,
    around: Elements,
    leaves: Leaves,
}

impl Walk<'_> {
    fn value(&mut self, path: Option<&Units>, node: &Node) {
        match &node.value {
            Value::Object(members) => self.object(path, members),
            Value::Array(nodes) => self.array(path, nodes),
            _ => {
                let leaf = Leaf { value: self.scalar(node), elements: self.around.clone() };
                if let Some(path) = path {
                    self.leaves.entry(path.clone()).or_default().push(leaf);
                }
            }
        }
    }

    fn object(&mut self, path: Option<&Units>, members: &[Member]) {
        for member in members {
            let name = decode(&self.text[member.name_span.start + 1..member.name_span.end - 1]);
            if name.is_empty() && !self.sees_empty_names {
                continue;
            }
            let below = match path {
                None => name,
                Some(path) => [path.as_slice(), &[u16::from(b'.')], &name].concat(),
            };
            self.value(Some(&below), &member.value);
        }
    }

    fn array(&mut self, path: Option<&Units>, nodes: &[Node]) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, node) in nodes.iter().enumerate() {
            match node.value {
                Value::Object(_) | Value::Array(_) => {
                    self.around.push((array, index));
                    self.value(path, node);
                    self.around.pop();
                }
                _ => self.value(path, node),
            }
        }
    }

    fn scalar(&self, node: &Node) -> Scalar {
        let raw = &self.text[node.span.clone()];
        match &node.value {
            Value::Number(_) if self.profile == Profile::Service => {
                Scalar::Number(number::as_service_sees(raw))
            }
            _ => scalar(raw),
        }
    }
}

/// The scalar that valid JSON text spells.
pub(super) fn scalar(raw: &str) -> Scalar {
    match raw {
        "null" => Scalar::Null,
        "true" | "false" => Scalar::Bool(raw == "true"),
        _ => match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inside) => Scalar::String(decode(inside)),
            None => Scalar::Number(raw.to_owned()),
        },
    }
}
