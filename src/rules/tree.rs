//! Trees of files with rules, in which intrinsic functions may leave values open.

use super::Unknown;
use crate::document;

pub(super) use crate::document::{Doubt, SourceFile, Syntax};

pub(super) type Node = document::Node<Unknown>;
pub(super) type Value = document::Value<Unknown>;
pub(super) type Member = document::Member<Unknown>;

impl Node {
    /// A scalar as text; what is not known as it was written, with `${...}` for each such part.
    pub(super) fn written_text(&self) -> Option<&str> {
        match &self.value {
            Value::Unknown(unknown) => Some(&unknown.written),
            _ => self.scalar_text(),
        }
    }
}
