//! The tracking store as one process sees it, and what must be true of what is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ruleproof::probe::{Destination, Message};
use ruleproof::tracking::{Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, TrackingStore};

use super::crash::Life;
use super::world::World;

/// What has been written so far.
#[derive(Default)]
pub struct Written {
    messages: BTreeSet<String>,
    /// Of each record, how many messages it counts without naming them.
    unnamed: BTreeMap<RecordKey, u64>,
    /// How many of those have not been deleted yet.
    unnamed_open: u64,
    verdicts: BTreeMap<RecordKey, Box<str>>,
    pub reads: u64,
    pub writes: u64,
}

pub struct StoreClient {
    pub world: Arc<World>,
    pub life: Arc<Life>,
}

impl World {
    /// A message is about to be deleted: what it says must be durable.
    pub fn check_durable(&self, message: &Message, queue: Destination) {
        let mut written = self.written.lock().unwrap();
        if written.messages.contains(&message.id.0) {
            return;
        }
        assert!(
            written.unnamed_open > 0,
            "{} of {queue} is deleted and nothing of it is written: {}",
            message.id.0,
            message.body
        );
        written.unnamed_open -= 1;
        written.messages.insert(message.id.0.clone());
    }

    fn note_written(&self, records: &[Record]) {
        let mut written = self.written.lock().unwrap();
        for record in records {
            self.note(&format!("{} {}", record.key.slot, record.content));
            let content: serde_json::Value = serde_json::from_str(&record.content).unwrap();
            for sign in content["signs"].as_array().into_iter().flatten() {
                written.messages.insert(sign["message"].as_str().unwrap().to_owned());
            }
            if let Some(more) = content["more"].as_u64() {
                let before = written.unnamed.insert(record.key.clone(), more).unwrap_or_default();
                written.unnamed_open += more.saturating_sub(before);
            }
            if let Slot::Unattributed(message) = &record.key.slot {
                written.messages.insert(message.to_string());
            }
            if let Slot::Verdict(..) = record.key.slot {
                let before = written.verdicts.insert(record.key.clone(), record.content.clone());
                assert_eq!(before, None, "a second verdict at {}", record.key.slot);
            }
        }
    }
}

impl TrackingStore for StoreClient {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        let leave = self.life.operation(self.world.scenario.noise.latency_max / 4).await;
        self.world.written.lock().unwrap().writes += 1;
        self.world.note_written(&records);
        self.world.store.write(records).await?;
        leave.answer(Ok(())).await
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        let leave = self.life.operation(self.world.scenario.noise.latency_max / 4).await;
        self.world.written.lock().unwrap().reads += 1;
        self.world.note(&format!("{} keys are read", keys.len()));
        let records = self.world.store.read(keys).await;
        leave.answer(records).await
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let leave = self.life.operation(self.world.scenario.noise.latency_max / 4).await;
        // Short pages, so that they end in the middle of events.
        let page = self.world.store.scan(run, kind, after, limit.min(7)).await;
        leave.answer(page).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.world.store.runs().await
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.world.store.delete(run).await
    }
}
