//! Probes on a simulated bus.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(unreachable_pub, reason = "it is a binary")]

mod support;

#[path = "probe/crashes.rs"]
mod crashes;
#[path = "probe/schedules.rs"]
mod schedules;
#[path = "probe/sim/mod.rs"]
mod sim;
