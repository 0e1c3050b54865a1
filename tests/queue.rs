//! Events of a simulated queue: whatever fails, each message is recorded or comes again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ruleproof::calls::{CallError, CallErrorKind, Effect};
use ruleproof::sample::queue::{
    Acknowledgements, EventQueue, QueueEvents, QueueMessage, QueueSettings, Receipt,
};
use ruleproof::sources::{Batch, EventSource, Item, Progress, SourceLimits};
use ruleproof::telemetry::{Registry, table};

/// Bytes of the longest event that is taken.
const EVENT_BYTES_MAX: usize = 1_000;

#[derive(Debug, Clone)]
struct Stored {
    body: String,
    received: u32,
    hidden: bool,
    deleted: bool,
}

/// A queue that loses nothing, hands out what nobody hides, and fails when it is told to.
#[derive(Debug, Default)]
struct Simulated {
    messages: Mutex<BTreeMap<String, Stored>>,
    calls: Mutex<u64>,
    /// Every so many calls one fails, after it took effect.
    fails_every: u64,
    /// Whether deleted messages come once more, as they may.
    repeats: AtomicBool,
    extended: Mutex<u64>,
}

impl Simulated {
    fn with(bodies: impl IntoIterator<Item = String>, fails_every: u64) -> Arc<Simulated> {
        let stored = |body| Stored { body, received: 0, hidden: false, deleted: false };
        let messages = bodies.into_iter().enumerate().map(|(n, body)| (format!("m{n:04}"), stored(body)));
        Arc::new(Simulated { messages: Mutex::new(messages.collect()), fails_every, ..Simulated::default() })
    }

    /// What happens when visibility timeouts pass.
    fn reveal(&self) {
        self.messages.lock().unwrap().values_mut().for_each(|message| message.hidden = false);
    }

    fn left(&self) -> usize {
        self.messages.lock().unwrap().values().filter(|message| !message.deleted).count()
    }

    fn answered<T>(&self, value: T) -> Result<T, CallError> {
        let mut calls = self.calls.lock().unwrap();
        *calls += 1;
        if self.fails_every > 0 && calls.is_multiple_of(self.fails_every) {
            return Err(CallError {
                service: "SQS",
                operation: "Any",
                code: "InternalError".to_owned(),
                message: "simulated".to_owned(),
                kind: CallErrorKind::Unavailable,
                effect: Effect::Unknown,
            });
        }
        Ok(value)
    }
}

impl EventQueue for Simulated {
    fn receive(&self, _wait: Duration) -> Result<Vec<QueueMessage>, CallError> {
        let mut messages = self.messages.lock().unwrap();
        let visible = messages.iter_mut().filter(|(_, message)| !message.hidden && !message.deleted).take(10);
        let received: Vec<QueueMessage> = visible
            .map(|(id, message)| {
                message.received += 1;
                message.hidden = !self.repeats.load(Ordering::Relaxed) || message.received > 1;
                let receipt = Receipt(format!("{id} {}", message.received));
                QueueMessage {
                    id: id.clone(),
                    receipt,
                    body: message.body.clone(),
                    received: message.received,
                }
            })
            .collect();
        drop(messages);
        self.answered(received)
    }

    fn delete(&self, receipts: &[Receipt]) -> Result<(), CallError> {
        let mut messages = self.messages.lock().unwrap();
        for Receipt(receipt) in receipts {
            messages.get_mut(receipt.split(' ').next().unwrap()).unwrap().deleted = true;
        }
        drop(messages);
        self.answered(())
    }

    fn extend(&self, receipts: &[Receipt], _visibility: Duration) -> Result<(), CallError> {
        *self.extended.lock().unwrap() += receipts.len() as u64;
        Ok(())
    }
}

/// Where set-aside messages go.
#[derive(Clone, Default)]
struct Aside(Arc<Mutex<Vec<u8>>>);

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Bench {
    queue: Arc<Simulated>,
    aside: Aside,
    registry: Arc<Registry>,
}

impl Bench {
    fn new(queue: Arc<Simulated>) -> Bench {
        Bench { queue, aside: Aside::default(), registry: Arc::default() }
    }

    fn open(&self, visibility: Duration) -> (QueueEvents, Acknowledgements) {
        let settings = QueueSettings {
            wait: Duration::ZERO,
            visibility,
            receives_max: 3,
            until_empty: true,
            limits: SourceLimits { event_bytes_max: EVENT_BYTES_MAX, ..SourceLimits::default() },
        };
        let queue: Arc<dyn EventQueue> = Arc::clone(&self.queue) as Arc<dyn EventQueue>;
        let (aside, registry) = (Box::new(self.aside.clone()), Arc::clone(&self.registry));
        QueueEvents::new(queue, settings, Some(aside), registry, Arc::default(), Box::new(|_| ()))
    }

    /// The reasons of set-aside messages.
    fn aside(&self) -> BTreeSet<(String, String)> {
        let text = String::from_utf8(self.aside.0.lock().unwrap().clone()).unwrap();
        let parsed = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        parsed.map(|line| (text(&line["message_id"]), text(&line["reason"]))).collect()
    }
}

fn event(id: usize) -> String {
    format!("{{\"id\":\"e{id}\",\"source\":\"a\"}}")
}

/// The events of a batch.
fn events(batch: &Batch) -> Vec<String> {
    let text = |item: &Item| match item {
        Item::Event { bytes, .. } => String::from_utf8(batch.event(bytes).to_vec()).unwrap(),
        other => panic!("{other:?}"),
    };
    batch.items().iter().map(text).collect()
}

/// Takes, records and deletes until the queue is empty, or `steps` are used up; whether it came to an end.
fn pump(bench: &Bench, recorded: &mut Vec<String>, mut steps: usize) -> bool {
    let (mut source, acknowledgements) = bench.open(Duration::from_secs(30));
    let mut batch = Batch::default();
    loop {
        for step in 0..3 {
            if steps == 0 {
                return false;
            }
            steps -= 1;
            match step {
                0 => {
                    if source.next_batch(&mut batch) == Progress::Done {
                        return true;
                    }
                }
                1 => recorded.extend(events(&batch)),
                _ => drop(acknowledgements.recorded()),
            }
        }
    }
}

#[test]
fn a_crash_at_any_step_leaves_each_message_recorded_or_in_the_queue() {
    for steps in 0..20 {
        let bench = Bench::new(Simulated::with((0..250).map(event), 0));
        let mut recorded = Vec::new();
        let ended = pump(&bench, &mut recorded, steps);
        let known: BTreeSet<String> = recorded.iter().cloned().collect();
        let left = bench.queue.left();
        assert!(known.len() + left >= 250, "step {steps}: {} recorded, {left} left", known.len());
        bench.queue.reveal();
        assert!(ended || pump(&bench, &mut recorded, usize::MAX));
        let known: BTreeSet<String> = recorded.iter().cloned().collect();
        assert_eq!((known, bench.queue.left()), ((0..250).map(event).collect(), 0), "step {steps}");
        // What was recorded twice is at most the batch during which it crashed.
        assert!(recorded.len() <= 250 + 100, "step {steps}: {}", recorded.len());
    }
}

#[test]
fn calls_that_fail_after_they_took_effect_lose_nothing() {
    let bench = Bench::new(Simulated::with((0..60).map(event), 5));
    let mut recorded = Vec::new();
    while bench.queue.left() > 0 {
        pump(&bench, &mut recorded, usize::MAX);
        bench.queue.reveal();
    }
    let known: BTreeSet<String> = recorded.into_iter().collect();
    let aside = bench.aside();
    assert_eq!(known.len() + aside.len(), 60, "{aside:?}");
}

#[test]
fn messages_that_nobody_can_work_on_are_set_aside_and_deleted() {
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(EVENT_BYTES_MAX));
    let bodies = [event(0), "no JSON".to_owned(), long, event(3), "{\"id\":".to_owned(), event(5)];
    let bench = Bench::new(Simulated::with(bodies, 0));
    bench.queue.messages.lock().unwrap().get_mut("m0005").unwrap().received = 3;
    let mut recorded = Vec::new();
    assert!(pump(&bench, &mut recorded, usize::MAX));
    assert_eq!((recorded, bench.queue.left()), (vec![event(0), event(3)], 0));
    let aside = bench.aside();
    let reasons: Vec<(&str, &str)> = aside.iter().map(|(id, reason)| (&**id, &**reason)).collect();
    let wanted = [
        ("m0001", "unreadable"),
        ("m0002", "oversized"),
        ("m0004", "unreadable"),
        ("m0005", "received_too_often"),
    ];
    assert_eq!(reasons, wanted);
    assert_eq!(bench.registry.series(&table::SET_ASIDE, ["unreadable"]).total(), 2);
}

#[test]
fn a_message_that_comes_twice_is_counted_once() {
    let bench = Bench::new(Simulated::with((0..100).map(event), 0));
    bench.queue.repeats.store(true, Ordering::Relaxed);
    let mut recorded = Vec::new();
    assert!(pump(&bench, &mut recorded, usize::MAX));
    assert_eq!(recorded.len(), 100);
    assert_eq!(bench.registry.series(&table::DUPLICATES, []).total(), 100);
    assert_eq!(bench.queue.left(), 0);
}

#[test]
fn messages_stay_hidden_as_long_as_they_are_worked_on() {
    let bench = Bench::new(Simulated::with((0..10).map(event), 0));
    let (mut source, acknowledgements) = bench.open(Duration::from_millis(300));
    source.next_batch(&mut Batch::default());
    std::thread::sleep(Duration::from_millis(500));
    let extended = || *bench.queue.extended.lock().unwrap();
    assert!(extended() >= 20, "{}", extended());
    acknowledgements.recorded().unwrap();
    let before = extended();
    std::thread::sleep(Duration::from_millis(300));
    assert!(extended() <= before + 10, "nothing is hidden that was deleted");
}
