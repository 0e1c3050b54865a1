//! The nearest value that a condition accepts, or refuses.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::distance::distance;
use crate::analysis::synthesis::values_at;
use crate::json::Value;
use crate::json::number::number_len;
use crate::pattern::{Condition, FieldPath, FieldTest, FieldTests, Profile};

/// Values of one condition among which the nearest is chosen.
const FITTING_MAX: usize = 1_000;

/// Which values are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Wish {
    Accepted,
    Refused,
}

/// Finds values near others. What a condition suggests is worked out once, as long lists are slow to go through.
#[derive(Debug)]
pub(super) struct Nearby {
    profile: Profile,
    known: RefCell<HashMap<Key, Rc<[Value]>>>,
}

/// A condition of the pattern that is repaired, which outlives the repair.
type Key = (*const FieldPath, *const FieldTests, Wish);

impl Nearby {
    pub(super) fn new(profile: Profile) -> Nearby {
        Nearby { profile, known: RefCell::default() }
    }

    /// The value nearest to `actual`, or the most natural one if there is none, that the condition accepts or
    /// refuses. `None`: there is none, such as an accepted one for `exists: false`.
    pub(super) fn value(&self, condition: &Condition, actual: Option<&Value>, wish: Wish) -> Option<Value> {
        let fitting = self.fitting(condition, wish);
        let Some(actual) = actual else { return fitting.first().cloned() };
        let tests: Vec<&FieldTest> = condition.tests.tests.iter().map(|placed| &placed.test).collect();
        // What a time was meant to be is no time; those that are come from the tests.
        let is_time = condition.path.as_bytes() == b"time";
        let derived = if is_time { Vec::new() } else { derived(actual, &tests) };
        let derived = derived.into_iter().filter(|value| self.fits(condition, value, wish));
        let nearest = |values: &[Value]| values.iter().min_by_key(|value| distance(actual, value)).cloned();
        let both: Vec<Value> = nearest(&fitting).into_iter().chain(derived).collect();
        nearest(&both)
    }

    fn fits(&self, condition: &Condition, value: &Value, wish: Wish) -> bool {
        condition.tests.accept(value, self.profile) == (wish == Wish::Accepted)
    }

    fn fitting(&self, condition: &Condition, wish: Wish) -> Rc<[Value]> {
        let key = (Arc::as_ptr(&condition.path), Arc::as_ptr(&condition.tests), wish);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        let tests: Vec<&FieldTest> = condition.tests.tests.iter().map(|placed| &placed.test).collect();
        let values = values_at(&condition.path, &tests, self.profile);
        let fitting: Rc<[Value]> =
            values.into_iter().filter(|value| self.fits(condition, value, wish)).take(FITTING_MAX).collect();
        self.known.borrow_mut().insert(key, Rc::clone(&fitting));
        fitting
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
