//! What is needed of a queue.

use std::time::Duration;

use crate::calls::CallError;

/// What a received message is deleted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

/// A message that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// The same whenever the message comes.
    pub id: String,
    /// Of this time.
    pub receipt: Receipt,
    /// Its text.
    pub body: String,
    /// How often it was received, as far as the queue knows.
    pub received: u32,
}

/// A queue. Calls wait for their answers; each is made once by whoever implements this, with retries of its own.
pub trait EventQueue: Send + Sync {
    /// At most ten messages; waits until there is one, but no longer than `wait`.
    ///
    /// At least once and in no order: a message that is not deleted within its visibility timeout comes again.
    ///
    /// # Errors
    /// The call failed.
    fn receive(&self, wait: Duration) -> Result<Vec<QueueMessage>, CallError>;

    /// Deletes messages. Idempotent; what was not deleted comes again.
    ///
    /// # Errors
    /// The call failed; any of the messages may be deleted.
    fn delete(&self, receipts: &[Receipt]) -> Result<(), CallError>;

    /// Hides messages for `visibility` from now on.
    ///
    /// # Errors
    /// The call failed.
    fn extend(&self, receipts: &[Receipt], visibility: Duration) -> Result<(), CallError>;
}
