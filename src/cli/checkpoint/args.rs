//! What can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// How a replay can go on after an interruption.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckpointArgs {
    /// Keep in this file how far the replay is, so that it can be resumed after an interruption
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) checkpoint: Option<PathBuf>,
    /// Go on where the run stopped that wrote the checkpoint; everything else has to be given as it was
    #[arg(long, requires = "checkpoint")]
    pub(in crate::cli) resume: bool,
    /// How often the checkpoint is written
    #[arg(long, value_name = "DURATION", default_value = "2s", requires = "checkpoint", value_parser = humantime::parse_duration)]
    pub(in crate::cli) checkpoint_every: Duration,
}
