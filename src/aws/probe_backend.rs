//! What a run works with, on AWS.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::connect::Aws;
use super::event_bus::AwsEventBus;
use super::pattern_tester::AwsPatternTester;
use super::queue::AwsQueue;
use crate::calls::CallPolicy;
use crate::probe::{Backend, Destination, QueueUrl, Quotas};
use crate::rules::BusName;
use crate::tracking::TrackingStore;

/// A testbed on AWS, and the store in which its runs are written down.
#[derive(Debug)]
pub struct AwsBackend<S> {
    bus: AwsEventBus,
    queues: BTreeMap<Destination, AwsQueue>,
    tester: AwsPatternTester,
    store: Arc<S>,
    event_bridge: CallPolicy,
    sqs: CallPolicy,
}

impl<S> AwsBackend<S> {
    /// The testbed on `bus` whose queues are `queues`, which has to name all of them. `seed` decides how long retries
    /// wait.
    pub fn new(
        aws: &Aws,
        bus: &BusName,
        queues: &BTreeMap<Destination, QueueUrl>,
        store: Arc<S>,
        seed: u64,
    ) -> AwsBackend<S> {
        let quotas = Quotas::of_region(aws.region());
        AwsBackend {
            bus: aws.event_bus(bus),
            queues: queues.iter().map(|(destination, url)| (*destination, aws.queue(url))).collect(),
            tester: aws.pattern_tester(),
            store,
            event_bridge: CallPolicy::new(&quotas.run_calls(), seed),
            sqs: CallPolicy::new(&Quotas::queue_run_calls(), seed.wrapping_add(1)),
        }
    }
}

impl<S: TrackingStore + 'static> Backend for AwsBackend<S> {
    type Bus = AwsEventBus;
    type Queue = AwsQueue;
    type Tester = AwsPatternTester;
    type Store = S;

    fn bus(&self) -> &AwsEventBus {
        &self.bus
    }

    fn queue(&self, destination: Destination) -> &AwsQueue {
        // Readiness is told only with all queues of the layout.
        &self.queues[&destination]
    }

    fn tester(&self) -> &AwsPatternTester {
        &self.tester
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
