//! Receives and hands on, until the queue is empty.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::mpsc::{Permit, Sender};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ends::{DrainEnds, Handed, Shared, message_input, pause_input};
use super::holding::Arrived;
use crate::calls::{CallError, CallPolicy};
use crate::probe::ReceiptHandle;
use crate::sample::queue::{Received, WorkQueue};
use crate::sources::FeedFailure;

const RECEIVE: &str = "ReceiveMessage";

/// Messages of one call. Source: SQS API Reference, `ReceiveMessage`.
pub(super) const MESSAGES_MAX: usize = 10;
/// Messages that are handed on and not deleted. SQS hides 20,000 of a FIFO queue and 120,000 of another one (SQS quotas),
/// and each stands in the checkpoint.
pub(super) const HELD_MAX: usize = 10_000;
/// How long to wait until some of them are recorded, for which the run gets a place for a checkpoint.
const PAUSE: Duration = Duration::from_millis(200);
/// How much longer than it waits the last call may take.
const LAST_RECEIVE_WITHIN: Duration = Duration::from_secs(1);
/// What giving back may take.
const GIVE_BACK_WITHIN: Duration = Duration::from_secs(10);

/// How a queue is drained.
#[derive(Debug, Clone)]
pub struct DrainSettings {
    /// How long one call waits for messages.
    pub wait: Duration,
    /// How long a message is hidden; extended while it is worked on.
    pub visibility: Duration,
    /// Calls in a row that find nothing until the queue is held for empty.
    pub empty_calls: u32,
}

/// How a queue was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrainEnd {
    /// Everything that the run wanted is recorded.
    Complete,
    /// It is not, or the run records nothing.
    Interrupted,
    /// No checkpoint was ever written, so nothing goes on with the run.
    NotBegun,
}

/// Drains `queue` until it is found empty and `may_end` says that nothing more comes, or the run is over, or calls fail
/// for good, which is noted. Then waits until the run is over, deletes what is recorded by then, and gives back the rest.
pub async fn drain<Q: WorkQueue>(
    queue: &Q,
    policy: &CallPolicy,
    settings: &DrainSettings,
    ends: DrainEnds,
    may_end: &Cell<bool>,
) -> DrainEnd {
    let DrainEnds {
        queue: name,
        holding,
        inputs,
        told,
        failure,
        wanted,
        stop,
        hidden_before,
        ended: _until_here,
    } = ends;
    let is_first_in_first_out = name.ends_with(".fifo");
    let drainer = Drainer {
        queue,
        policy,
        settings,
        name,
        holding,
        failure,
        stop,
        is_first_in_first_out,
        // What an earlier run had hidden.
        quiet_until: Cell::new(Instant::now() + hidden_before),
        may_end,
        end: Cell::new(DrainEnd::NotBegun),
    };
    let both = async { tokio::join!(drainer.receive_all(inputs, wanted), drainer.delete_recorded(told)) };
    tokio::select! {
        _ = both => {}
        never = drainer.extend_held() => match never {},
    }
    let _ = timeout(GIVE_BACK_WITHIN, drainer.give_back()).await;
    drainer.end.get()
}

pub(super) struct Drainer<'d, Q> {
    pub(super) queue: &'d Q,
    pub(super) policy: &'d CallPolicy,
    pub(super) settings: &'d DrainSettings,
    name: String,
    pub(super) holding: Shared,
    pub(super) failure: FeedFailure,
    pub(super) stop: CancellationToken,
    /// While a message of a group is hidden, so is what comes behind it.
    is_first_in_first_out: bool,
    /// Until then, messages may be hidden that are in no checkpoint and that nobody works on.
    quiet_until: Cell<Instant>,
    may_end: &'d Cell<bool>,
    /// How the queue would be left now.
    pub(super) end: Cell<DrainEnd>,
}

impl<Q: WorkQueue> Drainer<'_, Q> {
    async fn receive_all(&self, inputs: Sender<Handed>, wanted: CancellationToken) {
        tokio::select! {
            () = wanted.cancelled() => {}
            () = self.stop.cancelled() => return,
            () = inputs.closed() => return,
        }
        let mut empty = 0;
        loop {
            // There is room before there are messages, so that none waits here longer than it has to.
            let room = tokio::select! {
                room = inputs.reserve_many(MESSAGES_MAX) => room,
                () = self.stop.cancelled() => return,
            };
            let Ok(mut room) = room else { return };
            if self.held() >= HELD_MAX {
                if let Err(error) = self.delete_again().await {
                    return self.fail(&error);
                }
                self.pause(&mut room);
                sleep(PAUSE).await;
                continue;
            }
            // Answers from before do not say that nothing comes any more.
            if !self.may_end.get() {
                empty = 0;
            }
            let receive = pin!(self.receive());
            let over = async {
                tokio::select! { () = self.stop.cancelled() => {}, () = inputs.closed() => {} }
            };
            let received = match select(receive, pin!(over)).await {
                Either::Left((received, _)) => received,
                Either::Right((_, receive)) => return self.last(receive).await,
            };
            match received {
                Ok(received) if received.is_empty() => {
                    empty += 1;
                    self.pause(&mut room);
                    if empty >= self.settings.empty_calls && self.is_empty() {
                        return;
                    }
                }
                Ok(received) => {
                    empty = 0;
                    let again = self.hand_on(received, &mut room);
                    if let Err(error) = self.delete(again).await {
                        return self.fail(&error);
                    }
                }
                Err(error) => return self.fail(&error),
            }
        }
    }

    /// What is handed out just when the run is over is given back with the rest.
    async fn last(&self, receive: impl Future<Output = Result<Vec<Received>, CallError>>) {
        if let Ok(Ok(received)) = timeout(self.settings.wait + LAST_RECEIVE_WITHIN, receive).await {
            self.hand_on(received, &mut std::iter::empty());
        }
    }

    async fn receive(&self) -> Result<Vec<Received>, CallError> {
        let tries = Cell::new(0);
        let once = || {
            tries.set(tries.get() + 1);
            self.queue.receive(self.settings.wait, self.settings.visibility)
        };
        let received = self.policy.call(RECEIVE, once).await;
        if tries.get() > 1 {
            // Messages may have been handed out by a call whose answer was lost.
            self.quiet_until.set(Instant::now() + self.settings.visibility);
        }
        received
    }

    /// Hands on what is new; what is to be deleted, as it is recorded.
    fn hand_on<'r>(
        &self,
        received: Vec<Received>,
        room: &mut impl Iterator<Item = Permit<'r, Handed>>,
    ) -> Vec<(String, ReceiptHandle)> {
        let (mut again, now) = (Vec::new(), Instant::now());
        for Received { message, .. } in received.into_iter().take(MESSAGES_MAX) {
            let (id, receipt) = (message.id.0, message.receipt);
            let arrived = self.holding.lock().arrived(&id, &receipt, now);
            match arrived {
                Arrived::Held => {}
                Arrived::Recorded => again.push((id, receipt)),
                Arrived::New(number) => {
                    if let Some(room) = room.next() {
                        room.send(message_input(&self.name, &id, number, message.body));
                    }
                }
            }
        }
        again
    }

    fn held(&self) -> usize {
        let holding = self.holding.lock();
        holding.unrecorded() + holding.undeleted()
    }

    /// Lets the run write a checkpoint although no message comes.
    fn pause<'r>(&self, room: &mut impl Iterator<Item = Permit<'r, Handed>>) {
        let end = {
            let holding = self.holding.lock();
            (holding.unrecorded() > 0).then(|| holding.handed_on())
        };
        let Some((end, room)) = end.zip(room.next()) else { return };
        room.send(pause_input(&self.name, end));
    }

    fn is_empty(&self) -> bool {
        let nothing_behind = !self.is_first_in_first_out || self.held() == 0;
        self.may_end.get() && nothing_behind && Instant::now() >= self.quiet_until.get()
    }
}
