//! What a run needs of AWS.
//!
//! Every method is one call, tried once: rate limits, timeouts, retries and the breaker are [`crate::calls`]' part and
//! are put around these calls by the run, so that what is tested in simulation is what runs.

use std::time::Duration;

use super::wire::{Deleted, Entry, EntryAnswer, Message, ReceiptHandle};
use crate::calls::CallError;

/// The bus that events are put on.
pub trait EventBus: Send + Sync {
    /// `PutEvents` with these entries, at most ten and within the limit on their bytes, to the bus that this value
    /// stands for.
    ///
    /// The answers are those of the entries, in their order and number. An entry that was taken reaches each rule that
    /// matches it at least once, in no order. Not idempotent: the same entry again is another event with another id.
    ///
    /// # Errors
    /// The call failed as a whole. Whether entries were taken all the same is what the error says of its effect.
    fn put_events(
        &self,
        entries: &[Entry],
    ) -> impl Future<Output = Result<Vec<EntryAnswer>, CallError>> + Send;
}

/// A standard queue of the testbed.
pub trait Queue: Send + Sync {
    /// `ReceiveMessage` for at most ten messages, with all system and message attributes; waits until there is one,
    /// but no longer than `wait` (20 s at most).
    ///
    /// At least once and in no order: a message that is not deleted in its visibility timeout comes again under the
    /// same id with another receipt handle, and now and then one comes again although it was deleted. Dropping the
    /// future loses nothing but time: what was handed out comes again.
    ///
    /// # Errors
    /// The call failed. Messages may have been handed out; they come again.
    fn receive(&self, wait: Duration) -> impl Future<Output = Result<Vec<Message>, CallError>> + Send;

    /// `DeleteMessageBatch` of at most ten messages. Idempotent.
    ///
    /// The answers are in the order of `receipts`. What was not deleted comes again.
    ///
    /// # Errors
    /// The call failed as a whole; any of the messages may be deleted.
    fn delete(
        &self,
        receipts: &[ReceiptHandle],
    ) -> impl Future<Output = Result<Vec<Deleted>, CallError>> + Send;
}

/// AWS's own answer to whether a pattern matches an event.
pub trait PatternTester: Send + Sync {
    /// `TestEventPattern`. Reads only; may be repeated.
    ///
    /// # Errors
    /// The call failed. A pattern or an event that AWS refuses is an error of the kind `Invalid`.
    fn test(&self, pattern: &str, event: &str) -> impl Future<Output = Result<bool, CallError>> + Send;
}
