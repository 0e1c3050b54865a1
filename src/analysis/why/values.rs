//! Traps that the values of a field show.

use super::trap::Trap;
use crate::json::number::number_len;
use crate::json::unseen::{ascii, is_unseen};
use crate::json::{JsonPointer, Text, Value};
use crate::pattern::{
    Condition, FieldTest, FieldTests, FoldedText, Limits, Pattern, PatternMember, Profile, Scalar,
};

/// What a refused value looks like; the first that fits.
pub(super) fn of_refused(condition: &Condition, actual: &Value, profile: Profile) -> Option<Trap> {
    let tests = &condition.tests;
    let would_do = |value: &Value| tests.accept(value, profile);
    match actual {
        Value::Null if tests.accepts_absence() => Some(Trap::NullForAbsence),
        Value::Null => would_do(&Value::string("null")).then_some(Trap::NullAgainstString),
        Value::Bool(value) => {
            would_do(&Value::string(&value.to_string())).then_some(Trap::BooleanAgainstString)
        }
        Value::Number(spelling) => would_do(&Value::string(spelling)).then_some(Trap::NumberForString),
        Value::String(text) => of_text(tests, text.as_str()?, would_do),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn of_text(tests: &FieldTests, text: &str, would_do: impl Fn(&Value) -> bool) -> Option<Trap> {
    if number_len(text.as_bytes()) == Some(text.len()) && would_do(&Value::Number(text.into())) {
        return Some(Trap::StringForNumber);
    }
    if text.parse().is_ok_and(|value| would_do(&Value::Bool(value))) {
        return Some(Trap::BooleanAgainstString);
    }
    if text == "null" && would_do(&Value::Null) {
        return Some(Trap::NullAgainstString);
    }
    if text.trim() != text && would_do(&Value::string(text.trim())) {
        return Some(Trap::SurroundingSpace { in_event: true });
    }
    let each = |look: fn(&FieldTest, &str) -> Option<Trap>| {
        tests.tests.iter().find_map(|placed| look(&placed.test, text))
    };
    each(star_in_plain_text)
        .or_else(|| each(space_in_pattern))
        .or_else(|| each(case_differs))
        .or_else(|| each(looks_alike))
        .or_else(|| each(colon_against_slash))
        .or_else(|| each(text_elsewhere))
}

/// The text of a test that compares all of a value with it.
fn whole(test: &FieldTest) -> Option<&str> {
    match test {
        FieldTest::Equals(Scalar::String(exact)) => exact.text.as_str(),
        FieldTest::Exactly(text) => text.as_str(),
        _ => None,
    }
}

fn star_in_plain_text(test: &FieldTest, text: &str) -> Option<Trap> {
    let wildcard = match test {
        FieldTest::Prefix(prefix) => format!("{}*", prefix.as_str()?.trim_end_matches('*')),
        FieldTest::Suffix(suffix) => format!("*{}", suffix.as_str()?.trim_start_matches('*')),
        _ => whole(test)?.to_owned(),
    };
    let has_star = matches!(test, FieldTest::Prefix(t) | FieldTest::Suffix(t) if t.as_bytes().contains(&b'*'))
        || whole(test).is_some_and(|text| text.contains('*'));
    let suggestion = operator("wildcard", &wildcard);
    (has_star && accepts(&suggestion, text)).then_some(Trap::StarInPlainText { suggestion })
}

fn space_in_pattern(test: &FieldTest, text: &str) -> Option<Trap> {
    let fits = match test {
        FieldTest::Prefix(prefix) => text.starts_with(trimmed(prefix)?),
        FieldTest::Suffix(suffix) => text.ends_with(trimmed(suffix)?),
        _ => whole(test)?.trim() == text,
    };
    fits.then_some(Trap::SurroundingSpace { in_event: false })
}

/// The text without white space around it, if it has any and something besides.
fn trimmed(text: &Text) -> Option<&str> {
    let text = text.as_str()?;
    Some(text.trim()).filter(|trimmed| !trimmed.is_empty() && *trimmed != text)
}

fn case_differs(test: &FieldTest, text: &str) -> Option<Trap> {
    let ignoring = |text: &Text| FieldTest::EqualsIgnoreCase(FoldedText::new(text.clone())).to_string();
    let suggestion = match test {
        FieldTest::Equals(Scalar::String(exact)) => ignoring(&exact.text),
        FieldTest::Exactly(wanted) => ignoring(wanted),
        FieldTest::Prefix(prefix) => FieldTest::PrefixIgnoreCase(FoldedText::new(prefix.clone())).to_string(),
        FieldTest::Suffix(suffix) => FieldTest::SuffixIgnoreCase(FoldedText::new(suffix.clone())).to_string(),
        _ => return None,
    };
    accepts(&suggestion, text).then_some(Trap::CaseDiffers { suggestion })
}

/// Texts that differ only where one of them has a character outside ASCII or one that nobody sees.
fn looks_alike(test: &FieldTest, text: &str) -> Option<Trap> {
    let wanted = whole(test)?;
    let seen =
        |text: &str| -> Vec<char> { text.chars().filter(|character| !is_unseen(*character)).collect() };
    let (left, right) = (seen(wanted), seen(text));
    let pairs = || left.iter().zip(&right);
    let equal = pairs().filter(|(a, b)| a == b).count();
    let only_foreign = pairs().all(|(a, b)| a == b || !a.is_ascii() || !b.is_ascii());
    // Of two words in another script all characters differ so, and nobody takes one for the other.
    let alike = left.len() == right.len() && only_foreign && equal * 2 >= left.len() && wanted != text;
    alike.then(|| Trap::LooksAlike { wanted: ascii(wanted).into_owned(), actual: ascii(text).into_owned() })
}

fn colon_against_slash(test: &FieldTest, text: &str) -> Option<Trap> {
    let alike = |text: &str| text.replace('/', ":");
    let text = alike(text);
    let fits = match test {
        FieldTest::Prefix(prefix) => text.starts_with(&alike(prefix.as_str()?)),
        FieldTest::Suffix(suffix) => text.ends_with(&alike(suffix.as_str()?)),
        FieldTest::Wildcard(wildcard) => {
            accepts(&operator("wildcard", &alike(wildcard.source().as_str()?)), &text)
        }
        _ => alike(whole(test)?) == text,
    };
    fits.then_some(Trap::ColonAgainstSlash)
}

/// Shorter texts are in other values by accident.
const FOUND_CHARS_MIN: usize = 3;

fn text_elsewhere(test: &FieldTest, text: &str) -> Option<Trap> {
    let wanted = match test {
        FieldTest::Prefix(text) | FieldTest::Suffix(text) => text.as_str()?,
        _ => whole(test)?,
    };
    if wanted.chars().count() < FOUND_CHARS_MIN || !text.contains(wanted) {
        return None;
    }
    let suggestion = if text.starts_with(wanted) {
        operator("prefix", wanted)
    } else if text.ends_with(wanted) {
        operator("suffix", wanted)
    } else {
        operator("wildcard", &format!("*{}*", wanted.replace('\\', "\\\\").replace('*', "\\*")))
    };
    accepts(&suggestion, text).then_some(Trap::TextElsewhereInValue { suggestion })
}

fn operator(name: &str, operand: &str) -> String {
    format!("{{\"{name}\":{}}}", Value::string(operand))
}

/// Whether a test written as JSON is valid and accepts `text`: what is suggested must be true.
fn accepts(test: &str, text: &str) -> bool {
    let pattern = Pattern::parse(format!("{{\"field\":[{test}]}}").as_bytes(), &Limits::service());
    pattern.is_ok_and(|pattern| match pattern.root().members.first() {
        Some(PatternMember::Field { tests, .. }) => tests.accept(&Value::string(text), Profile::Service),
        _ => false,
    })
}

/// A trap in a condition that holds: `anything-but` on an array that has an excluded value too.
pub(super) fn of_held(tests: &FieldTests, found: &[(&JsonPointer, bool)]) -> Option<Trap> {
    let excludes = tests.tests.iter().any(|placed| matches!(placed.test, FieldTest::AnythingBut(_)));
    let has = |wanted: bool| found.iter().any(|(_, accepted)| *accepted == wanted);
    (excludes && has(true) && has(false)).then_some(Trap::AnythingButMetArray)
}
