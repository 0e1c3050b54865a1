//! The official SDKs, behind the traits of the modules that need AWS.
//!
//! Nothing else names an `aws_*` crate, so nothing else is built without the feature `aws`, and everything that
//! decides something is tested against simulated services. Each method of a client is one call, tried once, with the
//! SDKs' own retries and timeouts off: [`crate::calls`] does both, in virtual time too. Whatever goes wrong becomes a
//! [`CallError`](crate::calls::CallError) of a kind that says what can be done.

mod bus_admin;
mod connect;
mod dynamodb;
mod error;
mod event_bus;
mod feeds;
mod live_rules;
mod pattern_tester;
mod probe_backend;
mod queue;
mod queue_admin;
mod reach;

pub use bus_admin::AwsBusAdmin;
pub use connect::{Aws, AwsOptions, AwsSetup};
pub use dynamodb::{DynamoDbStore, DynamoDbTable};
pub use event_bus::AwsEventBus;
pub use feeds::{AwsFeeds, FeedTimes};
pub use live_rules::AwsLiveRules;
pub use pattern_tester::AwsPatternTester;
pub use probe_backend::AwsBackend;
pub use queue::AwsQueue;
pub use queue_admin::AwsQueueAdmin;
