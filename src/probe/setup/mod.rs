//! Sets up testbeds on buses, takes them down, and finds those that were left over.
//!
//! A command may be killed between any two calls, so nothing is remembered on this machine: what there is on AWS is
//! looked at ([`Inventory`]) and brought to what there should be, one idempotent call after the other. Everything is
//! tagged in the very call that makes it with its bus, the run that made it and the time, so that also a testbed of
//! which only a half was made is found again and removed to the last trace.
//!
//! A testbed counts as complete once its catch-all carries the digest of the rules ([`Readiness`]); while it is
//! changed, it does not.

mod cost;
mod down;
mod in_use;
mod inventory;
mod marks;
mod problem;
mod quotas;
mod ready;
mod requirements;
mod sweep;
mod testbed;
mod up;
mod wire_targets;

pub use cost::RunCost;
pub use down::Removed;
pub use in_use::InUseMark;
pub use inventory::Inventory;
pub use marks::{Marks, TEST_BUS_TAG, TestbedUse};
pub use problem::SetupProblem;
pub use quotas::{PutEventsRate, Quotas};
pub use ready::{Readiness, Strayed};
pub use requirements::{BusChoice, QuotaChoice};
pub use sweep::LeftOver;
pub use testbed::{Setup, Testbed};
pub use up::{Step, UpError};
