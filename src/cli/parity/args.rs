//! What can be typed.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Format, ReadingArgs};
use crate::cli::aws::AwsArgs;
use crate::cli::rate::per_second;

/// `ruleproof parity`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ParityArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) rules: Vec<String>,
    /// Events: files, folders, globs, or `-` for standard input [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) events: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Pairs of a rule and an event that are compared
    #[arg(long, value_name = "N", default_value = "500")]
    pub(super) sample: NonZeroUsize,
    /// Chooses the pairs; the same number chooses the same ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Calls per second; accounts have 50 per region for this and all other calls that manage EventBridge
    #[arg(long, value_name = "N/s", default_value = "25/s", value_parser = per_second)]
    pub(super) rate: NonZeroU32,
    /// Add AWS's answers to this file as cases for `ruleproof conform`; pairs that it has already are not asked again
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
    /// Add disagreements to this file, with pattern and event, to be looked at and reported; those of earlier runs stay
    #[arg(long, value_name = "FILE", default_value = "ruleproof-disagreements.jsonl")]
    pub(super) bundle: PathBuf,
    /// How to print the outcome
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}
