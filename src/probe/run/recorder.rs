//! From messages to durable records.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::backend::Backend;
use super::end::Failed;
use super::merger::Addition;
use super::shared::Shared;
use crate::probe::arrival::{Arrival, News, Read, read};
use crate::probe::foresight::Foresight;
use crate::probe::guess::Guess;
use crate::probe::ledger::{About, Attributed, Fact, Late, Parked};
use crate::probe::records::{
    ArrivedBody, DeadLetter, Nothing, SeenCopy, Sign, Signs, TargetOutcome, Unattributed,
};
use crate::probe::{Destination, Message, ReceiptHandle};
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};
use crate::verdict::JudgeScratch;

/// How long a message waits for another one of its event to be written, and how often.
const BUSY_WAIT: Duration = Duration::from_millis(20);
const BUSY_TRIES: u32 = 100;

/// Writes down what messages of one queue say.
pub(super) struct Recorder<K> {
    shared: Arc<Shared<K>>,
    queue: Destination,
    scratch: JudgeScratch,
}

/// What becomes of a message once the new records are durable.
enum Then {
    Recorded(Fact, Late),
    Parked(Parked),
}

/// Messages with their records, to be written at once.
#[derive(Default)]
struct Fresh {
    records: Vec<Record>,
    then: Vec<Then>,
    receipts: Vec<ReceiptHandle>,
}

/// Messages of facts that have a record.
#[derive(Default)]
struct Known {
    additions: Vec<Addition>,
    receipts: Vec<ReceiptHandle>,
}

impl Known {
    fn push(&mut self, fact: Fact, arrival: Arrival, late: Late, receipt: ReceiptHandle) {
        self.additions.push(Addition { fact, arrival, late });
        self.receipts.push(receipt);
    }
}

impl<K: Backend> Recorder<K> {
    pub(super) fn new(shared: Arc<Shared<K>>, queue: Destination) -> Recorder<K> {
        Recorder { shared, queue, scratch: Foresight::scratch() }
    }

    /// Writes down what `messages` say; gives the receipts of those that may be deleted now.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn record(&mut self, messages: Vec<Message>) -> Result<Vec<ReceiptHandle>, Failed> {
        let received = self.shared.clock.now();
        let (mut open, mut done) = (messages, Vec::new());
        for tries in 0.. {
            let busy = self.round(open, &mut done).await?;
            if busy.is_empty() {
                break;
            }
            if tries == BUSY_TRIES {
                // It comes again by itself.
                self.shared.drains().lost(self.queue, received, self.shared.clock.now());
                break;
            }
            open = busy;
            sleep(BUSY_WAIT).await;
        }
        if self.shared.ledger().has_retries() {
            self.shared.wake.notify_one();
        }
        Ok(done)
    }

    /// Gives the messages that have to wait for others.
    async fn round(
        &mut self,
        messages: Vec<Message>,
        done: &mut Vec<ReceiptHandle>,
    ) -> Result<Vec<Message>, Failed> {
        let (mut fresh, mut known, mut busy) = (Fresh::default(), Known::default(), Vec::new());
        for message in messages {
            let shared = &self.shared;
            let arrival = match read(&message, self.queue, &shared.mirrored, shared.mark, &mut self.scratch) {
                Read::Arrival(arrival) => arrival,
                Read::Foreign => {
                    shared.tally().foreign += 1;
                    done.push(message.receipt);
                    continue;
                }
            };
            let attributed = shared.ledger().attribute(&arrival);
            match attributed {
                Attributed::First { fact, as_foreseen, late } => {
                    fresh.records.push(first_record(shared, fact, &arrival, as_foreseen, late)?);
                    fresh.then.push(Then::Recorded(fact, late));
                    fresh.receipts.push(message.receipt);
                }
                Attributed::Further(fact) => known.push(fact, arrival, Late::No, message.receipt),
                Attributed::Late(fact) => known.push(fact, arrival, Late::Yes, message.receipt),
                Attributed::Again => done.push(message.receipt),
                Attributed::Busy => busy.push(message),
                // Received again: what is parked is durable.
                Attributed::Unknown(_) if shared.ledger().is_parked(&message.id) => {
                    done.push(message.receipt)
                }
                Attributed::Unknown(parked) => {
                    let receipt = message.receipt.clone();
                    fresh.records.push(unattributed_record(shared, self.queue, message)?);
                    fresh.then.push(Then::Parked(parked));
                    fresh.receipts.push(receipt);
                }
            }
        }
        self.write(fresh, done).await?;
        self.shared.add(known.additions).await?;
        done.extend(known.receipts);
        Ok(busy)
    }

    async fn write(&mut self, fresh: Fresh, done: &mut Vec<ReceiptHandle>) -> Result<(), Failed> {
        if fresh.records.is_empty() {
            return Ok(());
        }
        self.shared.store().write(fresh.records).await?;
        for then in fresh.then {
            match then {
                Then::Recorded(fact, late) => recorded(&self.shared, fact, late),
                Then::Parked(parked) => {
                    self.shared.tally().unattributed += 1;
                    self.shared.ledger().park(parked);
                }
            }
        }
        done.extend(fresh.receipts);
        Ok(())
    }
}

/// The record of a fact is durable.
pub(super) fn recorded<K: Backend>(shared: &Shared<K>, fact: Fact, late: Late) {
    shared.tally().late += u64::from(late == Late::Yes);
    let now = shared.clock.now();
    let took = shared.ledger().recorded(fact, now);
    if let (Some(took), About::Body(pair)) = (took, fact.about) {
        let mirror = shared.mirrored.mirror_of(pair);
        shared.tally().latencies.delivered(mirror, took);
        shared.observer.delivered(took);
    }
    if shared.ledger().next_due().is_some_and(|due| due <= now) {
        shared.wake.notify_one();
    }
}

pub(super) fn sign<K: Backend, T>(shared: &Shared<K>, arrival: &Arrival, late: Late, says: T) -> Sign<T> {
    Sign { message: arrival.message.0.clone(), at_us: shared.clock.wall_us(), late: late == Late::Yes, says }
}

pub(super) fn body_of(arrival: &Arrival, as_foreseen: bool, guess: Option<Guess>) -> ArrivedBody {
    let failure = match &arrival.news {
        News::Body { failure, .. } => failure.clone(),
        News::Seen(_) | News::Receipt { .. } => None,
    };
    let dead_letter = failure.map(|failure| DeadLetter {
        code: failure.code,
        message: failure.message,
        retries: failure.retries,
    });
    ArrivedBody { body: (!as_foreseen).then(|| arrival.body.clone()), dead_letter, guess }
}

pub(super) fn first_record<K: Backend>(
    shared: &Shared<K>,
    fact: Fact,
    arrival: &Arrival,
    as_foreseen: bool,
    late: Late,
) -> Result<Record, StoreError> {
    let key = shared.key(fact);
    match fact.about {
        About::Seen => {
            let copy = SeenCopy { event: arrival.body.clone() };
            shared.record(key, &Signs::first(sign(shared, arrival, late, copy)))
        }
        About::Receipt(_) => shared.record(key, &Signs::first(sign(shared, arrival, late, Nothing {}))),
        About::Body(_) => {
            let body = body_of(arrival, as_foreseen, None);
            shared.record(key, &Signs::first(sign(shared, arrival, late, body)))
        }
    }
}

fn unattributed_record<K: Backend>(
    shared: &Shared<K>,
    queue: Destination,
    message: Message,
) -> Result<Record, StoreError> {
    let key = RecordKey::new(shared.run, Slot::Unattributed(message.id.0.as_str().into()));
    let content =
        Unattributed { queue: queue.to_string(), message, at_us: shared.clock.wall_us(), attributed: false };
    shared.record(key, &content)
}

/// What is known of a target that takes a parked message, which was received at `at_us`.
pub(super) fn guessed<K: Backend>(
    shared: &Shared<K>,
    arrival: &Arrival,
    guess: Guess,
    at_us: i64,
) -> TargetOutcome {
    let body = body_of(arrival, false, Some(guess));
    Signs::first(Sign { at_us, ..sign(shared, arrival, Late::No, body) })
}
