//! The members of a case, read with errors that name it.

use thiserror::Error;

use crate::json::{Node, SyntaxError, Text, Value};
use crate::pattern::Profile;

/// Why a line is no case.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaseError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    Syntax(SyntaxError),
    /// A member is missing or has another type than its format says.
    #[error("case {id}: expected {expected} as `{member}`")]
    Member {
        /// The case, as far as it is known.
        id: String,
        /// The member.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// None of the formats.
    #[error(
        "case {id}: neither a pattern case (`pattern`, `event`, `expect`), nor one of several rules (`rules`, `event`, `expect`), nor one of complexity (`pattern`, `complexity`), nor one of a target's input (`event` as an object, `expect`)"
    )]
    UnknownFormat {
        /// The case, as far as it is known.
        id: String,
    },
}

/// The members of a case.
pub(super) struct Members<'n> {
    pub(super) node: &'n Node,
    pub(super) id: &'n str,
}

impl<'n> Members<'n> {
    pub(super) fn profile(&self, default: Profile) -> Result<Profile, CaseError> {
        match self.node.get("profile").map(Node::as_str) {
            None => Ok(default),
            Some(Some("service")) => Ok(Profile::Service),
            Some(Some("engine")) => Ok(Profile::Engine),
            Some(_) => Err(self.wrong("profile", "service or engine")),
        }
    }

    pub(super) fn text(&self, member: &'static str) -> Result<Text, CaseError> {
        match self.node.get(member).map(|node| &node.value) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(self.wrong(member, "JSON text in a string")),
        }
    }

    pub(super) fn names(&self, member: &'static str) -> Result<Vec<String>, CaseError> {
        let names = self.node.get(member).and_then(Node::as_array);
        let names = names.and_then(|nodes| nodes.iter().map(|n| n.as_str().map(str::to_owned)).collect());
        let mut names: Vec<String> = names.ok_or_else(|| self.wrong(member, "a list of rule names"))?;
        names.sort();
        Ok(names)
    }

    pub(super) fn wrong(&self, member: &'static str, expected: &'static str) -> CaseError {
        CaseError::Member { id: self.id.to_owned(), member, expected }
    }
}
