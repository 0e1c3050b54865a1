//! An event as a tree that can be pointed into and changed.

use crate::json::{JsonPointer, Member, Node, Text, Value};

/// One step down from a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(Text),
    Element(usize),
}

/// The way from the root to a value.
pub(super) type Location = Vec<Step>;

/// As people and tools write it.
pub(super) fn pointer(location: &[Step]) -> JsonPointer {
    let mut pointer = JsonPointer::root();
    for step in location {
        match step {
            Step::Member(name) => pointer.push_member(name),
            Step::Element(index) => pointer.push_element(*index),
        }
    }
    pointer
}

/// The location and one step more.
pub(super) fn below(location: &[Step], step: Step) -> Location {
    let mut longer = location.to_vec();
    longer.push(step);
    longer
}

/// A leaf of an event with its dotted path.
#[derive(Debug, Clone)]
pub(super) struct PlacedLeaf<'n> {
    pub(super) path: Vec<u8>,
    pub(super) location: Location,
    pub(super) value: &'n Value,
}

/// Whether a value is no leaf.
pub(super) fn is_container(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// Every value that is no array and has a path, objects included; what the dotted paths lead to.
pub(super) fn placed(root: &Node) -> Vec<PlacedLeaf<'_>> {
    let mut found = Vec::new();
    collect(root, None, &mut Vec::new(), &mut found);
    found
}

fn collect<'n>(
    node: &'n Node,
    path: Option<&[u8]>,
    location: &mut Location,
    found: &mut Vec<PlacedLeaf<'n>>,
) {
    if let Value::Array(elements) = &node.value {
        for (index, element) in elements.iter().enumerate() {
            location.push(Step::Element(index));
            collect(element, path, location, found);
            location.pop();
        }
        if !elements.is_empty() {
            return;
        }
    }
    found.extend(path.map(|path| PlacedLeaf {
        path: path.to_vec(),
        location: location.clone(),
        value: &node.value,
    }));
    if let Value::Object(members) = &node.value {
        for member in members {
            let name = member.name.as_bytes();
            let path = path.map_or_else(|| name.to_vec(), |path| [path, b".", name].concat());
            location.push(Step::Member(member.name.clone()));
            collect(&member.value, Some(&path), location, found);
            location.pop();
        }
    }
}

/// The event as most programs read it: of members with one name the last counts. `None` if no name repeats.
pub(super) fn without_duplicates(root: &Node) -> Option<Node> {
    let mut changed = root.clone();
    drop_duplicates(&mut changed).then_some(changed)
}

fn drop_duplicates(node: &mut Node) -> bool {
    match &mut node.value {
        Value::Array(elements) => {
            elements.iter_mut().fold(false, |any, element| drop_duplicates(element) | any)
        }
        Value::Object(members) => {
            let before = members.len();
            let mut seen = std::collections::HashSet::new();
            let mut kept: Vec<Member> = Vec::with_capacity(before);
            for member in members.drain(..).rev() {
                if seen.insert(member.name.clone()) {
                    kept.push(member);
                }
            }
            kept.reverse();
            *members = kept;
            let dropped = members.len() < before;
            members.iter_mut().fold(dropped, |any, member| drop_duplicates(&mut member.value) | any)
        }
        _ => false,
    }
}

/// What is at `location`.
pub(super) fn at<'n>(root: &'n Node, location: &[Step]) -> Option<&'n Node> {
    location.iter().try_fold(root, |node, step| match (step, &node.value) {
        (Step::Member(name), Value::Object(members)) => {
            members.iter().rev().find(|member| member.name == *name).map(|member| &member.value)
        }
        (Step::Element(index), Value::Array(elements)) => elements.get(*index),
        _ => None,
    })
}

fn at_mut<'n>(root: &'n mut Node, location: &[Step]) -> Option<&'n mut Node> {
    location.iter().try_fold(root, |node, step| match (step, &mut node.value) {
        (Step::Member(name), Value::Object(members)) => {
            members.iter_mut().rev().find(|member| member.name == *name).map(|member| &mut member.value)
        }
        (Step::Element(index), Value::Array(elements)) => elements.get_mut(*index),
        _ => None,
    })
}

/// Puts `value` at `location`: in the place of what is there, or as a new member or last element.
/// `None` if there is nothing to put it into.
pub(super) fn put(root: &mut Node, location: &[Step], value: Value) -> Option<()> {
    if let Some(node) = at_mut(root, location) {
        *node = value.into();
        return Some(());
    }
    let (last, around) = location.split_last()?;
    match (last, &mut at_mut(root, around)?.value) {
        (Step::Member(name), Value::Object(members)) => {
            members.push(Member { name: name.clone(), name_span: 0..0, value: value.into() });
        }
        (Step::Element(index), Value::Array(elements)) if *index == elements.len() => {
            elements.push(value.into())
        }
        _ => return None,
    }
    Some(())
}

/// Takes away what is at `location`; `None` if there is nothing.
pub(super) fn take(root: &mut Node, location: &[Step]) -> Option<Node> {
    let (last, around) = location.split_last()?;
    match (last, &mut at_mut(root, around)?.value) {
        (Step::Member(name), Value::Object(members)) => {
            let place = members.iter().rposition(|member| member.name == *name)?;
            Some(members.remove(place).value)
        }
        (Step::Element(index), Value::Array(elements)) if *index < elements.len() => {
            Some(elements.remove(*index))
        }
        _ => None,
    }
}
