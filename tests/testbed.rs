//! Setting up testbeds and taking them down, on a simulated control plane that can fail at every call.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "testbed/control_plane.rs"]
mod control_plane;
#[path = "testbed/crashes.rs"]
mod crashes;
#[path = "testbed/requirements.rs"]
mod requirements;
#[path = "testbed/scenario.rs"]
mod scenario;
#[path = "testbed/sweeping.rs"]
mod sweeping;
