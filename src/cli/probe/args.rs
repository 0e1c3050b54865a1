//! What can be typed.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::tracking_place::TrackingPlace;
use crate::cli::args::LimitsName;
use crate::cli::aws::AwsArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::rate::{event_timeout, per_second};
use crate::rules::BusName;
use crate::tracking::RunId;

/// The bus that `probe up` makes unless told otherwise.
pub(in crate::cli) const TEST_BUS: &str = "ruleproof-test";

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
    #[arg(long, value_name = "NAME", default_value = TEST_BUS, value_parser = BusName::parse)]
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
    /// Also make this table of DynamoDB for runs to be written down in; files are made by `probe run`
    #[arg(long, value_name = "dynamodb://TABLE", value_parser = TrackingPlace::parse_table)]
    pub(super) tracking: Option<String>,
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
    /// Also remove this table of DynamoDB, with all runs in it
    #[arg(long, value_name = "dynamodb://TABLE", value_parser = TrackingPlace::parse_table)]
    pub(super) tracking: Option<String>,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// `ruleproof probe sweep`.
#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    /// Remove testbeds that were last changed longer ago than this, such as 12h or 7days, and that no run uses
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(super) older_than: Duration,
    /// Do not ask before anything is removed
    #[arg(long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// Where runs are written down.
#[derive(Debug, Args)]
pub(super) struct TrackingArgs {
    /// Where runs are written down, with their events: a file, made for its owner only, or dynamodb://TABLE
    #[arg(long, value_name = "FILE", default_value = "ruleproof-tracking.db", value_parser = TrackingPlace::parse)]
    pub(super) tracking: TrackingPlace,
}

/// How fast events are sent, and how long they are waited for.
#[derive(Debug, Args)]
pub(in crate::cli) struct PaceArgs {
    /// Events per second [default: as many as the region's quota of PutEvents lets through]
    #[arg(long, value_name = "N/s", value_parser = per_second)]
    pub(in crate::cli) rate: Option<NonZeroU32>,
    /// The most events that have no verdict yet
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(in crate::cli) in_flight: u32,
    /// How long an event may take from the bus's answer to the arrival of all that it causes
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = event_timeout)]
    pub(in crate::cli) timeout: Duration,
}

/// What is written of the outcome.
#[derive(Debug, Args)]
pub(super) struct OutcomeArgs {
    /// How to print the outcome
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: ProbeFormat,
    /// Write one line of JSON per event to this file
    #[arg(long, value_name = "FILE")]
    pub(super) results: Option<PathBuf>,
    /// Also print and write how bodies differ from the foreseen ones: contents of events
    #[arg(long)]
    pub(super) payloads: bool,
    /// Add disagreements to this file, with pattern and event, to be looked at and reported; those of earlier runs stay
    #[arg(long, value_name = "FILE", default_value = "ruleproof-disagreements.jsonl")]
    pub(super) bundle: PathBuf,
    /// Write all times to this file, as a log of HdrHistograms
    #[arg(long, value_name = "FILE")]
    pub(super) latency_log: Option<PathBuf>,
}

/// How outcomes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ProbeFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// One JSON object per event, and one for the summary at the end
    Ndjson,
}

/// How a run is worked on, whether it begins or goes on.
#[derive(Debug, Args)]
pub(super) struct WorkArgs {
    #[command(flatten)]
    pub(super) pace: PaceArgs,
    /// Use a testbed that is marked as in use by another run, as that run is known to be over
    #[arg(long)]
    pub(super) take_over: bool,
    #[command(flatten)]
    pub(super) tracking: TrackingArgs,
    #[command(flatten)]
    pub(super) outcome: OutcomeArgs,
    #[command(flatten)]
    pub(super) metrics: MetricsArgs,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// What is done about another run on the testbed.
#[cfg(feature = "aws")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherRuns {
    /// Its testbed is left to it.
    Respected,
    /// Its testbed is taken over, as it is known to be over.
    TakenOver,
}

#[cfg(feature = "aws")]
impl WorkArgs {
    /// What is done about another run on the testbed.
    pub(super) fn other_runs(&self) -> OtherRuns {
        if self.take_over { OtherRuns::TakenOver } else { OtherRuns::Respected }
    }
}

/// `ruleproof probe run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) subject: SubjectArgs,
    /// Events: files, folders, globs, or `-` for standard input [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) events: Vec<String>,
    #[command(flatten)]
    pub(super) bus: BusArgs,
    #[command(flatten)]
    pub(super) work: WorkArgs,
}

/// `ruleproof probe redrive`.
#[derive(Debug, Args)]
pub(super) struct RedriveArgs {
    /// The run, such as 20261122T164500Z-3f9a01bc; `probe show` lists them
    #[arg(value_name = "RUN")]
    pub(super) run: RunId,
    #[command(flatten)]
    pub(super) work: WorkArgs,
}

/// `ruleproof probe show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The run; without it, all runs are listed
    #[arg(value_name = "RUN")]
    pub(super) run: Option<RunId>,
    /// Show only this event, by its place in the run
    #[arg(long, value_name = "N", requires = "run")]
    pub(super) event: Option<u64>,
    /// Also show how bodies differ from the foreseen ones: contents of events
    #[arg(long)]
    pub(super) payloads: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: ProbeFormat,
    #[command(flatten)]
    pub(super) tracking: TrackingArgs,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}
