//! A standard queue: at least once, in any order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ruleproof::calls::{CallError, CallErrorKind, Effect};
use ruleproof::probe::{Deleted, Destination, Layout, Message, MessageId, Queue, ReceiptHandle};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::crash::Life;
use super::scenario::Percent;
use super::world::{Mishap, State, World};

/// Longer than the timeout of any call.
const STALL: Duration = Duration::from_secs(60);

#[derive(Default)]
pub struct SimQueue {
    messages: BTreeMap<u64, SimMessage>,
    pub deleted: bool,
    /// A message came.
    arrived: Arc<Notify>,
}

struct SimMessage {
    message: Message,
    visible_at: Instant,
}

impl SimQueue {
    pub fn delete(&mut self) {
        self.messages.clear();
        self.deleted = true;
        self.arrived.notify_waiters();
    }
}

impl World {
    /// Puts a message into a queue, to be seen after `delay`.
    pub fn enqueue(&self, queue: Destination, message: Message, delay: Duration) {
        let number = self.fresh_id();
        let visible_at = Instant::now() + delay;
        let mut state = self.state();
        let queue = state.queues.get_mut(&queue).unwrap();
        if queue.deleted {
            return;
        }
        queue.messages.insert(number, SimMessage { message, visible_at });
        queue.arrived.notify_waiters();
    }
}

/// A queue as one process sees it.
pub struct QueueClient {
    pub world: Arc<World>,
    pub life: Arc<Life>,
    pub destination: Destination,
}

impl QueueClient {
    async fn call<T>(&self, operation: &'static str, effect: impl FnOnce() -> T) -> Result<T, CallError> {
        let leave = self.life.operation(self.world.scenario.noise.latency_max).await;
        if self.world.state().queues[&self.destination].deleted {
            return leave.answer(Err(no_such_queue(operation))).await;
        }
        match self.world.mishap("SQS", operation) {
            Mishap::None => leave.answer(Ok(effect())).await,
            Mishap::Fails(error) => leave.answer(Err(error)).await,
            Mishap::Unanswered(error) => {
                drop(effect());
                leave.answer(Err(error)).await
            }
            Mishap::Stalls(has_effect) => {
                if has_effect {
                    drop(effect());
                }
                tokio::time::sleep(STALL).await;
                unreachable!("calls have timeouts")
            }
        }
    }

    /// Hands out visible messages, hiding them; now and then one of them stays visible.
    fn hand_out(&self) -> Vec<Message> {
        let mut state = self.world.state();
        let State { rng, queues, .. } = &mut *state;
        let now = Instant::now();
        let repeated = self.world.scenario.noise.repeated.0;
        let queue = queues.get_mut(&self.destination).unwrap();
        let mut visible: Vec<u64> = queue
            .messages
            .iter()
            .filter(|(_, message)| message.visible_at <= now)
            .map(|(number, _)| *number)
            .collect();
        rng.shuffle(&mut visible);
        visible.truncate(10);
        let mut out = Vec::new();
        for number in visible {
            let handle = rng.next_u64();
            let stays = rng.percent(repeated / 4);
            let message = queue.messages.get_mut(&number).unwrap();
            message.visible_at =
                now + if stays { Duration::from_secs(1) } else { Layout::VISIBILITY_TIMEOUT };
            let receipt = ReceiptHandle(format!("{number}/{handle}"));
            self.world.note(&receipt.0);
            out.push(Message { receipt, ..message.message.clone() });
        }
        out
    }

    fn next_visible(&self) -> Option<Instant> {
        let state = self.world.state();
        let messages = state.queues[&self.destination].messages.values();
        messages.map(|message| message.visible_at).min()
    }

    fn remove(&self, receipts: &[ReceiptHandle]) -> Vec<Deleted> {
        let noise = &self.world.scenario.noise;
        let delete = |receipt: &ReceiptHandle| {
            if self.world.chance(noise.undeleted) {
                return Deleted::Failed { code: "InternalError".to_owned() };
            }
            let number: u64 = receipt.0.split('/').next().and_then(|number| number.parse().ok()).unwrap();
            let comes_again = self.world.chance(Percent(noise.repeated.0 / 4));
            let mut state = self.world.state();
            let messages = &mut state.queues.get_mut(&self.destination).unwrap().messages;
            if let Some(message) = messages.get(&number) {
                self.world.check_durable(&message.message, self.destination);
                if !comes_again {
                    messages.remove(&number);
                }
            }
            Deleted::Done
        };
        receipts.iter().map(delete).collect()
    }
}

impl Queue for QueueClient {
    async fn receive(&self, wait: Duration) -> Result<Vec<Message>, CallError> {
        let until = Instant::now() + wait;
        let arrivals = Arc::clone(&self.world.state().queues[&self.destination].arrived);
        loop {
            let arrived = arrivals.notified();
            let next = self.next_visible().unwrap_or(until);
            if next <= Instant::now() || Instant::now() >= until {
                break;
            }
            tokio::select! {
                biased;
                () = arrived => {}
                () = tokio::time::sleep_until(next.min(until)) => {}
            }
        }
        self.call("ReceiveMessage", || self.hand_out()).await
    }

    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<Vec<Deleted>, CallError> {
        assert!((1..=10).contains(&receipts.len()), "{} messages deleted at once", receipts.len());
        self.call("DeleteMessageBatch", || self.remove(receipts)).await
    }
}

fn no_such_queue(operation: &'static str) -> CallError {
    CallError {
        service: "SQS",
        operation,
        code: "QueueDoesNotExist".to_owned(),
        message: "the specified queue does not exist".to_owned(),
        kind: CallErrorKind::Missing,
        effect: Effect::None,
    }
}

/// A message with everything that EventBridge gives it.
pub fn message(
    id: u64,
    body: String,
    trace_header: Option<String>,
    group: Option<String>,
    sent_ms: i64,
) -> Message {
    Message {
        id: MessageId(format!("message-{id:06}")),
        receipt: ReceiptHandle(String::new()),
        body,
        trace_header,
        group,
        sent_ms: Some(sent_ms),
        attributes: BTreeMap::new(),
    }
}
