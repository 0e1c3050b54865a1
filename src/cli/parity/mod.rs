//! `ruleproof parity`: our verdicts beside those of `TestEventPattern`.

mod args;
mod command;
#[cfg(feature = "aws")]
mod compare;
#[cfg(feature = "aws")]
mod files;
#[cfg(feature = "aws")]
mod gather;

pub(super) use args::ParityArgs;
pub(super) use command::run;
