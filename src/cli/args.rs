//! Options of commands, and those that several share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use super::checkpoint::CheckpointArgs;
use super::feeds::FeedArgs;
use super::metrics::MetricsArgs;

/// `ruleproof replay`.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) rules: Vec<String>,
    /// Events: files, folders, globs, s3://BUCKET/PREFIX, logs://GROUP, sqs://QUEUE, archive://NAME, or `-` for standard
    /// input [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) events: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Write one line of JSON per event to this file
    #[arg(long, value_name = "FILE")]
    pub(super) results: Option<PathBuf>,
    /// Write one line of JSON per target and event, with the body that the target gets, to this file
    #[arg(long, value_name = "FILE")]
    pub(super) payloads: Option<PathBuf>,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Threads that judge events, 1 to 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
    /// Read only the first events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) limit: Option<u64>,
    #[command(flatten)]
    pub(super) checkpoint: CheckpointArgs,
    #[command(flatten)]
    pub(super) feeds: FeedArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) metrics: MetricsArgs,
}

/// `ruleproof transform`.
#[derive(Debug, Args)]
pub(super) struct TransformArgs {
    /// The rule's name
    #[arg(long, value_name = "NAME")]
    pub(super) rule: String,
    /// One target of the rule, by its id [default: all of them]
    #[arg(long, value_name = "ID")]
    pub(super) target: Option<String>,
    /// One event: a file, `-` for standard input, or its JSON text
    #[arg(long, value_name = "FILE|TEXT")]
    pub(super) event: String,
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(super) rules: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// When EventBridge is taken to receive the event, such as 2026-03-04T05:06:07.250Z
    #[arg(long, value_name = "TIME")]
    pub(super) ingestion_time: Option<String>,
    /// How to print the bodies
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `ruleproof match`.
#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// The pattern: a file that holds it, or its JSON text
    #[arg(long, value_name = "FILE|TEXT")]
    pub(super) pattern: String,
    /// Events: files, folders, globs, or `-` for standard input
    #[arg(value_name = "EVENT", default_value = "-")]
    pub(super) events: Vec<String>,
    /// Print only how many events are selected
    #[arg(long)]
    pub(super) count: bool,
    /// Select the events that do not match
    #[arg(long)]
    pub(super) invert: bool,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `ruleproof bench`.
#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    /// Events: files, folders, globs, or `-` for standard input
    #[arg(long, value_name = "SOURCE", num_args = 1.., required = true)]
    pub(super) events: Vec<String>,
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs; each is timed by itself
    #[arg(long, value_name = "SOURCE", num_args = 1.., required = true)]
    pub(super) rules: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Threads that match, 1 to 256
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: u16,
    /// Passes over all events that are timed
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) passes: u32,
    /// Passes before those, which are not timed
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) warmup: u32,
    /// Use only the first events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) limit: Option<u64>,
    /// Write how many events each rule matches to this file: lines of a name, a tab and a number
    #[arg(long, value_name = "FILE")]
    pub(super) counts: Option<PathBuf>,
    /// How to print the times; JSON is one line per source of rules
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `ruleproof conform`.
#[derive(Debug, Args)]
pub(super) struct ConformArgs {
    /// Files of cases, one JSON object per line; may be compressed
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,
    /// How to print the outcome
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// `ruleproof completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: Shell,
}

/// `ruleproof man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write a page for the program and one for each command to this folder, instead of one page to standard output
    #[arg(long, value_name = "FOLDER")]
    pub(super) dir: Option<PathBuf>,
}

/// How events are read and patterns are judged.
#[derive(Debug, Args)]
pub(super) struct ReadingArgs {
    /// Whose limits patterns are held to
    #[arg(long, value_enum, default_value_t)]
    pub(super) limits: LimitsName,
    /// Longest event that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub(super) event_bytes_max: usize,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// Text for people
    #[default]
    Human,
    /// One JSON object
    Json,
}

/// Whose limits patterns are held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum LimitsName {
    /// Amazon EventBridge
    #[default]
    Service,
    /// event-ruler, the engine behind it
    Engine,
}

#[cfg(feature = "aws")]
impl LimitsName {
    /// How records of runs spell `engine`.
    pub(super) const ENGINE: &'static str = "engine";
}
