//! Whether there is a value that some lists of tests accept and others do not.

use super::automaton::{Automaton, Search, search};
use super::domain::Domain;
use super::numbers::representatives;
use super::tests::{TestList, range_of};
use super::texts::{Bound, language_of};
use crate::json::{Text, Value};
use crate::pattern::{AddressRange, FieldTest, Profile, Scalar};

/// The answer to whether a value exists.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// This one; it was asked of the tests themselves.
    Leaf(Value),
    /// There is certainly none.
    Nothing,
    /// Not decided.
    Unknown,
}

/// A question about the values of one field.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// Each of these accepts the value.
    pub(super) all: Vec<&'a TestList<'a>>,
    /// None of these does.
    pub(super) none: Vec<&'a TestList<'a>>,
    /// What the field can hold at all.
    pub(super) domain: Domain,
    pub(super) profile: Profile,
}

impl Question<'_> {
    pub(super) fn answer(&self) -> Found {
        if self.domain == Domain::NoLeaf {
            return Found::Nothing;
        }
        if let Some(leaf) = self.written_values().into_iter().find(|leaf| self.is_met_by(leaf)) {
            return Found::Leaf(leaf);
        }
        let text = self.text();
        if let Found::Leaf(_) = text {
            return text;
        }
        let other = if self.domain.holds_text_only() { Found::Nothing } else { self.other_value() };
        match (text, other) {
            (_, Found::Leaf(leaf)) => Found::Leaf(leaf),
            (Found::Nothing, Found::Nothing) => Found::Nothing,
            _ => Found::Unknown,
        }
    }

    /// Asks the tests themselves.
    fn is_met_by(&self, leaf: &Value) -> bool {
        self.domain.allows(leaf)
            && self.all.iter().all(|tests| tests.accept(leaf, self.profile))
            && !self.none.iter().any(|tests| tests.accept(leaf, self.profile))
    }

    /// What stands in the tests: the plainest examples, which mostly settle the matter.
    fn written_values(&self) -> Vec<Value> {
        self.all
            .iter()
            .chain(&self.none)
            .flat_map(|list| &list.tests)
            .flat_map(|test| examples_of(test))
            .collect()
    }

    fn text(&self) -> Found {
        let mut automaton = Automaton::default();
        let mut all: Vec<_> =
            self.all.iter().map(|tests| language_of(tests, Bound::Above, &mut automaton)).collect();
        all.extend(self.domain.language(&mut automaton));
        let none: Vec<_> =
            self.none.iter().map(|tests| language_of(tests, Bound::Below, &mut automaton)).collect();
        let mut found = None;
        let takes = |text: &Text| {
            let leaf = Value::String(text.clone());
            let met = self.is_met_by(&leaf);
            if met {
                found = Some(leaf);
            }
            met
        };
        match (search(&automaton, &all, &none, takes), found) {
            (_, Some(leaf)) => Found::Leaf(leaf),
            (Search::Exhausted, None) => Found::Nothing,
            (Search::Open | Search::Found(_), None) => Found::Unknown,
        }
    }

    fn other_value(&self) -> Found {
        let lists: Vec<&TestList<'_>> = self.all.iter().chain(&self.none).copied().collect();
        let numbers: Vec<Value> =
            representatives(&lists).into_iter().map(|spelling| Value::Number(spelling.into())).collect();
        let literals = [Value::Bool(true), Value::Bool(false), Value::Null];
        match numbers.iter().chain(&literals).find(|leaf| self.is_met_by(leaf)) {
            Some(leaf) => Found::Leaf(leaf.clone()),
            None if numbers.iter().any(|number| self.may_be_met_like(number)) => Found::Unknown,
            None => Found::Nothing,
        }
    }

    /// Whether a number that `number` stands for may be what is asked for, because it may be taken for an address or
    /// may not be.
    fn may_be_met_like(&self, number: &Value) -> bool {
        let accepts = |list: &TestList<'_>| list.accept(number, self.profile);
        self.all.iter().all(|list| list.takes_numbers_for_addresses() || accepts(list))
            && self.none.iter().all(|list| !accepts(&list.without(|test| range_of(test).is_some())))
    }
}

/// Values that stand in a test, or nearly.
fn examples_of(test: &FieldTest) -> Vec<Value> {
    match test {
        FieldTest::Equals(Scalar::Null) => vec![Value::Null],
        FieldTest::Equals(Scalar::Bool(value)) => vec![Value::Bool(*value)],
        FieldTest::Equals(Scalar::Number(number)) => vec![Value::Number(number.spelling.clone())],
        FieldTest::Equals(Scalar::String(exact)) => {
            let spellings = exact.address.as_ref().map(spellings_of);
            [vec![Value::String(exact.text.clone())], spellings.unwrap_or_default()].concat()
        }
        FieldTest::Exactly(text) | FieldTest::Prefix(text) | FieldTest::Suffix(text) => {
            vec![Value::String(text.clone())]
        }
        FieldTest::EqualsIgnoreCase(folded)
        | FieldTest::PrefixIgnoreCase(folded)
        | FieldTest::SuffixIgnoreCase(folded) => vec![Value::String(folded.source().clone())],
        FieldTest::Wildcard(wildcard) => {
            vec![text(&String::from_utf8_lossy(&wildcard.pieces().concat()))]
        }
        FieldTest::Cidr { range, .. } => spellings_of(range),
        FieldTest::Numeric(_) | FieldTest::Present | FieldTest::Absent | FieldTest::AnythingBut(_) => {
            Vec::new()
        }
    }
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// Addresses at both ends of a range, each in two spellings.
fn spellings_of(range: &AddressRange) -> Vec<Value> {
    let (low, high) = range.ends();
    [low, high].into_iter().flat_map(|digits| spellings(digits).map(|spelling| text(&spelling))).collect()
}

/// Two spellings of the address that hexadecimal digits stand for.
fn spellings(digits: &[u8]) -> [String; 2] {
    let digits = String::from_utf8_lossy(digits);
    if digits.len() == 8 {
        let octets: Vec<u8> =
            (0..4).filter_map(|at| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()).collect();
        let plain: Vec<String> = octets.iter().map(u8::to_string).collect();
        let padded: Vec<String> = octets.iter().map(|octet| format!("{octet:03}")).collect();
        return [plain.join("."), padded.join(".")];
    }
    let groups: Vec<&str> = (0..8).filter_map(|at| digits.get(4 * at..4 * at + 4)).collect();
    [groups.join(":").to_lowercase(), groups.join(":")]
}

/// Whether every value that `narrow` accepts is one that `wide` accepts. Values of fields that are not there are not
/// looked at.
pub(super) fn implies(narrow: &TestList<'_>, wide: &TestList<'_>, domain: Domain, profile: Profile) -> Found {
    if wide.tests.contains(&&FieldTest::Present) {
        return Found::Nothing;
    }
    // What stands in both lists needs no search; and ranges of addresses are compared with each other only.
    let numbers_too = !narrow.takes_numbers_for_addresses() || wide.takes_numbers_for_addresses();
    let rest = narrow.without(|test| match range_of(test) {
        Some(range) => {
            numbers_too
                && wide.tests.iter().any(|other| range_of(other).is_some_and(|wide| covers(wide, range)))
        }
        None => wide.tests.contains(&test),
    });
    if rest.tests.iter().all(|test| **test == FieldTest::Absent) {
        return Found::Nothing;
    }
    Question { all: vec![&rest], none: vec![wide], domain, profile }.answer()
}

/// Whether all that is inside `narrow` is inside `wide`. Ends are compared as the engine compares them: as text, of
/// which the high end counts only as far as it reaches.
fn covers(wide: &AddressRange, narrow: &AddressRange) -> bool {
    let ((wide_low, wide_high), (low, high)) = (wide.ends(), narrow.ends());
    wide_low <= low && wide_high.len() <= high.len() && &high[..wide_high.len()] <= wide_high
}
