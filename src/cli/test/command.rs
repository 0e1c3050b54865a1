//! From options to an exit code.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::TestArgs;
use super::look::{Found, find};
use super::measures::Measured;
use super::{output, watch};
use crate::cli::exit::Exit;
use crate::cli::interrupt::stop_on_interrupt;
use crate::cli::metrics::Metrics;
use crate::cli::output::complain;
use crate::cli::output_file::FilesInUse;
use crate::cli::rule_set::exit_of;
use crate::report::{RunEnd, TestRun};
use crate::rules::Parameters;
use crate::suite::{Case, MeasureOptions};
use crate::telemetry::alarm::Ending;
use crate::telemetry::table::TESTS;

pub(in crate::cli) fn run(args: TestArgs) -> anyhow::Result<Exit> {
    if args.bless && is_ci() {
        complain("`--bless` writes what tests compare with, which CI must not: `CI` is set");
        return Ok(Exit::Unusable);
    }
    let parameters = Parameters::parse(&args.parameters)?;
    let stop = stop_on_interrupt()?;
    if args.watch {
        return watch::watch(&args, &parameters, &stop);
    }
    let Ok(found) = find(&args, &parameters)? else { return Ok(Exit::Unusable) };
    // Before anything is written: metrics must not be added to what the tests read.
    let mut in_use = found.files_in_use();
    let Ok(metrics) = Metrics::start(&args.metrics, &mut in_use)? else { return Ok(Exit::Unusable) };
    metrics.readiness().ready();
    let exit = run_once(&args, found, &stop, &metrics, &mut in_use)?;
    Ok(metrics.finish(Ending::OneShot, exit))
}

fn run_once(
    args: &TestArgs,
    found: Found,
    stop: &Arc<AtomicBool>,
    metrics: &Metrics,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Exit> {
    let looked = found.run(args, stop, HashSet::new())?;
    output::print(&looked.run, args.format)?;
    looked.unused_snapshots(args)?;
    count(&looked.run, metrics);
    let Ok(files) = args.measures.create(in_use)? else { return Ok(Exit::Unusable) };
    match exit(&looked.run) {
        done @ (Exit::Fine | Exit::ExpectationFailed) => {
            let selected = |case: &Case| args.selects(case);
            let measured = Measured {
                suites: &looked.suites,
                options: MeasureOptions { selected: &selected, threads: args.threads(), stop },
                format: args.format,
            };
            let measured = args.measures.measure(&measured, &looked.run, files)?;
            Ok(if done == Exit::Fine || measured == Exit::Interrupted { measured } else { done })
        }
        done => Ok(done),
    }
}

fn count(run: &TestRun, metrics: &Metrics) {
    if let Some(registry) = metrics.registry() {
        let counts = run.counts();
        for (outcome, count) in
            [("passed", counts.passed), ("failed", counts.failed), ("skipped", counts.skipped)]
        {
            registry.series(&TESTS, [outcome]).add(count as u64);
        }
    }
}

/// Whether this runs in continuous integration, by the variable that all services set.
fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

fn exit(run: &TestRun) -> Exit {
    let counts = run.counts();
    if run.end == RunEnd::Interrupted {
        return Exit::Interrupted;
    }
    if run.unusable > 0 {
        return exit_of(&run.problems);
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
