//! Finds the values of all paths of a target in one walk over the event.
//!
//! The paths are merged into a trie, and the walk follows it; what no path names is stepped over. Of duplicate
//! members the last counts, so a member that comes again forgets all that the one before it gave. A path is
//! followed as far as its first `[*]`; what lies behind is looked up in the array when it is rendered, since it
//! is as many values as the event likes.

use std::ops::Range;

use super::path::{InputPath, Step};
use crate::json::cursor::{Cursor, ValueStart};
use crate::json::text::decode_into;

/// The merged paths of a target. Nodes stand in preorder, so what lies below a node follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathTrie {
    nodes: Vec<Node>,
}

/// The number of a node of a [`PathTrie`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(u32);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    members: Vec<(Box<str>, NodeId)>,
    elements: Vec<(u32, NodeId)>,
    /// The first node that is no longer below this one.
    end: u32,
}

/// A path that a trie holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector {
    node: NodeId,
    /// The steps from the first `[*]` on.
    rest: Box<[Step]>,
}

/// What paths select of one event.
#[derive(Debug, Default)]
pub(super) struct Selections {
    /// Of each node, the bytes of its value in the event.
    spans: Vec<Option<Range<usize>>>,
    name: Vec<u8>,
}

/// What one path selects.
#[derive(Debug, Clone, Copy)]
pub(super) enum Selected<'e> {
    /// Nothing.
    Missing,
    /// One value of the event.
    Value(&'e [u8]),
    /// Several values: what `rest`, which begins with `[*]`, selects in an array.
    Several { array: &'e [u8], rest: &'e [Step] },
}

impl PathTrie {
    /// The trie of `paths`, and where each of them is in it.
    pub(super) fn build(paths: &[&InputPath]) -> (PathTrie, Vec<Selector>) {
        let mut trie = PathTrie { nodes: vec![Node { members: Vec::new(), elements: Vec::new(), end: 1 }] };
        // In ascending order each path goes on where the one before it left, which gives preorder.
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|index| split(paths[*index]).0);
        let mut selectors = vec![None; paths.len()];
        for index in order {
            let (followed, rest) = split(paths[index]);
            let node = followed.iter().fold(NodeId(0), |node, step| trie.child(node, step));
            selectors[index] = Some(Selector { node, rest: rest.into() });
        }
        for id in (0..trie.nodes.len()).rev() {
            let last_child = |node: &Node| {
                let members = node.members.iter().map(|(_, child)| child.0);
                members.chain(node.elements.iter().map(|(_, child)| child.0)).max()
            };
            trie.nodes[id].end = match last_child(&trie.nodes[id]) {
                Some(child) => trie.nodes[child as usize].end,
                None => id as u32 + 1,
            };
        }
        (trie, selectors.into_iter().flatten().collect())
    }

    fn child(&mut self, parent: NodeId, step: &Step) -> NodeId {
        let new = NodeId(self.nodes.len() as u32);
        let node = &mut self.nodes[parent.0 as usize];
        let known = match step {
            Step::Member(name) => find_or_push(&mut node.members, name, new),
            Step::Element(index) => find_or_push(&mut node.elements, index, new),
            Step::AllElements => unreachable!("paths are followed as far as the first `[*]` only"),
        };
        if known == new {
            self.nodes.push(Node { members: Vec::new(), elements: Vec::new(), end: 0 });
        }
        known
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}

fn find_or_push<K: Clone + PartialEq>(children: &mut Vec<(K, NodeId)>, key: &K, new: NodeId) -> NodeId {
    match children.iter().find(|(other, _)| other == key) {
        Some((_, child)) => *child,
        None => {
            children.push((key.clone(), new));
            new
        }
    }
}

/// A path up to its first `[*]`, and the steps from there on.
fn split(path: &InputPath) -> (&[Step], &[Step]) {
    let steps = path.steps();
    let followed = steps.iter().position(|step| *step == Step::AllElements).unwrap_or(steps.len());
    steps.split_at(followed)
}

impl Selections {
    /// Walks over `event`, a valid JSON value.
    pub(super) fn walk(&mut self, trie: &PathTrie, event: &[u8]) {
        self.spans.clear();
        self.spans.resize(trie.nodes.len(), None);
        let mut walk = Walk { trie, selections: self };
        walk.value(NodeId(0), &mut Cursor::new(event));
    }

    /// What `selector` selects in the `event` that was walked over.
    pub(super) fn selected<'e>(&self, selector: &'e Selector, event: &'e [u8]) -> Selected<'e> {
        let Some(span) = &self.spans[selector.node.0 as usize] else { return Selected::Missing };
        let value = &event[span.clone()];
        match &*selector.rest {
            [] => Selected::Value(value),
            _ if value.first() != Some(&b'[') => Selected::Missing,
            rest => Selected::Several { array: value, rest },
        }
    }
}

struct Walk<'w> {
    trie: &'w PathTrie,
    selections: &'w mut Selections,
}

impl Walk<'_> {
    fn value(&mut self, id: NodeId, cursor: &mut Cursor<'_>) {
        let node = self.trie.node(id);
        let kind = cursor.start();
        let start = cursor.at();
        match kind {
            ValueStart::Object if !node.members.is_empty() => self.members(node, cursor),
            ValueStart::Array if !node.elements.is_empty() => self.elements(node, cursor),
            _ => drop(cursor.value()),
        }
        self.selections.spans[id.0 as usize] = Some(start..cursor.at());
    }

    fn members(&mut self, node: &Node, cursor: &mut Cursor<'_>) {
        cursor.enter();
        while let Some(name) = cursor.next_member() {
            match self.member(node, name) {
                Some(child) => {
                    self.forget(child);
                    self.value(child, cursor);
                }
                None => drop(cursor.value()),
            }
        }
    }

    fn elements(&mut self, node: &Node, cursor: &mut Cursor<'_>) {
        cursor.enter();
        let mut index = 0_u32;
        while cursor.next_element() {
            match node.elements.iter().find(|(wanted, _)| *wanted == index) {
                Some((_, child)) => self.value(*child, cursor),
                None => drop(cursor.value()),
            }
            index = index.saturating_add(1);
        }
    }

    fn member(&mut self, node: &Node, raw_name: &[u8]) -> Option<NodeId> {
        let decoded = decoded_name(raw_name, &mut self.selections.name);
        node.members.iter().find(|(name, _)| name.as_bytes() == decoded).map(|(_, child)| *child)
    }

    /// Of duplicate members only the last counts.
    fn forget(&mut self, id: NodeId) {
        let end = self.trie.node(id).end as usize;
        self.selections.spans[id.0 as usize..end].fill(None);
    }
}

/// The text that a raw member name spells; `buffer` holds it if it has escapes.
pub(super) fn decoded_name<'n>(raw: &'n [u8], buffer: &'n mut Vec<u8>) -> &'n [u8] {
    if memchr::memchr(b'\\', raw).is_none() {
        return raw;
    }
    buffer.clear();
    decode_into(raw, buffer);
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(event: &str, paths: &[&str]) -> Vec<Option<String>> {
        let paths: Vec<InputPath> = paths.iter().map(|path| InputPath::parse(path).unwrap()).collect();
        let (trie, selectors) = PathTrie::build(&paths.iter().collect::<Vec<_>>());
        let mut selections = Selections::default();
        selections.walk(&trie, event.as_bytes());
        let text = |selector| match selections.selected(selector, event.as_bytes()) {
            Selected::Missing => None,
            Selected::Value(value) | Selected::Several { array: value, .. } => {
                Some(String::from_utf8(value.to_vec()).unwrap())
            }
        };
        selectors.iter().map(text).collect()
    }

    #[test]
    fn each_path_finds_its_value() {
        let event = r#"{"a": {"b": [10, {"c": "x"}], "\u0062b": null}, "d/e": 1 }"#;
        let found = select(
            event,
            &["$.a.b[1].c", "$", "$.a.bb", "$.a.b[0]", "$.d/e", "$.a.b[2]", "$.a.b.c", "$.a.b[*].c"],
        );
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                text("\"x\""),
                text(event),
                text("null"),
                text("10"),
                text("1"),
                None,
                None,
                text(r#"[10, {"c": "x"}]"#)
            ]
        );
    }

    #[test]
    fn the_last_of_duplicate_members_counts_with_all_that_is_below_it() {
        assert_eq!(select(r#"{"a":{"b":1},"a":{"c":2}}"#, &["$.a.b", "$.a.c"]), [None, Some("2".to_owned())]);
        assert_eq!(select(r#"{"a":[1],"a":7}"#, &["$.a[0]", "$.a[*]"]), [None, None]);
        assert_eq!(
            select(r#"{"a":1,"b":2,"a":3}"#, &["$.b", "$.a"]),
            [Some("2".to_owned()), Some("3".to_owned())]
        );
    }
}
