//! Options of the commands about rules.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Format;
use crate::cli::aws::AwsArgs;
use crate::rules::BusName;

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

/// `ruleproof rules pull`.
#[derive(Debug, Args)]
pub(super) struct PullArgs {
    /// The buses
    #[arg(value_name = "BUS", default_value = "default", value_parser = BusName::parse)]
    pub(super) buses: Vec<BusName>,
    /// Write BUS.json into this folder
    #[arg(long, short, value_name = "FOLDER", default_value = "rules")]
    pub(super) output: PathBuf,
    /// Replace files that hold something else
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// Where rules come from.
#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Rules: files of any kind, folders, globs, git:REVISION:PATH or live://REGION/BUS [default: ruleproof.toml]
    #[arg(value_name = "SOURCE")]
    pub(super) sources: Vec<String>,
    /// Value of a template parameter, or of anything that a source leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
}
