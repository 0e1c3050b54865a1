//! How a run ends.

use std::fmt;

use crate::calls::CallError;
use crate::tracking::StoreError;

/// How a part of a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every event has a verdict.
    Complete,
    /// Somebody stopped it; it can be redriven.
    Interrupted,
    /// Something that it needs failed; it can be redriven.
    Incomplete(Failed),
}

/// What a run could not go on without.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// A call to AWS.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The tracking store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part of the program itself ended before its time.
    #[error("a part of the run broke: {0}")]
    Broken(String),
}

impl Failed {
    /// What to do about it, where something is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Failed::Call(error) => error.kind.hint().map(str::to_owned),
            Failed::Store(error) => error.hint(),
            Failed::Broken(_) => None,
        }
    }
}

impl fmt::Display for RunEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunEnd::Complete => f.write_str("complete"),
            RunEnd::Interrupted => f.write_str("interrupted"),
            RunEnd::Incomplete(failed) => write!(f, "incomplete: {failed}"),
        }
    }
}
