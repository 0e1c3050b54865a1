//! Everything that one process works with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ruleproof::calls::{CallGroup, CallPolicy, CallSettings};
use ruleproof::probe::{Backend, Destination};
use ruleproof::tracking::FailAfter;

use super::bus::BusClient;
use super::crash::Life;
use super::queue::QueueClient;
use super::store::StoreClient;
use super::world::World;

pub struct SimBackend {
    bus: BusClient,
    queues: BTreeMap<Destination, QueueClient>,
    store: FailAfter<StoreClient>,
    event_bridge: CallPolicy,
    sqs: CallPolicy,
}

impl SimBackend {
    /// The store fails after so many steps, if it is told to.
    pub fn new(world: &Arc<World>, life: &Arc<Life>, store_fails: Option<u64>) -> SimBackend {
        let client = |destination| {
            (destination, QueueClient { world: Arc::clone(world), life: Arc::clone(life), destination })
        };
        let settings = |service| {
            let others = CallGroup { timeout: Duration::from_secs(12), ..CallGroup::unlimited(&[]) };
            CallSettings { others, ..CallSettings::of_service(service) }
        };
        let store = StoreClient { world: Arc::clone(world), life: Arc::clone(life) };
        let seed = world.scenario.seed;
        SimBackend {
            bus: BusClient { world: Arc::clone(world), life: Arc::clone(life) },
            queues: world.layout.destinations().map(client).collect(),
            store: FailAfter::new(store, store_fails.unwrap_or(u64::MAX - 1)),
            event_bridge: CallPolicy::new(&settings("EventBridge"), seed),
            sqs: CallPolicy::new(&settings("SQS"), seed + 1),
        }
    }
}

impl Backend for SimBackend {
    type Bus = BusClient;
    type Queue = QueueClient;
    type Tester = BusClient;
    type Store = FailAfter<StoreClient>;

    fn bus(&self) -> &BusClient {
        &self.bus
    }

    fn queue(&self, destination: Destination) -> &QueueClient {
        &self.queues[&destination]
    }

    fn tester(&self) -> &BusClient {
        &self.bus
    }

    fn store(&self) -> &FailAfter<StoreClient> {
        &self.store
    }

    fn event_bridge(&self) -> &CallPolicy {
        &self.event_bridge
    }

    fn sqs(&self) -> &CallPolicy {
        &self.sqs
    }
}
