//! Everything that one process works with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ruleproof::calls::{CallGroup, CallPolicy, CallSettings};
use ruleproof::probe::{Backend, Destination};

use super::bus::BusClient;
use super::crash::Life;
use super::queue::QueueClient;
use super::store::StoreClient;
use super::world::World;

pub struct SimBackend {
    bus: BusClient,
    queues: BTreeMap<Destination, QueueClient>,
    store: StoreClient,
    event_bridge: CallPolicy,
    sqs: CallPolicy,
}

impl SimBackend {
    pub fn new(world: &Arc<World>, life: &Arc<Life>) -> SimBackend {
        let client = |destination| {
            (destination, QueueClient { world: Arc::clone(world), life: Arc::clone(life), destination })
        };
        let settings = |service| {
            let others = CallGroup { timeout: Duration::from_secs(12), ..CallGroup::unlimited(&[]) };
            CallSettings { others, ..CallSettings::of_service(service) }
        };
        let seed = world.scenario.seed;
        SimBackend {
            bus: BusClient { world: Arc::clone(world), life: Arc::clone(life) },
            queues: world.layout.destinations().map(client).collect(),
            store: StoreClient { world: Arc::clone(world), life: Arc::clone(life) },
            event_bridge: CallPolicy::new(&settings("EventBridge"), seed),
            sqs: CallPolicy::new(&settings("SQS"), seed + 1),
        }
    }
}

impl Backend for SimBackend {
    type Bus = BusClient;
    type Queue = QueueClient;
    type Tester = BusClient;
    type Store = StoreClient;

    fn bus(&self) -> &BusClient {
        &self.bus
    }

    fn queue(&self, destination: Destination) -> &QueueClient {
        &self.queues[&destination]
    }

    fn tester(&self) -> &BusClient {
        &self.bus
    }

    fn store(&self) -> &StoreClient {
        &self.store
    }

    fn event_bridge(&self) -> &CallPolicy {
        &self.event_bridge
    }

    fn sqs(&self) -> &CallPolicy {
        &self.sqs
    }
}
