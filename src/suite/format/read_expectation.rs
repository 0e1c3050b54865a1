//! What tests expect.

use super::measure::{Measure, Unit};
use super::problem::SuiteProblemKind;
use super::read_value::pointer;
use super::reader::{Object, Placed, Reader};
use super::written::{
    Amount, BodyExpected, CorpusExpectation, Expectation, FoundExpected, Miss, OtherRules, RulesExpected,
    VerdictExpected, WrittenBody,
};
use crate::document::{Node, Value};
use crate::verdict::Code;

type Written = Expectation<Placed<String>, Placed<String>, WrittenBody>;

const EVENT_KEYS: [&str; 7] =
    ["matches", "matches_at_least", "never", "because", "verdict", "code", "bodies"];
const BECAUSE_KEYS: [&str; 3] = ["path", "actual", "missing"];
const BODY_KEYS: [&str; 4] = ["json", "text", "file", "snapshot"];
const CORPUS_KEYS: [&str; 3] = ["rules", "unexpected", "errored"];
const AMOUNT_KEYS: [&str; 2] = ["count", "rate"];

/// What is expected of one event.
pub(super) fn event(node: &Node, reader: &mut Reader<'_>) -> Option<Written> {
    let object = reader.object("expect", node, "an expectation", &EVENT_KEYS)?;
    if node.members().is_empty() {
        reader.problem(node.place, SuiteProblemKind::Empty { key: "expect".to_owned() });
    }
    Some(Expectation {
        rules: rules(object, reader),
        because: object.get("because").map(|node| because(node, reader)).unwrap_or_default(),
        verdict: verdict(object, reader),
        bodies: object.get("bodies").map(|node| bodies(node, reader)).unwrap_or_default(),
    })
}

fn rules(object: Object<'_>, reader: &mut Reader<'_>) -> RulesExpected<Placed<String>> {
    let mut names = |key: &'static str| {
        object.get(key).map(|node| {
            // Only the exact set may be empty: it says that no rule matches.
            let elements =
                if key == "matches" { reader.list(key, node) } else { reader.filled_list(key, node) };
            distinct(reader.texts(key, elements), reader)
        })
    };
    let (exactly, at_least, never) = (names("matches"), names("matches_at_least"), names("never"));
    let Some(exactly) = exactly else {
        let (at_least, never) = (at_least.unwrap_or_default(), never.unwrap_or_default());
        return RulesExpected::Among { at_least, never };
    };
    for (second, given) in [("matches_at_least", at_least), ("never", never)] {
        if given.is_some() {
            let reason = "that list is exact, nothing else matches";
            let kind = SuiteProblemKind::Together { first: "matches", second, reason };
            reader.problem(object.place_of(second), kind);
        }
    }
    RulesExpected::Exactly(exactly)
}

fn distinct(names: Vec<Placed<String>>, reader: &mut Reader<'_>) -> Vec<Placed<String>> {
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names[..index].iter().find(|other| other.value == name.value) {
            let first = first.place.line;
            let kind = SuiteProblemKind::RepeatedName { what: "rule", name: name.value.clone(), first };
            reader.problem(name.place, kind);
        }
    }
    names
}

fn because(node: &Node, reader: &mut Reader<'_>) -> Vec<Miss<Placed<String>>> {
    let mut misses = Vec::new();
    for (rule, reason) in reader.named("because", node) {
        let Some(object) = reader.object("because", reason, "the reason of a miss", &BECAUSE_KEYS) else {
            continue;
        };
        let path = reader.required(object, "path").and_then(|node| reader.text("path", node));
        let path = path.and_then(|path| pointer(&path.value, path.place, reader));
        let found = found(object, reader);
        if let (Some(path), Some(found)) = (path, found) {
            misses.push(Miss { rule, path: path.value, found });
        }
    }
    misses
}

fn found(object: Object<'_>, reader: &mut Reader<'_>) -> Option<FoundExpected> {
    let missing = object.get("missing").map(|node| reader.only_true("missing", node));
    let Some(actual) = object.get("actual") else {
        return match missing {
            None => Some(FoundExpected::Anything),
            Some(missing) => missing.map(|()| FoundExpected::Nothing),
        };
    };
    if missing.is_some() {
        let reason = "what is missing has no value";
        let kind = SuiteProblemKind::Together { first: "actual", second: "missing", reason };
        reader.problem(object.place_of("missing"), kind);
    }
    if matches!(actual.value, Value::Map(_) | Value::List(_)) {
        reader.wrong_kind("actual", actual, "a single value, as conditions see them");
        return None;
    }
    reader.data(actual);
    Some(FoundExpected::Value(actual.to_json()))
}

fn verdict(object: Object<'_>, reader: &mut Reader<'_>) -> VerdictExpected {
    let words = [
        ("delivered", VerdictExpected::Delivered),
        ("unmatched", VerdictExpected::Unmatched),
        ("errored", VerdictExpected::Errored(None)),
    ];
    let verdict = object.get("verdict").and_then(|node| reader.word("verdict", node, "verdict", &words));
    let codes = Code::LOCAL.map(|code| (code.as_str(), code));
    let code = object.get("code").and_then(|node| reader.word("code", node, "code", &codes));
    if object.get("code").is_some() && !matches!(verdict, Some(VerdictExpected::Errored(_))) {
        let kind = SuiteProblemKind::Without { key: "code", needed: "`verdict: errored`" };
        reader.problem(object.place_of("code"), kind);
    }
    match verdict {
        Some(VerdictExpected::Errored(_)) => VerdictExpected::Errored(code),
        verdict => verdict.unwrap_or(VerdictExpected::NotErrored),
    }
}

fn bodies(
    node: &Node,
    reader: &mut Reader<'_>,
) -> Vec<BodyExpected<Placed<String>, Placed<String>, WrittenBody>> {
    let mut bodies = Vec::new();
    for (rule, targets) in reader.named("bodies", node) {
        for (target, expected) in reader.named(&rule.value, targets) {
            if let Some(body) = body(expected, reader) {
                bodies.push(BodyExpected { rule: rule.clone(), target, body });
            }
        }
    }
    bodies
}

fn body(node: &Node, reader: &mut Reader<'_>) -> Option<WrittenBody> {
    reader.object("bodies", node, "an expected body", &BODY_KEYS)?;
    let Some((key, member)) = node.only_member() else {
        reader.wrong_kind("bodies", node, "an object with one of `json`, `text`, `file` and `snapshot`");
        return None;
    };
    let value = &member.value;
    match key {
        "json" => {
            reader.data(value);
            Some(WrittenBody::Json(value.clone()))
        }
        "text" => match value.as_str() {
            // An empty text may be what is expected, unlike an empty name.
            Some(text) => Some(WrittenBody::Text(text.to_owned())),
            None => {
                reader.wrong_kind("text", value, "a text");
                None
            }
        },
        "file" => reader.text("file", value).map(WrittenBody::File),
        "snapshot" => reader.only_true("snapshot", value).map(|()| WrittenBody::Snapshot),
        // It was reported as unknown.
        _ => None,
    }
}

/// What is expected of many events.
pub(super) fn corpus(node: &Node, reader: &mut Reader<'_>) -> Option<CorpusExpectation<Placed<String>>> {
    let object = reader.object("expect", node, "an expectation of many events", &CORPUS_KEYS)?;
    if node.members().is_empty() {
        reader.problem(node.place, SuiteProblemKind::Empty { key: "expect".to_owned() });
    }
    let mut rules = Vec::new();
    for (rule, expected) in object.get("rules").map(|node| reader.named("rules", node)).unwrap_or_default() {
        if let Some(amount) = amount("rules", expected, reader) {
            rules.push((rule, amount));
        }
    }
    let words = [("fail", OtherRules::Refused)];
    let others = object.get("unexpected").and_then(|node| {
        let what = "answer to rules that are not listed";
        reader.word("unexpected", node, what, &words)
    });
    let errored = object.get("errored").and_then(|node| amount("errored", node, reader));
    Some(CorpusExpectation { rules, others: others.unwrap_or(OtherRules::Allowed), errored })
}

fn amount(key: &str, node: &Node, reader: &mut Reader<'_>) -> Option<Amount> {
    let object = reader.object(key, node, "an expected number of events", &AMOUNT_KEYS)?;
    if node.members().is_empty() {
        reader.problem(node.place, SuiteProblemKind::Empty { key: key.to_owned() });
    }
    let mut measure = |key, unit: Unit| {
        let node = object.get(key)?;
        let measure = Measure::read(node, unit);
        if measure.is_none() {
            let written = node.scalar_text().map_or_else(|| node.to_json(), str::to_owned);
            let expected = unit.expected();
            reader.problem(node.place, SuiteProblemKind::BadMeasure { written, expected });
        }
        measure
    };
    Some(Amount { count: measure("count", Unit::Events), rate: measure("rate", Unit::Percent) })
}
