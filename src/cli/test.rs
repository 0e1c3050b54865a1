//! `ruleproof test`: runs the tests of rules.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Instant;

use clap::{Args, ValueEnum};
use regex::Regex;

use super::exit::Exit;
use super::interrupt::stop_on_interrupt;
use super::output::{complain, remark, say};
use super::output_file::FilesInUse;
use super::test_measures::{MeasureArgs, Measured};
use super::{test_output, test_watch};
use crate::findings::{Finding, FindingCode, Severity, SourceTexts};
use crate::report::{RunEnd, TestRun};
use crate::rules::{Parameters, files_of};
use crate::suite::{
    Case, Inputs, LoadedSuites, OnFailure, RunOptions, Snapshots, Suite, discover, load, of_problems,
    run as run_suites,
};

/// `ruleproof test`.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Test files, and folders in which to look for `*.test.yaml`, `.yml` and `.json`
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Run only tests whose names match
    #[arg(long, value_name = "REGEX")]
    run: Option<Regex>,
    /// Run only tests with one of these tags
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Run nothing behind the first test that fails
    #[arg(long)]
    fail_fast: bool,
    /// Run again whenever a test file, its rules or its events change, those that failed first
    #[arg(long, conflicts_with = "bless")]
    pub(super) watch: bool,
    /// Record the bodies of `snapshot: true` instead of comparing them
    #[arg(long)]
    bless: bool,
    /// How to print what became of the tests
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: TestFormat,
    /// Threads that run tests, 1 to 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Value of a template parameter, in all test files
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    #[command(flatten)]
    measures: MeasureArgs,
}

/// How the outcome is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum TestFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object per line: each test, then the counts
    Ndjson,
    /// JUnit XML, as Jenkins reads it
    Junit,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

pub(super) fn run(args: TestArgs) -> anyhow::Result<Exit> {
    if args.bless && is_ci() {
        complain("`--bless` writes what tests compare with, which CI must not: `CI` is set");
        return Ok(Exit::Unusable);
    }
    let parameters = given(&args.parameters)?;
    let stop = stop_on_interrupt()?;
    if args.watch {
        return test_watch::watch(&args, &parameters, &stop);
    }
    let Ok(looked) = look(&args, &parameters, &stop, HashSet::new())? else { return Ok(Exit::Unusable) };
    test_output::print(&looked.run, args.format)?;
    looked.unused_snapshots(&args)?;
    let mut in_use = FilesInUse::default();
    in_use.note(&looked.inputs.files, "the tests");
    in_use.note(files_of(&looked.inputs.rules), "the rules");
    let Ok(files) = args.measures.create(&mut in_use)? else { return Ok(Exit::Unusable) };
    match exit(&looked.run) {
        done @ (Exit::Fine | Exit::ExpectationFailed) => {
            let selected = |case: &Case| args.selects(case);
            let measured = Measured {
                suites: &looked.suites,
                selected: &selected,
                threads: args.threads(),
                format: args.format,
            };
            let measured = args.measures.measure(&measured, &looked.run, files)?;
            Ok(if done == Exit::Fine { measured } else { done })
        }
        done => Ok(done),
    }
}

/// Whether this runs in continuous integration, by the variable that all services set.
fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

fn given(arguments: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    Parameters::parse(arguments)?;
    let pairs = arguments.iter().filter_map(|argument| argument.split_once('='));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// What one look at all test files gave.
pub(super) struct Looked {
    pub(super) run: TestRun,
    suites: Vec<Suite>,
    /// What decides what the tests do, besides the test files themselves.
    pub(super) inputs: Inputs,
}

/// Some path cannot be looked into, which has been printed.
#[derive(Debug)]
pub(super) struct NotFound;

/// Finds, loads and runs the tests. What is to be said about rules and test files is printed.
pub(super) fn look(
    args: &TestArgs,
    parameters: &[(String, String)],
    stop: &Arc<AtomicBool>,
    first: HashSet<String>,
) -> anyhow::Result<Result<Looked, NotFound>> {
    let started = Instant::now();
    let files = match discover(&args.paths) {
        Ok(files) => files,
        Err(errors) => {
            errors.iter().for_each(|error| complain(&error.to_string()));
            return Ok(Err(NotFound));
        }
    };
    let threads = args.threads();
    let LoadedSuites { suites, findings, problems, inputs } = load(&files, parameters, threads)?;
    let mut texts = SourceTexts::default();
    let problems = of_problems(&problems, &mut texts);
    findings.iter().filter(|finding| matters(finding)).chain(&problems).for_each(say);
    let options = RunOptions {
        threads,
        selected: &|case| args.selects(case),
        on_failure: if args.fail_fast { OnFailure::Stop } else { OnFailure::Continue },
        snapshots: if args.bless { Snapshots::Record } else { Snapshots::Compare },
        stop: Arc::clone(stop),
        first,
    };
    let mut run = run_suites(&suites, &options)?;
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    run.unusable = files.len() - suites.len();
    run.problems = errors.chain(problems).collect();
    run.elapsed = started.elapsed();
    Ok(Ok(Looked { run, suites, inputs }))
}

/// Notes about rules are for `lint` to give; of a parameter that nothing asks for only a test file can be to blame.
fn matters(finding: &Finding) -> bool {
    finding.severity > Severity::Note || finding.code == FindingCode::ParameterUnused
}

impl TestArgs {
    fn threads(&self) -> NonZeroUsize {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores)
    }

    fn selects(&self, case: &Case) -> bool {
        self.run.as_ref().is_none_or(|regex| regex.is_match(&case.name))
            && (self.tags.is_empty() || case.tags.iter().any(|tag| self.tags.contains(tag)))
    }

    /// Whether all tests are run.
    fn selects_all(&self) -> bool {
        self.run.is_none() && self.tags.is_empty()
    }
}

impl Looked {
    /// Names the snapshots that belong to no test; takes them away when bodies are recorded.
    fn unused_snapshots(&self, args: &TestArgs) -> anyhow::Result<()> {
        let removes = args.bless && args.selects_all();
        for path in self.suites.iter().flat_map(|suite| &suite.unused_snapshots) {
            let path_name = path.display();
            match removes {
                true => {
                    std::fs::remove_file(path)
                        .map_err(|error| anyhow::anyhow!("{path_name} cannot be removed: {error}"))?;
                    remark(&format!("{path_name} belonged to no test and was removed"));
                }
                false => remark(&format!("{path_name} belongs to no test; `--bless` removes it")),
            }
        }
        Ok(())
    }
}

fn exit(run: &TestRun) -> Exit {
    let counts = run.counts();
    if run.end == RunEnd::Interrupted {
        return Exit::Interrupted;
    }
    if run.unusable > 0 {
        return Exit::Unusable;
    }
    if counts.failed > 0 {
        return Exit::ExpectationFailed;
    }
    if run.tests.is_empty() {
        complain("no tests: none was found, or none is selected");
        return Exit::NothingToRun;
    }
    Exit::Fine
}
