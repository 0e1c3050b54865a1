//! `ruleproof probe`: a testbed on a real bus.

mod args;
mod command;
#[cfg(feature = "aws")]
mod confirm;
#[cfg(feature = "aws")]
mod down;
#[cfg(feature = "aws")]
mod sweep;
#[cfg(feature = "aws")]
mod testbed;
#[cfg(feature = "aws")]
mod up;

pub(super) use command::{ProbeArgs, run};
