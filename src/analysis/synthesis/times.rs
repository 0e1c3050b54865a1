//! Values for the envelope's `time`: most of what tests on it suggest is no time.

use super::texts;
use crate::event::{MADE_ENVELOPE, is_timestamp};
use crate::json::Value;
use crate::pattern::{AnythingBut, FieldTest, FoldedText, Wildcard};

/// Whether the service may send `value` as the time of an event. Stricter than what it is known to check: days
/// and hours are such that exist.
pub(super) fn is_time(value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let Some(text) = text.as_str().filter(|text| is_timestamp(text.as_bytes())) else { return false };
    let within = |at: usize, low: u32, high: u32| {
        text.get(at..at + 2).and_then(|digits| digits.parse().ok()).is_some_and(|n| (low..=high).contains(&n))
    };
    within(5, 1, 12) && within(8, 1, 28) && within(11, 0, 23) && within(14, 0, 59) && within(17, 0, 59)
}

/// Times that `tests` may accept.
pub(super) fn about<'t>(tests: impl IntoIterator<Item = &'t FieldTest>) -> Vec<Value> {
    let made = MADE_ENVELOPE.iter().find(|(name, _)| *name == "time").map_or("", |(_, time)| time);
    let mut times = vec![made.to_owned(), with_fraction(made)];
    for test in tests {
        for wildcard in wildcards(test) {
            times.extend(filled(wildcard, made));
        }
        for text in parts(test) {
            let len = text.len();
            times.extend(made.get(len..).map(|tail| format!("{text}{tail}")));
            let head = made.len().checked_sub(len).and_then(|len| made.get(..len));
            times.extend(head.map(|head| format!("{head}{text}")));
            times.push(text);
        }
    }
    times.iter().map(|time| Value::string(time)).filter(is_time).collect()
}

/// Another time, so that there is one where the first is excluded.
fn with_fraction(time: &str) -> String {
    time.replace('Z', ".5Z")
}

fn wildcards(test: &FieldTest) -> &[Wildcard] {
    match test {
        FieldTest::Wildcard(wildcard) => std::slice::from_ref(wildcard),
        FieldTest::AnythingBut(AnythingBut::Wildcards(wildcards)) => wildcards,
        _ => &[],
    }
}

/// What a time may begin or end with: the texts of the test, short of a character or with the other case too.
fn parts(test: &FieldTest) -> Vec<String> {
    let folded =
        |folded: &FoldedText| texts::about(&folded.source().to_string_lossy().to_uppercase().as_str().into());
    let near = match test {
        FieldTest::Prefix(text) | FieldTest::Suffix(text) | FieldTest::Exactly(text) => texts::about(text),
        FieldTest::PrefixIgnoreCase(text)
        | FieldTest::SuffixIgnoreCase(text)
        | FieldTest::EqualsIgnoreCase(text) => folded(text),
        FieldTest::AnythingBut(
            AnythingBut::Prefixes(all) | AnythingBut::Suffixes(all) | AnythingBut::Strings(all),
        ) => all.iter().flat_map(texts::about).collect(),
        _ => Vec::new(),
    };
    near.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// `made` with the pieces of `wildcard` written over it, each as far left as leaves it a time.
fn filled(wildcard: &Wildcard, made: &str) -> Option<String> {
    let pieces: Vec<&str> =
        wildcard.pieces().iter().map(|piece| std::str::from_utf8(piece)).collect::<Result<_, _>>().ok()?;
    let [first, middle @ .., last] = &pieces[..] else { return None };
    let mut time = overwritten(made, 0, first)?;
    let mut at = first.len();
    for piece in middle {
        let places = at..=made.len().checked_sub(piece.len())?;
        let (end, written) = places.into_iter().find_map(|at| {
            let written = overwritten(&time, at, piece)?;
            is_time(&Value::string(&written)).then_some((at + piece.len(), written))
        })?;
        (at, time) = (end, written);
    }
    overwritten(&time, made.len().checked_sub(last.len())?, last)
}

fn overwritten(text: &str, at: usize, piece: &str) -> Option<String> {
    Some(format!("{}{piece}{}", text.get(..at)?, text.get(at + piece.len()..)?))
}
