//! What sampling keeps of a million events: shares, keys, replicas, and what the kept ones stand for.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/rng.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use other parts of it, and publicly")]
mod rng;

#[path = "sampling/drift.rs"]
mod drift;
#[path = "sampling/events.rs"]
mod events;
#[path = "sampling/statistics.rs"]
mod statistics;
