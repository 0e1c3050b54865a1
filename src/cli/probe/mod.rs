//! `ruleproof probe`: a testbed on a real bus, and runs on it.

mod args;
mod command;
#[cfg(feature = "aws")]
mod confirm;
#[cfg(feature = "aws")]
mod down;
#[cfg(feature = "aws")]
mod drive;
#[cfg(feature = "aws")]
mod events;
#[cfg(feature = "aws")]
mod in_use;
#[cfg(feature = "aws")]
mod outcome;
#[cfg(feature = "aws")]
mod redrive;
#[cfg(feature = "aws")]
mod run;
#[cfg(feature = "aws")]
mod sample_bed;
#[cfg(feature = "aws")]
mod show;
#[cfg(feature = "aws")]
mod summary;
#[cfg(feature = "aws")]
mod sweep;
#[cfg(feature = "aws")]
mod testbed;
#[cfg(feature = "aws")]
mod times_log;
#[cfg(feature = "aws")]
mod tracking;
mod tracking_place;
#[cfg(feature = "aws")]
mod up;
#[cfg(feature = "aws")]
mod watching;

#[cfg(feature = "aws")]
pub(super) use args::PaceArgs;
pub(super) use args::TEST_BUS;
pub(super) use command::{ProbeArgs, run};
#[cfg(feature = "aws")]
pub(super) use sample_bed::SampleBed;
