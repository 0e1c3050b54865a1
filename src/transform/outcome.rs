//! What becomes of a body.

use std::fmt;

use super::body::check_body;
use super::log_event::LogEventFault;
use crate::json::Place;

/// Whether a rendered body can be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendered {
    /// It can.
    Valid,
    /// It cannot; the broken body is what was rendered.
    Failed(DeliveryFailure),
}

/// Why a body is not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryFailure {
    /// It is not JSON. Recorded: it goes to the dead-letter queue without retries, as it is.
    InvalidJson,
    /// It is empty. Recorded: neither the target nor the dead-letter queue gets anything.
    Empty,
    /// A log group would get something that is no log event. What AWS does then is not known.
    NoLogEvent(LogEventFault),
}

impl DeliveryFailure {
    /// The code: AWS's own, `INVALID_JSON`, or ours, `EMPTY_INPUT` and `INVALID_LOG_EVENT`, where AWS says
    /// nothing.
    pub fn code(self) -> &'static str {
        match self {
            DeliveryFailure::InvalidJson => "INVALID_JSON",
            DeliveryFailure::Empty => "EMPTY_INPUT",
            DeliveryFailure::NoLogEvent(_) => "INVALID_LOG_EVENT",
        }
    }

    /// Where `body`, which failed so, stops being JSON, for a person: `(line 1, column 9 of the body: ...)`.
    pub fn place_in(self, body: &[u8]) -> Option<String> {
        match self {
            DeliveryFailure::Empty | DeliveryFailure::NoLogEvent(_) => None,
            DeliveryFailure::InvalidJson => {
                let (at, fault) = check_body(body).err()?;
                let Place { line, column } = Place::of(body, at);
                Some(format!("(line {line}, column {column} of the body: {fault})"))
            }
        }
    }

    /// AWS's message; in our words where AWS says nothing.
    pub fn message(self) -> &'static str {
        match self {
            DeliveryFailure::InvalidJson => "Invalid input for target.",
            DeliveryFailure::Empty => {
                "the body is empty; neither the target nor the dead-letter queue gets anything"
            }
            DeliveryFailure::NoLogEvent(fault) => fault.message(),
        }
    }
}

impl fmt::Display for DeliveryFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}
