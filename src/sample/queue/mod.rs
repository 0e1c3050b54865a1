//! Events from a queue of a sampling rule.
//!
//! A message is deleted only after what became of its events is recorded, so whenever the process dies, each message is
//! either recorded or comes again. One that comes again is known by its id and not counted twice, as long as this process
//! remembers it (the last [`IDS_REMEMBERED`] messages); results of two processes are told apart by the event's id.
//! Messages that nobody can work on are set aside and deleted, so that they never come round for ever.

mod ids;
mod intake;
mod ports;
mod set_aside;

pub use ids::IDS_REMEMBERED;
pub use intake::{Acknowledgements, QueueEvents, QueueSettings};
pub use ports::{EventQueue, QueueMessage, Receipt};
pub use set_aside::{AsideReason, SetAside};
