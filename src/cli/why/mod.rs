//! `ruleproof why`: why an event matches rules or does not, and what to change.

mod answer;
mod command;
mod human;
mod json;

pub(super) use command::{WhyArgs, run};
