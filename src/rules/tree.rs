//! What people wrote, JSON or YAML alike, with the place of every value.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::Unknown;
use crate::json::{Place, Text};

/// A file that was read.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// As it was named or found.
    pub(super) path: Arc<Path>,
    /// Its text without a byte-order mark.
    pub(super) text: String,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) place: Place,
    /// How a scalar was spelled; `None` for collections and for what an intrinsic function gave.
    pub(super) spelling: Option<Spelling>,
}

/// A value. Numbers keep their spelling, maps their order and their duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Box<str>),
    String(Text),
    List(Vec<Node>),
    Map(Vec<Member>),
    /// What an intrinsic function left open. Never in a tree that was just read.
    Unknown(Box<Unknown>),
}

/// One member of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: Text,
    pub(super) name_place: Place,
    pub(super) name_doubt: Option<Doubt>,
    pub(super) value: Node,
}

/// How a scalar stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Its bytes, quotes included.
    pub(super) span: Range<usize>,
    pub(super) syntax: Syntax,
    pub(super) doubt: Option<Doubt>,
}

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Json,
    Yaml,
}

/// A plain YAML scalar that readers of YAML 1.1, as CloudFormation is one, and of YAML 1.2 take for different
/// things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// `yes`, `no`, `on`, `off`: booleans in 1.1, and read as such here.
    Boolean,
    /// `0123`, `1_000`, `12:30`, `0x1f`: numbers in 1.1 that JSON cannot spell.
    Number,
}

impl Node {
    /// A value that stands for another one at `place`.
    pub(super) fn made(value: Value, place: Place) -> Node {
        Node { value, place, spelling: None }
    }

    /// The last member called `name`, if this is a map that has one. The last wins, as in AWS's parsers.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.member(name).map(|member| &member.value)
    }

    /// As [`get`](Self::get), but a null counts as absent, as in CLI output.
    pub(super) fn get_present(&self, name: &str) -> Option<&Node> {
        self.get(name).filter(|node| node.value != Value::Null)
    }

    /// The last member called `name`.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.name.as_bytes() == name.as_bytes())
    }

    /// The members, none if this is not a map.
    pub(super) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// The only member, if this is a map of one.
    pub(super) fn only_member(&self) -> Option<(&str, &Member)> {
        match self.members() {
            [member] => Some((member.name.as_str()?, member)),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    pub(super) fn elements(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The string, if this is one that UTF-8 can hold.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// A scalar as the text that CloudFormation makes of it where it wants a string.
    pub(super) fn scalar_text(&self) -> Option<&str> {
        match &self.value {
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Number(spelling) => Some(spelling),
            _ => self.as_str(),
        }
    }

    /// What kind of value this is, with its article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
            Value::Unknown(_) => "an unresolved value",
        }
    }
}
