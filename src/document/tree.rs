//! What people wrote, JSON or YAML alike, with the place of every value.

use std::convert::Infallible;
use std::ops::Range;

use crate::json::{Place, Text};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<U = Infallible> {
    /// What it is.
    pub value: Value<U>,
    /// Where it starts.
    pub place: Place,
    /// How a scalar was spelled; `None` for collections and for what an intrinsic function gave.
    pub spelling: Option<Spelling>,
}

/// A value. Numbers keep their spelling, maps their order and their duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<U = Infallible> {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is spelled; always one that JSON can spell.
    Number(Box<str>),
    /// Text.
    String(Text),
    /// The elements in order.
    List(Vec<Node<U>>),
    /// The members in order.
    Map(Vec<Member<U>>),
    /// What is not known yet, such as what an intrinsic function left open. Never in a tree that was just read.
    Unknown(Box<U>),
}

/// One member of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<U = Infallible> {
    /// Its name.
    pub name: Text,
    /// Where the name starts.
    pub name_place: Place,
    /// Whether readers of YAML differ on the name.
    pub name_doubt: Option<Doubt>,
    /// Its value.
    pub value: Node<U>,
}

/// How a scalar stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Its bytes, quotes included.
    pub span: Range<usize>,
    /// The language it is spelled in.
    pub syntax: Syntax,
    /// Whether readers of YAML differ on it.
    pub doubt: Option<Doubt>,
}

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A plain YAML scalar that readers of YAML 1.1, as CloudFormation is one, and of YAML 1.2 take for different
/// things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// `yes`, `no`, `on`, `off`: booleans in 1.1, and read as such here.
    Boolean,
    /// `0123`, `1_000`, `12:30`, `0x1f`: numbers in 1.1 that JSON cannot spell.
    Number,
}

impl<U> Node<U> {
    /// A value that stands for another one at `place`.
    pub fn made(value: Value<U>, place: Place) -> Node<U> {
        Node { value, place, spelling: None }
    }

    /// The last member called `name`, if this is a map that has one. The last wins, as in AWS's parsers.
    pub fn get(&self, name: &str) -> Option<&Node<U>> {
        self.member(name).map(|member| &member.value)
    }

    /// As [`get`](Self::get), but a null counts as absent, as in CLI output.
    pub fn get_present(&self, name: &str) -> Option<&Node<U>> {
        self.get(name).filter(|node| !matches!(node.value, Value::Null))
    }

    /// The last member called `name`.
    pub fn member(&self, name: &str) -> Option<&Member<U>> {
        self.members().iter().rev().find(|member| member.name.as_bytes() == name.as_bytes())
    }

    /// The members, none if this is not a map.
    pub fn members(&self) -> &[Member<U>] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// The only member, if this is a map of one.
    pub fn only_member(&self) -> Option<(&str, &Member<U>)> {
        match self.members() {
            [member] => Some((member.name.as_str()?, member)),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    pub fn elements(&self) -> Option<&[Node<U>]> {
        match &self.value {
            Value::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The string, if this is one that UTF-8 can hold.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// A scalar as the text that CloudFormation makes of it where it wants a string.
    pub fn scalar_text(&self) -> Option<&str> {
        match &self.value {
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Number(spelling) => Some(spelling),
            _ => self.as_str(),
        }
    }

    /// What kind of value this is, with its article, for messages.
    pub fn kind(&self) -> &'static str {
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
