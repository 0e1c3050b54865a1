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
        match &self.kind {
            StoreErrorKind::UnreadableRecord { .. } => {
                Some("go on with the version of ruleproof that began the run, or begin a new run".to_owned())
            }
            StoreErrorKind::ToldToFail => None,
        }
    }
}
