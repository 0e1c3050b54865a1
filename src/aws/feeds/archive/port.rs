//! What is needed of archives and replays.

use std::time::SystemTime;

use crate::calls::CallError;

/// An archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundArchive {
    pub(super) arn: String,
    /// The bus whose events it keeps.
    pub(super) bus_arn: String,
    pub(super) made_at: Option<SystemTime>,
}

/// A replay to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewReplay<'a> {
    pub(super) name: &'a str,
    pub(super) archive_arn: &'a str,
    pub(super) bus_arn: &'a str,
    /// The only rule that gets events.
    pub(super) rule_arn: &'a str,
    /// The first and the last second of events' times.
    pub(super) first_s: i64,
    pub(super) last_s: i64,
}

/// How far a replay is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReplayProgress {
    Running,
    Complete,
    /// It failed or was cancelled, for this reason.
    Failed(String),
}

/// The part of EventBridge that replays archives. Each method is one call, tried once.
///
/// # Errors
/// Of all methods: the call failed. An archive or a replay that does not exist is an error of the kind `Missing`.
pub(super) trait Replays {
    /// `DescribeArchive`.
    async fn archive(&self, name: &str) -> Result<FoundArchive, CallError>;

    /// `StartReplay`. Of the kind `Exists` is the error if there is one of this name.
    async fn start(&self, replay: &NewReplay<'_>) -> Result<(), CallError>;

    /// `DescribeReplay`.
    async fn progress(&self, name: &str) -> Result<ReplayProgress, CallError>;

    /// `CancelReplay`.
    async fn cancel(&self, name: &str) -> Result<(), CallError>;
}
