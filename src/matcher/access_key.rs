//! What a condition can be looked up by.

use super::conditions::CompiledCondition;
use crate::json::Text;
use crate::pattern::{ExactNumber, FieldTest, Scalar};

/// What an alternative can hang on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum AccessKey {
    Text(Box<[u8]>),
    /// The digits of an address; a value that begins with them is accepted.
    Address(Box<[u8]>),
    /// The bits of a comparable number.
    Number(u64),
    /// A number that is not comparable.
    Spelling(Box<str>),
    /// What a string begins with; not empty.
    Prefix(Box<[u8]>),
    /// What a string ends with; not empty.
    Suffix(Box<[u8]>),
    True,
    False,
    Null,
    /// Any leaf at all.
    Present,
}

impl AccessKey {
    /// The keys on which alternatives with this condition can hang; none if the condition can hold without
    /// a leaf.
    pub(super) fn of(condition: &CompiledCondition) -> Vec<AccessKey> {
        if condition.accepts_absence {
            return Vec::new();
        }
        let keys = condition.tests.tests.iter().map(|placed| key(&placed.test));
        keys.collect::<Option<Vec<_>>>().unwrap_or_else(|| vec![AccessKey::Present])
    }

    /// A rough measure of the time that a field's values take if something hangs on such a key.
    pub(super) fn look_up_cost(&self) -> usize {
        match self {
            AccessKey::True | AccessKey::False | AccessKey::Null | AccessKey::Present => 0,
            AccessKey::Text(_) => 1,
            AccessKey::Prefix(_) | AccessKey::Suffix(_) => 2,
            AccessKey::Number(_) | AccessKey::Spelling(_) | AccessKey::Address(_) => 4,
        }
    }
}

fn key(test: &FieldTest) -> Option<AccessKey> {
    match test {
        FieldTest::Exactly(text) => Some(AccessKey::Text(text.as_bytes().into())),
        FieldTest::Equals(Scalar::Null) => Some(AccessKey::Null),
        FieldTest::Equals(Scalar::Bool(true)) => Some(AccessKey::True),
        FieldTest::Equals(Scalar::Bool(false)) => Some(AccessKey::False),
        FieldTest::Equals(Scalar::Number(ExactNumber { value: Some(value), .. })) => {
            Some(AccessKey::Number(value.to_bits()))
        }
        FieldTest::Equals(Scalar::Number(number)) => Some(AccessKey::Spelling(number.spelling.clone())),
        FieldTest::Equals(Scalar::String(exact)) => Some(match &exact.address {
            Some(range) => AccessKey::Address(range.ends().0.into()),
            None => AccessKey::Text(exact.text.as_bytes().into()),
        }),
        FieldTest::Prefix(text) => affix(text).map(AccessKey::Prefix),
        FieldTest::Suffix(text) => affix(text).map(AccessKey::Suffix),
        FieldTest::Numeric(range) => range.single().map(|bound| AccessKey::Number(bound.value.to_bits())),
        _ => None,
    }
}

/// A prefix or suffix that can be looked up: not empty, and without the quote beside the value, which leaks
/// into these tests.
fn affix(text: &Text) -> Option<Box<[u8]>> {
    let text = text.with_question_marks();
    (!text.is_empty() && !text.contains('"')).then(|| text.into_bytes().into())
}
