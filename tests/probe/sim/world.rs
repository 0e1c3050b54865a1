//! What outlives processes: the bus, the queues, the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use ruleproof::calls::{CallError, CallErrorKind, Effect};
use ruleproof::probe::{BusArn, Destination, Layout, TestbedName};
use ruleproof::tracking::MemoryStore;
use tokio::time::Instant;
use xxhash_rust::xxh3::Xxh3;

use super::queue::SimQueue;
use super::scenario::{Percent, Scenario};
use super::truth::Decider;
use crate::support::rng::Rng;

pub const BUS_ARN: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/test";

/// The wall's clock when the world begins, in milliseconds since 1970.
pub const BEGIN_MS: i64 = 1_795_365_900_000;

pub struct World {
    pub scenario: Scenario,
    pub layout: Layout,
    pub bus: BusArn,
    pub decider: Decider,
    pub store: MemoryStore,
    pub written: Mutex<super::store::Written>,
    pub state: Mutex<State>,
    /// What the reference said of patterns, by the content of events.
    pub answers: Mutex<HashMap<String, Vec<(String, bool)>>>,
    begin: Instant,
    trace: Mutex<Xxh3>,
}

pub struct State {
    pub rng: Rng,
    pub queues: BTreeMap<Destination, SimQueue>,
    pub next_id: u64,
    /// Right bodies that were sent to a target, by rule and id.
    pub sent_to: BTreeMap<(String, String), u64>,
    /// A queue was deleted, and what was in it.
    lost_messages: bool,
}

/// What befalls a call.
pub enum Mishap {
    None,
    /// It fails, without effect.
    Fails(CallError),
    /// It has its effect, and its answer is lost.
    Unanswered(CallError),
    /// It takes too long; whether it has its effect.
    Stalls(bool),
}

impl World {
    pub fn new(scenario: Scenario) -> World {
        let name = TestbedName::parse("bed").unwrap();
        let layout = Layout::sharing(name, &scenario.rules, scenario.queues_max).unwrap();
        let queues = layout.destinations().map(|queue| (queue, SimQueue::default())).collect();
        World {
            layout,
            bus: BusArn::parse(BUS_ARN).unwrap(),
            decider: Decider { seed: scenario.seed },
            store: MemoryStore::new(),
            written: Mutex::default(),
            state: Mutex::new(State {
                rng: Rng::new(scenario.seed ^ 0xa5a5),
                queues,
                next_id: 1,
                sent_to: BTreeMap::new(),
                lost_messages: false,
            }),
            answers: Mutex::default(),
            begin: Instant::now(),
            trace: Mutex::default(),
            scenario,
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// Something happened that another run of the same seed has to do as well, at the same time.
    pub fn note(&self, what: &str) {
        let mut trace = self.trace.lock().unwrap();
        trace.update(&self.elapsed().as_nanos().to_le_bytes());
        trace.update(what.as_bytes());
    }

    /// Stands for everything that was noted, in this order.
    pub fn trace(&self) -> u64 {
        self.trace.lock().unwrap().digest()
    }

    pub fn now_ms(&self) -> i64 {
        BEGIN_MS + self.elapsed().as_millis() as i64
    }

    /// Deletes a queue and what is in it.
    pub fn delete_queue(&self, queue: Destination) {
        let mut state = self.state();
        state.lost_messages = true;
        state.queues.get_mut(&queue).unwrap().delete();
    }

    /// Makes the queues that were deleted anew.
    pub fn make_queues(&self) {
        self.state().queues.values_mut().for_each(|queue| queue.deleted = false);
    }

    pub fn has_lost_messages(&self) -> bool {
        self.state().lost_messages
    }

    /// When the last outage is over that is longer than a breaker waits.
    pub fn long_outage(&self) -> Option<Instant> {
        let outages = self.scenario.outages.iter();
        let long = outages.filter(|outage| outage.to - outage.from > Duration::from_secs(100));
        long.map(|outage| self.begin + outage.to).max()
    }

    /// Whether something happens now, by chance.
    pub fn chance(&self, percent: Percent) -> bool {
        self.state().rng.percent(percent.0)
    }

    /// What befalls a call to a service.
    pub fn mishap(&self, service: &'static str, operation: &'static str) -> Mishap {
        self.note(operation);
        let noise = &self.scenario.noise;
        let error = |code: &str, kind, effect| CallError {
            service,
            operation,
            code: code.to_owned(),
            message: "simulated".to_owned(),
            kind,
            effect,
        };
        let (now, event_bridge) = (self.elapsed(), service == "EventBridge");
        let out = |outage: &super::scenario::Outage| {
            outage.event_bridge == event_bridge && (outage.from..outage.to).contains(&now)
        };
        if self.scenario.outages.iter().any(out) {
            return Mishap::Fails(error("ConnectFailure", CallErrorKind::Unavailable, Effect::None));
        }
        if self.chance(noise.throttled) {
            return Mishap::Fails(error("ThrottlingException", CallErrorKind::Throttled, Effect::None));
        }
        if self.chance(noise.failed) {
            return Mishap::Fails(error("InternalFailure", CallErrorKind::Unavailable, Effect::None));
        }
        if self.chance(noise.unanswered) {
            return Mishap::Unanswered(error("ConnectionReset", CallErrorKind::Unavailable, Effect::Unknown));
        }
        if self.chance(noise.stalled) {
            return Mishap::Stalls(self.chance(Percent(50)));
        }
        Mishap::None
    }

    pub fn fresh_id(&self) -> u64 {
        let mut state = self.state();
        state.next_id += 1;
        state.next_id
    }
}
