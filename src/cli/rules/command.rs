//! Which of the commands about rules is meant.

use clap::{Args, Subcommand};

use super::args::{ExportArgs, ListArgs, PullArgs, ShowArgs};
#[cfg(feature = "aws")]
use super::pull;
use super::{export, list, show};
use crate::cli::exit::Exit;

/// `ruleproof rules`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// List the rules of all sources: name, bus, state, trigger, targets, kind of source, place
    List(ListArgs),
    /// Print one rule in full: pattern, targets, and what is not known before deployment
    Show(ShowArgs),
    /// Write the rules as one plain JSON file that loads back to the same rules
    Export(ExportArgs),
    /// Write the rules of live buses as plain files
    Pull(PullArgs),
}

/// Runs `ruleproof rules`.
pub(in crate::cli) fn run(args: RulesArgs) -> anyhow::Result<Exit> {
    match args.command {
        RulesCommand::List(args) => list::run(&args),
        RulesCommand::Show(args) => show::run(&args),
        RulesCommand::Export(args) => export::run(&args),
        #[cfg(feature = "aws")]
        RulesCommand::Pull(args) => pull::run(&args),
        #[cfg(not(feature = "aws"))]
        RulesCommand::Pull(_) => crate::cli::aws::not_built("rules pull"),
    }
}
