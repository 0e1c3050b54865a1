//! Why a store did not do what it was asked.

/// What went wrong, and at which file, table or record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tracking store, {place}: {kind}")]
pub struct StoreError {
    /// The file, the table, or the record.
    pub place: String,
    /// What went wrong there.
    pub kind: StoreErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// A record is not what its reader takes it for.
    #[error("the record cannot be used: {problem}")]
    UnreadableRecord {
        /// Why not.
        problem: String,
    },
    /// The file cannot be opened or made.
    #[error("cannot be opened: {problem}")]
    CannotOpen {
        /// Why not.
        problem: String,
    },
    /// The file is no tracking store.
    #[error("is no tracking store of ruleproof")]
    NotAStore,
    /// Another version of this program made the file.
    #[error("has version {found}; this ruleproof knows version {known}")]
    OtherVersion {
        /// The version of the file.
        found: i64,
        /// The version that can be read and written.
        known: i64,
    },
    /// Another program writes, and has not come to an end in time.
    #[error("is locked by {}", holder.as_deref().unwrap_or("another program"))]
    Busy {
        /// Which one, if that is known.
        holder: Option<String>,
    },
    /// There is no room left.
    #[error("the disk is full")]
    DiskFull,
    /// The file does not hold together.
    #[error("is damaged: {problem}")]
    Damaged {
        /// What was found.
        problem: String,
    },
    /// The disk or the database refuses.
    #[error("{problem}")]
    Failed {
        /// In its own words.
        problem: String,
    },
    /// The service that keeps the store refuses, or does not answer.
    #[error("{problem}")]
    BackEnd {
        /// What it says, or what is known.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// The part of this program that keeps the store has ended.
    #[error("is not kept any more, after an error inside ruleproof")]
    Stopped,
    /// A double was told to fail.
    #[error("told to fail")]
    ToldToFail,
}

impl StoreError {
    /// The error `kind` at `place`.
    pub fn new(place: impl Into<String>, kind: StoreErrorKind) -> StoreError {
        StoreError { place: place.into(), kind }
    }

    /// What to do about it, where something is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match &self.kind {
            StoreErrorKind::UnreadableRecord { .. } => {
                "go on with the version of ruleproof that began the run, or begin a new run"
            }
            StoreErrorKind::CannotOpen { .. } => {
                "name a file in a directory on a local disk where you may write"
            }
            StoreErrorKind::NotAStore => "name another file; this one was left as it is",
            StoreErrorKind::OtherVersion { found, known } if found > known => {
                "use a newer ruleproof, or name another file; this one was left as it is"
            }
            StoreErrorKind::OtherVersion { .. } => {
                "use the ruleproof that made it, or name another file; this one was left as it is"
            }
            StoreErrorKind::Busy { .. } => "let it finish or end it, or name another file",
            StoreErrorKind::DiskFull => "make room and redrive the run; what was told durable is there",
            StoreErrorKind::Damaged { .. } => {
                "copy what can be read into a new file with `sqlite3 FILE .recover | sqlite3 NEW`"
            }
            StoreErrorKind::BackEnd { hint, .. } => return hint.clone(),
            StoreErrorKind::Failed { .. } | StoreErrorKind::Stopped | StoreErrorKind::ToldToFail => {
                return None;
            }
        };
        Some(hint.to_owned())
    }
}
