//! Values that the user gives for what templates leave open.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Values by name: `Stage`, `AWS::Region`, `OrdersQueue.Arn`, `ImportValue:shared-vpc`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

/// An argument that is not `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{argument}` is not a parameter, it has to be NAME=VALUE")]
pub struct ParameterError {
    /// The argument.
    pub argument: String,
}

impl Parameters {
    /// Reads `NAME=VALUE` arguments. The value begins behind the first `=`; the last of a name wins.
    ///
    /// # Errors
    /// The first argument without a name or without `=`.
    pub fn parse<S: AsRef<str>>(arguments: &[S]) -> Result<Parameters, ParameterError> {
        let pair = |argument: &S| match argument.as_ref().split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
            _ => Err(ParameterError { argument: argument.as_ref().to_owned() }),
        };
        arguments.iter().map(pair).collect::<Result<_, _>>().map(Parameters)
    }

    /// Gives `name` the value `value`.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// All names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Parameters in use: remembers what was asked for, so that a misspelt name is noticed.
#[derive(Debug)]
pub(super) struct Given<'a> {
    parameters: &'a Parameters,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Given<'a> {
    pub(super) fn new(parameters: &'a Parameters) -> Self {
        Given { parameters, used: RefCell::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let (name, value) = self.parameters.0.get_key_value(name)?;
        self.used.borrow_mut().insert(name.clone());
        Some(value)
    }

    pub(super) fn unused(&self) -> Vec<&'a str> {
        let used = self.used.borrow();
        self.parameters.0.keys().map(String::as_str).filter(|name| !used.contains(*name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_hold_equals_signs_and_be_empty() {
        let parameters = Parameters::parse(&["a=b=c", "d="]).expect("both are parameters");
        let given = Given::new(&parameters);
        assert_eq!(given.get("a"), Some("b=c"));
        assert_eq!(given.unused(), ["d"]);
        assert_eq!(given.get("d"), Some(""));
        assert!(Parameters::parse(&["a"]).is_err());
        assert!(Parameters::parse(&["=a"]).is_err());
    }
}
