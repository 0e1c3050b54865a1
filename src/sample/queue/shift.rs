//! Which messages are worked on, which are recorded, and what is to be done with those that come.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::port::Received;
use super::seen::SeenIds;
use super::set_aside::{Reason, SetAside};
use crate::probe::ReceiptHandle;
use crate::sources::events_of_text;
use crate::telemetry::{Counter, Registry, table};

/// How a queue is worked on.
#[derive(Debug, Clone)]
pub struct WorkSettings {
    /// How long one call waits for messages.
    pub wait: Duration,
    /// How long a message is hidden; extended at a third of it.
    pub visibility: Duration,
    /// A message that was received more often is set aside.
    pub receives_max: u32,
    /// Bytes of the longest body.
    pub body_bytes_max: usize,
    /// End once the queue is empty.
    pub until_empty: bool,
}

/// What is counted of messages. Clones share it.
#[derive(Debug, Clone)]
pub struct QueueCounts {
    registry: Arc<Registry>,
    duplicates: Counter,
    set_aside: Arc<AtomicU64>,
    repeated: Arc<AtomicU64>,
}

impl QueueCounts {
    /// Counts in `registry`.
    pub fn new(registry: Arc<Registry>) -> QueueCounts {
        let duplicates = registry.series(&table::DUPLICATES, []);
        QueueCounts { registry, duplicates, set_aside: Arc::default(), repeated: Arc::default() }
    }

    fn duplicate(&self) {
        self.duplicates.add(1);
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    fn set_aside(&self, reason: Reason) {
        self.registry.series(&table::SET_ASIDE, [reason.as_str()]).add(1);
        self.set_aside.fetch_add(1, Ordering::Relaxed);
    }

    /// Messages that were set aside, and those that came again and were not judged again.
    pub fn totals(&self) -> (u64, u64) {
        (self.set_aside.load(Ordering::Relaxed), self.repeated.load(Ordering::Relaxed))
    }
}

/// A message that is worked on.
#[derive(Debug, Clone)]
struct Held {
    id: String,
    receipt: ReceiptHandle,
}

/// What is to be done with messages that came.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// To judge: the id of the message and an event of it.
    pub(super) events: Vec<(String, Vec<u8>)>,
    /// To set aside, and then to delete.
    pub(super) aside: Vec<SetAside>,
    pub(super) aside_receipts: Vec<ReceiptHandle>,
    /// To delete, as they are recorded.
    pub(super) done: Vec<ReceiptHandle>,
}

/// The state of the work on one queue.
#[derive(Debug)]
pub struct Shift {
    recorded: SeenIds,
    /// By the number of the delivery.
    held: BTreeMap<u64, Vec<Held>>,
    next: u64,
    counts: QueueCounts,
}

impl Shift {
    /// A beginning; `recorded` are messages of which an earlier process may have recorded what they hold.
    pub fn new(recorded: SeenIds, counts: QueueCounts) -> Shift {
        Shift { recorded, held: BTreeMap::new(), next: 0, counts }
    }

    /// Looks at messages that came; those that are to be judged are held under the number that is returned.
    pub(super) fn sort(&mut self, received: Vec<Received>, settings: &WorkSettings) -> (u64, Sorted) {
        let (mut sorted, mut held) = (Sorted::default(), Vec::new());
        for received in received {
            let Received { message, receives } = received;
            if self.is_known(&message.id.0, &message.receipt, &mut held) {
                self.counts.duplicate();
                if self.recorded.contains(&message.id.0) {
                    sorted.done.push(message.receipt);
                }
                continue;
            }
            match events_of(&message.body, receives, settings) {
                Ok(events) if events.is_empty() => sorted.done.push(message.receipt),
                Ok(events) => {
                    sorted.events.extend(events.into_iter().map(|event| (message.id.0.clone(), event)));
                    held.push(Held { id: message.id.0, receipt: message.receipt });
                }
                Err((reason, problem)) => {
                    sorted.aside_receipts.push(message.receipt);
                    sorted.aside.push(SetAside {
                        message_id: message.id.0,
                        reason,
                        problem,
                        receives,
                        sent_ms: message.sent_ms,
                        body: message.body,
                    });
                }
            }
        }
        let number = self.next;
        if !held.is_empty() {
            self.held.insert(number, held);
            self.next += 1;
        }
        (number, sorted)
    }

    /// Whether a message is recorded or worked on; then it is deleted later by its newest receipt.
    fn is_known(&mut self, id: &str, receipt: &ReceiptHandle, new: &mut [Held]) -> bool {
        let mut held = self.held.values_mut().flatten().chain(new);
        match held.find(|held| held.id == id) {
            Some(held) => {
                held.receipt = receipt.clone();
                true
            }
            None => self.recorded.contains(id),
        }
    }

    /// Messages that were kept aside for good.
    pub(super) fn set_aside(&mut self, messages: &[SetAside]) {
        for message in messages {
            self.counts.set_aside(message.reason);
            self.recorded.note(&message.message_id);
        }
    }

    /// What a delivery held is recorded; the receipts by which it is deleted.
    pub(super) fn recorded(&mut self, number: u64) -> Vec<ReceiptHandle> {
        let held = self.held.remove(&number).unwrap_or_default();
        held.iter().for_each(|held| self.recorded.note(&held.id));
        held.into_iter().map(|held| held.receipt).collect()
    }

    /// The receipts of all that is worked on.
    pub(super) fn held(&self) -> Vec<ReceiptHandle> {
        self.held.values().flatten().map(|held| held.receipt.clone()).collect()
    }
}

fn events_of(body: &str, receives: u32, settings: &WorkSettings) -> Result<Vec<Vec<u8>>, (Reason, String)> {
    if body.len() > settings.body_bytes_max {
        let problem = format!("{} bytes; --event-bytes-max is {}", body.len(), settings.body_bytes_max);
        return Err((Reason::Oversized, problem));
    }
    let events = events_of_text(body.as_bytes(), settings.body_bytes_max)
        .map_err(|problem| (Reason::Unreadable, problem.to_string()))?;
    if receives > settings.receives_max {
        let problem = format!("received {receives} times; --receives-max is {}", settings.receives_max);
        return Err((Reason::Receives, problem));
    }
    Ok(events)
}
