//! What SQLite's errors mean to whoever uses the store.

use std::path::Path;

use rusqlite::ErrorCode;

use super::holder::holder_of;
use crate::tracking::{StoreError, StoreErrorKind};

/// Why something cannot be done, before it is known for which file.
#[derive(Debug)]
pub(super) enum Problem {
    Sqlite(rusqlite::Error),
    Known(StoreErrorKind),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Problem {
        Problem::Sqlite(error)
    }
}

impl From<StoreErrorKind> for Problem {
    fn from(kind: StoreErrorKind) -> Problem {
        Problem::Known(kind)
    }
}

impl Problem {
    /// The error, for the store at `path`.
    pub(super) fn at(self, path: &Path) -> StoreError {
        let kind = match self {
            Problem::Known(kind) => kind,
            Problem::Sqlite(error) => kind_of(&error, path),
        };
        StoreError::new(path.display().to_string(), kind)
    }
}

fn kind_of(error: &rusqlite::Error, path: &Path) -> StoreErrorKind {
    let problem = error.to_string();
    if !matches!(error, rusqlite::Error::SqliteFailure(..)) {
        // Nobody but us asks, so what cannot be read as what it was written is no mistake in asking.
        return StoreErrorKind::Damaged { problem };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreErrorKind::Busy { holder: holder_of(path) }
        }
        Some(ErrorCode::DiskFull) => StoreErrorKind::DiskFull,
        Some(ErrorCode::NotADatabase) => StoreErrorKind::NotAStore,
        Some(ErrorCode::DatabaseCorrupt) => StoreErrorKind::Damaged { problem },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            StoreErrorKind::CannotOpen { problem }
        }
        _ => StoreErrorKind::Failed { problem },
    }
}
