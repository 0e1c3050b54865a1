//! A queue, and a process that works on it and may crash.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ruleproof::calls::{CallError, CallErrorKind, CallPolicy, Effect};
use ruleproof::probe::{Deleted, Message, MessageId, ReceiptHandle};
use ruleproof::sample::queue::{
    Acknowledge, QueueCounts, QueueEvents, Received, SeenIds, SetAside, SetAsideSink, Shift, WorkFailure,
    WorkQueue, WorkSettings, joined, sqs_calls, work,
};
use ruleproof::telemetry::Registry;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

const BODY_BYTES_MAX: usize = 200;
const RECEIVES_MAX: u32 = 5;

/// How a process ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Fine,
    Crashed,
    /// With this code.
    Failed(String),
}

/// Parts of the calls.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// That do nothing.
    pub(crate) failing: f64,
    /// That do what they should, and whose answers get lost.
    pub(crate) lost_answers: f64,
    /// Of the messages of a deletion that are not deleted.
    pub(crate) undeleted: f64,
}

#[derive(Debug)]
struct Stored {
    id: String,
    body: String,
    visible_at: Instant,
    receives: u32,
}

/// The queue, what is durable, and what goes wrong.
pub(crate) struct World {
    stored: RefCell<Vec<Stored>>,
    sent: Vec<String>,
    /// What survives a crash: the ids of the messages whose events are recorded, or that were set aside.
    pub(crate) recorded: RefCell<Vec<String>>,
    pub(crate) aside: RefCell<Vec<String>>,
    pub(crate) reasons: RefCell<Vec<String>>,
    pub(crate) faults: Cell<Faults>,
    random: RefCell<fastrand::Rng>,
    pub(crate) steps: Cell<u32>,
    pub(crate) crash_at: Cell<Option<u32>>,
    pub(crate) crashed: Notify,
    pub(crate) work_takes: Cell<Duration>,
    pub(crate) endless: Cell<bool>,
    pub(crate) stop: AtomicBool,
    counts: RefCell<Option<QueueCounts>>,
    most_receives: Cell<u32>,
}

impl World {
    /// So many messages, and two that nobody can judge.
    pub(crate) fn with_messages(count: usize) -> World {
        let mut bodies: Vec<(String, String)> =
            (0..count).map(|n| (format!("m{n}"), format!("{{\"id\":\"e{n}\"}}"))).collect();
        bodies.insert(count / 2, ("broken".to_owned(), "{\"id\":".to_owned()));
        bodies.insert(
            count / 3,
            ("large".to_owned(), format!("{{\"id\":\"{}\"}}", "x".repeat(BODY_BYTES_MAX))),
        );
        let sent = bodies.iter().map(|(id, _)| id.clone()).collect();
        let visible_at = Instant::now();
        let stored =
            bodies.into_iter().map(|(id, body)| Stored { id, body, visible_at, receives: 0 }).collect();
        World {
            stored: RefCell::new(stored),
            sent,
            recorded: RefCell::default(),
            aside: RefCell::default(),
            reasons: RefCell::default(),
            faults: Cell::default(),
            random: RefCell::new(fastrand::Rng::with_seed(1)),
            steps: Cell::new(0),
            crash_at: Cell::new(None),
            crashed: Notify::new(),
            work_takes: Cell::new(Duration::ZERO),
            endless: Cell::new(false),
            stop: AtomicBool::new(false),
            counts: RefCell::default(),
            most_receives: Cell::default(),
        }
    }

    pub(crate) fn seed(&self, seed: u64) {
        self.random.borrow_mut().seed(seed);
    }

    pub(crate) fn sent(&self) -> Vec<String> {
        self.sent.clone()
    }

    pub(crate) fn left(&self) -> usize {
        self.stored.borrow().len()
    }

    /// How many can be received now.
    pub(crate) fn visible(&self) -> usize {
        let now = Instant::now();
        self.stored.borrow().iter().filter(|message| message.visible_at <= now).count()
    }

    /// How often a message was handed out, of all the one for which it was most.
    pub(crate) fn most_receives(&self) -> u32 {
        self.most_receives.get()
    }

    pub(crate) fn is_there(&self, id: &str) -> bool {
        self.stored.borrow().iter().any(|message| message.id == id)
    }

    pub(crate) fn received_before(&self, id: &str, times: u32) {
        let mut stored = self.stored.borrow_mut();
        stored.iter_mut().filter(|message| message.id == id).for_each(|message| message.receives = times);
    }

    /// Duplicates of the last process.
    pub(crate) fn duplicates(&self) -> u64 {
        self.counts.borrow().as_ref().map_or(0, |counts| counts.totals().1)
    }

    /// A process, from its start to its end; it knows what earlier ones have made durable.
    pub(crate) async fn process(&self) -> Ended {
        let mut seen = SeenIds::new(1_000);
        self.recorded.borrow().iter().chain(self.aside.borrow().iter()).for_each(|id| seen.note(id));
        let counts = QueueCounts::new(Arc::new(Registry::default()));
        *self.counts.borrow_mut() = Some(counts.clone());
        let settings = WorkSettings {
            wait: Duration::from_secs(20),
            visibility: Duration::from_secs(30),
            receives_max: RECEIVES_MAX,
            body_bytes_max: BODY_BYTES_MAX,
            until_empty: !self.endless.get(),
        };
        let (events, acknowledge, ends) = joined("q");
        let policy = CallPolicy::new(&sqs_calls(), 1);
        let mut aside = Aside(self);
        let shift = Shift::new(seen, counts);
        let working = work(self, &policy, &settings, shift, &mut aside, ends, &self.stop);
        self.steps.set(0);
        let both = async { tokio::join!(working, self.record(events, acknowledge)).0 };
        tokio::select! {
            ended = both => match ended {
                Ok(()) => Ended::Fine,
                Err(WorkFailure::Call(error)) => Ended::Failed(error.code),
                Err(WorkFailure::SetAside(error)) => Ended::Failed(error.to_string()),
            },
            () = self.crashed.notified() => Ended::Crashed,
        }
    }

    /// What a run does with events: one line after the other is made durable.
    async fn record(&self, mut events: QueueEvents, mut acknowledge: Acknowledge) {
        while let Some(delivery) = events.next().await {
            sleep(self.work_takes.get()).await;
            for (id, _) in delivery.events {
                self.step().await;
                self.recorded.borrow_mut().push(id);
            }
            self.step().await;
            acknowledge.batch();
        }
    }

    /// A moment in which the process may crash: then it never goes on.
    pub(crate) async fn step(&self) {
        self.steps.set(self.steps.get() + 1);
        let Some(crash_at) = self.crash_at.get().filter(|at| self.steps.get() >= *at) else { return };
        if self.steps.get() == crash_at {
            self.crashed.notify_one();
        }
        std::future::pending().await
    }

    pub(crate) fn happens(&self, part: f64) -> bool {
        self.random.borrow_mut().f64() < part
    }

    /// Before and after what a call does.
    async fn before(&self, operation: &'static str) -> Result<(), CallError> {
        self.step().await;
        if self.happens(self.faults.get().failing) { Err(failed(operation, Effect::None)) } else { Ok(()) }
    }

    async fn after(&self, operation: &'static str) -> Result<(), CallError> {
        self.step().await;
        let lost = self.happens(self.faults.get().lost_answers);
        if lost { Err(failed(operation, Effect::Unknown)) } else { Ok(()) }
    }

    fn hand_out(&self, visibility: Duration) -> Vec<Received> {
        let now = Instant::now();
        let mut stored = self.stored.borrow_mut();
        let visible = stored.iter_mut().filter(|message| message.visible_at <= now).take(10);
        let received = visible.map(|message| {
            message.visible_at = now + visibility;
            message.receives += 1;
            self.most_receives.set(self.most_receives.get().max(message.receives));
            let receipt = ReceiptHandle(format!("{}/{}", message.id, message.receives));
            let message_of = Message {
                id: MessageId(message.id.clone()),
                receipt,
                body: message.body.clone(),
                trace_header: None,
                group: None,
                sent_ms: None,
                attributes: Default::default(),
            };
            Received { message: message_of, receives: message.receives }
        });
        received.collect()
    }
}

fn failed(operation: &'static str, effect: Effect) -> CallError {
    let (code, message) = ("ServiceUnavailable".to_owned(), String::new());
    CallError { service: "SQS", operation, code, message, kind: CallErrorKind::Unavailable, effect }
}

fn id_of(receipt: &ReceiptHandle) -> &str {
    receipt.0.split('/').next().unwrap()
}

impl WorkQueue for World {
    async fn receive(&self, wait: Duration, visibility: Duration) -> Result<Vec<Received>, CallError> {
        self.before("ReceiveMessage").await?;
        let until = Instant::now() + wait;
        let received = loop {
            let received = self.hand_out(visibility);
            if !received.is_empty() || Instant::now() >= until {
                break received;
            }
            sleep(Duration::from_millis(100)).await;
        };
        self.after("ReceiveMessage").await?;
        Ok(received)
    }

    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<Vec<Deleted>, CallError> {
        assert!((1..=10).contains(&receipts.len()), "{receipts:?}");
        self.before("DeleteMessageBatch").await?;
        let answers = receipts.iter().map(|receipt| {
            if self.happens(self.faults.get().undeleted) {
                return Deleted::Failed { code: "InternalError".to_owned() };
            }
            self.stored.borrow_mut().retain(|message| message.id != id_of(receipt));
            Deleted::Done
        });
        let answers = answers.collect();
        self.after("DeleteMessageBatch").await?;
        Ok(answers)
    }

    async fn extend(&self, receipts: &[ReceiptHandle], visibility: Duration) -> Result<(), CallError> {
        assert!((1..=10).contains(&receipts.len()), "{receipts:?}");
        self.before("ChangeMessageVisibilityBatch").await?;
        for message in self.stored.borrow_mut().iter_mut() {
            if receipts.iter().any(|receipt| id_of(receipt) == message.id) {
                message.visible_at = Instant::now() + visibility;
            }
        }
        self.after("ChangeMessageVisibilityBatch").await
    }
}

struct Aside<'w>(&'w World);

impl SetAsideSink for Aside<'_> {
    fn keep(&mut self, messages: &[SetAside]) -> io::Result<()> {
        for message in messages {
            self.0.aside.borrow_mut().push(message.message_id.clone());
            self.0.reasons.borrow_mut().push(message.reason.as_str().to_owned());
            self.0.reasons.borrow_mut().sort();
        }
        Ok(())
    }
}
