//! What should arrive, by our own lights: the very path that [`crate::replay`] takes, with the names that the mirrors
//! have on the test bus.
//!
//! Only the event *as seen* on the bus is foreseen of: EventBridge fills in ids, account, region and times.

mod body;
mod foresee;

pub(crate) use body::{BodyPrint, difference, same_body};
pub use foresee::{Expected, Foreseen, ForeseenPair, Foresight};
