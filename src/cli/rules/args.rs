//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{export, list, show};
use crate::cli::args::Format;
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
}

/// `ruleproof rules list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// `ruleproof rules show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The rule's name
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// How to print the rule
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// `ruleproof rules export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// Where rules come from.
#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Rules: files of any kind, folders, globs, or git:REVISION:PATH [default: ruleproof.toml]
    #[arg(value_name = "SOURCE")]
    pub(super) sources: Vec<String>,
    /// Value of a template parameter, or of anything that a source leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
}

/// Runs `ruleproof rules`.
pub(in crate::cli) fn run(args: RulesArgs) -> anyhow::Result<Exit> {
    match args.command {
        RulesCommand::List(args) => list::run(&args),
        RulesCommand::Show(args) => show::run(&args),
        RulesCommand::Export(args) => export::run(&args),
    }
}
