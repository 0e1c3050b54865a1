//! Receives, hands on, and deletes what was recorded.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::ids::SeenIds;
use super::ports::{EventQueue, QueueMessage, Receipt};
use super::set_aside::{AsideReason, SetAside, write_aside};
use crate::calls::CallError;
use crate::json::tree;
use crate::sample::feed::Feed;
use crate::sources::{Batch, EventSource, InputId, Progress, SourceLimits};
use crate::telemetry::{Registry, table};

/// Messages of a batch.
const BATCH_MESSAGES_MAX: usize = 100;
/// Messages of a call.
const CALL_MESSAGES_MAX: usize = 10;
/// How long a queue that does not answer is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// How often somebody looks whether messages have to be hidden longer.
const KEEP_INTERVAL: Duration = Duration::from_millis(200);

/// How to take messages.
#[derive(Debug, Clone)]
pub struct QueueSettings {
    /// How long a call waits for messages, 20 s at most.
    pub wait: Duration,
    /// For how long messages are hidden while they are worked on.
    pub visibility: Duration,
    /// A message that was received more often is set aside.
    pub receives_max: u32,
    /// Whether to end when there are no more messages.
    pub until_empty: bool,
    /// How much a batch holds.
    pub limits: SourceLimits,
}

/// The messages of batches that were handed on and not recorded yet, oldest first.
type InFlight = Arc<Mutex<VecDeque<Vec<Receipt>>>>;

/// The events of a queue.
pub struct QueueEvents {
    queue: Arc<dyn EventQueue>,
    settings: QueueSettings,
    feed: Feed,
    in_flight: InFlight,
    /// Messages whose last events have not been handed on.
    receipts: Vec<Receipt>,
    seen: SeenIds,
    aside: Option<SetAside>,
    registry: Arc<Registry>,
    stop: Arc<AtomicBool>,
    on_error: Box<dyn FnMut(&CallError) + Send>,
}

/// Deletes the messages of batches that were recorded.
pub struct Acknowledgements {
    queue: Arc<dyn EventQueue>,
    in_flight: InFlight,
}

impl QueueEvents {
    /// The events of `queue`, and what deletes its messages. Messages that nobody can work on go to `aside`. Ends when
    /// `stop` is set; `on_error` is told of calls that failed, which are made again.
    pub fn new(
        queue: Arc<dyn EventQueue>,
        settings: QueueSettings,
        aside: Option<SetAside>,
        registry: Arc<Registry>,
        stop: Arc<AtomicBool>,
        on_error: Box<dyn FnMut(&CallError) + Send>,
    ) -> (QueueEvents, Acknowledgements) {
        let in_flight = InFlight::default();
        let acknowledgements =
            Acknowledgements { queue: Arc::clone(&queue), in_flight: Arc::clone(&in_flight) };
        keep_hidden(Arc::clone(&queue), &in_flight, settings.visibility);
        let feed = Feed::new(settings.limits.clone());
        let (receipts, seen) = (Vec::new(), SeenIds::default());
        let events =
            QueueEvents { queue, settings, feed, in_flight, receipts, seen, aside, registry, stop, on_error };
        (events, acknowledgements)
    }

    /// Messages for a batch; `None` when there will be no more.
    fn receive(&mut self) -> Option<Vec<QueueMessage>> {
        let mut messages = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let wait = if messages.is_empty() { self.settings.wait } else { Duration::ZERO };
            match self.queue.receive(wait) {
                Ok(received) if received.is_empty() && !messages.is_empty() => return Some(messages),
                Ok(received) if received.is_empty() && self.settings.until_empty => return None,
                Ok(received) => messages.extend(received),
                Err(error) => {
                    (self.on_error)(&error);
                    if !messages.is_empty() {
                        return Some(messages);
                    }
                    thread::sleep(PAUSE);
                }
            }
            if messages.len() > BATCH_MESSAGES_MAX - CALL_MESSAGES_MAX {
                return Some(messages);
            }
        }
        // What was received and is not handed on comes again.
        None
    }

    /// Why nobody can work on the message, if so.
    fn aside_for(&self, message: &QueueMessage) -> Option<AsideReason> {
        if message.received > self.settings.receives_max {
            return Some(AsideReason::ReceivedTooOften);
        }
        if message.body.len() > self.settings.limits.event_bytes_max {
            return Some(AsideReason::Oversized);
        }
        tree::check(message.body.as_bytes()).is_err().then_some(AsideReason::Unreadable)
    }

    /// Takes messages in: the texts of those that are to be judged.
    fn take(&mut self, messages: Vec<QueueMessage>) -> Vec<(String, Vec<u8>)> {
        let mut texts = Vec::new();
        for message in messages {
            if let Some(reason) = self.aside_for(&message) {
                let written = self.aside.as_mut().map(|aside| write_aside(&message, reason, aside));
                if !matches!(written, Some(Err(_))) {
                    self.registry.series(&table::SET_ASIDE, [reason.as_str()]).add(1);
                    self.receipts.push(message.receipt);
                }
                continue;
            }
            if !self.seen.is_new(&message.id) {
                self.registry.series(&table::DUPLICATES, []).add(1);
                self.receipts.push(message.receipt);
                continue;
            }
            self.receipts.push(message.receipt);
            texts.push((format!("message {}", message.id), message.body.into_bytes()));
        }
        texts
    }
}

impl EventSource for QueueEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        let mut progress = Progress::More;
        if self.feed.is_empty() {
            match self.receive() {
                None => progress = Progress::Done,
                Some(messages) => {
                    let texts = self.take(messages);
                    self.feed.fill(texts);
                }
            }
        }
        self.feed.next_batch(batch);
        // Only with the last events of these messages is all of them recorded.
        let receipts = if self.feed.is_empty() { std::mem::take(&mut self.receipts) } else { Vec::new() };
        locked(&self.in_flight).push_back(receipts);
        progress
    }

    fn input_name(&self, input: InputId) -> &str {
        self.feed.input_name(input)
    }
}

impl Acknowledgements {
    /// The oldest batch that was handed on is recorded: deletes its messages.
    ///
    /// # Errors
    /// A call failed. Nothing is lost: those messages come again, and are known then.
    pub fn recorded(&self) -> Result<(), CallError> {
        let receipts = locked(&self.in_flight).pop_front().unwrap_or_default();
        receipts.chunks(CALL_MESSAGES_MAX).try_for_each(|receipts| self.queue.delete(receipts))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hides messages for longer as long as they are worked on, in a thread that ends with the source.
fn keep_hidden(queue: Arc<dyn EventQueue>, in_flight: &InFlight, visibility: Duration) {
    let in_flight = Arc::downgrade(in_flight);
    thread::spawn(move || {
        let mut extended = Instant::now();
        while let Some(in_flight) = in_flight.upgrade() {
            if extended.elapsed() >= visibility / 3 {
                extended = Instant::now();
                let receipts: Vec<Receipt> = locked(&in_flight).iter().flatten().cloned().collect();
                // Those that could not be hidden come again, and are known then.
                receipts
                    .chunks(CALL_MESSAGES_MAX)
                    .for_each(|receipts| drop(queue.extend(receipts, visibility)));
            }
            drop(in_flight);
            thread::sleep(KEEP_INTERVAL.min(visibility / 10));
        }
    });
}
