//! Checks of rules that need no events: what never matches, what matches too much, what gets events twice or loses
//! them.
//!
//! What AWS refuses is found when rules are compiled; here are the mistakes that AWS accepts. Each check turns what
//! `analysis` proves, and what is documented of buses and targets, into findings. Owners may allow findings, in the
//! rule's own template or for all rules.
//!
//! Pairs of rules are not compared each with each: a rule that contains another one matches whatever that one
//! matches, so events made for the one are put to a matcher of all rules of the bus, and only what matches them is
//! looked at.

mod allow;
mod bus;
mod context;
mod input;
mod pairs;
mod pattern;
mod run;
mod self_trigger;
mod target;

pub use allow::{Allowed, UnknownCode};
pub use run::{LintOptions, lint};
