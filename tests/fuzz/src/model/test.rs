//! The tests of a field and what each accepts.

use super::event::Leaf;
use super::{address, fold, number};
use crate::units::{Units, with_question_marks};

/// One test of a field's list.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Bare(Scalar),
    Exists,
    Absent,
    Exactly(Units),
    EqualsIgnoreCase(Units),
    Prefix(Units),
    PrefixIgnoreCase(Units),
    Suffix(Units),
    SuffixIgnoreCase(Units),
    /// `None` is a star.
    Wildcard(Vec<Option<u16>>),
    /// Ends with whether they belong to the range.
    Numeric(Option<(f64, bool)>, Option<(f64, bool)>),
    /// Ends as hexadecimal text.
    Cidr((String, String)),
    ButStrings(Vec<Units>),
    ButNumbers(Vec<f64>),
    But(Vec<Test>),
}

/// A value that is no container.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    Null,
    Bool(bool),
    /// As it is spelled.
    Number(String),
    String(Units),
}

const QUOTE: u16 = b'"' as u16;

impl Test {
    pub(super) fn looks_at_numbers(&self) -> bool {
        matches!(self, Test::Bare(Scalar::Number(_)) | Test::Numeric(..) | Test::ButNumbers(_))
    }

    /// Whether a leaf satisfies the test. `numbers_tested`: some test of the field looks at numbers.
    pub(super) fn accepts(&self, leaf: &Leaf, numbers_tested: bool) -> bool {
        match (self, &leaf.value) {
            (Test::Exists, _) => true,
            (Test::Absent, _) => false,
            (Test::But(excluded), _) => !excluded.iter().any(|test| test.accepts(leaf, false)),
            (Test::ButStrings(excluded), Scalar::String(found)) => {
                let found = with_question_marks(found);
                !excluded.iter().any(|text| with_question_marks(text) == found)
            }
            (Test::ButNumbers(excluded), Scalar::Number(found)) => {
                number::comparable(found).is_none_or(|value| !excluded.contains(&value))
            }
            (Test::ButStrings(_) | Test::ButNumbers(_), _) => true,
            (Test::Bare(Scalar::String(wanted)), found) => {
                Scalar::String(wanted.clone()) == *found
                    || single_address(wanted).is_some_and(|range| range.accepts(leaf, numbers_tested))
            }
            (Test::Bare(wanted), found) => equals(wanted, found),
            (Test::Numeric(low, high), Scalar::Number(found)) => number::comparable(found).is_some_and(|x| {
                low.is_none_or(|(end, inclusive)| x > end || inclusive && x == end)
                    && high.is_none_or(|(end, inclusive)| x < end || inclusive && x == end)
            }),
            (Test::Cidr(range), Scalar::Number(found)) => !numbers_tested && address::contains(range, found),
            (_, Scalar::String(found)) => self.accepts_string(found),
            _ => false,
        }
    }

    fn accepts_string(&self, found: &Units) -> bool {
        let marked = with_question_marks(found);
        let with_closing_quote = [&marked[..], &[QUOTE]].concat();
        let with_opening_quote = [&[QUOTE], &marked[..]].concat();
        match self {
            Test::Exactly(text) => text == found,
            Test::EqualsIgnoreCase(text) => fold::equals(&with_question_marks(text), &marked),
            Test::Prefix(text) => with_closing_quote.starts_with(&with_question_marks(text)),
            Test::PrefixIgnoreCase(text) => fold::begins(&with_question_marks(text), &with_closing_quote),
            Test::Suffix(text) => with_opening_quote.ends_with(&with_question_marks(text)),
            Test::SuffixIgnoreCase(text) => fold::ends_with(&with_question_marks(text), &with_opening_quote),
            Test::Wildcard(tokens) => stands_for(tokens, &marked),
            Test::Cidr(range) => {
                address::parse(found).is_some_and(|bytes| address::contains(range, &address::hex(&bytes)))
            }
            _ => false,
        }
    }
}

/// What a bare string that spells an address means besides itself: the range from that address to itself.
fn single_address(text: &[u16]) -> Option<Test> {
    let digits = address::hex(&address::parse(text)?);
    Some(Test::Cidr((digits.clone(), digits)))
}

fn equals(wanted: &Scalar, found: &Scalar) -> bool {
    match (wanted, found) {
        (Scalar::Number(wanted), Scalar::Number(found)) => match number::comparable(wanted) {
            Some(value) => number::comparable(found) == Some(value),
            None => wanted == found,
        },
        _ => wanted == found,
    }
}

/// Whether a wildcard stands for `value`: a table over both.
fn stands_for(tokens: &[Option<u16>], value: &[u16]) -> bool {
    let mut row: Vec<bool> = (0..=value.len()).map(|len| len == 0).collect();
    for token in tokens {
        let mut next = vec![false; value.len() + 1];
        for len in 0..=value.len() {
            next[len] = match token {
                None => row[len] || len > 0 && next[len - 1],
                Some(unit) => len > 0 && value[len - 1] == *unit && row[len - 1],
            };
        }
        row = next;
    }
    row[value.len()]
}
