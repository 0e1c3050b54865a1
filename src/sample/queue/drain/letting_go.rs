//! Deletes what is recorded, keeps hidden what is worked on, and gives back the rest.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep};

use super::ends::Told;
use super::task::{DrainEnd, Drainer, HELD_MAX, MESSAGES_MAX};
use crate::calls::{CallError, CallErrorKind, Effect};
use crate::probe::{Deleted, ReceiptHandle};
use crate::sample::queue::WorkQueue;

const DELETE: &str = "DeleteMessageBatch";
const EXTEND: &str = "ChangeMessageVisibilityBatch";

/// Tries to delete a message by one receipt. Later it comes again, with another one.
const DELETE_TRIES: u32 = 3;

impl<Q: WorkQueue> Drainer<'_, Q> {
    pub(super) async fn delete_recorded(&self, mut told: UnboundedReceiver<Told>) {
        while let Some(told) = told.recv().await {
            match told {
                Told::Recorded(end) => {
                    self.end.set(DrainEnd::Interrupted);
                    let recorded = self.holding.lock().recorded(end);
                    if let Err(error) = self.delete(recorded).await {
                        self.fail(&error);
                    }
                }
                Told::Complete => self.end.set(DrainEnd::Complete),
                // Whoever asked may have waited long enough.
                Told::Settle(answer) => drop(answer.send(self.holding.lock().undeleted())),
            }
        }
    }

    /// What cannot be deleted comes again, and is recognised then.
    pub(super) async fn delete(&self, mut left: Vec<(String, ReceiptHandle)>) -> Result<(), CallError> {
        for _ in 0..DELETE_TRIES {
            let mut undeleted = Vec::new();
            for some in left.chunks(MESSAGES_MAX) {
                if self.failure.get().is_some() {
                    return Ok(());
                }
                let receipts: Vec<ReceiptHandle> = some.iter().map(|(_, receipt)| receipt.clone()).collect();
                let answers = self.policy.call(DELETE, || self.queue.delete(&receipts)).await?;
                for (message, answer) in some.iter().zip(answers) {
                    match answer {
                        Deleted::Done => self.holding.lock().deleted(&message.0),
                        Deleted::Failed { code } => {
                            if code.contains("Throttl") {
                                self.policy.throttled(DELETE);
                            }
                            undeleted.push(message.clone());
                        }
                    }
                }
            }
            left = undeleted;
            if left.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Deletes what was to be deleted before, where that is what keeps messages from being received: what comes again is
    /// deleted then, but nothing comes again while nothing is received.
    ///
    /// # Errors
    /// It cannot be deleted, and so nothing would ever be received.
    pub(super) async fn delete_again(&self) -> Result<(), CallError> {
        let left = self.holding.lock().undeleted_receipts();
        if left.len() < HELD_MAX {
            return Ok(());
        }
        self.delete(left).await?;
        let left = self.holding.lock().undeleted();
        if left < HELD_MAX {
            return Ok(());
        }
        Err(CallError {
            service: "SQS",
            operation: DELETE,
            code: "Undeleted".to_owned(),
            message: format!("{left} messages that are recorded cannot be deleted, so no more are received"),
            kind: CallErrorKind::Unavailable,
            effect: Effect::Unknown,
        })
    }

    /// A message whose visibility could not be extended comes again, and is recognised by its id.
    pub(super) async fn extend_held(&self) -> Infallible {
        loop {
            sleep(self.settings.visibility / 6).await;
            let due = self.holding.lock().hidden_for(self.settings.visibility / 3, Instant::now());
            self.set_visibility(&due, self.settings.visibility).await;
        }
    }

    /// Lets others have at once what nobody works on any more.
    pub(super) async fn give_back(&self) {
        let back = self.holding.lock().give_back();
        self.set_visibility(&back, Duration::ZERO).await;
    }

    async fn set_visibility(&self, receipts: &[ReceiptHandle], visibility: Duration) {
        for receipts in receipts.chunks(MESSAGES_MAX) {
            let _ = self.policy.call(EXTEND, || self.queue.extend(receipts, visibility)).await;
        }
    }

    pub(super) fn fail(&self, error: &CallError) {
        self.failure.note(error.told());
        self.stop.cancel();
    }
}
