//! `ruleproof rules`: what was found where, one rule in full, and rules as a plain file.

mod args;
mod command;
mod export;
mod list;
mod show;
mod sources;

pub(super) use command::{RulesArgs, run};
