//! A simulated AWS in virtual time: a bus with rules, queues, `TestEventPattern` and a store, each with faults.
//!
//! It knows nothing of how a probe works. Patterns are answered by the reference matcher of `tests/support`, bodies
//! are filled in by `shape`, and everything that goes wrong with an event for good follows from its content
//! (`truth`), so that sending it again after a crash meets the same fate. What goes wrong only once (throttling,
//! lost answers, delays, duplicates, outages) is a matter of the seed.

pub mod backend;
pub mod bus;
pub mod crash;
pub mod queue;
pub mod rules;
pub mod scenario;
pub mod shape;
pub mod store;
pub mod truth;
pub mod verify;
pub mod world;
