//! The bus: what becomes of an event is said by its number, and what arrives where is made up here, not by the library.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ruleproof::calls::CallError;
use ruleproof::probe::{
    BusArn, Destination, Entry, EntryAnswer, EventBus, Layout, Message, MessageId, MirrorRule, PatternTester,
    ReceiptHandle,
};
use tokio::time::{Instant, sleep};

use crate::CALL;
use crate::queue::SimQueue;

/// Rules under test; each matches the events of its kind.
pub const RULES: u64 = 20;

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// No rule matches it.
    Unmatched,
    /// Its target cannot be reached.
    Dead,
    /// Its rule matches, and nothing arrives at the target.
    Lost,
    /// It arrives, twice.
    Doubled,
    /// It arrives.
    Delivered,
}

impl Fate {
    pub fn of(number: u64) -> Fate {
        // 7,919 is prime, so that the fates are mixed and each has its exact share of a thousand events.
        match number * 7_919 % 1_000 {
            0..250 => Fate::Unmatched,
            250..255 => Fate::Dead,
            255..260 => Fate::Lost,
            260..261 => Fate::Doubled,
            _ => Fate::Delivered,
        }
    }
}

/// An event as it is on file.
pub fn event(number: u64) -> String {
    let kind =
        if Fate::of(number) == Fate::Unmatched { "none".to_owned() } else { (number % RULES).to_string() };
    format!(
        r#"{{"detail-type":"Order Placed","source":"load.shop","detail":{{"number":{number},"kind":"{kind}","order":"o-{number}","customer":{{"name":"Zo\u00eb Example","city":"Springfield"}},"lines":[{{"sku":"a-1","count":2}},{{"sku":"b-2","count":1}}],"total":{}}}}}"#,
        number % 997
    )
}

pub struct Bus {
    pub layout: Layout,
    pub arn: BusArn,
    pub queues: BTreeMap<Destination, Arc<SimQueue>>,
    /// Events on the bus.
    pub put: AtomicU64,
    pub put_calls: AtomicU64,
    pub asked: AtomicU64,
    /// When the first and the latest entry came.
    pub times: Mutex<Option<(Instant, Instant)>>,
}

impl Bus {
    pub fn new(layout: Layout, arn: BusArn) -> Bus {
        let queues = layout.destinations().map(|queue| (queue, Arc::default())).collect();
        Bus {
            layout,
            arn,
            queues,
            put: AtomicU64::new(0),
            put_calls: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            times: Mutex::default(),
        }
    }

    fn put(&self, entry: &Entry) -> String {
        let id = format!("11111111-1111-4111-8111-{:012x}", self.put.fetch_add(1, Ordering::Relaxed));
        let (source, kind) = (entry.source.as_deref().unwrap(), entry.detail_type.as_deref().unwrap());
        let detail = entry.detail.as_deref().unwrap();
        let event = format!(
            r#"{{"version":"0","id":"{id}","detail-type":"{kind}","source":"{source}","account":"123456789012","time":"2026-11-22T10:00:00Z","region":"eu-west-1","resources":[],"detail":{detail}}}"#
        );
        let sent = Sent { bus: self, entry, id: &id, event: &event };
        sent.to(Destination::Seen, event.clone(), None, BTreeMap::new());
        let number: u64 = between(detail, "\"number\":", ",").parse().unwrap();
        if Fate::of(number) != Fate::Unmatched {
            // One rule for each kind, in this order; see `main`.
            let mirror = (number % RULES) as usize;
            sent.mirrored(number, mirror, &self.layout.mirrors()[mirror]);
        }
        id
    }
}

struct Sent<'s> {
    bus: &'s Bus,
    entry: &'s Entry,
    id: &'s str,
    event: &'s str,
}

impl Sent<'_> {
    fn mirrored(&self, number: u64, index: usize, mirror: &MirrorRule) {
        let receipt = format!(r#"{{"mirror":{index},"event":"{}"}}"#, self.id);
        self.to(Destination::Receipts, receipt, None, BTreeMap::new());
        let target = &mirror.targets[0];
        // Every other rule has a transformer; see `main`.
        let body = match index % 2 {
            0 => self.event.to_owned(),
            _ => format!(r#"{{"order": "o-{number}", "total": {}}}"#, number % 997),
        };
        match Fate::of(number) {
            Fate::Unmatched | Fate::Lost => {}
            Fate::Dead => {
                let queue = self.bus.layout.queue_name(target.destination);
                let attributes = [
                    ("RULE_ARN", self.bus.arn.rule(&mirror.name)),
                    ("TARGET_ARN", self.bus.arn.queue(&queue)),
                    ("ERROR_CODE", "NO_PERMISSIONS".to_owned()),
                    ("ERROR_MESSAGE", "simulated".to_owned()),
                ];
                let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
                self.to(Destination::DeadLetters, body, None, attributes);
            }
            fate @ (Fate::Doubled | Fate::Delivered) => {
                let copies = if fate == Fate::Doubled { 2 } else { 1 };
                for _ in 0..copies {
                    self.to(target.destination, body.clone(), target.group.clone(), BTreeMap::new());
                }
            }
        }
    }

    fn to(
        &self,
        queue: Destination,
        body: String,
        group: Option<String>,
        attributes: BTreeMap<String, String>,
    ) {
        let mut id = String::with_capacity(36);
        write!(id, "{:032x}", fastrand::u128(..)).unwrap();
        let message = Message {
            id: MessageId(id),
            receipt: ReceiptHandle(String::new()),
            body,
            trace_header: Some(self.entry.trace_header.clone()),
            group,
            sent_ms: None,
            attributes,
        };
        self.bus.queues[&queue].enqueue(message, Duration::from_millis(fastrand::u64(10..90)));
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let from = text.find(before).unwrap() + before.len();
    let rest = &text[from..];
    &rest[..rest.find(after).unwrap()]
}

/// The bus behind a network.
pub struct BusClient(pub Arc<Bus>);

impl EventBus for BusClient {
    async fn put_events(&self, entries: &[Entry]) -> Result<Vec<EntryAnswer>, CallError> {
        assert!((1..=10).contains(&entries.len()), "{} entries", entries.len());
        sleep(CALL).await;
        let answers = entries.iter().map(|entry| Ok(self.0.put(entry))).collect();
        self.0.put_calls.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        self.0.times.lock().unwrap().get_or_insert((now, now)).1 = now;
        Ok(answers)
    }
}

impl PatternTester for BusClient {
    async fn test(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        sleep(CALL).await;
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        let kind = format!("\"{}\"", between(event, "\"kind\":\"", "\""));
        Ok(pattern.contains(&kind))
    }
}
