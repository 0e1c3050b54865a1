//! What can be typed.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::args::{Format, ReadingArgs};
use crate::cli::aws::AwsArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::probe::TEST_BUS;
use crate::rules::BusName;
use crate::sampling::tap::FieldRule;
use crate::sampling::{Field, Ratio};

/// `ruleproof sample`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SampleArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) rules: Vec<String>,
    /// Events: files, folders, globs, `-` for standard input, or http://127.0.0.1:PORT to take them there by POST [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) events: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Candidate rules that are judged beside the others, to see what they would do otherwise
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) candidate: Vec<String>,
    /// End with exit code 1 if the candidate rules treat any event otherwise
    #[arg(long, requires = "candidate")]
    pub(super) expect_no_differences: bool,
    /// Print the contents of the events that the candidate rules treat otherwise, and the bodies that differ
    #[arg(long, requires = "candidate")]
    pub(super) show_events: bool,
    /// The part of the events that is judged, such as 10%, 1/10 or 0.1
    #[arg(long, value_name = "RATIO", default_value_t = Ratio::ALL)]
    pub(super) rate: Ratio,
    /// Keep or drop events together that have the same value here: a JSON pointer [default: the event's id]
    #[arg(long, value_name = "POINTER")]
    pub(super) key: Option<Field>,
    /// Sample and count events in groups that have the same text here: a JSON pointer
    #[arg(long, value_name = "POINTER")]
    pub(super) group: Option<Field>,
    /// The part of a group that is judged, such as `Order Placed=100%`
    #[arg(long, value_name = "GROUP=RATIO", requires = "group")]
    pub(super) share: Vec<String>,
    /// Judge all events that match this pattern: a file that holds it, or its JSON text
    #[arg(long, value_name = "PATTERN")]
    pub(super) keep: Option<String>,
    /// Events that are judged in a second at most, such as 500/s
    #[arg(long, value_name = "RATE", value_parser = crate::cli::rate::per_second)]
    pub(super) ceiling: Option<std::num::NonZeroU32>,
    /// Divide the ceiling equally among the groups
    #[arg(long, requires_all = ["group", "ceiling"])]
    pub(super) ceiling_per_group: bool,
    /// What happens to events when judging does not keep up [default: drop for standard input, wait for files]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) overload: Option<OverloadName>,
    /// Compare how often rules match with how often they used to, in windows of this length, such as 1m [default: 1m with
    /// --baseline or --expect-no-drift]; 1s to 7days
    #[arg(long, value_name = "DURATION", value_parser = crate::cli::rate::drift_window)]
    pub(super) window: Option<Duration>,
    /// Whose time puts events into windows [default: arrival for standard input, event for files]
    #[arg(long, value_enum, value_name = "WHOSE")]
    pub(super) clock: Option<ClockName>,
    /// What match rates are compared with; written if it is not there, from the first windows
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Windows that the baseline is learned from
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) baseline_windows: u32,
    /// End with exit code 1 if a rule matches less at the end than it used to, and with 4 if files held too few events to
    /// compare any rule
    #[arg(long)]
    pub(super) expect_no_drift: bool,
    /// Keep one redacted example of each shape of events and verdict, as event files and a test file for `ruleproof test`: a
    /// folder, or the name of the test file
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) tap: Option<PathBuf>,
    /// Examples that are kept at most
    #[arg(long, value_name = "N", default_value_t = 200, requires = "tap", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) tap_max: u32,
    /// What becomes of a field and all below it in examples: keep, drop or pseudonym, as in /detail/items/*/sku=keep
    /// [default: pseudonyms for all texts and numbers that no condition of a rule compares with something]
    #[arg(long, value_name = "POINTER=WHAT", requires = "tap")]
    pub(super) tap_field: Vec<FieldRule>,
    /// The key for pseudonyms, so that they are the same from run to run [default: a random one]
    #[arg(long, value_name = "FILE", requires = "tap")]
    pub(super) tap_key: Option<PathBuf>,
    /// Write over the test file of an earlier run
    #[arg(long, requires = "tap")]
    pub(super) tap_force: bool,
    /// The part of the judged events of which AWS is asked whether one rule matches them (TestEventPattern), such as 1%;
    /// what there is no time for is dropped and counted
    #[arg(long, value_name = "RATIO")]
    pub(super) cross_check: Option<Ratio>,
    /// Calls per second for that; accounts have 50 per region for this and all other calls that manage EventBridge
    #[arg(long, value_name = "N/s", default_value = "25/s", requires = "cross_check", value_parser = crate::cli::rate::per_second)]
    pub(super) cross_check_rate: std::num::NonZeroU32,
    /// Add disagreements to this file, with pattern and event, as cases for `ruleproof conform`
    #[arg(long, value_name = "FILE", requires = "cross_check")]
    pub(super) cross_check_bundle: Option<PathBuf>,
    #[command(flatten)]
    pub(super) probe: SampleProbeArgs,
    /// Write one line of JSON per judged event to this file
    #[arg(long, value_name = "FILE")]
    pub(super) results: Option<PathBuf>,
    /// End once a queue is empty
    #[arg(long)]
    pub(super) until_empty: bool,
    /// Add messages of a queue that cannot be judged to this file, one line of JSON each; without it they are only
    /// counted and deleted
    #[arg(long, value_name = "FILE")]
    pub(super) set_aside: Option<PathBuf>,
    /// How long messages of a queue are hidden from others; extended while they are worked on
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub(super) visibility: humantime::Duration,
    /// Set aside messages of a queue that were received more often than this
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) receives_max: u32,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Threads that judge events, 1 to 256
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: u16,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) metrics: MetricsArgs,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// What is sent through a testbed.
#[derive(Debug, Args)]
pub(super) struct SampleProbeArgs {
    /// The part of the judged events that is sent through a testbed of `probe up`, such as 1%; what there is no time for is
    /// dropped and counted
    #[arg(long, value_name = "RATIO")]
    pub(super) probe: Option<Ratio>,
    /// The test bus
    #[arg(long, value_name = "NAME", default_value = TEST_BUS, requires = "probe", value_parser = BusName::parse)]
    pub(super) probe_bus: BusName,
    /// Events that are sent per second
    #[arg(long, value_name = "N/s", default_value = "25/s", requires = "probe", value_parser = crate::cli::rate::per_second)]
    pub(super) probe_rate: NonZeroU32,
    /// How long an event may take from the bus's answer to the arrival of all that it causes
    #[arg(long, value_name = "DURATION", default_value = "10s", requires = "probe", value_parser = crate::cli::rate::event_timeout)]
    pub(super) probe_timeout: Duration,
    /// Write one line of JSON per event that was sent to this file
    #[arg(long, value_name = "FILE", requires = "probe")]
    pub(super) probe_results: Option<PathBuf>,
}

/// What happens to events when judging does not keep up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OverloadName {
    /// They are read, counted and dropped, so that whoever produces them is never slowed
    Drop,
    /// Reading waits
    Wait,
}

/// Whose time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ClockName {
    /// Ours, when an event is judged
    Arrival,
    /// The `time` of the event
    Event,
}
