//! What a store keeps under a key.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::tracking::{RecordKey, StoreError, StoreErrorKind};

/// Something that can be kept in a record, as a JSON object.
pub trait RecordContent: Serialize + DeserializeOwned {
    /// The version of its shape, from 1. Raised when programs that know the version before could not read it right;
    /// fields that may be absent (`#[serde(default)]`) do not need that.
    const VERSION: u16;
}

/// When a record may be deleted, in whole seconds since 1970, as DynamoDB's time to live has it. Nobody relies on it
/// being gone then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Expiry {
    /// Seconds since 1970.
    pub at_s: u64,
}

/// One fact under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Under which key; writing another record there replaces this one.
    pub key: RecordKey,
    /// The version of the shape of `content`.
    pub version: u16,
    /// A JSON object.
    pub content: Box<str>,
    /// When it may be deleted.
    pub expiry: Expiry,
}

impl Record {
    /// The record that says `content` under `key`.
    ///
    /// # Errors
    /// If `content` cannot be JSON, as for maps with keys that are no texts.
    pub fn new<C: RecordContent>(key: RecordKey, content: &C, expiry: Expiry) -> Result<Record, StoreError> {
        match serde_json::to_string(content) {
            Ok(json) => Ok(Record { key, version: C::VERSION, content: json.into(), expiry }),
            Err(error) => Err(unreadable(&key, error.to_string())),
        }
    }

    /// What the record says.
    ///
    /// # Errors
    /// If another version of this program wrote it in another shape, or somebody else changed it.
    pub fn content<C: RecordContent>(&self) -> Result<C, StoreError> {
        if self.version != C::VERSION {
            let found = self.version;
            let problem = format!("it has version {found} and this program reads version {}", C::VERSION);
            return Err(unreadable(&self.key, problem));
        }
        serde_json::from_str(&self.content).map_err(|error| unreadable(&self.key, error.to_string()))
    }
}

fn unreadable(key: &RecordKey, problem: String) -> StoreError {
    let place = format!("record {} of run {}", key.slot, key.run);
    StoreError::new(place, StoreErrorKind::UnreadableRecord { problem })
}
