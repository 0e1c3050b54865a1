//! By what an input is known again.

use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// What changes when somebody writes to an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InputStamp {
    /// Its size as it is stored.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified_ns: u64,
}

impl InputStamp {
    /// Of a plain file; nothing else gives the same bytes twice. One that cannot be looked at is told from one that
    /// can, and as such read again.
    pub(super) fn of_file(path: &Path) -> Option<InputStamp> {
        let Ok(metadata) = path.metadata() else { return Some(InputStamp::default()) };
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified_ns = modified.map_or(0, |age| u64::try_from(age.as_nanos()).unwrap_or(u64::MAX));
        metadata.is_file().then_some(InputStamp { bytes: metadata.len(), modified_ns })
    }
}
