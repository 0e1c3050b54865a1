//! Messages that nobody can work on.

use std::io::{self, Write};

use serde::Serialize;

use super::ports::QueueMessage;

/// Why a message is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AsideReason {
    /// It is no JSON.
    Unreadable,
    /// It is longer than an event may be.
    Oversized,
    /// It was received too often: whoever worked on it never came to an end.
    ReceivedTooOften,
}

impl AsideReason {
    /// The reason as it is counted.
    pub fn as_str(self) -> &'static str {
        match self {
            AsideReason::Unreadable => "unreadable",
            AsideReason::Oversized => "oversized",
            AsideReason::ReceivedTooOften => "received_too_often",
        }
    }
}

/// Where messages are set aside.
pub type SetAside = Box<dyn Write + Send>;

#[derive(Serialize)]
struct AsideLine<'m> {
    message_id: &'m str,
    reason: &'static str,
    received: u32,
    body: &'m str,
}

/// Appends a message as one line of JSON, and flushes it: after this it may be deleted.
pub(super) fn write_aside(message: &QueueMessage, reason: AsideReason, out: &mut SetAside) -> io::Result<()> {
    let QueueMessage { id, body, received, .. } = message;
    let line = AsideLine { message_id: id, reason: reason.as_str(), received: *received, body };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")?;
    out.flush()
}
