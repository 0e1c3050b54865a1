//! What can be typed.

use std::time::Duration;

use clap::Args;

use crate::cli::args::LimitsName;
use crate::cli::aws::AwsArgs;
use crate::rules::BusName;

/// The bus that `probe up` makes unless told otherwise.
const BUS: &str = "ruleproof-test";

/// Which rules are under test.
#[derive(Debug, Args)]
pub(super) struct SubjectArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) rules: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Whose limits patterns are held to
    #[arg(long, value_enum, default_value_t)]
    pub(super) limits: LimitsName,
}

/// Which bus the testbed is on.
#[derive(Debug, Args)]
pub(super) struct BusArgs {
    /// The test bus
    #[arg(long, value_name = "NAME", default_value = BUS, value_parser = BusName::parse)]
    pub(super) bus: BusName,
}

/// `ruleproof probe up`.
#[derive(Debug, Args)]
pub(super) struct UpArgs {
    #[command(flatten)]
    pub(super) subject: SubjectArgs,
    #[command(flatten)]
    pub(super) bus: BusArgs,
    /// Use a bus that is not tagged for testing, even the default one
    #[arg(long)]
    pub(super) any_bus: bool,
    /// The account's quotas of rules per bus and of pattern sizes are raised: leave them to AWS
    #[arg(long)]
    pub(super) raised_quotas: bool,
    /// Do not ask before anything is made
    #[arg(long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// `ruleproof probe down`.
#[derive(Debug, Args)]
pub(super) struct DownArgs {
    #[command(flatten)]
    pub(super) bus: BusArgs,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// `ruleproof probe sweep`.
#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    /// Remove testbeds that were last changed longer ago than this, such as 12h or 7days
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(super) older_than: Duration,
    /// Do not ask before anything is removed
    #[arg(long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}
