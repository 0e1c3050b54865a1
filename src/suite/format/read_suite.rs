//! From a file to a test file as it was written.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::problem::{SuiteProblem, SuiteProblemKind};
use super::read_test::{self, FixtureNames};
use super::read_value::event;
use super::reader::{Object, Reader};
use super::written::{Fixture, LimitsOf, Subject, WrittenSuite, WrittenTest};
use crate::document::{Node, SourceFile, Value};
use crate::json::Place;

/// The version of the format that is read.
pub const VERSION: &str = "1";

const SUITE_KEYS: [&str; 6] = ["version", "rules", "parameters", "limits", "fixtures", "tests"];

/// Reads a test file. What can be read of it is given beside its problems; nothing if it has no tests.
///
/// Takes stack in proportion to the nesting of the file.
pub fn read(source: &SourceFile) -> (Option<WrittenSuite>, Vec<SuiteProblem>) {
    let located = |place, kind| SuiteProblem { file: source.path.clone(), place, kind };
    let documents: Vec<Node> = match source.documents() {
        Ok(documents) => documents,
        Err((place, problem)) => return (None, vec![located(Some(place), problem.into())]),
    };
    let [root] = &documents[..] else {
        let count = documents.len();
        return (None, vec![located(None, SuiteProblemKind::NotOneDocument { count })]);
    };
    let mut reader = Reader::new(source);
    let suite = suite(root, &mut reader);
    reader.problems.sort_by_key(|(place, _)| *place);
    (suite, reader.problems.into_iter().map(|(place, kind)| located(Some(place), kind)).collect())
}

fn suite(root: &Node, reader: &mut Reader<'_>) -> Option<WrittenSuite> {
    let object = reader.object("a test file", root, "a test file", &SUITE_KEYS)?;
    version(object, reader);
    let rules = reader.required(object, "rules").map(|node| {
        let elements = reader.filled_list("rules", node);
        reader.texts("rules", elements)
    });
    let fixtures = object.get("fixtures").map(|node| fixtures(node, reader)).unwrap_or_default();
    let names: FixtureNames<'_> =
        fixtures.iter().enumerate().map(|(index, fixture)| (fixture.name.value.as_str(), index)).collect();
    let tests = reader.required(object, "tests")?;
    let elements = reader.filled_list("tests", tests);
    let tests: Vec<_> = elements.iter().filter_map(|test| read_test::test(test, &names, reader)).collect();
    distinct(&tests, reader);
    Some(WrittenSuite {
        rules: rules.unwrap_or_default(),
        rules_place: object.place_of("rules"),
        parameters: object.get("parameters").map(|node| parameters(node, reader)).unwrap_or_default(),
        limits: object.get("limits").and_then(|node| limits(node, reader)).unwrap_or_default(),
        fixtures,
        tests,
    })
}

/// Names tell tests apart in reports, and their recorded bodies too, so that a row may not be called like a test either.
fn distinct(tests: &[WrittenTest], reader: &mut Reader<'_>) {
    let mut first: HashMap<String, u32> = HashMap::new();
    let mut is_new = |name: String, place: Place| match first.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(place.line);
            true
        }
        Entry::Occupied(entry) => {
            let (name, first) = (entry.key().clone(), *entry.get());
            reader.problem(place, SuiteProblemKind::RepeatedName { what: "test", name, first });
            false
        }
    };
    for test in tests {
        let name = &test.name.value;
        if !is_new(name.clone(), test.name.place) {
            continue;
        }
        let Subject::Event { cases, .. } = &test.subject else { continue };
        let mut rows = HashSet::new();
        for case in cases.iter().filter(|case| case.row.as_ref().is_some_and(|row| rows.insert(row))) {
            is_new(case.name_in(name), case.place);
        }
    }
}

fn version(object: Object<'_>, reader: &mut Reader<'_>) {
    let Some(node) = reader.required(object, "version") else { return };
    match &node.value {
        Value::Number(version) if **version == *VERSION => {}
        Value::Number(version) => {
            let written = version.to_string();
            reader.problem(node.place, SuiteProblemKind::UnknownVersion { written });
        }
        _ => reader.wrong_kind("version", node, "a number"),
    }
}

fn parameters(node: &Node, reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    for (name, value) in reader.named("parameters", node) {
        reader.data(value);
        match value.scalar_text() {
            Some(text) => parameters.push((name.value, text.to_owned())),
            None => reader.wrong_kind(&name.value, value, "a text"),
        }
    }
    parameters
}

fn limits(node: &Node, reader: &mut Reader<'_>) -> Option<LimitsOf> {
    let words = [("service", LimitsOf::Service), ("engine", LimitsOf::Engine)];
    reader.word("limits", node, "set of limits", &words)
}

fn fixtures(node: &Node, reader: &mut Reader<'_>) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for (name, value) in reader.named("fixtures", node) {
        if let Some(event) = event(&name.value, value, reader) {
            fixtures.push(Fixture { name, event });
        }
    }
    fixtures
}
