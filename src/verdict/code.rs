//! The kinds of errors.

use std::fmt;

use crate::transform::{DeliveryFailure, LogEventFault};

/// The kinds of errors, as results spell them: our own, and those that EventBridge writes beside a message in a
/// dead-letter queue. More will come; treat unknown ones as errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// `INVALID_EVENT_JSON`: the event is not JSON.
    InvalidEventJson,
    /// `EVENT_NOT_AN_OBJECT`: the event is JSON, but not an object.
    EventNotAnObject,
    /// `EVENT_TOO_LARGE`: the event is larger than the limit.
    EventTooLarge,
    /// `ARRAYS_TOO_COMPLEX`: a rule and the event's arrays would take exponential time.
    ArraysTooComplex,
    /// `SOURCE_BROKEN`: the input is damaged where an event was expected.
    SourceBroken,
    /// `INVALID_JSON`, a code of dead-letter queues: the body that a target would get is not JSON.
    InvalidJson,
    /// `EMPTY_INPUT`: the body is empty, and neither the target nor its dead-letter queue gets anything.
    EmptyInput,
    /// `INVALID_LOG_EVENT`: a log group would get something that is no log event.
    InvalidLogEvent,
}

impl Code {
    /// All codes.
    pub const ALL: [Code; 8] = [
        Code::InvalidEventJson,
        Code::EventNotAnObject,
        Code::EventTooLarge,
        Code::ArraysTooComplex,
        Code::SourceBroken,
        Code::InvalidJson,
        Code::EmptyInput,
        Code::InvalidLogEvent,
    ];

    /// The code as results spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidEventJson => "INVALID_EVENT_JSON",
            Code::EventNotAnObject => "EVENT_NOT_AN_OBJECT",
            Code::EventTooLarge => "EVENT_TOO_LARGE",
            Code::ArraysTooComplex => "ARRAYS_TOO_COMPLEX",
            Code::SourceBroken => "SOURCE_BROKEN",
            Code::InvalidJson => DeliveryFailure::InvalidJson.code(),
            Code::EmptyInput => DeliveryFailure::Empty.code(),
            Code::InvalidLogEvent => DeliveryFailure::NoLogEvent(LogEventFault::NoTimestamp).code(),
        }
    }
}

impl From<DeliveryFailure> for Code {
    fn from(failure: DeliveryFailure) -> Code {
        match failure {
            DeliveryFailure::InvalidJson => Code::InvalidJson,
            DeliveryFailure::Empty => Code::EmptyInput,
            DeliveryFailure::NoLogEvent(_) => Code::InvalidLogEvent,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
