//! What has to be on a test bus for a probe: queues, and a mirror of each rule under test.
//!
//! A layout depends on nothing but the rules and the testbed's name, so the command that sets it up and the command
//! that runs against it cannot differ in what they mean; [`Layout::digest`] tells whether they mean the same rules.
//!
//! # One mirror rule
//! - has the pattern of its rule, byte by byte;
//! - has a target for each target of the rule, with the same `Input`, `InputPath` or `InputTransformer`, to one of the
//!   delivery queues. The message group of the target says which one it is. A target that gets nothing of the event,
//!   or whose input is not known before deployment, cannot be mirrored;
//! - has a target of its own that tells a match from a delivery: its body, the *receipt*, names the mirror and the
//!   event, whatever becomes of the shaped bodies;
//! - has at most the five targets of the service. A rule with five of its own has a second mirror.
//!
//! All targets have the one dead-letter queue.
//!
//! # How many delivery queues
//! A queue per target would tell exactly what a message is of, but each has to be long-polled all the time: with 300
//! rules hundreds of connections that mostly wait. One queue cannot tell targets apart where there is no message
//! group, and in a dead letter `TARGET_ARN` names the queue, not the target. So up to 32 targets have a queue
//! each, and more share that number in turns, so that the targets of one mirror always have different ones: then the
//! message group tells them apart, or where it is missing the predicted body.

mod arn;
mod input;
mod name;
mod plan;
mod queues;

pub use arn::BusArn;
pub use input::MirrorInput;
pub use name::{LayoutError, TestbedName};
pub use plan::{CATCH_ALL_PATTERN, Layout, MirrorIndex, MirrorRule, MirrorTarget, PairIndex, Subject};
pub use queues::Destination;
