//! What answering a case comes to.

/// Our answer beside the recorded one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was recorded.
    pub expected: String,
    /// What we say.
    pub answered: String,
    /// Why, where there is something to say.
    pub reason: Option<String>,
}

impl Outcome {
    /// Whether the two are the same.
    pub fn agrees(&self) -> bool {
        self.expected == self.answered
    }
}
