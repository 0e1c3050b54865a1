//! From the values of an event to the alternatives that can match it.
//!
//! Each alternative hangs on one of its conditions only: on each value, prefix or suffix that the condition
//! accepts if it accepts nothing else, otherwise on the mere presence of its field. The condition is chosen so
//! that few alternatives share what it hangs on (the access predicates of Fabret et al., SIGMOD 2001), which
//! is why the time per event hardly grows with the rules.

use std::collections::HashMap;

use super::conditions::{AlternativeId, CompiledCondition};
use super::field_access::{FieldAccess, Posting};
use super::fields::FieldId;
use crate::json::Text;
use crate::pattern::{ExactNumber, FieldTest, Leaf, Scalar};

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

/// What hangs on all fields.
#[derive(Debug, Default)]
pub(super) struct AccessIndex {
    fields: Vec<FieldAccess>,
    postings: Vec<AlternativeId>,
}

impl AccessIndex {
    /// From the alternatives that hang on each key of each field.
    pub(super) fn build(
        fields: usize,
        hanging: HashMap<(FieldId, AccessKey), Vec<AlternativeId>>,
    ) -> AccessIndex {
        let mut index = AccessIndex::default();
        index.fields.resize_with(fields, FieldAccess::default);
        for ((field, key), alternatives) in hanging {
            let start = index.postings.len() as u32;
            index.postings.extend(alternatives);
            index.fields[field.0 as usize].hang(key, start..index.postings.len() as u32);
        }
        index
    }

    /// The alternatives that hang on the presence of a field.
    #[inline]
    pub(super) fn on_presence(&self, field: FieldId) -> &[AlternativeId] {
        self.alternatives(self.fields[field.0 as usize].on_presence())
    }

    /// Whether any alternative hangs on a value of the field.
    #[inline]
    pub(super) fn has_values(&self, field: FieldId) -> bool {
        self.fields[field.0 as usize].has_values()
    }

    /// Calls `visit` with the alternatives that hang on a value of a field, until it fails.
    #[inline]
    pub(super) fn on_value<E>(
        &self,
        field: FieldId,
        leaf: &Leaf<'_>,
        mut visit: impl FnMut(&[AlternativeId]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.fields[field.0 as usize].on_value(leaf, |posting| visit(self.alternatives(posting)))
    }

    #[inline]
    fn alternatives(&self, posting: &Posting) -> &[AlternativeId] {
        &self.postings[posting.start as usize..posting.end as usize]
    }
}
