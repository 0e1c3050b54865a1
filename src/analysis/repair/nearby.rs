//! The nearest value that a condition accepts, or refuses.

use super::distance::distance;
use crate::analysis::synthesis::values_at;
use crate::json::Value;
use crate::json::number::number_len;
use crate::pattern::{Condition, FieldTest, Profile};

/// Which values are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Accepted,
    Refused,
}

/// The value nearest to `actual`, or the most natural one if there is none, that the condition accepts or refuses.
/// `None`: there is none, such as an accepted one for `exists: false`.
pub(super) fn nearest_value(
    condition: &Condition,
    actual: Option<&Value>,
    wish: Wish,
    profile: Profile,
) -> Option<Value> {
    let tests: Vec<&FieldTest> = condition.tests.tests.iter().map(|placed| &placed.test).collect();
    let mut values = values_at(&condition.path, &tests, profile);
    if let Some(actual) = actual {
        let is_time = condition.path.as_bytes() == b"time";
        values.extend(derived(actual, &tests).into_iter().filter(|_| !is_time));
    }
    let fits = |value: &Value| condition.tests.accept(value, profile) == (wish == Wish::Accepted);
    let fitting = values.into_iter().filter(fits);
    match actual {
        None => fitting.into_iter().next(),
        Some(actual) => fitting.min_by_key(|value| distance(actual, value)),
    }
}

/// What `actual` could have been meant to be.
fn derived(actual: &Value, tests: &[&FieldTest]) -> Vec<Value> {
    match actual {
        Value::Number(spelling) => vec![Value::string(spelling)],
        Value::Bool(value) => vec![Value::string(&value.to_string()), Value::Bool(!value)],
        Value::String(text) => match text.as_str() {
            Some(text) => from_text(text, tests),
            None => Vec::new(),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

fn from_text(text: &str, tests: &[&FieldTest]) -> Vec<Value> {
    let mut texts = vec![
        text.trim().to_owned(),
        text.to_lowercase(),
        text.to_uppercase(),
        format!("{text}x"),
        format!("x{text}"),
    ];
    texts.extend([text.replace('/', ":"), text.replace(':', "/")]);
    for test in tests {
        texts.extend(fitted(text, test));
    }
    let mut values: Vec<Value> = texts.iter().map(|text| Value::string(text)).collect();
    if number_len(text.as_bytes()) == Some(text.len()) {
        values.push(Value::Number(text.into()));
    }
    values.extend(text.parse().ok().map(Value::Bool));
    values.extend((text == "null").then_some(Value::Null));
    values
}

/// `text` changed at its beginning, or its end, or both, to what an operator wants there.
fn fitted(text: &str, test: &FieldTest) -> Vec<String> {
    let (first, last) = match test {
        FieldTest::Prefix(prefix) => (prefix.to_string(), String::new()),
        FieldTest::PrefixIgnoreCase(prefix) => (prefix.source().to_string(), String::new()),
        FieldTest::Suffix(suffix) => (String::new(), suffix.to_string()),
        FieldTest::SuffixIgnoreCase(suffix) => (String::new(), suffix.source().to_string()),
        FieldTest::Wildcard(wildcard) => {
            let piece = |piece: Option<&Box<[u8]>>| {
                piece.map(|piece| String::from_utf8_lossy(piece).into_owned()).unwrap_or_default()
            };
            (piece(wildcard.pieces().first()), piece(wildcard.pieces().last()))
        }
        _ => return Vec::new(),
    };
    let inside = text.get(first.len()..).unwrap_or_default();
    let inside = inside.len().checked_sub(last.len()).and_then(|end| inside.get(..end)).unwrap_or_default();
    vec![format!("{first}{inside}{last}"), format!("{first}{text}{last}")]
}
