//! What can be wrong with an input, and what is left out on purpose.

use std::fmt;

use crate::verdict::Code;

/// Why something in an input is not an event although it should be. Counted as an errored event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceProblem {
    /// An event, or what holds it, is longer than [`event_bytes_max`](super::SourceLimits::event_bytes_max).
    #[error(
        "longer than the limit of {limit_bytes} bytes (at least {seen_bytes} bytes); \
         raise the limit for an event's size if this is one event"
    )]
    EventTooLarge {
        /// Its length as far as it was known when it was given up.
        seen_bytes: u64,
        /// The limit that it exceeds.
        limit_bytes: u64,
    },
    /// The input ends inside a document.
    #[error("the input ends inside this document; it was cut off while being written or copied")]
    CutOff,
    /// An array or the list of a wrapper ends without its bracket, behind a whole element.
    #[error("the list breaks off here, without its `]`; elements may be missing")]
    ListCutOff,
    /// A wrapper that is broken behind its list.
    #[error("this wrapper is broken behind its list; the elements before were read")]
    WrapperBroken,
    /// The compressed data ends too early.
    #[error("the {0} data ends too early; the file was cut off, fetch it again")]
    Truncated(Compression),
    /// The compressed data is damaged.
    #[error("the {compression} data is damaged ({detail}); fetch the file again")]
    Corrupt {
        /// The format that was being read.
        compression: Compression,
        /// What the decompressor says.
        detail: Box<str>,
    },
    /// Something else follows the compressed data.
    #[error("what follows the {0} data is not {0} data; it is left out")]
    TrailingBytes(Compression),
    /// Compressed data in compressed data, more often than any service does it.
    #[error("compressed more than {levels_max} times over; unpack the file first")]
    CompressedTooOften {
        /// The levels that are undone.
        levels_max: usize,
    },
    /// A format that is none of those that hold events.
    #[error("{format} is not read; {fix}")]
    UnsupportedFormat {
        /// Its name.
        format: &'static str,
        /// The way out.
        fix: &'static str,
    },
    /// The input could not be opened or read on.
    #[error("cannot be read: {0}")]
    Unreadable(Box<str>),
    /// A field that should hold base64 does not.
    #[error("`{field}` is not valid base64")]
    InvalidBase64 {
        /// Its name.
        field: &'static str,
    },
    /// A field that should be a string is none, or not a valid one.
    #[error("`{field}` is not a valid JSON string")]
    InvalidString {
        /// Its name.
        field: &'static str,
    },
    /// An element of a wrapper lacks what makes it one.
    #[error("this element of `{list}` has no {expected}, so it holds no event")]
    NoEventInElement {
        /// The wrapper's list.
        list: &'static str,
        /// The fields that could hold an event.
        expected: &'static str,
    },
    /// A `PutEvents` entry without a required field. Source: API reference, PutEventsRequestEntry.
    #[error("`{field}` is required in a PutEvents entry")]
    EntryFieldMissing {
        /// The field.
        field: &'static str,
    },
    /// `Detail` of a `PutEvents` entry is not a JSON object; the service answers `MalformedDetail`.
    #[error("`Detail` is malformed; it must be a string that holds one JSON object")]
    MalformedDetail,
    /// `Time` of a `PutEvents` entry is no time.
    #[error("`Time` is neither an RFC 3339 time nor seconds since 1970")]
    MalformedTime,
    /// A CloudTrail record of a type for which no detail-type is known.
    #[error("CloudTrail records of type `{0}` have no known detail-type")]
    UnknownRecordType(Box<str>),
    /// A document inside a wrapper that holds more elements than anything real.
    #[error("more than {elements_max} elements inside one document; the rest is left out")]
    TooManyElements {
        /// The elements that are read.
        elements_max: usize,
    },
    /// Wrappers in wrappers, more often than any service does it.
    #[error("wrapped more than {levels_max} times over")]
    WrappedTooOften {
        /// The levels that are opened.
        levels_max: usize,
    },
}

impl SourceProblem {
    /// The code of the event that should be there.
    pub fn code(&self) -> Code {
        match self {
            SourceProblem::EventTooLarge { .. } => Code::EventTooLarge,
            _ => Code::SourceBroken,
        }
    }
}

/// A compressed format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        })
    }
}

/// Why something that is no event was left out. Not an error, but shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// A CONTROL_MESSAGE document of a Logs subscription, which only checks that the destination is there.
    ControlMessage,
    /// A CloudTrail digest file, which holds checksums of log files.
    DigestFile,
    /// The file that CreateExportTask leaves behind to see whether it may write.
    LogsWriteTest,
    /// An array or a wrapper without any element.
    EmptyList,
    /// An SNS message about a subscription.
    SubscriptionMessage,
    /// An entry of an execution's history other than its start.
    HistoryEntry,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipReason::ControlMessage => "a control message of a Logs subscription",
            SkipReason::DigestFile => "a CloudTrail digest file",
            SkipReason::LogsWriteTest => "the write test of a Logs export",
            SkipReason::EmptyList => "a list without elements",
            SkipReason::SubscriptionMessage => "an SNS message about a subscription",
            SkipReason::HistoryEntry => "an entry of an execution's history that is not its start",
        })
    }
}
