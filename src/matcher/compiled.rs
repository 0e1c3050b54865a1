//! Compiled rules.

use std::ops::Range;

use super::access::AccessIndex;
use super::conditions::{AlternativeId, CompiledCondition, ConditionId};
use super::field_id::FieldId;
use super::fields::FieldTrie;
use crate::json::HeapBytes;
use crate::json::heap::vec_bytes;
use crate::pattern::Profile;

/// The number of a rule: its place in the order in which the patterns were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIndex(pub u32);

/// Any number of rules, compiled to be matched at once. Immutable; share it between threads.
#[derive(Debug)]
pub struct Matcher {
    pub(super) profile: Profile,
    pub(super) rules: u32,
    pub(super) trie: FieldTrie,
    pub(super) access: AccessIndex,
    /// Of each field, its place in the order in which the engine checks fields.
    pub(super) field_ranks: Vec<u32>,
    pub(super) conditions: Vec<CompiledCondition>,
    pub(super) alternatives: Vec<CompiledAlternative>,
    /// The conditions of all alternatives, cheap ones first in each.
    pub(super) conditions_of: Vec<ConditionId>,
    /// Alternatives that can match an event that has none of their fields.
    pub(super) without_access: Vec<AlternativeId>,
    pub(super) id_field: Option<FieldId>,
}

/// Whether a matcher notes the `id` of the events it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventIds {
    /// [`Matcher::event_id`] answers.
    Noted,
    /// It does not, and the field is stepped over if no rule names it.
    Ignored,
}

/// One conjunction of one rule.
#[derive(Debug, Clone)]
pub(super) struct CompiledAlternative {
    pub(super) rule: RuleIndex,
    /// In [`Matcher::conditions_of`].
    pub(super) conditions: Range<u32>,
}

impl Matcher {
    /// How many rules there are.
    pub fn rules(&self) -> usize {
        self.rules as usize
    }

    /// The bytes of memory that the compiled rules hold, without what allocators add.
    pub fn heap_bytes(&self) -> usize {
        self.trie.heap_bytes()
            + self.access.heap_bytes()
            + self.conditions.heap_bytes()
            + vec_bytes(&self.field_ranks)
            + vec_bytes(&self.alternatives)
            + vec_bytes(&self.conditions_of)
            + vec_bytes(&self.without_access)
    }

    pub(super) fn conditions_of(&self, alternative: AlternativeId) -> &[ConditionId] {
        let range = &self.alternatives[alternative.0 as usize].conditions;
        &self.conditions_of[range.start as usize..range.end as usize]
    }
}
