//! What becomes of a body.

use std::fmt;

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
}

impl DeliveryFailure {
    /// The code: AWS's own, `INVALID_JSON`, or ours, `EMPTY_INPUT`, where AWS says nothing.
    pub fn code(self) -> &'static str {
        match self {
            DeliveryFailure::InvalidJson => "INVALID_JSON",
            DeliveryFailure::Empty => "EMPTY_INPUT",
        }
    }

    /// AWS's message; in our words where AWS says nothing.
    pub fn message(self) -> &'static str {
        match self {
            DeliveryFailure::InvalidJson => "Invalid input for target.",
            DeliveryFailure::Empty => {
                "the body is empty; neither the target nor the dead-letter queue gets anything"
            }
        }
    }
}

impl fmt::Display for DeliveryFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}
