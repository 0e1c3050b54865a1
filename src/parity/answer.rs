//! What AWS says of a pair.

use xxhash_rust::xxh3::xxh3_64;

use crate::calls::{CallError, CallErrorKind};
use crate::conform::Expected;

/// The code of a pattern that AWS refuses (recorded).
const INVALID_PATTERN: &str = "InvalidEventPatternException";

/// An answer, and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What AWS says.
    pub says: Expected,
    /// Whether it was asked just now.
    pub asked: Asked,
}

/// The name of the case of a rule (or of what else has the pattern) and an event.
pub fn case_id(rule: &str, pattern: &str, event: &str) -> String {
    let hash = xxh3_64(format!("{pattern}\n{event}").as_bytes());
    format!("{rule}-{hash:016x}")
}

/// Where an answer is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// AWS was asked.
    Now,
    /// It was recorded, or the same pair came before.
    Before,
}

/// A refusal of the pattern or the event is an answer too; any other error is none.
pub(super) fn said(answer: Result<bool, CallError>) -> Result<Expected, CallError> {
    match answer {
        Ok(true) => Ok(Expected::Match),
        Ok(false) => Ok(Expected::NoMatch),
        Err(error) if error.kind == CallErrorKind::Invalid && error.code == INVALID_PATTERN => {
            Ok(Expected::InvalidPattern)
        }
        Err(error) if error.kind == CallErrorKind::Invalid && error.message.contains("Parameter Event") => {
            Ok(Expected::InvalidEvent)
        }
        Err(error) => Err(error),
    }
}
