//! What goes to AWS and what comes back, as plain values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One entry of a `PutEvents` call.
///
/// Missing fields are left out of the call: AWS answers them with an error of the entry, which is the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// `Source`.
    pub source: Option<String>,
    /// `DetailType`.
    pub detail_type: Option<String>,
    /// `Detail`, JSON text.
    pub detail: Option<String>,
    /// `Resources`.
    pub resources: Vec<String>,
    /// `Time` in whole seconds since 1970: EventBridge cuts off fractions (recorded).
    pub time_s: Option<i64>,
    /// `TraceHeader`, which comes back with every message that the event causes. At most 500 characters.
    pub trace_header: String,
}

/// What `PutEvents` answers for one entry.
pub type EntryAnswer = Result<String, EntryError>;

/// Why an entry was not taken: `ErrorCode` and `ErrorMessage`, as AWS spells them. The `Ok` beside it is the event's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryError {
    /// `InternalFailure`, `ThrottlingException`, `MalformedDetail`, ...
    pub code: String,
    /// For a person.
    pub message: String,
}

/// The id of a message, the same each time that it is received. A second delivery by EventBridge has another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageId(pub String);

/// What deletes a message; another one each time that it is received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptHandle(pub String);

/// A message of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `MessageId`.
    pub id: MessageId,
    /// `ReceiptHandle`.
    pub receipt: ReceiptHandle,
    /// `Body`: what the target got, or would have got.
    pub body: String,
    /// The system attribute `AWSTraceHeader`; stand-ins for AWS do not have it.
    pub trace_header: Option<String>,
    /// The system attribute `MessageGroupId`, which the target sets; stand-ins for AWS may not have it.
    pub group: Option<String>,
    /// The system attribute `SentTimestamp`: when the queue took it, in milliseconds since 1970.
    pub sent_ms: Option<i64>,
    /// The message attributes that are text, by name: `ERROR_CODE`, `RULE_ARN` and the like in dead-letter queues.
    pub attributes: BTreeMap<String, String>,
}

/// What `DeleteMessageBatch` answers for one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone.
    Done,
    /// It was not deleted and comes again; AWS's code says why.
    Failed {
        /// `ReceiptHandleIsInvalid`, `InternalError`, ...
        code: String,
    },
}
