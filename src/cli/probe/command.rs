//! Which of the commands about testbeds is meant.

use clap::{Args, Subcommand};

use super::args::{DownArgs, SweepArgs, UpArgs};
#[cfg(feature = "aws")]
use super::{down, sweep, up};
use crate::cli::exit::Exit;

/// `ruleproof probe`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ProbeArgs {
    #[command(subcommand)]
    command: ProbeCommand,
}

#[derive(Debug, Subcommand)]
enum ProbeCommand {
    /// Set up a test bus with a mirror of each rule under test; prints what it makes and asks first
    Up(UpArgs),
    /// Remove all of the testbed on a bus
    Down(DownArgs),
    /// Remove all testbeds of the region that were left over
    Sweep(SweepArgs),
}

/// Runs `ruleproof probe`.
#[cfg(feature = "aws")]
pub(in crate::cli) fn run(args: ProbeArgs) -> anyhow::Result<Exit> {
    match args.command {
        ProbeCommand::Up(args) => up::run(&args),
        ProbeCommand::Down(args) => down::run(&args),
        ProbeCommand::Sweep(args) => sweep::run(&args),
    }
}

/// Runs `ruleproof probe`.
#[cfg(not(feature = "aws"))]
pub(in crate::cli) fn run(args: ProbeArgs) -> anyhow::Result<Exit> {
    crate::cli::aws::not_built(match args.command {
        ProbeCommand::Up(_) => "probe up",
        ProbeCommand::Down(_) => "probe down",
        ProbeCommand::Sweep(_) => "probe sweep",
    })
}
