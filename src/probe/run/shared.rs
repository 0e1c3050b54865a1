//! What all actors of a run share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::clock::RunClock;
use super::drain::Drains;
use super::driver::Driver;
use super::end::Failed;
use super::merger::{self, Addition, Merge};
use super::observer::Observer;
use super::options::RunOptions;
use crate::probe::MirrorIndex;
use crate::probe::judging::{Questions, Verdict};
use crate::probe::ledger::{About, Fact, Ledger, LedgerOptions};
use crate::probe::mirrored_bus::MirroredBus;
use crate::probe::moment::Moment;
use crate::probe::tally::Tally;
use crate::probe::token::{RunMark, Sending};
use crate::tracking::{Expiry, Pair, Record, RecordContent, RecordKey, RunId, Slot, StoreError};

/// Events on their way to being sent again.
const AGAIN_MAX: usize = 1_000;

/// A verdict on its way to the store.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) sending: Sending,
    pub(super) verdict: Verdict,
    /// Mirrors that match by our answer, if there is one.
    pub(super) mirrors: Option<Vec<MirrorIndex>>,
}

/// What all actors share.
pub(super) struct Shared<K> {
    pub(super) backend: K,
    pub(super) run: RunId,
    pub(super) mark: RunMark,
    pub(super) mirrored: MirroredBus,
    pub(super) questions: Questions,
    pub(super) options: RunOptions,
    pub(super) clock: RunClock,
    /// A lock of std: it is held for microseconds and never across an await.
    ledger: Mutex<Ledger>,
    tally: Mutex<Tally>,
    drains: Mutex<Drains>,
    /// The poller has something to do before its time.
    pub(super) wake: Notify,
    /// An event has left, so that another may be sent.
    pub(super) room: Notify,
    /// Stops all actors.
    pub(super) stop: CancellationToken,
    failure: Mutex<Option<Failed>>,
    /// Events of which nobody knew whether they were sent, and that were not.
    again: mpsc::Sender<Sending>,
    merges: mpsc::Sender<Merge>,
    pub(super) observer: Arc<dyn Observer>,
}

/// What others send to the actors that take it from here.
pub(super) struct Inboxes {
    pub(super) again: mpsc::Receiver<Sending>,
    pub(super) merges: mpsc::Receiver<Merge>,
}

impl<K: Backend> Shared<K> {
    /// `hidden_until` is how long messages may still be hidden from us. Also gives what the actors take that others write to
    /// here.
    pub(super) fn new(driver: Driver<K>, run: RunId, hidden_until: Moment) -> (Shared<K>, Inboxes) {
        let Driver { backend, mirrored, options, clock, stop, observer } = driver;
        let (again, sent_again) = mpsc::channel(AGAIN_MAX);
        let (merges, merges_asked) = mpsc::channel(merger::QUEUE);
        let queues = mirrored.layout().destinations();
        let ledger = Ledger::new(LedgerOptions {
            timeout: options.timeout,
            first_look: options.first_look,
            finished_max: options.in_flight_max,
        });
        let shared = Shared {
            backend,
            run,
            mark: RunMark::of(run),
            questions: Questions::of(mirrored.layout()),
            mirrored,
            options,
            clock,
            ledger: Mutex::new(ledger),
            tally: Mutex::new(Tally::default()),
            drains: Mutex::new(Drains::new(queues, hidden_until)),
            wake: Notify::new(),
            room: Notify::new(),
            stop: stop.child_token(),
            failure: Mutex::new(None),
            again,
            merges,
            observer,
        };
        (shared, Inboxes { again: sent_again, merges: merges_asked })
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // No operation leaves it half changed where it could panic; and if it did, verdicts come from the store.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn drains(&self) -> MutexGuard<'_, Drains> {
        self.drains.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the observer what the run adds up to by now.
    pub(super) fn tell_observer(&self) {
        let in_flight = self.ledger().in_flight();
        self.observer.tally(&self.tally(), in_flight);
    }

    /// Wakes the poller for events that have only waited for the queues to be empty.
    pub(super) fn wake_if_drained(&self) {
        let drained = self.drains().until();
        if self.ledger().waits_for_drain(drained) {
            self.wake.notify_one();
        }
    }

    pub(super) fn store(&self) -> &K::Store {
        self.backend.store()
    }

    /// Ends the run for this reason, unless it has another one already.
    pub(super) fn fail(&self, failed: Failed) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failed);
        self.stop.cancel();
    }

    /// An event was not sent by the process that was about to.
    pub(super) async fn send_again(&self, sending: Sending) {
        // Whoever sends again is gone only when the run ends.
        self.again.send(sending).await.ok();
    }

    /// Adds messages to the records of their facts; they are durable then.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn add(&self, additions: Vec<Addition>) -> Result<(), Failed> {
        if additions.is_empty() {
            return Ok(());
        }
        let (done, answer) = oneshot::channel();
        // The merger is gone only after all that add.
        let gone = || Failed::Broken("nobody adds messages to records any more".to_owned());
        self.merges.send(Merge { additions, done }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    pub(super) fn failure(&self) -> Option<Failed> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The record that says `content` of an event.
    pub(super) fn record<C: RecordContent>(&self, key: RecordKey, content: &C) -> Result<Record, StoreError> {
        let keep_us = i64::try_from(self.options.keep.as_micros()).unwrap_or(i64::MAX);
        let at_us = self.clock.wall_us().saturating_add(keep_us);
        let at_s = u64::try_from(at_us / 1_000_000).unwrap_or_default();
        Record::new(key, content, Expiry { at_s })
    }

    /// The key of a fact about an event.
    pub(super) fn key(&self, fact: Fact) -> RecordKey {
        let Fact { sending: Sending { event, attempt }, about } = fact;
        let slot = match about {
            About::Seen => Slot::Seen(event, attempt),
            About::Receipt(mirror) => Slot::Receipt(event, attempt, mirror.0),
            About::Body(pair) => {
                let (mirror, target) = self.mirrored.layout().pairs()[usize::from(pair.0)];
                Slot::Outcome(event, attempt, Pair { rule: mirror.0, target })
            }
        };
        RecordKey::new(self.run, slot)
    }
}

/// Where verdicts go.
pub(super) type Verdicts = mpsc::Sender<Found>;
