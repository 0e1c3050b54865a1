//! Writes an assignment as an event.

use super::assignment::Assignment;
use crate::event::MADE_ENVELOPE;
use crate::json::{Member, Node, Text, Value};

/// How a path that holds a value and has fields below it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// As an array of the value and an object: a value in an array is in none of its elements' ways.
    Arrays,
    /// The names below it joined with dots, which are no different to the engine.
    DottedNames,
}

/// Deeper paths are written with dotted names, far below what JSON may nest.
const STEPS_MAX: usize = 900;

/// The event, members of the envelope first.
pub(super) fn event(assignment: &Assignment, layout: Layout) -> Value {
    let mut members: Vec<Member> = Vec::new();
    for (name, _) in MADE_ENVELOPE {
        if let Some(made) = assignment.made(name.as_bytes()) {
            members.push(member(name.as_bytes(), Value::string(made)));
        }
    }
    let mut below: Vec<Member> = Vec::new();
    for (path, value) in assignment.present() {
        let steps = steps(path, layout, assignment);
        let first = steps.first().copied().unwrap_or_default();
        // AWS writes `resources` as a list.
        let listed = first == b"resources" && steps.len() == 1;
        let value = if listed { Value::Array(vec![value.clone().into()]) } else { value.clone() };
        let is_envelope = MADE_ENVELOPE.iter().any(|(name, _)| name.as_bytes() == first);
        insert(if is_envelope { &mut members } else { &mut below }, &steps, value);
    }
    members
        .sort_by_key(|member| MADE_ENVELOPE.iter().position(|(n, _)| n.as_bytes() == member.name.as_bytes()));
    for (name, empty) in [("resources", Value::Array(Vec::new())), ("detail", Value::Object(Vec::new()))] {
        let place = below.iter().position(|member| member.name.as_bytes() == name.as_bytes());
        members.push(place.map_or_else(|| member(name.as_bytes(), empty), |place| below.remove(place)));
    }
    members.extend(below);
    Value::Object(members)
}

/// The names that lead to a field, one below the other.
fn steps<'p>(path: &'p [u8], layout: Layout, assignment: &Assignment) -> Vec<&'p [u8]> {
    let steps: Vec<&[u8]> = path.split(|byte| *byte == b'.').collect();
    // Members with empty names are seen only by patterns that ask for them; in dotted names they need not be.
    if steps.iter().any(|step| step.is_empty()) || steps.len() > STEPS_MAX {
        return vec![path];
    }
    if layout == Layout::Arrays {
        return steps;
    }
    let first = steps[0];
    match assignment.present().any(|(other, _)| other == first) || steps.len() == 1 {
        true => vec![path],
        false => vec![first, &path[first.len() + 1..]],
    }
}

/// An object that has each of the values at its path.
pub(in crate::analysis) fn nested<'p>(fields: impl IntoIterator<Item = (&'p [u8], Value)>) -> Value {
    let mut members = Vec::new();
    for (path, value) in fields {
        let steps: Vec<&[u8]> = path.split(|byte| *byte == b'.').collect();
        let is_odd = steps.iter().any(|step| step.is_empty()) || steps.len() > STEPS_MAX;
        insert(&mut members, if is_odd { std::slice::from_ref(&path) } else { &steps }, value);
    }
    Value::Object(members)
}

fn member(name: &[u8], value: Value) -> Member {
    Member { name: Text::from_wtf8(name), name_span: 0..0, value: value.into() }
}

/// Puts `value` below the members at `steps`, at least one.
fn insert(members: &mut Vec<Member>, steps: &[&[u8]], value: Value) {
    let [first, rest @ ..] = steps else { return };
    let known = members.iter_mut().find(|member| member.name.as_bytes() == *first);
    match (known, rest) {
        (None, []) => members.push(member(first, value)),
        (None, rest) => members.push(member(first, object_of(rest, value))),
        (Some(known), []) => join(&mut known.value, value),
        (Some(known), rest) => insert_below(&mut known.value, rest, value),
    }
}

/// Puts a value beside the object or values that are there.
fn join(node: &mut Node, value: Value) {
    match &mut node.value {
        Value::Array(elements) => elements.insert(0, value.into()),
        other => {
            let other = std::mem::replace(other, Value::Null);
            node.value = Value::Array(vec![value.into(), other.into()]);
        }
    }
}

/// Puts `value` below the object that is here; if there is none, one is put beside what is here.
fn insert_below(node: &mut Node, steps: &[&[u8]], value: Value) {
    match &mut node.value {
        Value::Object(members) => insert(members, steps, value),
        Value::Array(elements) => {
            let object = elements.iter_mut().find(|element| matches!(element.value, Value::Object(_)));
            match object {
                Some(object) => insert_below(object, steps, value),
                None => elements.push(object_of(steps, value).into()),
            }
        }
        other => {
            let here = std::mem::replace(other, Value::Null);
            node.value = Value::Array(vec![here.into(), object_of(steps, value).into()]);
        }
    }
}

fn object_of(steps: &[&[u8]], value: Value) -> Value {
    let mut members = Vec::new();
    insert(&mut members, steps, value);
    Value::Object(members)
}
