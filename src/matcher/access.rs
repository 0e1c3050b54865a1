//! From the values of an event to the alternatives that can match it.
//!
//! Each alternative hangs on one of its conditions only: on each value that the condition accepts if it
//! accepts listed values only, else on the mere presence of its field. The condition is chosen so that few
//! alternatives share what it hangs on (the access predicates of Fabret et al., SIGMOD 2001), which is why
//! the time per event hardly grows with the rules.

use std::collections::HashMap;
use std::ops::Range;

use super::conditions::{AlternativeId, CompiledCondition};
use super::fields::FieldId;
use crate::pattern::{ExactNumber, FieldTest, IpAddress, Leaf, Scalar};

/// A value that a condition accepts by equality.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum AccessKey {
    Text(Box<[u8]>),
    /// The digits of an address; a value that begins with them is accepted.
    Address(Box<[u8]>),
    /// The bits of a comparable number.
    Number(u64),
    /// A number that is not comparable.
    Spelling(Box<str>),
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
        FieldTest::Numeric(range) => range.single().map(|bound| AccessKey::Number(bound.value.to_bits())),
        _ => None,
    }
}

/// Alternatives in [`AccessIndex::postings`].
type Posting = Range<u32>;

/// What hangs on one field.
#[derive(Debug, Default)]
struct FieldAccess {
    texts: HashMap<Box<[u8]>, Posting, foldhash::fast::FixedState>,
    addresses: HashMap<Box<[u8]>, Posting, foldhash::fast::FixedState>,
    numbers: HashMap<u64, Posting, foldhash::fast::FixedState>,
    spellings: HashMap<Box<str>, Posting, foldhash::fast::FixedState>,
    literals: [Posting; 3],
    present: Posting,
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
        self.alternatives(Some(&self.fields[field.0 as usize].present))
    }

    /// Whether any alternative hangs on a value of the field.
    #[inline]
    pub(super) fn has_values(&self, field: FieldId) -> bool {
        let access = &self.fields[field.0 as usize];
        !(access.texts.is_empty()
            && access.addresses.is_empty()
            && access.numbers.is_empty()
            && access.spellings.is_empty()
            && access.literals.iter().all(Range::is_empty))
    }

    /// The alternatives that hang on a value of a field: on the value itself, and on the digits of the IPv4
    /// and of the IPv6 address that it spells.
    #[inline]
    pub(super) fn on_value(&self, field: FieldId, leaf: &Leaf<'_>) -> [&[AlternativeId]; 3] {
        let access = &self.fields[field.0 as usize];
        let value = match leaf {
            Leaf::String(string) => access.texts.get(string.text),
            Leaf::Number(_) if access.numbers.is_empty() && access.spellings.is_empty() => None,
            Leaf::Number(number) => match number.value() {
                Some(value) => access.numbers.get(&value.to_bits()),
                None => access.spellings.get(&*number.spelling()),
            },
            Leaf::Bool(true) => Some(&access.literals[0]),
            Leaf::Bool(false) => Some(&access.literals[1]),
            Leaf::Null => Some(&access.literals[2]),
        };
        let [v4, v6] = match access.addresses.is_empty() {
            true => [None, None],
            false => access.on_address(leaf),
        };
        [value, v4, v6].map(|posting| self.alternatives(posting))
    }

    #[inline]
    fn alternatives(&self, posting: Option<&Posting>) -> &[AlternativeId] {
        posting.map_or(&[], |range| &self.postings[range.start as usize..range.end as usize])
    }
}

/// Digits of an IPv4 and of an IPv6 address.
const ADDRESS_DIGITS: [usize; 2] = [8, 32];

impl FieldAccess {
    /// Looks up what the digits of an address or of a number begin with.
    fn on_address(&self, leaf: &Leaf<'_>) -> [Option<&Posting>; 2] {
        let look_up = |digits: &[u8]| ADDRESS_DIGITS.map(|len| self.addresses.get(digits.get(..len)?));
        match leaf {
            Leaf::String(string) => match IpAddress::parse(string.text) {
                Some(address) => look_up(address.hex().as_bytes()),
                None => [None, None],
            },
            Leaf::Number(number) => look_up(number.spelling().as_bytes()),
            _ => [None, None],
        }
    }

    fn hang(&mut self, key: AccessKey, posting: Posting) {
        match key {
            AccessKey::Text(text) => {
                self.texts.insert(text, posting);
            }
            AccessKey::Address(address) => {
                self.addresses.insert(address, posting);
            }
            AccessKey::Number(bits) => {
                self.numbers.insert(bits, posting);
            }
            AccessKey::Spelling(spelling) => {
                self.spellings.insert(spelling, posting);
            }
            AccessKey::True => self.literals[0] = posting,
            AccessKey::False => self.literals[1] = posting,
            AccessKey::Null => self.literals[2] = posting,
            AccessKey::Present => self.present = posting,
        }
    }
}
