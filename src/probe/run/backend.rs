//! What a run needs of the world.

use crate::calls::CallPolicy;
use crate::probe::{Destination, EventBus, PatternTester, Queue};
use crate::tracking::TrackingStore;

/// Everything outside of this process that a run works with.
pub trait Backend: Send + Sync + 'static {
    /// The bus.
    type Bus: EventBus;
    /// A queue.
    type Queue: Queue;
    /// `TestEventPattern`.
    type Tester: PatternTester;
    /// The tracking store.
    type Store: TrackingStore;

    /// The bus that events are put on.
    fn bus(&self) -> &Self::Bus;
    /// A queue of the testbed.
    fn queue(&self, destination: Destination) -> &Self::Queue;
    /// AWS's own matcher.
    fn tester(&self) -> &Self::Tester;
    /// Where the run is written down.
    fn store(&self) -> &Self::Store;
    /// The policy of calls to EventBridge.
    fn event_bridge(&self) -> &CallPolicy;
    /// The policy of calls to SQS.
    fn sqs(&self) -> &CallPolicy;
}
