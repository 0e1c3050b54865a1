//! What one matcher says to one leaf.

use std::collections::BTreeSet;

use ruleproof::json::{Text, number};

use super::address::{self, AddressRange};

/// A leaf of an event, numbers as they are spelled (re-rendered already in the service).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    Null,
    Bool(bool),
    Number(String),
    String(Text),
}

/// One element of a field's list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matcher {
    Null,
    Bool(bool),
    /// A bare string that is no IP address, or `exactly`.
    Text(Text),
    /// A bare string that is an IP address, or `cidr`.
    Addresses(AddressRange),
    /// A number that no double holds exactly: it equals its own spelling only.
    NumberSpelling(String),
    /// `numeric`, or a bare number.
    Numeric(NumericRange),
    String(StringTest),
    Present,
    Absent,
    AnythingButStrings(BTreeSet<String>),
    AnythingButNumbers(BTreeSet<Comparable>),
    AnythingBut(BTreeSet<StringTest>),
}

/// An operator that reads strings only, and sees `?` for each lone surrogate on both sides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StringTest {
    EqualsIgnoreCase(String),
    Prefix(String),
    Suffix(String),
    PrefixIgnoreCase(String),
    SuffixIgnoreCase(String),
    Wildcard(Vec<WildcardToken>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WildcardToken {
    Star,
    Literal(char),
}

/// A comparable number.
#[derive(Debug, Clone, Copy)]
pub struct Comparable(pub f64);

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericRange {
    pub low: Option<Bound>,
    pub high: Option<Bound>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    pub at: Comparable,
    pub included: bool,
}

/// Whether the field's `cidr` matchers look at numbers, which any numeric matcher beside them prevents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumbersAsAddresses {
    Yes,
    No,
}

impl NumbersAsAddresses {
    pub fn beside(matchers: &[Matcher]) -> NumbersAsAddresses {
        let numeric = |matcher: &Matcher| {
            matches!(
                matcher,
                Matcher::NumberSpelling(_) | Matcher::Numeric(_) | Matcher::AnythingButNumbers(_)
            )
        };
        if matchers.iter().any(numeric) { NumbersAsAddresses::No } else { NumbersAsAddresses::Yes }
    }
}

impl Matcher {
    /// Whether `leaf` satisfies this. `Absent` is satisfied by no leaf; the walk over the fields sees to it.
    pub fn accepts(&self, leaf: &Leaf, numbers: NumbersAsAddresses) -> bool {
        match (self, leaf) {
            (Matcher::Present, _) => true,
            (Matcher::Absent, _) => false,
            (Matcher::Null, leaf) => *leaf == Leaf::Null,
            (Matcher::Bool(wanted), leaf) => *leaf == Leaf::Bool(*wanted),
            (Matcher::Text(wanted), Leaf::String(text)) => text == wanted,
            (Matcher::Addresses(range), Leaf::String(text)) => holds_address(range, text),
            (Matcher::Addresses(range), Leaf::Number(spelling)) => {
                numbers == NumbersAsAddresses::Yes && range.contains(spelling)
            }
            (Matcher::NumberSpelling(wanted), Leaf::Number(spelling)) => spelling == wanted,
            (Matcher::Numeric(range), Leaf::Number(spelling)) => {
                Comparable::of(spelling).is_some_and(|number| range.contains(number))
            }
            (Matcher::String(test), Leaf::String(text)) => test.accepts(&text.with_question_marks()),
            (Matcher::AnythingButStrings(set), Leaf::String(text)) => {
                !set.contains(&text.with_question_marks())
            }
            (Matcher::AnythingButNumbers(set), Leaf::Number(spelling)) => {
                !Comparable::of(spelling).is_some_and(|number| set.contains(&number))
            }
            (Matcher::AnythingBut(tests), Leaf::String(text)) => {
                !tests.iter().any(|test| test.accepts(&text.with_question_marks()))
            }
            // A value of another type is something else, so `anything-but` is content and the rest is not.
            (
                Matcher::AnythingButStrings(_) | Matcher::AnythingButNumbers(_) | Matcher::AnythingBut(_),
                _,
            ) => true,
            _ => false,
        }
    }
}

fn holds_address(range: &AddressRange, text: &Text) -> bool {
    text.as_str().and_then(address::hex).is_some_and(|hex| range.contains(&hex))
}

impl StringTest {
    fn accepts(&self, value: &str) -> bool {
        match self {
            StringTest::EqualsIgnoreCase(wanted) => ends_ignoring_case(wanted, value).contains(&value.len()),
            // One of the quotes around the value belongs to what these four see.
            StringTest::Prefix(prefix) => format!("{value}\"").starts_with(prefix),
            StringTest::Suffix(suffix) => format!("\"{value}").ends_with(suffix),
            StringTest::PrefixIgnoreCase(prefix) => {
                !ends_ignoring_case(prefix, &format!("{value}\"")).is_empty()
            }
            StringTest::SuffixIgnoreCase(suffix) => ends_with_ignoring_case(suffix, &format!("\"{value}")),
            StringTest::Wildcard(tokens) => wildcard_accepts(tokens, value),
        }
    }
}

/// Every length at which the start of `value` is a spelling of `pattern`.
fn ends_ignoring_case(pattern: &str, value: &str) -> BTreeSet<usize> {
    spellings(pattern).iter().fold(BTreeSet::from([0]), |starts, unit| {
        starts
            .iter()
            .flat_map(|start| {
                unit.iter()
                    .filter(move |spelling| value[*start..].starts_with(spelling.as_str()))
                    .map(move |spelling| start + spelling.len())
            })
            .collect()
    })
}

fn ends_with_ignoring_case(pattern: &str, value: &str) -> bool {
    (0..=value.len())
        .filter(|start| value.is_char_boundary(*start))
        .any(|start| ends_ignoring_case(pattern, &value[start..]).contains(&(value.len() - start)))
}

/// Per UTF-16 unit of `pattern` what it may be spelled as. Half of a surrogate pair is a `?`.
fn spellings(pattern: &str) -> Vec<BTreeSet<String>> {
    let mut units = Vec::new();
    for character in pattern.chars() {
        if character.len_utf16() == 2 {
            units.extend([BTreeSet::from(["?".to_owned()]), BTreeSet::from(["?".to_owned()])]);
        } else {
            units.push(BTreeSet::from([
                character.to_lowercase().collect(),
                character.to_uppercase().collect(),
            ]));
        }
    }
    units
}

fn wildcard_accepts(tokens: &[WildcardToken], value: &str) -> bool {
    let characters: Vec<char> = value.chars().collect();
    // Which prefixes of the tokens read so far can cover each prefix of the value.
    let mut covered = vec![false; characters.len() + 1];
    covered[0] = true;
    for token in tokens {
        let mut next = vec![false; characters.len() + 1];
        for at in 0..=characters.len() {
            next[at] = match token {
                WildcardToken::Star => covered[..=at].iter().any(|covers| *covers),
                WildcardToken::Literal(literal) => {
                    at > 0 && covered[at - 1] && characters[at - 1] == *literal
                }
            };
        }
        covered = next;
    }
    covered[characters.len()]
}

impl Comparable {
    pub fn of(spelling: &str) -> Option<Comparable> {
        // A float that overflowed when it was re-rendered is no number any more.
        if spelling.ends_with("inf") {
            return None;
        }
        number::comparable(spelling).map(Comparable)
    }
}

impl PartialEq for Comparable {
    fn eq(&self, other: &Comparable) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Comparable {}

impl PartialOrd for Comparable {
    fn partial_cmp(&self, other: &Comparable) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Comparable {
    fn cmp(&self, other: &Comparable) -> std::cmp::Ordering {
        // Comparable numbers are neither NaN nor -0, so the total order is that of the values.
        self.0.total_cmp(&other.0)
    }
}

impl NumericRange {
    pub fn equal_to(number: Comparable) -> NumericRange {
        let bound = Some(Bound { at: number, included: true });
        NumericRange { low: bound.clone(), high: bound }
    }

    fn contains(&self, number: Comparable) -> bool {
        let above = |low: &Bound| number > low.at || low.included && number == low.at;
        let below = |high: &Bound| number < high.at || high.included && number == high.at;
        self.low.as_ref().is_none_or(above) && self.high.as_ref().is_none_or(below)
    }
}
