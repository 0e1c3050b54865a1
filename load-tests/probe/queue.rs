//! A standard queue: messages in the order of their random delays, each hidden once it is handed out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ruleproof::calls::CallError;
use ruleproof::probe::{Deleted, Message, Queue, ReceiptHandle};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::CALL;

/// Messages of one answer, at most.
const ANSWER_MAX: usize = 10;

#[derive(Default)]
pub struct SimQueue {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    waiting: BinaryHeap<Reverse<(Instant, u64)>>,
    /// All that were not deleted, handed out or not.
    messages: HashMap<u64, Message>,
    next: u64,
}

impl SimQueue {
    /// A message that may be received after `delay`.
    pub fn enqueue(&self, mut message: Message, delay: Duration) {
        let mut state = self.state.lock().unwrap();
        let number = state.next;
        state.next += 1;
        message.receipt = ReceiptHandle(number.to_string());
        state.messages.insert(number, message);
        state.waiting.push(Reverse((Instant::now() + delay, number)));
        drop(state);
        self.arrived.notify_one();
    }

    /// Messages that nobody deleted.
    pub fn left(&self) -> usize {
        self.state.lock().unwrap().messages.len()
    }

    fn hand_out(&self) -> Vec<Message> {
        let (mut state, mut out) = (self.state.lock().unwrap(), Vec::new());
        let now = Instant::now();
        while out.len() < ANSWER_MAX
            && let Some(Reverse((at, number))) = state.waiting.peek().copied()
            && at <= now
        {
            state.waiting.pop();
            out.extend(state.messages.get(&number).cloned());
        }
        out
    }

    fn next(&self) -> Option<Instant> {
        self.state.lock().unwrap().waiting.peek().map(|Reverse((at, _))| *at)
    }

    async fn until_there_is_one(&self) {
        loop {
            match self.next() {
                Some(at) if at <= Instant::now() => return,
                Some(at) => sleep_until(at).await,
                None => self.arrived.notified().await,
            }
        }
    }
}

/// The queue behind a network.
pub struct QueueClient(pub Arc<SimQueue>);

impl Queue for QueueClient {
    async fn receive(&self, wait: Duration) -> Result<Vec<Message>, CallError> {
        sleep(CALL).await;
        // If it takes too long, that is an empty answer.
        timeout(wait, self.0.until_there_is_one()).await.ok();
        Ok(self.0.hand_out())
    }

    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<Vec<Deleted>, CallError> {
        sleep(CALL).await;
        let mut state = self.0.state.lock().unwrap();
        for receipt in receipts {
            state.messages.remove(&receipt.0.parse().unwrap());
        }
        Ok(receipts.iter().map(|_| Deleted::Done).collect())
    }
}
