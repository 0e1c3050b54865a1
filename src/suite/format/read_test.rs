//! Tests, their variations, and what changes their events.

use std::collections::HashMap;

use super::problem::SuiteProblemKind;
use super::read_expectation;
use super::read_value::{event, pointer, values};
use super::reader::{Object, Placed, Reader};
use super::written::{Edit, EventRef, Subject, WrittenCase, WrittenTest};
use crate::document::{Node, Value};
use crate::pattern::nearest;

/// Fixtures by name.
pub(super) type FixtureNames<'n> = HashMap<&'n str, usize>;

const EVENT_TEST_KEYS: [&str; 8] = ["name", "event", "set", "unset", "matrix", "expect", "tags", "skip"];
const CORPUS_TEST_KEYS: [&str; 5] = ["name", "events", "expect", "tags", "skip"];
const ROW_KEYS: [&str; 4] = ["name", "set", "unset", "expect"];

/// Reads one test.
pub(super) fn test(node: &Node, fixtures: &FixtureNames<'_>, reader: &mut Reader<'_>) -> Option<WrittenTest> {
    let is_corpus = node.get("events").is_some() && node.get("event").is_none();
    let (within, keys): (_, &'static [_]) = match is_corpus {
        true => ("a test of many events", &CORPUS_TEST_KEYS),
        false => ("a test", &EVENT_TEST_KEYS),
    };
    let object = reader.object("tests", node, within, keys)?;
    let name = reader.required(object, "name").and_then(|node| reader.text("name", node));
    // Where its key stands, as of tests with rows.
    let name = name.map(|name| Placed { place: object.place_of("name"), ..name });
    let tags = object.get("tags").map(|node| {
        let elements = reader.filled_list("tags", node);
        values(reader.texts("tags", elements))
    });
    let skip = object.get("skip").and_then(|node| reader.text("skip", node)).map(|skip| skip.value);
    let subject = match is_corpus {
        true => corpus(object, reader),
        false => variations(object, fixtures, reader),
    };
    Some(WrittenTest { name: name?, tags: tags.unwrap_or_default(), skip, subject: subject? })
}

fn corpus(object: Object<'_>, reader: &mut Reader<'_>) -> Option<Subject> {
    let events = object.get("events").map(|node| {
        let elements = reader.filled_list("events", node);
        reader.texts("events", elements)
    });
    let expect = reader.required(object, "expect")?;
    let expect = read_expectation::corpus(expect, reader)?;
    Some(Subject::Corpus { events: events.unwrap_or_default(), expect })
}

fn variations(object: Object<'_>, fixtures: &FixtureNames<'_>, reader: &mut Reader<'_>) -> Option<Subject> {
    let event = reader.required(object, "event").and_then(|node| event_ref(node, fixtures, reader));
    let edits = edits(object, reader);
    let expect = object.get("expect");
    let cases = match object.get("matrix") {
        Some(matrix) => matrix_cases(matrix, &edits, expect, reader),
        None => {
            let expect = reader.required(object, "expect")?;
            let expect = read_expectation::event(expect, reader)?;
            vec![WrittenCase { row: None, place: object.place_of("name"), edits, expect }]
        }
    };
    Some(Subject::Event { event: event?, cases })
}

fn event_ref(node: &Node, fixtures: &FixtureNames<'_>, reader: &mut Reader<'_>) -> Option<EventRef> {
    if !matches!(node.value, Value::String(_)) {
        return event("event", node, reader).map(EventRef::Own);
    }
    let name = reader.text("event", node)?;
    let found = fixtures.get(name.value.as_str());
    if found.is_none() {
        let mut known: Vec<&str> = fixtures.keys().copied().collect();
        known.sort_unstable();
        let nearest = nearest(&name.value, &known).map(str::to_owned);
        let known = known.into_iter().map(str::to_owned).collect();
        let kind = SuiteProblemKind::UnknownWord { word: name.value, what: "fixture", nearest, known };
        reader.problem(node.place, kind);
    }
    found.map(|index| EventRef::Fixture(*index))
}

fn matrix_cases(
    matrix: &Node,
    edits: &[Edit],
    inherited: Option<&Node>,
    reader: &mut Reader<'_>,
) -> Vec<WrittenCase> {
    // Read even if all rows have their own, so that what is wrong with it is not passed over.
    let expect = inherited.and_then(|node| read_expectation::event(node, reader));
    let mut cases: Vec<WrittenCase> = Vec::new();
    let mut first: HashMap<String, u32> = HashMap::new();
    for row in reader.filled_list("matrix", matrix) {
        let Some(object) = reader.object("matrix", row, "a row of a matrix", &ROW_KEYS) else { continue };
        let own = object.get("expect").map(|node| read_expectation::event(node, reader));
        if own.is_none() && inherited.is_none() {
            reader.required(object, "expect");
        }
        let row_edits = self::edits(object, reader);
        let name = match object.get("name") {
            Some(node) => reader.text("name", node).map(|name| name.value),
            None => Some(described(&row_edits)),
        };
        let (Some(name), Some(expect)) = (name, own.unwrap_or_else(|| expect.clone())) else { continue };
        if let Some(first) = first.insert(name.clone(), object.place().line) {
            let kind = SuiteProblemKind::RepeatedName { what: "row", name: name.clone(), first };
            reader.problem(object.place(), kind);
        }
        let edits = edits.iter().cloned().chain(row_edits).collect();
        cases.push(WrittenCase { row: Some(name), place: object.place(), edits, expect });
    }
    cases
}

/// What a row without a name is called: by what it changes.
fn described(edits: &[Edit]) -> String {
    let described: Vec<String> = edits
        .iter()
        .map(|edit| match edit {
            Edit::Set(pointer, value) => format!("{} = {}", pointer.value.as_str(), value.to_json()),
            Edit::Unset(pointer) => format!("without {}", pointer.value.as_str()),
        })
        .collect();
    if described.is_empty() { "as it is".to_owned() } else { described.join(", ") }
}

fn edits(object: Object<'_>, reader: &mut Reader<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    if let Some(node) = object.get("set") {
        let members = reader.named("set", node);
        if members.is_empty() && matches!(node.value, Value::Map(_)) {
            reader.problem(node.place, SuiteProblemKind::Empty { key: "set".to_owned() });
        }
        for (written, value) in members {
            reader.data(value);
            if let Some(pointer) = pointer(&written.value, written.place, reader) {
                edits.push(Edit::Set(pointer, value.clone()));
            }
        }
    }
    if let Some(node) = object.get("unset") {
        let elements = reader.filled_list("unset", node);
        for written in reader.texts("unset", elements) {
            edits.extend(pointer(&written.value, written.place, reader).map(Edit::Unset));
        }
    }
    edits
}
