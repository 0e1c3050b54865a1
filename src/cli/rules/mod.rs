//! `ruleproof rules`: what was found where, one rule in full, and rules as a plain file, also those of live buses.

mod args;
mod command;
mod export;
mod list;
#[cfg(feature = "aws")]
mod pull;
mod show;
mod sources;

pub(super) use command::{RulesArgs, run};
