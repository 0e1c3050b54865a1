//! How much memory tests hold.

use super::{AnythingBut, Bound, ExactNumber, FieldTest, FieldTests, NumericRange, PlacedTest, Scalar};
use crate::json::HeapBytes;

impl HeapBytes for FieldTests {
    fn heap_bytes(&self) -> usize {
        self.tests.heap_bytes()
    }
}

impl HeapBytes for PlacedTest {
    fn heap_bytes(&self) -> usize {
        self.test.heap_bytes()
    }
}

impl HeapBytes for FieldTest {
    fn heap_bytes(&self) -> usize {
        match self {
            FieldTest::Present | FieldTest::Absent => 0,
            FieldTest::Equals(scalar) => scalar.heap_bytes(),
            FieldTest::Exactly(text) | FieldTest::Prefix(text) | FieldTest::Suffix(text) => text.heap_bytes(),
            FieldTest::EqualsIgnoreCase(folded)
            | FieldTest::PrefixIgnoreCase(folded)
            | FieldTest::SuffixIgnoreCase(folded) => folded.heap_bytes(),
            FieldTest::Wildcard(wildcard) => wildcard.heap_bytes(),
            FieldTest::Numeric(range) => range.heap_bytes(),
            FieldTest::Cidr { source, .. } => source.heap_bytes(),
            FieldTest::AnythingBut(excluded) => excluded.heap_bytes(),
        }
    }
}

impl HeapBytes for AnythingBut {
    fn heap_bytes(&self) -> usize {
        match self {
            AnythingBut::Strings(texts) | AnythingBut::Prefixes(texts) | AnythingBut::Suffixes(texts) => {
                texts.heap_bytes()
            }
            AnythingBut::Numbers(numbers) => numbers.heap_bytes(),
            AnythingBut::EqualsIgnoreCase(texts) => texts.heap_bytes(),
            AnythingBut::Wildcards(wildcards) => wildcards.heap_bytes(),
        }
    }
}

impl HeapBytes for Scalar {
    fn heap_bytes(&self) -> usize {
        match self {
            Scalar::Null | Scalar::Bool(_) => 0,
            Scalar::Number(number) => number.heap_bytes(),
            Scalar::String(string) => string.text.heap_bytes(),
        }
    }
}

impl HeapBytes for ExactNumber {
    fn heap_bytes(&self) -> usize {
        self.spelling.heap_bytes()
    }
}

impl HeapBytes for NumericRange {
    fn heap_bytes(&self) -> usize {
        let ends = [&self.lower, &self.upper];
        ends.into_iter().flatten().map(|bound: &Bound| bound.spelling.heap_bytes()).sum()
    }
}
