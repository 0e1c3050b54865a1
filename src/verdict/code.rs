//! The kinds of errors, those of probes on a real bus included.

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
    /// `EVENT_NOT_SENDABLE`: no entry of `PutEvents` can say what the event says.
    EventNotSendable,
    /// `NOT_SEEN_ON_BUS`: the bus took the event, and the rule that matches all events got no copy.
    NotSeenOnBus,
    /// `TIMED_OUT_MATCHED`: the rule matches, and nothing arrived.
    TimedOutMatched,
    /// `PAYLOAD_DIFFERS`: what arrived is not what we say arrives.
    PayloadDiffers,
    /// `VERDICTS_DISAGREE`: AWS says otherwise than we do whether a rule matches.
    VerdictsDisagree,
}

impl Code {
    /// All codes: first [those of this machine](Code::LOCAL), then those that need a bus.
    pub const ALL: [Code; 13] = [
        Code::InvalidEventJson,
        Code::EventNotAnObject,
        Code::EventTooLarge,
        Code::ArraysTooComplex,
        Code::SourceBroken,
        Code::InvalidJson,
        Code::EmptyInput,
        Code::InvalidLogEvent,
        Code::EventNotSendable,
        Code::NotSeenOnBus,
        Code::TimedOutMatched,
        Code::PayloadDiffers,
        Code::VerdictsDisagree,
    ];

    /// Those that judging on this machine can give; the others need a bus.
    pub const LOCAL: [Code; 8] = match Code::ALL.first_chunk() {
        Some(local) => *local,
        None => unreachable!(),
    };

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
            Code::EventNotSendable => "EVENT_NOT_SENDABLE",
            Code::NotSeenOnBus => "NOT_SEEN_ON_BUS",
            Code::TimedOutMatched => "TIMED_OUT_MATCHED",
            Code::PayloadDiffers => "PAYLOAD_DIFFERS",
            Code::VerdictsDisagree => "VERDICTS_DISAGREE",
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

impl Code {
    /// The code that results spell so.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

/// A code of ours, or one that AWS wrote: beside a message in a dead-letter queue, or as the answer to an entry of
/// `PutEvents`. AWS's are kept as they are, since its list is open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AnyCode {
    /// One that we know the meaning of, whoever wrote it.
    Known(Code),
    /// Another one of AWS: `NO_PERMISSIONS`, `MalformedDetail`, ...
    Aws(Box<str>),
}

impl AnyCode {
    /// The code that is spelled so.
    pub fn of(text: &str) -> AnyCode {
        Code::parse(text).map_or_else(|| AnyCode::Aws(text.into()), AnyCode::Known)
    }

    /// The code as results spell it.
    pub fn as_str(&self) -> &str {
        match self {
            AnyCode::Known(code) => code.as_str(),
            AnyCode::Aws(text) => text,
        }
    }
}

impl fmt::Display for AnyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
