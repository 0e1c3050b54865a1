//! The two ends of the work on a queue: events come out, and what was recorded goes in.

use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};

use super::work::Delivery;
use crate::sources::{Batch, EventSource, InputId, Progress};

/// The events of a queue's messages. Every batch but the last is one delivery.
#[derive(Debug)]
pub struct QueueEvents {
    deliveries: Receiver<Delivery>,
    /// `sqs://` and the queue's name.
    queue: String,
    /// The messages of the current batch: `sqs://queue/message-id`.
    names: Vec<String>,
}

/// Told of each batch that is recorded, in their order.
#[derive(Debug)]
pub struct Acknowledge {
    recorded: UnboundedSender<u64>,
    next: u64,
}

impl Acknowledge {
    /// The next batch is recorded for good.
    pub fn batch(&mut self) {
        // Nobody listens any more after a failure; then messages come again.
        let _ = self.recorded.send(self.next);
        self.next += 1;
    }
}

/// What [`super::work`] hands events on by, and hears by what is recorded.
#[derive(Debug)]
pub struct WorkEnds {
    pub(super) deliveries: Sender<Delivery>,
    pub(super) recorded: UnboundedReceiver<u64>,
}

/// A source that calls its messages `sqs://queue/message-id`, what has to be told of it, and their other ends.
pub fn joined(queue: &str) -> (QueueEvents, Acknowledge, WorkEnds) {
    let (deliver, deliveries) = channel(1);
    let (told, recorded) = unbounded_channel();
    let events = QueueEvents { deliveries, queue: format!("sqs://{queue}"), names: Vec::new() };
    (events, Acknowledge { recorded: told, next: 0 }, WorkEnds { deliveries: deliver, recorded })
}

impl QueueEvents {
    /// Waits for the next delivery; for drivers that do not block.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.deliveries.recv().await
    }
}

impl EventSource for QueueEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        self.names.clear();
        let Some(delivery) = self.deliveries.blocking_recv() else {
            batch.empty();
            return Progress::Done;
        };
        let (mut texts, mut last) = (Vec::new(), None);
        for (id, event) in &delivery.events {
            if last != Some(id) {
                self.names.push(format!("{}/{id}", self.queue));
                last = Some(id);
            }
            texts.push((InputId(self.names.len() as u32 - 1), event.as_slice()));
        }
        batch.put_texts(texts);
        Progress::More
    }

    fn input_name(&self, input: InputId) -> &str {
        self.names.get(input.0 as usize).map_or("", String::as_str)
    }
}
