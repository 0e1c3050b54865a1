//! Values worth trying at a field, from the tests on it.

use std::collections::HashSet;

use super::{addresses, numbers, texts, times};
use crate::event::MADE_ENVELOPE;
use crate::json::{Text, Value};
use crate::pattern::{
    AnythingBut, Bound, ExactNumber, ExactString, FieldPath, FieldTest, FieldTests, FoldedText, NumericRange,
    Profile, Scalar,
};

/// Values tried at one field; lists of thousands of alternatives are cut here.
const VALUES_MAX: usize = 4_000;

/// Values at the edge of what a list of tests accepts.
#[derive(Debug, Clone, PartialEq)]
pub struct NearValues {
    /// Values that are accepted, the most natural first: what is written, then boundaries.
    pub accepted: Vec<Value>,
    /// Values that are refused, though they look like accepted ones: just outside a bound, one character short,
    /// in another case, of another type.
    pub refused: Vec<Value>,
}

/// Scalar values at the edge of what `tests` accept. Absence is not among them.
pub fn near_values(tests: &FieldTests, profile: Profile) -> NearValues {
    let values = Values::about(tests.tests.iter().map(|placed| &placed.test)).values;
    let (accepted, refused) = values.into_iter().partition(|value| tests.accept(value, profile));
    NearValues { accepted, refused }
}

/// Values that the field at `path` may have, those first that `tests` suggest; most natural first.
pub(in crate::analysis) fn values_at(path: &FieldPath, tests: &[&FieldTest], profile: Profile) -> Vec<Value> {
    let mut values = Values::about(tests.iter().copied());
    let is_time = path.as_bytes() == b"time";
    if is_time {
        times::about(tests.iter().copied()).into_iter().for_each(|time| values.add(time));
    }
    if let Some((_, made)) = MADE_ENVELOPE.iter().find(|(name, _)| name.as_bytes() == path.as_bytes()) {
        values.prefer(Value::string(made));
    }
    let mut values = values.values;
    if is_time && profile == Profile::Service {
        values.retain(times::is_time);
    }
    values
}

/// Values without repetition, in the order in which they are to be tried.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) values: Vec<Value>,
    seen: HashSet<String>,
}

impl Values {
    /// What `tests` suggest.
    pub(super) fn about<'t>(tests: impl IntoIterator<Item = &'t FieldTest>) -> Values {
        let mut values = Values::default();
        tests.into_iter().for_each(|test| values.test(test));
        values.of_every_type();
        values
    }

    /// Adds `value` unless it is there.
    pub(super) fn add(&mut self, value: Value) {
        if self.values.len() < VALUES_MAX && self.seen.insert(value.to_string()) {
            self.values.push(value);
        }
    }

    /// Puts `value` before all others.
    pub(super) fn prefer(&mut self, value: Value) {
        self.values.retain(|other| *other != value);
        self.seen.insert(value.to_string());
        self.values.insert(0, value);
    }

    fn text(&mut self, text: &str) {
        self.add(Value::string(text));
    }

    fn texts(&mut self, texts: Vec<Text>) {
        texts.into_iter().for_each(|text| self.add(Value::String(text)));
    }

    fn number(&mut self, spelling: &str) {
        self.add(Value::Number(spelling.into()));
    }

    fn of_every_type(&mut self) {
        self.text("other");
        self.add(Value::Null);
        self.add(Value::Bool(true));
        self.add(Value::Bool(false));
        ["0", "1", "-1"].iter().for_each(|number| self.number(number));
        self.text("");
    }

    fn test(&mut self, test: &FieldTest) {
        match test {
            FieldTest::Equals(scalar) => self.scalar(scalar),
            FieldTest::Exactly(text) | FieldTest::Prefix(text) | FieldTest::Suffix(text) => {
                self.texts(texts::about(text));
            }
            FieldTest::EqualsIgnoreCase(folded)
            | FieldTest::PrefixIgnoreCase(folded)
            | FieldTest::SuffixIgnoreCase(folded) => self.folded(folded),
            FieldTest::Wildcard(wildcard) => self.texts(texts::about_wildcard(wildcard)),
            FieldTest::Present | FieldTest::Absent => self.text("any"),
            FieldTest::Numeric(range) => self.range(range),
            FieldTest::Cidr { range, .. } => {
                addresses::about(range).iter().for_each(|address| self.text(address));
                addresses::as_number(range).iter().for_each(|number| self.number(number));
            }
            FieldTest::AnythingBut(excluded) => self.anything_but(excluded),
        }
    }

    fn folded(&mut self, folded: &FoldedText) {
        self.texts(texts::about(folded.source()));
    }

    fn scalar(&mut self, scalar: &Scalar) {
        match scalar {
            Scalar::Null => {
                self.add(Value::Null);
                self.text("null");
            }
            Scalar::Bool(wanted) => {
                self.add(Value::Bool(*wanted));
                self.add(Value::Bool(!wanted));
                self.text(&wanted.to_string());
            }
            Scalar::Number(number) => self.exact_number(number),
            Scalar::String(ExactString { text, address }) => {
                self.texts(texts::about(text));
                if let Some(range) = address {
                    addresses::about(range).iter().for_each(|address| self.text(address));
                    addresses::as_number(range).iter().for_each(|number| self.number(number));
                }
            }
        }
    }

    fn exact_number(&mut self, number: &ExactNumber) {
        self.number(&number.spelling);
        if let Some(value) = number.value {
            self.next_to(value, &number.spelling);
        }
        self.text(&number.spelling);
    }

    fn next_to(&mut self, value: f64, spelling: &str) {
        let near = numbers::neighbours(value, spelling);
        [near.above, near.below].into_iter().flatten().chain(near.finer).for_each(|near| self.number(&near));
    }

    fn range(&mut self, range: &NumericRange) {
        let ends = [&range.lower, &range.upper];
        for Bound { spelling, .. } in ends.into_iter().flatten() {
            self.number(spelling);
        }
        for Bound { value, spelling, .. } in ends.into_iter().flatten() {
            self.next_to(*value, spelling);
        }
        if let [Some(lower), Some(upper)] = ends {
            numbers::between(lower.value, upper.value).iter().for_each(|middle| self.number(middle));
        }
        ends.into_iter().flatten().for_each(|bound| self.text(&bound.spelling));
    }

    /// What is wanted first is something else than what is excluded.
    fn anything_but(&mut self, excluded: &AnythingBut) {
        match excluded {
            AnythingBut::Numbers(numbers) => {
                ["0", "1", "2"].iter().for_each(|number| self.number(number));
                numbers.iter().for_each(|number| self.exact_number(number));
            }
            AnythingBut::Strings(excluded)
            | AnythingBut::Prefixes(excluded)
            | AnythingBut::Suffixes(excluded) => {
                self.text("other");
                excluded.iter().for_each(|text| self.texts(texts::about(text)));
            }
            AnythingBut::EqualsIgnoreCase(excluded) => {
                self.text("other");
                excluded.iter().for_each(|folded| self.folded(folded));
            }
            AnythingBut::Wildcards(wildcards) => {
                self.text("other");
                wildcards.iter().for_each(|wildcard| self.texts(texts::about_wildcard(wildcard)));
            }
        }
    }
}
