//! How patterns stand to each other, and to what events can be: what matches nothing, what matches everything, what
//! contains what.
//!
//! Answers here are proofs over all events, not samples: [`Proof::Certain`] is said only if it is so for every event,
//! whatever its arrays look like. What is not proven may still be so. Events that show the opposite are made by
//! `synthesis`.

mod automaton;
mod contains;
mod domain;
mod leaves;
mod never;
mod numbers;
mod tests;
mod texts;

pub use contains::{Proof, Relations};
pub use domain::{ENVELOPE_FIELDS, EventShape};
pub use never::{Impossible, ImpossibleReason, similar_field, why_never};
