//! Which of the commands about testbeds is meant.

use clap::{Args, Subcommand};

use super::args::{DownArgs, RedriveArgs, RunArgs, ShowArgs, SweepArgs, UpArgs};
#[cfg(feature = "aws")]
use super::{down, redrive, show, sweep, up};
use crate::cli::exit::Exit;

/// How runs end, for their help.
const ENDS: &str = "Ends with 0 if no event is errored, 1 if some are, 5 if AWS and we differ on one; with 3 if it \
    could not be completed and 130 if it was interrupted: `probe redrive` goes on from there.";

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
    /// Send events to the test bus and find out of each whether it was delivered, unmatched or errored
    #[command(after_help = ENDS)]
    Run(Box<RunArgs>),
    /// Go on with a run that was stopped, and send its errored events once more
    #[command(after_help = ENDS)]
    Redrive(Box<RedriveArgs>),
    /// Show what became of the events of a run, or list all runs
    Show(ShowArgs),
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
        ProbeCommand::Run(args) => super::run::run(&args),
        ProbeCommand::Redrive(args) => redrive::run(&args),
        ProbeCommand::Show(args) => show::run(&args),
        ProbeCommand::Down(args) => down::run(&args),
        ProbeCommand::Sweep(args) => sweep::run(&args),
    }
}

/// Runs `ruleproof probe`.
#[cfg(not(feature = "aws"))]
pub(in crate::cli) fn run(args: ProbeArgs) -> anyhow::Result<Exit> {
    crate::cli::aws::not_built(match args.command {
        ProbeCommand::Up(_) => "probe up",
        ProbeCommand::Run(_) => "probe run",
        ProbeCommand::Redrive(_) => "probe redrive",
        ProbeCommand::Show(_) => "probe show",
        ProbeCommand::Down(_) => "probe down",
        ProbeCommand::Sweep(_) => "probe sweep",
    })
}
