//! Receives, hands on, extends and deletes.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::{sleep, timeout};

use super::events::WorkEnds;
use super::port::{Received, WorkQueue};
use super::set_aside::SetAsideSink;
use super::shift::{Shift, WorkSettings};
use crate::calls::{CallError, CallGroup, CallPolicy, CallSettings};
use crate::probe::{Deleted, ReceiptHandle};

const RECEIVE: &str = "ReceiveMessage";
const DELETE: &str = "DeleteMessageBatch";
const EXTEND: &str = "ChangeMessageVisibilityBatch";

/// Messages of one call that deletes or extends. Source: SQS API Reference, `DeleteMessageBatch`.
const BATCH_MAX: usize = 10;
/// How often it is looked whether the run was ended.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(50);
/// Calls in a row that find nothing until a queue is held for empty: one may come too early for what was just sent.
const EMPTY_CALLS: u32 = 2;
/// What deleting may take once the run ends; what is not deleted by then comes again.
const DELETE_WITHIN: Duration = Duration::from_secs(20);

/// Settings of calls to SQS: long polls take up to 20 seconds, and nothing limits a queue's calls.
pub fn sqs_calls() -> CallSettings {
    let polls = CallGroup {
        operations: &[RECEIVE],
        calls_per_second: None,
        timeout: CallGroup::TIMEOUT + Duration::from_secs(20),
    };
    CallSettings { groups: vec![polls], ..CallSettings::of_service("SQS") }
}

/// Events that are to be judged, each with the id of its message.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Counts from 0; recorded deliveries are told by it.
    pub number: u64,
    /// At least one.
    pub events: Vec<(String, Vec<u8>)>,
}

/// Why work on a queue could not go on. What was not recorded and deleted is in the queue.
#[derive(Debug, Error)]
pub enum WorkFailure {
    /// The service fails.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Messages cannot be set aside.
    #[error(transparent)]
    SetAside(#[from] io::Error),
}

/// Works on `queue` until `stop` is set, it is found empty (if that was asked for), or calls fail for good: then closes
/// its end of the events, and ends once the other one is closed too and what was recorded is deleted.
///
/// # Errors
/// The first failure; everything that was recorded was tried to be deleted all the same.
pub async fn work<Q: WorkQueue>(
    queue: &Q,
    policy: &CallPolicy,
    settings: &WorkSettings,
    shift: Shift,
    aside: &mut impl SetAsideSink,
    ends: WorkEnds,
    stop: &AtomicBool,
) -> Result<(), WorkFailure> {
    let worker = Worker {
        queue,
        policy,
        settings,
        shift: RefCell::new(shift),
        stop,
        failed: RefCell::default(),
        ending: Cell::new(false),
    };
    let WorkEnds { deliveries, recorded } = ends;
    let both =
        async { tokio::join!(worker.receive_all(aside, deliveries), worker.delete_recorded(recorded)) };
    let never = tokio::select! {
        _ = both => None,
        never = worker.extend_held() => Some(never),
    };
    match (never, worker.failed.into_inner()) {
        (Some(never), _) => match never {},
        (None, Some(failure)) => Err(failure),
        (None, None) => Ok(()),
    }
}

struct Worker<'w, Q> {
    queue: &'w Q,
    policy: &'w CallPolicy,
    settings: &'w WorkSettings,
    shift: RefCell<Shift>,
    stop: &'w AtomicBool,
    failed: RefCell<Option<WorkFailure>>,
    /// No more is received.
    ending: Cell<bool>,
}

impl<Q: WorkQueue> Worker<'_, Q> {
    async fn receive_all(&self, aside: &mut impl SetAsideSink, deliveries: Sender<Delivery>) {
        let mut empty = 0;
        while empty < EMPTY_CALLS || !self.settings.until_empty {
            // There is room before there are messages, so that none waits here longer than it has to.
            let room = tokio::select! {
                room = deliveries.reserve() => room,
                () = self.stopped() => break,
            };
            let Ok(room) = room else { break };
            let receive = self
                .policy
                .call(RECEIVE, || self.queue.receive(self.settings.wait, self.settings.visibility));
            let received = tokio::select! {
                received = receive => received,
                () = self.stopped() => break,
            };
            match received {
                Ok(received) if received.is_empty() => empty += 1,
                Ok(received) => {
                    empty = 0;
                    match self.take(received, aside).await {
                        Ok(Some(delivery)) => room.send(delivery),
                        Ok(None) => {}
                        Err(failure) => self.fail(failure),
                    }
                }
                Err(failure) => self.fail(failure.into()),
            }
        }
        self.ending.set(true);
    }

    /// Sets aside and deletes what is not to be judged; what is.
    async fn take(
        &self,
        received: Vec<Received>,
        aside: &mut impl SetAsideSink,
    ) -> Result<Option<Delivery>, WorkFailure> {
        let (number, sorted) = self.shift.borrow_mut().sort(received, self.settings);
        let mut done = sorted.done;
        if !sorted.aside.is_empty() {
            aside.keep(&sorted.aside)?;
            self.shift.borrow_mut().set_aside(&sorted.aside);
            done.extend(sorted.aside_receipts);
        }
        if !done.is_empty() {
            self.delete(&done).await?;
        }
        Ok((!sorted.events.is_empty()).then_some(Delivery { number, events: sorted.events }))
    }

    async fn delete_recorded(&self, mut recorded: UnboundedReceiver<u64>) {
        while let Some(number) = recorded.recv().await {
            let receipts = self.shift.borrow_mut().recorded(number);
            if let Err(failure) = self.delete(&receipts).await {
                self.fail(failure.into());
            }
        }
    }

    /// What cannot be deleted comes again, and is recognised then.
    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<(), CallError> {
        for receipts in receipts.chunks(BATCH_MAX) {
            let call = self.policy.call(DELETE, || self.queue.delete(receipts));
            let answers = if self.ending.get() {
                match timeout(DELETE_WITHIN, call).await {
                    Ok(answers) => answers?,
                    Err(_) => return Ok(()),
                }
            } else {
                call.await?
            };
            let throttled =
                |answer: &Deleted| matches!(answer, Deleted::Failed { code } if code.contains("Throttl"));
            if answers.iter().any(throttled) {
                self.policy.throttled(DELETE);
            }
        }
        Ok(())
    }

    /// A message whose visibility could not be extended comes again, and is recognised by its id.
    async fn extend_held(&self) -> Infallible {
        loop {
            sleep(self.settings.visibility / 3).await;
            let held = self.shift.borrow().held();
            for receipts in held.chunks(BATCH_MAX) {
                let visibility = self.settings.visibility;
                let _ = self.policy.call(EXTEND, || self.queue.extend(receipts, visibility)).await;
            }
        }
    }

    fn fail(&self, failure: WorkFailure) {
        self.failed.borrow_mut().get_or_insert(failure);
    }

    async fn stopped(&self) {
        while !self.stop.load(Ordering::Relaxed) && self.failed.borrow().is_none() {
            sleep(STOP_CHECK_INTERVAL).await;
        }
    }
}
