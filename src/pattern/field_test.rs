//! The tests that a pattern makes on one field, and what each accepts.

use super::{AddressRange, FoldedText, IpAddress, NumberLeaf, NumericRange, Profile, Wildcard};
use crate::json::{Text, Value};

/// One test in a field's list. A field's condition holds if any of its tests accepts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldTest {
    /// A bare value.
    Equals(Scalar),
    /// `exactly`: the text and nothing else, also where it looks like an IP address.
    Exactly(Text),
    /// `equals-ignore-case`.
    EqualsIgnoreCase(FoldedText),
    /// `prefix`.
    Prefix(Text),
    /// `prefix` with `equals-ignore-case`.
    PrefixIgnoreCase(FoldedText),
    /// `suffix`.
    Suffix(Text),
    /// `suffix` with `equals-ignore-case`.
    SuffixIgnoreCase(FoldedText),
    /// `wildcard`.
    Wildcard(Wildcard),
    /// `exists: true`: there is any leaf.
    Present,
    /// `exists: false`: there is no leaf. Not a test of a value; the matcher decides it.
    Absent,
    /// `numeric`.
    Numeric(NumericRange),
    /// `cidr`, with the text as it was written.
    Cidr {
        /// The addresses inside.
        range: AddressRange,
        /// The text as it was written.
        source: Text,
    },
    /// `anything-but`.
    AnythingBut(AnythingBut),
}

/// A value that a bare test wants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(ExactNumber),
    /// A string.
    String(ExactString),
}

/// A bare number: compared by value if a double holds it, else by spelling.
#[derive(Debug, Clone)]
pub struct ExactNumber {
    /// The JSON number as it was written.
    pub spelling: Box<str>,
    /// Its value; `None` if it is not comparable.
    pub value: Option<f64>,
}

impl PartialEq for ExactNumber {
    fn eq(&self, other: &ExactNumber) -> bool {
        match (self.value, other.value) {
            (None, None) => self.spelling == other.spelling,
            (a, b) => a == b,
        }
    }
}

impl Eq for ExactNumber {}

impl std::hash::Hash for ExactNumber {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self.value {
            Some(value) => value.to_bits().hash(state),
            None => self.spelling.hash(state),
        }
    }
}

/// A bare string: if it spells an IP address, any spelling of that address equals it, and whatever else the
/// engine takes for the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExactString {
    /// The text.
    pub text: Text,
    /// The address that the text spells, if it spells one.
    pub address: Option<AddressRange>,
}

/// What `anything-but` excludes. Each form accepts every present value of another type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AnythingBut {
    /// These strings.
    Strings(Vec<Text>),
    /// These numbers, all comparable.
    Numbers(Vec<ExactNumber>),
    /// Strings with one of these prefixes.
    Prefixes(Vec<Text>),
    /// Strings with one of these suffixes.
    Suffixes(Vec<Text>),
    /// Strings equal to one of these but for case.
    EqualsIgnoreCase(Vec<FoldedText>),
    /// Strings that one of these stands for.
    Wildcards(Vec<Wildcard>),
}

/// A value found at a field's path: everything but objects and arrays.
#[derive(Debug, Clone)]
pub enum Leaf<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(NumberLeaf<'a>),
    /// A string.
    String(StringLeaf<'a>),
}

/// A string in an event, decoded.
#[derive(Debug, Clone, Copy)]
pub struct StringLeaf<'a> {
    /// The text, in WTF-8.
    pub text: &'a [u8],
    /// The text with `?` for lone surrogates; the same bytes where there are none.
    pub marked: &'a [u8],
}

/// Whether any test of the field looks at numbers, which turns the matching of numbers by `cidr` off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumbersOnField {
    /// Some test of the field is numeric.
    Tested,
    /// None is.
    Untested,
}

impl Leaf<'_> {
    /// What `look` says of a value as a leaf; `None` for objects and arrays.
    pub fn of_value<T>(value: &Value, profile: Profile, look: impl FnOnce(&Leaf<'_>) -> T) -> Option<T> {
        match value {
            Value::Null => Some(look(&Leaf::Null)),
            Value::Bool(value) => Some(look(&Leaf::Bool(*value))),
            Value::Number(written) => Some(look(&Leaf::Number(NumberLeaf::new(written, profile)))),
            Value::String(text) => {
                let marked = text.with_question_marks();
                Some(look(&Leaf::String(StringLeaf { text: text.as_bytes(), marked: marked.as_bytes() })))
            }
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

impl FieldTest {
    /// Whether it is `wildcard`, also below `anything-but`.
    pub fn has_wildcard(&self) -> bool {
        matches!(self, FieldTest::Wildcard(_) | FieldTest::AnythingBut(AnythingBut::Wildcards(_)))
    }

    /// Whether the test accepts a leaf at its field. [`FieldTest::Absent`] accepts none.
    ///
    /// Lone surrogates: operators on text see `?`; bare strings and `exactly` see the original.
    pub fn accepts(&self, leaf: &Leaf<'_>, numbers: NumbersOnField) -> bool {
        match (self, leaf) {
            (FieldTest::Present, _) => true,
            (FieldTest::Absent, _) => false,
            (FieldTest::AnythingBut(excluded), _) => !excluded.covers(leaf),
            (FieldTest::Equals(scalar), _) => scalar.equals(leaf, numbers),
            (FieldTest::Numeric(range), Leaf::Number(number)) => number.is_within(range),
            (FieldTest::Cidr { range, .. }, Leaf::Number(number)) => contains_number(range, number, numbers),
            (_, Leaf::String(string)) => self.accepts_string(string),
            _ => false,
        }
    }

    /// As [`accepts`](Self::accepts), for a value of JSON. Objects and arrays are never accepted.
    pub fn accepts_value(&self, value: &Value, numbers: NumbersOnField, profile: Profile) -> bool {
        Leaf::of_value(value, profile, |leaf| self.accepts(leaf, numbers)).unwrap_or(false)
    }

    fn accepts_string(&self, string: &StringLeaf<'_>) -> bool {
        match self {
            FieldTest::Exactly(text) => text.as_bytes() == string.text,
            FieldTest::EqualsIgnoreCase(folded) => folded.equals(string.marked),
            FieldTest::Prefix(prefix) => has_prefix(prefix, string.marked),
            FieldTest::PrefixIgnoreCase(folded) => folded.begins(string.marked),
            FieldTest::Suffix(suffix) => has_suffix(suffix, string.marked),
            FieldTest::SuffixIgnoreCase(folded) => folded.ends(string.marked),
            FieldTest::Wildcard(wildcard) => wildcard.matches(string.marked),
            FieldTest::Cidr { range, .. } => contains_string(range, string),
            _ => false,
        }
    }

    /// Whether this test looks at numbers.
    pub fn tests_numbers(&self) -> bool {
        matches!(
            self,
            FieldTest::Equals(Scalar::Number(_))
                | FieldTest::Numeric(_)
                | FieldTest::AnythingBut(AnythingBut::Numbers(_))
        )
    }
}

impl Scalar {
    fn equals(&self, leaf: &Leaf<'_>, numbers: NumbersOnField) -> bool {
        match (self, leaf) {
            (Scalar::Null, Leaf::Null) => true,
            (Scalar::Bool(wanted), Leaf::Bool(found)) => wanted == found,
            (Scalar::Number(wanted), Leaf::Number(found)) => match wanted.value {
                Some(value) => found.equals(value),
                None => found.spelling() == *wanted.spelling,
            },
            (Scalar::String(wanted), Leaf::String(found)) => {
                wanted.text.as_bytes() == found.text
                    || wanted.address.as_ref().is_some_and(|range| contains_string(range, found))
            }
            (Scalar::String(ExactString { address: Some(range), .. }), Leaf::Number(found)) => {
                contains_number(range, found, numbers)
            }
            _ => false,
        }
    }
}

impl AnythingBut {
    fn covers(&self, leaf: &Leaf<'_>) -> bool {
        match (self, leaf) {
            (AnythingBut::Numbers(numbers), Leaf::Number(found)) => {
                numbers.iter().any(|number| number.value.is_some_and(|value| found.equals(value)))
            }
            (_, Leaf::String(string)) => self.covers_string(string.marked),
            _ => false,
        }
    }

    /// The reference model compares plain strings here with `?` for lone surrogates on both sides.
    fn covers_string(&self, found: &[u8]) -> bool {
        match self {
            AnythingBut::Numbers(_) => false,
            AnythingBut::Strings(texts) => texts.iter().any(|text| equals_marked(text, found)),
            AnythingBut::Prefixes(prefixes) => prefixes.iter().any(|prefix| has_prefix(prefix, found)),
            AnythingBut::Suffixes(suffixes) => suffixes.iter().any(|suffix| has_suffix(suffix, found)),
            AnythingBut::EqualsIgnoreCase(texts) => texts.iter().any(|folded| folded.equals(found)),
            AnythingBut::Wildcards(wildcards) => wildcards.iter().any(|wildcard| wildcard.matches(found)),
        }
    }
}

fn contains_string(range: &AddressRange, string: &StringLeaf<'_>) -> bool {
    IpAddress::parse(string.text).is_some_and(|address| range.contains_address(address))
}

fn contains_number(range: &AddressRange, number: &NumberLeaf<'_>, numbers: NumbersOnField) -> bool {
    numbers == NumbersOnField::Untested && range.contains_text(number.spelling().as_bytes())
}

fn equals_marked(wanted: &Text, found: &[u8]) -> bool {
    match wanted.as_str() {
        Some(text) => text.as_bytes() == found,
        None => wanted.with_question_marks().as_bytes() == found,
    }
}

/// The engine tests prefixes against the value followed by one `"`.
fn has_prefix(prefix: &Text, value: &[u8]) -> bool {
    with_marks(prefix, |prefix| {
        value.starts_with(prefix) || prefix.strip_suffix(b"\"").is_some_and(|shorter| shorter == value)
    })
}

/// The engine tests suffixes against one `"` followed by the value.
fn has_suffix(suffix: &Text, value: &[u8]) -> bool {
    with_marks(suffix, |suffix| {
        value.ends_with(suffix) || suffix.strip_prefix(b"\"").is_some_and(|shorter| shorter == value)
    })
}

fn with_marks(text: &Text, test: impl Fn(&[u8]) -> bool) -> bool {
    match text.as_str() {
        Some(plain) => test(plain.as_bytes()),
        None => test(text.with_question_marks().as_bytes()),
    }
}
