//! `ruleproof test`: runs the tests of rules.

mod args;
mod command;
mod format;
mod look;
mod measures;
mod output;
mod watch;

pub(super) use args::TestArgs;
pub(super) use command::run;
