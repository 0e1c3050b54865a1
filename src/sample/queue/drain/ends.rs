//! The ends of a queue that is drained: a feed, what it is told of, and what the task holds.

use std::io::Cursor;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::holding::{DrainPlace, Holding};
use crate::sources::{Acknowledge, Again, FedInput, Feed, FeedFailure, OpenFeed, Recorded};

/// Messages that wait to be read, of at most 1 MiB each (SQS quotas).
const MESSAGES_WAITING: usize = 20;
/// How long the end of a run waits until messages are deleted, or given back.
const WITHIN: Duration = Duration::from_secs(30);

/// When messages are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleting {
    /// Once a checkpoint counts them.
    WhenRecorded,
    /// Once the next one is asked for: nobody goes on with the run.
    WhenTaken,
}

/// What the task is told.
pub(super) enum Told {
    /// All before this number are recorded.
    Recorded(u64),
    /// So is everything that the run wanted, and nothing goes on with it.
    Complete,
    /// Wants to know how many of those could not be deleted, once it was tried.
    Settle(std::sync::mpsc::Sender<usize>),
}

/// What is handed on.
pub(super) struct Handed {
    /// The number of the message; none without one.
    pub(super) number: Option<u64>,
    pub(super) input: FedInput,
}

/// The state that all ends share.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Mutex<Holding>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Holding> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of [`super::drain`].
pub struct DrainEnds {
    pub(super) queue: String,
    pub(super) holding: Shared,
    pub(super) inputs: Sender<Handed>,
    pub(super) told: UnboundedReceiver<Told>,
    pub(super) failure: FeedFailure,
    /// Cancelled by the first reader: nothing is received before, when the run may have no checkpoint yet.
    pub(super) wanted: CancellationToken,
    pub(super) stop: CancellationToken,
    pub(super) hidden_before: Duration,
    /// Dropped at the end of the task.
    pub(super) ended: std::sync::mpsc::Sender<()>,
}

impl std::fmt::Debug for DrainEnds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DrainEnds").field("queue", &self.queue).finish_non_exhaustive()
    }
}

impl DrainEnds {
    /// Where it is noted that the queue cannot be read on.
    pub fn failure(&self) -> FeedFailure {
        self.failure.clone()
    }

    /// While it is there, the end of the run waits for a while.
    pub fn guard(&self) -> impl Sized + use<> {
        self.ended.clone()
    }

    /// Cancelled once the run is over, or the queue cannot be read on.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }
}

/// The messages of a queue, each an input of its own called by the name of the queue and its id.
pub struct Drained {
    inputs: Receiver<Handed>,
    holding: Shared,
    wanted: CancellationToken,
    /// Where to say that messages were taken.
    taken: Option<UnboundedSender<Told>>,
}

impl Feed for Drained {
    fn next(&mut self) -> Option<FedInput> {
        self.wanted.cancel();
        let handed = self.inputs.blocking_recv()?;
        Some(self.take(handed))
    }
}

impl Drained {
    /// Waits for the next message; for drivers that do not block.
    pub async fn wait(&mut self) -> Option<FedInput> {
        self.wanted.cancel();
        let handed = self.inputs.recv().await?;
        Some(self.take(handed))
    }

    fn take(&self, handed: Handed) -> FedInput {
        if let Some(number) = handed.number {
            self.holding.lock().taken(number);
            self.taken.iter().for_each(|taken| drop(taken.send(Told::Recorded(number))));
        }
        handed.input
    }
}

impl std::fmt::Debug for Drained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drained").finish_non_exhaustive()
    }
}

struct Acknowledged {
    holding: Shared,
    told: UnboundedSender<Told>,
    stop: CancellationToken,
    ended: std::sync::mpsc::Receiver<()>,
}

impl Acknowledge for Acknowledged {
    fn durable(&mut self, recorded: Recorded<'_>) -> String {
        let holding = self.holding.lock();
        holding.durable(holding.end_of(recorded)).text()
    }

    fn recorded(&mut self, recorded: Recorded<'_>) {
        let end = self.holding.lock().end_of(recorded);
        // Nobody listens any more after a failure; then messages come again.
        let _ = self.told.send(Told::Recorded(end));
    }

    fn settle(&mut self) -> usize {
        let (answer, answered) = std::sync::mpsc::channel();
        let _ = self.told.send(Told::Settle(answer));
        answered.recv_timeout(WITHIN).unwrap_or_else(|_| self.holding.lock().undeleted())
    }

    fn complete(&mut self) {
        let _ = self.told.send(Told::Complete);
    }

    fn finish(self: Box<Self>) {
        let Acknowledged { told, stop, ended, .. } = *self;
        stop.cancel();
        drop(told);
        // It never says a word.
        while !matches!(
            ended.recv_timeout(WITHIN),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
        ) {}
    }
}

/// A feed of the messages of a queue, which goes on behind the messages that `before` names, and the end that
/// [`super::drain`] needs. Messages are called `name/message-id`, and hidden for `visibility`.
pub fn joined_feed(
    name: &str,
    before: DrainPlace,
    visibility: Duration,
    deleting: Deleting,
) -> (OpenFeed, DrainEnds) {
    let (feed, acknowledge, ends) = joined_parts(name, before, visibility, deleting);
    let failure = ends.failure.clone();
    (OpenFeed { feed: Box::new(feed), failure, acknowledge: Some(acknowledge) }, ends)
}

/// The same in its parts.
pub fn joined_parts(
    name: &str,
    before: DrainPlace,
    visibility: Duration,
    deleting: Deleting,
) -> (Drained, Box<dyn Acknowledge>, DrainEnds) {
    let hidden_before = Duration::from_secs(before.hidden_s);
    let now = DrainPlace { hidden_s: visibility.as_secs(), ..before };
    let holding = Shared(Arc::new(Mutex::new(Holding::new(now))));
    let (inputs, received) = channel(MESSAGES_WAITING);
    let (tell, told) = unbounded_channel();
    let (ended, has_ended) = std::sync::mpsc::channel();
    let (wanted, stop) = (CancellationToken::new(), CancellationToken::new());
    let taken = (deleting == Deleting::WhenTaken).then(|| tell.clone());
    let feed = Drained { inputs: received, holding: holding.clone(), wanted: wanted.clone(), taken };
    let acknowledge =
        Acknowledged { holding: holding.clone(), told: tell, stop: stop.clone(), ended: has_ended };
    let ends = DrainEnds {
        queue: name.to_owned(),
        holding,
        inputs,
        told,
        failure: FeedFailure::default(),
        wanted,
        stop,
        hidden_before,
        ended,
    };
    (feed, Box::new(acknowledge), ends)
}

/// The input that a message is.
pub(super) fn message_input(queue: &str, id: &str, number: u64, body: String) -> Handed {
    let input = FedInput {
        name: format!("{queue}/{id}").into(),
        place: (number + 1).to_string(),
        again: Again::Never,
        first_line: 1,
        content: Ok(Box::new(Cursor::new(body.into_bytes()))),
    };
    Handed { number: Some(number), input }
}

/// An input without content behind the message `end`: a batch that ends there lets the run write a checkpoint.
pub(super) fn pause_input(queue: &str, end: u64) -> Handed {
    let input = FedInput {
        name: queue.into(),
        place: end.to_string(),
        again: Again::Never,
        first_line: 1,
        content: Ok(Box::new(std::io::empty())),
    };
    Handed { number: None, input }
}
