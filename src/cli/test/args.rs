//! Options of `ruleproof test`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use clap::Args;
use regex::Regex;

use super::format::TestFormat;
use super::measures::MeasureArgs;
use crate::cli::metrics::MetricsArgs;
use crate::suite::Case;

/// `ruleproof test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// Test files, and folders in which to look for `*.test.yaml`, `.yml` and `.json`
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Run only tests whose names match
    #[arg(long, value_name = "REGEX")]
    pub(super) run: Option<Regex>,
    /// Run only tests with one of these tags
    #[arg(long = "tag", value_name = "TAG")]
    pub(super) tags: Vec<String>,
    /// Run nothing behind the first test that fails
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Run again whenever a test file, its rules or its events change, those that failed first
    #[arg(long, conflicts_with = "bless")]
    pub(super) watch: bool,
    /// Record the bodies of `snapshot: true` instead of comparing them
    #[arg(long)]
    pub(super) bless: bool,
    /// How to print what became of the tests
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: TestFormat,
    /// Threads that run tests, 1 to 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
    /// Value of a template parameter, in all test files
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    #[command(flatten)]
    pub(super) measures: MeasureArgs,
    #[command(flatten)]
    pub(super) metrics: MetricsArgs,
}

impl TestArgs {
    pub(super) fn threads(&self) -> NonZeroUsize {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores)
    }

    pub(super) fn selects(&self, case: &Case) -> bool {
        self.run.as_ref().is_none_or(|regex| regex.is_match(&case.name))
            && (self.tags.is_empty() || case.tags.iter().any(|tag| self.tags.contains(tag)))
    }

    /// Whether all tests are run.
    pub(super) fn selects_all(&self) -> bool {
        self.run.is_none() && self.tags.is_empty()
    }
}
