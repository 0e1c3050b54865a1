//! Queues.

use super::wire::{Page, QueueSettings, QueueUrl, Tags};
use crate::calls::CallError;

/// The part of SQS's control plane that a testbed needs.
///
/// # Errors
/// Of all methods: the call failed. A queue that does not exist is an error of the kind `Missing`.
pub trait QueueAdmin: Send + Sync {
    /// `ListQueues`, those whose names begin so. What was made or deleted within the last minute may be missing or
    /// listed still.
    fn queues(
        &self,
        prefix: &str,
        page: Option<&str>,
    ) -> impl Future<Output = Result<Page<QueueUrl>, CallError>> + Send;

    /// `GetQueueUrl`.
    fn queue(&self, name: &str) -> impl Future<Output = Result<QueueUrl, CallError>> + Send;

    /// `CreateQueue`, a standard queue. Of the kind `Exists` is the error if there is one with other settings; with the
    /// same ones the answer is its URL. A name that was freed within the last 60 s is an error of the kind `Conflict`.
    fn create_queue(
        &self,
        name: &str,
        settings: &QueueSettings,
        tags: &Tags,
    ) -> impl Future<Output = Result<QueueUrl, CallError>> + Send;

    /// `SetQueueAttributes`. Takes effect within a minute.
    fn set_queue(
        &self,
        queue: &QueueUrl,
        settings: &QueueSettings,
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// `ListQueueTags`.
    fn queue_tags(&self, queue: &QueueUrl) -> impl Future<Output = Result<Tags, CallError>> + Send;

    /// `DeleteQueue`, with all messages.
    fn delete_queue(&self, queue: &QueueUrl) -> impl Future<Output = Result<(), CallError>> + Send;
}
