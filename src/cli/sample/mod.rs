//! `ruleproof sample`.

mod args;
mod command;
mod cross_check;
mod drift;
mod input;
mod output;
mod plan;
mod probe;
#[cfg(feature = "aws")]
mod queue;
mod reload;
mod signals;
mod tap;

pub(super) use args::SampleArgs;
pub(super) use command::run;
