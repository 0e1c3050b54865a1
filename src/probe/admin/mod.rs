//! What setting up a test bus needs of AWS: buses, rules and their targets, queues, and tags of all of them.
//!
//! As with [`EventBus`](super::EventBus) every method is one call, tried once; names and limits are those of the API.

mod bus_admin;
mod queue_admin;
mod wire;

pub use bus_admin::BusAdmin;
pub use queue_admin::QueueAdmin;
pub use wire::{FoundBus, FoundRule, NewRule, Page, QueueSettings, QueueTarget, QueueUrl, Tags};
