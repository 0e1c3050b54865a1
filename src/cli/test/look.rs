//! One look at all test files: found, loaded and run.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::args::TestArgs;
use crate::cli::live::LiveBuses;
use crate::cli::output::{complain, remark, say};
use crate::cli::output_file::FilesInUse;
use crate::cli::replay::note_events;
use crate::findings::{Finding, FindingCode, Severity, SourceTexts};
use crate::report::TestRun;
use crate::rules::{Parameters, files_of};
use crate::sources::{FileEvents, SourceLimits};
use crate::suite::{
    Inputs, LoadedSuites, OnFailure, RunOptions, Snapshots, Suite, discover, load, of_problems,
    run as run_suites,
};

/// What one look at all test files gave.
pub(super) struct Looked {
    pub(super) run: TestRun,
    pub(super) suites: Vec<Suite>,
    /// What decides what the tests do, besides the test files themselves.
    pub(super) inputs: Inputs,
}

/// Some path cannot be looked into, which has been printed.
#[derive(Debug)]
pub(super) struct NotFound;

/// Tests that can be run.
pub(super) struct Found {
    started: Instant,
    files: Vec<PathBuf>,
    loaded: LoadedSuites,
}

/// Finds and loads the tests.
pub(super) fn find(args: &TestArgs, parameters: &Parameters) -> anyhow::Result<Result<Found, NotFound>> {
    let started = Instant::now();
    let files = match discover(&args.paths) {
        Ok(files) => files,
        Err(errors) => {
            errors.iter().for_each(|error| complain(&error.to_string()));
            return Ok(Err(NotFound));
        }
    };
    let loaded = load(&files, parameters, args.threads(), &LiveBuses::default())?;
    Ok(Ok(Found { started, files, loaded }))
}

/// Finds, loads and runs the tests. What is to be said about rules and test files is printed.
pub(super) fn look(
    args: &TestArgs,
    parameters: &Parameters,
    stop: &Arc<AtomicBool>,
    first: HashSet<String>,
) -> anyhow::Result<Result<Looked, NotFound>> {
    let Ok(found) = find(args, parameters)? else { return Ok(Err(NotFound)) };
    found.run(args, stop, first).map(Ok)
}

impl Found {
    /// Runs the tests. What is to be said about rules and test files is printed.
    pub(super) fn run(
        self,
        args: &TestArgs,
        stop: &Arc<AtomicBool>,
        first: HashSet<String>,
    ) -> anyhow::Result<Looked> {
        let Found { started, files, loaded: LoadedSuites { suites, findings, problems, inputs } } = self;
        let mut texts = SourceTexts::default();
        let problems = of_problems(&problems, &mut texts);
        findings.iter().filter(|finding| matters(finding)).chain(&problems).for_each(say);
        let options = RunOptions {
            threads: args.threads(),
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
        Ok(Looked { run, suites, inputs })
    }

    /// The files that were read, which nothing may be written over.
    pub(super) fn files_in_use(&self) -> FilesInUse {
        let mut in_use = FilesInUse::default();
        in_use.note(&self.files, "the tests");
        in_use.note(&self.loaded.inputs.files, "the tests");
        in_use.note(files_of(&self.loaded.inputs.rules), "the rules");
        // A source that cannot be opened is a failed test by now.
        if let Ok(events) = FileEvents::open(&self.loaded.inputs.events, SourceLimits::default()) {
            note_events(&events, &mut in_use);
        }
        in_use
    }
}

/// Notes about rules are for `lint` to give; of a parameter that nothing asks for only a test file can be to blame.
fn matters(finding: &Finding) -> bool {
    finding.severity > Severity::Note || finding.code == FindingCode::ParameterUnused
}

impl Looked {
    /// Names the snapshots that belong to no test; takes them away when bodies are recorded.
    pub(super) fn unused_snapshots(&self, args: &TestArgs) -> anyhow::Result<()> {
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
