//! A naive model of event patterns: one recursive walk over a parsed event, no cleverness.
//!
//! [`compile`] turns a pattern's text into rules (one conjunction for each way through its `$or`s),
//! [`Event`] holds an event's leaves with the array elements around them, and [`matches`] tries every way to
//! choose one leaf per field, keeping those in which any two leaves lie in the same element of every array
//! that is around both.
//!
//! Wildcard complexity and the limits on length are not modelled.

mod address;
mod compile;
mod event;
mod fold;
mod matching;
mod number;
mod test;

pub use compile::{Refused, Rule, compile};
pub use event::{Elements, Leaf, Leaves};
pub use matching::{Event, Unknown, matches};
pub use test::{Scalar, Test};
