//! Conditions and alternatives as the matcher keeps them: each distinct condition once.

use foldhash::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::field_id::FieldId;
use crate::json::HeapBytes;
use crate::pattern::{AnythingBut, FieldTest, FieldTests, NumbersOnField};

/// A distinct condition, numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ConditionId(pub(super) u32);

/// What one field must satisfy.
#[derive(Debug, Clone)]
pub(super) struct CompiledCondition {
    pub(super) field: FieldId,
    pub(super) tests: Arc<FieldTests>,
    pub(super) numbers: NumbersOnField,
    pub(super) accepts_absence: bool,
}

/// One conjunction of one rule, numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AlternativeId(pub(super) u32);

/// Alternatives that hang on one key: a range of the access index's list.
pub(super) type Posting = Range<u32>;

/// Numbers distinct conditions while rules are compiled.
#[derive(Debug, Default)]
pub(super) struct ConditionTable {
    numbers: HashMap<(FieldId, Arc<FieldTests>), ConditionId>,
    pub(super) conditions: Vec<CompiledCondition>,
}

impl ConditionTable {
    /// The number of a condition.
    pub(super) fn number(&mut self, field: FieldId, tests: &Arc<FieldTests>) -> ConditionId {
        let next = ConditionId(self.conditions.len() as u32);
        let number = *self.numbers.entry((field, Arc::clone(tests))).or_insert(next);
        if number == next {
            self.conditions.push(CompiledCondition {
                field,
                numbers: tests.numbers(),
                accepts_absence: tests.accepts_absence(),
                tests: Arc::clone(tests),
            });
        }
        number
    }
}

impl HeapBytes for CompiledCondition {
    fn heap_bytes(&self) -> usize {
        size_of::<FieldTests>() + self.tests.heap_bytes()
    }
}

impl CompiledCondition {
    /// Whether all values of the field are alike to this condition.
    pub(super) fn asks_for_presence_only(&self) -> bool {
        let mut tests = self.tests.tests.iter().map(|placed| &placed.test);
        tests.all(|test| matches!(test, FieldTest::Present | FieldTest::Absent))
    }

    /// A rough measure of the time that a test of one leaf takes, to try the cheap ones first.
    pub(super) fn cost(&self) -> usize {
        self.tests.tests.iter().map(|placed| cost(&placed.test)).sum()
    }
}

fn cost(test: &FieldTest) -> usize {
    match test {
        FieldTest::Present | FieldTest::Absent => 1,
        FieldTest::Equals(_) | FieldTest::Exactly(_) | FieldTest::Prefix(_) | FieldTest::Suffix(_) => 2,
        FieldTest::AnythingBut(AnythingBut::Strings(texts)) => 2 * texts.len(),
        FieldTest::AnythingBut(AnythingBut::Prefixes(texts) | AnythingBut::Suffixes(texts)) => {
            2 * texts.len()
        }
        FieldTest::AnythingBut(AnythingBut::Numbers(_)) | FieldTest::Numeric(_) => 4,
        FieldTest::EqualsIgnoreCase(_) | FieldTest::PrefixIgnoreCase(_) | FieldTest::SuffixIgnoreCase(_) => 4,
        FieldTest::AnythingBut(AnythingBut::EqualsIgnoreCase(texts)) => 4 * texts.len(),
        FieldTest::Wildcard(_) | FieldTest::Cidr { .. } => 8,
        FieldTest::AnythingBut(AnythingBut::Wildcards(wildcards)) => 8 * wildcards.len(),
    }
}
