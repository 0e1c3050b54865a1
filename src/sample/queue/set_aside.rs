//! Messages that can never be judged.

use std::io;

use serde::Serialize;

/// Why a message is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its body holds no event, or is not JSON.
    Unreadable,
    /// Its body has more bytes than an event may have.
    Oversized,
    /// It was received more often than it may be, and was never recorded.
    Receives,
}

impl Reason {
    /// As metrics and files call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Unreadable => "unreadable",
            Reason::Oversized => "oversized",
            Reason::Receives => "receives",
        }
    }
}

/// A message that is set aside: a line of JSON in the file for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Its id.
    pub message_id: String,
    /// Why.
    pub reason: Reason,
    /// What exactly is wrong.
    pub problem: String,
    /// How often it was received.
    pub receives: u32,
    /// When it was sent, in milliseconds since 1970.
    pub sent_ms: Option<i64>,
    /// What it holds.
    pub body: String,
}

/// Where they go.
pub trait SetAsideSink {
    /// Keeps messages for good; only then are they deleted.
    ///
    /// # Errors
    /// They cannot be kept.
    fn keep(&mut self, messages: &[SetAside]) -> io::Result<()>;
}
