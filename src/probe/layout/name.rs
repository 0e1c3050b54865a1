//! The name of a testbed.

use std::fmt;

use crate::rules::BusName;

/// Longest name of a testbed: that of a queue has 80 characters (SQS API Reference, `CreateQueue`), and says behind it
/// which queue it is.
const TESTBED_NAME_LEN_MAX: usize = 60;

/// The name of a testbed, which those of its queues begin with: 1 to 60 of `[-_A-Za-z0-9]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TestbedName(Box<str>);

/// Why rules cannot be laid out on a test bus.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Not the name of a testbed.
    #[error("the name of a testbed has 1 to 60 letters, digits, `-` and `_`, unlike `{name}`")]
    Name {
        /// What was given.
        name: String,
    },
    /// More rules or targets than we can number.
    #[error("{found} {what} are more than the {most} that one testbed can have")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
}

impl TestbedName {
    /// The name that `text` is.
    ///
    /// # Errors
    /// [`LayoutError::Name`].
    pub fn parse(text: &str) -> Result<TestbedName, LayoutError> {
        let fits = (1..=TESTBED_NAME_LEN_MAX).contains(&text.len()) && text.bytes().all(is_allowed);
        if fits { Ok(TestbedName(text.into())) } else { Err(LayoutError::Name { name: text.to_owned() }) }
    }

    /// The name of the testbed on a bus: `ruleproof-` and the bus's own, with `-` for what a queue's name cannot have.
    pub fn of_bus(bus: &BusName) -> TestbedName {
        let allowed = |byte: u8| if is_allowed(byte) { char::from(byte) } else { '-' };
        let name = "ruleproof-".chars().chain(bus.as_str().bytes().map(allowed));
        TestbedName(name.take(TESTBED_NAME_LEN_MAX).collect::<String>().into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

impl fmt::Display for TestbedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bus_has_a_testbed() {
        let bus = BusName::parse("shop/orders.v1").unwrap();
        assert_eq!(TestbedName::of_bus(&bus).as_str(), "ruleproof-shop-orders-v1");
        let long = BusName::parse(&"b".repeat(256)).unwrap();
        assert_eq!(TestbedName::of_bus(&long).as_str().len(), TESTBED_NAME_LEN_MAX);
        assert!(TestbedName::parse(TestbedName::of_bus(&long).as_str()).is_ok());
        assert!(TestbedName::parse("a b").is_err() && TestbedName::parse("").is_err());
    }
}
