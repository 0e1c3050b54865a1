//! What a run on a real bus remembers of every event, durably, so that a crash loses nothing and a later redrive can
//! go on from there.
//!
//! A poller asks "has this event's copy arrived, and these deliveries?" for thousands of events at once; whoever
//! collects deliveries writes thousands of small facts. Both know the exact key of what they ask for or write. So a
//! store is a table of [`Record`]s under exact [`RecordKey`]s and nothing more: an embedded database does that well,
//! and DynamoDB does, and a test double is a map. There are no counters, conditions or transactions to get wrong:
//! writing the same record twice is writing it once.
//!
//! What a record says is its writer's business ([`RecordContent`]); a store keeps JSON text with the version of its
//! shape, so that common tools can read it where it lies.
//!
//! Records hold the texts of events and of what targets got. Treat a store as you treat the events.

mod content;
mod counted;
mod embedded;
mod error;
mod fail_after;
mod key;
mod memory;
mod numbers;
mod run_id;
mod store;

pub use content::{Expiry, Record, RecordContent};
pub use counted::{Counted, StoreCounts};
pub use embedded::EmbeddedStore;
pub use error::{StoreError, StoreErrorKind};
pub use fail_after::FailAfter;
pub use key::{RecordKey, Slot, SlotKind};
pub use memory::MemoryStore;
pub use numbers::{Attempt, EventNumber, Pair};
pub use run_id::{RunId, RunIdError};
pub use store::{Page, TrackingStore};
