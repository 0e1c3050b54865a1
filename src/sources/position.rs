//! Where reading can go on.

use serde::{Deserialize, Serialize};

/// A place between two items of a source. A source over the same inputs that is opened there gives what comes behind
/// it and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// The number of the input among those that were named.
    pub input: u32,
    /// What a [`Feed`](super::Feed) calls the place of its own input, if the input is a feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Items of that input that come before.
    pub items: u64,
}

impl Position {
    /// Behind everything, however many inputs there are.
    pub const END: Position = Position { input: u32::MAX, place: None, items: 0 };
}
