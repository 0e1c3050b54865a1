//! Receives the messages of one queue.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::drain::{Answered, ReceiverId};
use super::end::Failed;
use super::recorder::Recorder;
use super::retries::persistently;
use super::shared::Shared;
use crate::calls::{CallError, Effect};
use crate::probe::moment::Moment;
use crate::probe::{Destination, Message, Queue, ReceiptHandle};

/// Messages of a full answer.
const MESSAGES_MAX: usize = 10;

/// How much longer than it waits for messages the last call may take.
const LAST_RECEIVE: Duration = Duration::from_secs(1);

/// Reports on their way. What does not fit is not needed: then receivers enough have said the same.
const REPORTS_MAX: usize = 64;

/// What a receiver found, for the one that decides how many there are.
enum Report {
    /// A full answer: there may be more than one receiver can carry.
    Full,
    /// It has ended, as there was nothing for it.
    Idle,
}

/// Receives until `stop`. There is one receiver at least; each full answer starts another, and one that waited in vain
/// ends if it is not the first. So a queue costs one long poll while it is quiet, and keeps up when it is not.
pub(super) async fn collect<K: Backend>(shared: Arc<Shared<K>>, queue: Destination, stop: CancellationToken) {
    let (reports, mut reported) = mpsc::channel(REPORTS_MAX);
    let mut receivers = JoinSet::new();
    let receiver = |is_first| Receiver {
        id: shared.drains().started(queue),
        shared: Arc::clone(&shared),
        queue,
        stop: stop.clone(),
        reports: reports.clone(),
        is_first,
    };
    receivers.spawn(receiver(true).run());
    let mut count = 1;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            report = reported.recv() => match report {
                Some(Report::Full) if count < shared.options.receivers_max => {
                    receivers.spawn(receiver(false).run());
                    count += 1;
                }
                Some(Report::Idle) => count -= 1,
                Some(Report::Full) => {}
                None => break,
            },
        }
        while let Some(ended) = receivers.try_join_next() {
            if let Err(error) = ended {
                shared.fail(Failed::Broken(error.to_string()));
            }
        }
    }
    // What has been received is written and deleted.
    reported.close();
    while receivers.join_next().await.is_some() {}
}

struct Receiver<K> {
    id: ReceiverId,
    shared: Arc<Shared<K>>,
    queue: Destination,
    stop: CancellationToken,
    reports: mpsc::Sender<Report>,
    is_first: bool,
}

impl<K: Backend> Receiver<K> {
    async fn run(self) {
        if let Err(failed) = self.receive_all().await {
            self.shared.fail(failed);
        }
        self.shared.drains().ended(self.queue, self.id);
        self.shared.wake_if_drained();
        if !self.is_first {
            // Whoever counts is gone only when the run ends.
            drop(self.reports.send(Report::Idle).await);
        }
    }

    async fn receive_all(&self) -> Result<(), Failed> {
        let mut recorder = Recorder::new(Arc::clone(&self.shared), self.queue);
        while !self.stop.is_cancelled() {
            let Some(messages) = self.receive_to_the_end().await.transpose()? else { break };
            let at = self.shared.clock.now();
            let answered = if messages.len() == MESSAGES_MAX { Answered::Full } else { Answered::NotFull };
            let idle = messages.is_empty() && !self.is_first;
            if answered == Answered::Full {
                drop(self.reports.try_send(Report::Full));
            }
            let done = if messages.is_empty() { Vec::new() } else { recorder.record(messages).await? };
            self.shared.drains().answered(self.queue, self.id, at, answered);
            self.shared.wake_if_drained();
            self.delete(&done).await?;
            if idle {
                break;
            }
        }
        Ok(())
    }

    /// Receives. A call that is under way when the run ends is waited for: what it takes out of the queue after it was
    /// dropped would be hidden from the next run.
    async fn receive_to_the_end(&self) -> Option<Result<Vec<Message>, CallError>> {
        let mut receive = pin!(self.receive());
        tokio::select! {
            biased;
            received = &mut receive => Some(received),
            () = self.stop.cancelled() => {
                timeout(self.shared.options.receive_wait + LAST_RECEIVE, receive).await.ok()
            }
        }
    }

    async fn receive(&self) -> Result<Vec<Message>, CallError> {
        let queue = self.shared.backend.queue(self.queue);
        let wait = self.shared.options.receive_wait;
        // A try that its policy dropped for taking too long never comes back from its await.
        let open = OpenTry::default();
        persistently(self.shared.backend.sqs(), "ReceiveMessage", || {
            self.note_loss(&open);
            open.begin(self.shared.clock.now());
            async {
                let received = queue.receive(wait).await;
                let harmless = received.as_ref().map_or_else(|error| error.effect == Effect::None, |_| true);
                if harmless {
                    open.end();
                }
                received
            }
        })
        .await
        .inspect_err(|_| self.note_loss(&open))
    }

    /// The messages of an answer that did not come are hidden for a while.
    fn note_loss(&self, open: &OpenTry) {
        if let Some(since) = open.since() {
            self.shared.drains().lost(self.queue, since, self.shared.clock.now());
        }
    }

    async fn delete(&self, done: &[ReceiptHandle]) -> Result<(), Failed> {
        for some in done.chunks(MESSAGES_MAX) {
            let queue = self.shared.backend.queue(self.queue);
            // What is not deleted comes again, and is known then.
            persistently(self.shared.backend.sqs(), "DeleteMessageBatch", || queue.delete(some)).await?;
        }
        Ok(())
    }
}

/// Since when a try of a call is open that may have had an effect, which nobody knows.
#[derive(Debug, Default)]
struct OpenTry(Mutex<Option<Moment>>);

impl OpenTry {
    fn begin(&self, now: Moment) {
        *self.lock() = Some(now);
    }

    fn end(&self) {
        *self.lock() = None;
    }

    fn since(&self) -> Option<Moment> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Moment>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
