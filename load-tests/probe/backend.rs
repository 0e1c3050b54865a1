//! Everything that the run works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use ruleproof::calls::{CallPolicy, CallSettings};
use ruleproof::probe::{Backend, Destination};
use ruleproof::tracking::TrackingStore;

use crate::bus::{Bus, BusClient};
use crate::queue::QueueClient;

pub struct LoadBackend<S> {
    bus: BusClient,
    queues: BTreeMap<Destination, QueueClient>,
    store: Arc<S>,
    event_bridge: CallPolicy,
    sqs: CallPolicy,
}

impl<S> LoadBackend<S> {
    pub fn new(bus: &Arc<Bus>, store: Arc<S>) -> LoadBackend<S> {
        let queues = bus.queues.iter();
        LoadBackend {
            bus: BusClient(Arc::clone(bus)),
            queues: queues.map(|(name, queue)| (*name, QueueClient(Arc::clone(queue)))).collect(),
            store,
            event_bridge: CallPolicy::new(&CallSettings::of_service("EventBridge"), 1),
            sqs: CallPolicy::new(&CallSettings::of_service("SQS"), 2),
        }
    }
}

impl<S: TrackingStore + 'static> Backend for LoadBackend<S> {
    type Bus = BusClient;
    type Queue = QueueClient;
    type Tester = BusClient;
    type Store = S;

    fn bus(&self) -> &BusClient {
        &self.bus
    }

    fn queue(&self, destination: Destination) -> &QueueClient {
        &self.queues[&destination]
    }

    fn tester(&self) -> &BusClient {
        &self.bus
    }

    fn store(&self) -> &S {
        &self.store
    }

    fn event_bridge(&self) -> &CallPolicy {
        &self.event_bridge
    }

    fn sqs(&self) -> &CallPolicy {
        &self.sqs
    }
}
