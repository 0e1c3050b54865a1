//! Lists of tests, or parts of them.

use crate::json::Value;
use crate::pattern::{AddressRange, FieldTest, FieldTests, NumbersOnField, Profile, Scalar};

/// Tests of one field, of which one must accept; perhaps not all that are written there.
#[derive(Debug, Clone)]
pub(super) struct TestList<'a> {
    pub(super) tests: Vec<&'a FieldTest>,
    /// What the whole list says, since it decides what each test accepts.
    pub(super) numbers: NumbersOnField,
}

impl<'a> TestList<'a> {
    pub(super) fn of(tests: &'a FieldTests) -> TestList<'a> {
        TestList { tests: tests.tests.iter().map(|placed| &placed.test).collect(), numbers: tests.numbers() }
    }

    /// The same list without the tests that `dropped` says.
    pub(super) fn without(&self, dropped: impl Fn(&FieldTest) -> bool) -> TestList<'a> {
        let tests = self.tests.iter().copied().filter(|test| !dropped(test)).collect();
        TestList { tests, numbers: self.numbers }
    }

    /// Whether one of the tests accepts the value.
    pub(super) fn accept(&self, value: &Value, profile: Profile) -> bool {
        self.tests.iter().any(|test| test.accepts_value(value, self.numbers, profile))
    }

    /// Whether numbers are taken for the digits of addresses.
    pub(super) fn takes_numbers_for_addresses(&self) -> bool {
        self.numbers == NumbersOnField::Untested && self.tests.iter().any(|test| range_of(test).is_some())
    }
}

/// The addresses that a test accepts in any spelling.
pub(super) fn range_of(test: &FieldTest) -> Option<&AddressRange> {
    match test {
        FieldTest::Cidr { range, .. } => Some(range),
        FieldTest::Equals(Scalar::String(exact)) => exact.address.as_ref(),
        _ => None,
    }
}
