//! Values that the user gives for what templates leave open.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Values by name: `Stage`, `AWS::Region`, `OrdersQueue.Arn`, `ImportValue:shared-vpc`.
///
/// Names may hold `=`, since what is open in Terraform is called by its expression. So where the name of a typed
/// `NAME=VALUE` ends is decided only by the names that are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Parameters {
    named: BTreeMap<String, String>,
    /// In the order in which they were typed; they win over the named ones.
    typed: Vec<Typed>,
}

/// A typed `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Typed(String);

impl Typed {
    /// Where names may end: at each `=` that is no part of `==`, `!=`, `<=`, `>=` or `=>`.
    fn ends(&self) -> impl Iterator<Item = usize> {
        let bytes = self.0.as_bytes();
        let is_part = move |at: usize| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            before.is_some_and(|byte| b"=!<>".contains(byte))
                || bytes.get(at + 1).is_some_and(|byte| b"=>".contains(byte))
        };
        self.0.match_indices('=').map(|(at, _)| at).filter(move |at| !is_part(*at))
    }

    /// The value, if `name` is the name.
    fn value_of(&self, name: &str) -> Option<&str> {
        let value = self.0.strip_prefix(name)?.strip_prefix('=')?;
        // `var.a` is not the name in `var.a=="x"=VALUE`, but a value may begin with `=` where nothing else can be meant.
        let is_end = self.ends().any(|end| end == name.len());
        (is_end || self.ends().all(|end| end < name.len())).then_some(value)
    }

    /// The name as far as it can be told before somebody asks for it.
    fn name(&self) -> &str {
        let end = self.ends().next().or_else(|| self.0.find('='));
        end.map_or(&self.0, |end| &self.0[..end])
    }
}

/// An argument that is not `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{argument}` is not a parameter, it has to be NAME=VALUE")]
pub struct ParameterError {
    /// The argument.
    pub argument: String,
}

impl Parameters {
    /// Reads `NAME=VALUE` arguments; the last of a name wins.
    ///
    /// # Errors
    /// The first argument without a name or without `=`.
    pub fn parse<S: AsRef<str>>(arguments: &[S]) -> Result<Parameters, ParameterError> {
        let mut parameters = Parameters::default();
        parameters.give(arguments)?;
        Ok(parameters)
    }

    /// Adds `NAME=VALUE` arguments, which win over what is there.
    ///
    /// # Errors
    /// The first argument without a name or without `=`.
    pub fn give<S: AsRef<str>>(&mut self, arguments: &[S]) -> Result<(), ParameterError> {
        for argument in arguments.iter().map(AsRef::as_ref) {
            if argument.find('=').is_none_or(|at| at == 0) {
                return Err(ParameterError { argument: argument.to_owned() });
            }
            self.typed.push(Typed(argument.to_owned()));
        }
        Ok(())
    }

    /// Gives `name` the value `value`, unless another one was typed.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.named.insert(name.into(), value.into());
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let typed = self.typed.iter().rev().find_map(|typed| typed.value_of(name));
        typed.or_else(|| self.named.get(name).map(String::as_str))
    }

    /// Arguments that give the same values, as [`Parameters::parse`] reads them.
    pub fn arguments(&self) -> Vec<String> {
        let named = self.named.iter().map(|(name, value)| format!("{name}={value}"));
        named.chain(self.typed.iter().map(|typed| typed.0.clone())).collect()
    }

    /// All names; of what was typed as far as they can be told.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str).chain(self.typed.iter().map(Typed::name))
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
        let value = self.parameters.get(name)?;
        let mut used = self.used.borrow_mut();
        if !used.contains(name) {
            used.insert(name.to_owned());
        }
        Some(value)
    }

    /// The names that were asked for, with their values, by name.
    pub(super) fn asked(&self) -> Vec<(String, String)> {
        let used = self.used.borrow();
        let value = |name: &String| Some((name.clone(), self.parameters.get(name)?.to_owned()));
        used.iter().filter_map(value).collect()
    }

    /// The names that nothing asked for.
    pub(super) fn unused(&self) -> BTreeSet<&'a str> {
        let used = self.used.borrow();
        let is_unused = |typed: &&Typed| !used.iter().any(|name| typed.value_of(name).is_some());
        let typed = self.parameters.typed.iter().filter(is_unused).map(Typed::name);
        let named = self.parameters.named.keys().map(String::as_str);
        typed.chain(named.filter(|name| !used.contains(*name))).collect()
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
        assert_eq!(given.unused(), BTreeSet::from(["d"]));
        assert_eq!(given.get("d"), Some(""));
        assert!(Parameters::parse(&["a"]).is_err());
        assert!(Parameters::parse(&["=a"]).is_err());
    }

    #[test]
    fn names_may_hold_equals_signs() {
        let names = [
            r#"var.stage == "prod" ? ["p"] : ["d"]"#,
            r#"var.stage=="prod"?1:2"#,
            "{ a = 1, b = 2 }[var.k]",
            r#"{for k, v in var.m : k=>v}"#,
            "a=b",
        ];
        for name in names {
            for value in ["VALUE", "", "x=y", "["] {
                let parameters = Parameters::parse(&[format!("{name}={value}")]).expect("a parameter");
                let given = Given::new(&parameters);
                assert_eq!(given.unused().len(), 1);
                assert_eq!(given.get("var.stage"), None);
                assert_eq!(given.get(name), Some(value), "{name}");
                assert!(given.unused().is_empty());
                assert_eq!(given.asked(), [(name.to_owned(), value.to_owned())]);
            }
        }
        let parameters = Parameters::parse(&["a==b", "c=1", "c=2"]).expect("parameters");
        assert_eq!((parameters.get("a"), parameters.get("c")), (Some("=b"), Some("2")));
    }
}
