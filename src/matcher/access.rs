//! From the values of an event to the alternatives that can match it.
//!
//! Each alternative hangs on one of its conditions only: on each value, prefix or suffix that the condition
//! accepts if it accepts nothing else, otherwise on the mere presence of its field. The condition is chosen so
//! that few alternatives share what it hangs on (the access predicates of Fabret et al., SIGMOD 2001), which
//! is why the time per event hardly grows with the rules.

use foldhash::HashMap;

use super::access_key::AccessKey;
use super::conditions::{AlternativeId, Posting};
use super::field_access::FieldAccess;
use super::field_id::FieldId;
use crate::json::HeapBytes;
use crate::json::heap::vec_bytes;
use crate::pattern::Leaf;

/// What hangs on all fields.
#[derive(Debug, Default)]
pub(super) struct AccessIndex {
    fields: Vec<FieldAccess>,
    postings: Vec<Candidate>,
}

/// An alternative where it hangs, beside what mostly decides on it: the rest of it is in many other places of
/// memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) alternative: AlternativeId,
    pub(super) guard: Guard,
}

/// What an event has to have at least for an alternative to match: at some field, a text that has one of some bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    /// Any field if the alternative has no condition of that kind.
    pub(super) field: FieldId,
    /// All bits in that case.
    pub(super) texts: TextBits,
}

/// Bits of texts, one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TextBits(pub(super) u64);

impl TextBits {
    /// Of any texts.
    pub(super) const ALL: TextBits = TextBits(u64::MAX);

    /// Of a text whose [`Step::mixed`](super::step::Step::mixed) is this.
    #[inline]
    pub(super) fn of(mixed: u64) -> TextBits {
        TextBits(1 << (mixed >> 58))
    }

    #[inline]
    pub(super) fn meets(self, other: TextBits) -> bool {
        self.0 & other.0 != 0
    }

    #[inline]
    pub(super) fn or(self, other: TextBits) -> TextBits {
        TextBits(self.0 | other.0)
    }
}

impl HeapBytes for AccessIndex {
    fn heap_bytes(&self) -> usize {
        self.fields.heap_bytes() + vec_bytes(&self.postings)
    }
}

impl AccessIndex {
    /// From the alternatives that hang on each key of each field.
    pub(super) fn build(
        fields: usize,
        hanging: HashMap<(FieldId, AccessKey), Vec<Candidate>>,
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
    pub(super) fn on_presence(&self, field: FieldId) -> &[Candidate] {
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
        mut visit: impl FnMut(&[Candidate]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.fields[field.0 as usize].on_value(leaf, |posting| visit(self.alternatives(posting)))
    }

    #[inline]
    fn alternatives(&self, posting: &Posting) -> &[Candidate] {
        &self.postings[posting.start as usize..posting.end as usize]
    }
}
