//! What is needed of a queue.

use std::time::Duration;

use crate::calls::CallError;
use crate::probe::{Deleted, Message, ReceiptHandle};

/// A message that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// How often it was received, this time included: `ApproximateReceiveCount`.
    pub receives: u32,
}

/// A queue that is worked on. Every method is one call, tried once, as those of [`crate::probe::Queue`].
pub trait WorkQueue {
    /// `ReceiveMessage` for at most ten messages, which are hidden for `visibility`; waits until there is one, but no
    /// longer than `wait` (20 s at most).
    ///
    /// # Errors
    /// The call failed. Messages may have been handed out; they come again.
    fn receive(
        &self,
        wait: Duration,
        visibility: Duration,
    ) -> impl Future<Output = Result<Vec<Received>, CallError>>;

    /// `DeleteMessageBatch` of at most ten messages. Idempotent; the answers are in the order of `receipts`.
    ///
    /// # Errors
    /// The call failed as a whole; any of the messages may be deleted.
    fn delete(&self, receipts: &[ReceiptHandle]) -> impl Future<Output = Result<Vec<Deleted>, CallError>>;

    /// `ChangeMessageVisibilityBatch` of at most ten messages, which are hidden for `visibility` from now on. What
    /// cannot be extended comes again.
    ///
    /// # Errors
    /// The call failed as a whole.
    fn extend(
        &self,
        receipts: &[ReceiptHandle],
        visibility: Duration,
    ) -> impl Future<Output = Result<(), CallError>>;
}
