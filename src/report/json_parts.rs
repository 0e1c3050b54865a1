//! What summaries of several commands say in the same words of JSON.

use serde::Serialize;

use super::summary::{ErrorExample, SkipCount, TargetFailureCount};

/// A kind of error.
#[derive(Serialize)]
pub(super) struct ErrorJson<'s> {
    code: &'static str,
    count: u64,
    first_at: &'s str,
    reason: &'s str,
}

impl<'s> From<&'s ErrorExample> for ErrorJson<'s> {
    fn from(error: &'s ErrorExample) -> Self {
        ErrorJson {
            code: error.code.as_str(),
            count: error.count,
            first_at: &error.place,
            reason: &error.reason,
        }
    }
}

/// What a target did not get.
#[derive(Serialize)]
pub(super) struct TargetFailureJson<'s> {
    rule: &'s str,
    target: &'s str,
    code: &'static str,
    count: u64,
    first_at: &'s str,
}

impl<'s> From<&'s TargetFailureCount> for TargetFailureJson<'s> {
    fn from(failure: &'s TargetFailureCount) -> Self {
        TargetFailureJson {
            rule: &failure.rule,
            target: &failure.target,
            code: failure.code.as_str(),
            count: failure.count,
            first_at: &failure.place,
        }
    }
}

/// Documents that are no events.
#[derive(Serialize)]
pub(super) struct SkipJson<'s> {
    reason: &'s str,
    count: u64,
}

impl<'s> From<&'s SkipCount> for SkipJson<'s> {
    fn from(skip: &'s SkipCount) -> Self {
        SkipJson { reason: &skip.reason, count: skip.count }
    }
}
