//! Trees of files with rules, in which intrinsic functions may leave values open.

use super::Unknown;
use crate::document;

pub(super) use crate::document::{Doubt, SourceFile, Syntax};

pub(super) type Node = document::Node<Unknown>;
pub(super) type Value = document::Value<Unknown>;
pub(super) type Member = document::Member<Unknown>;
