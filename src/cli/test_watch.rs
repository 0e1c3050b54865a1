//! `ruleproof test --watch`: runs the tests again when something changes.
//!
//! Files are looked at a few times a second rather than asked to report: that works on every file system, also those
//! of containers and networks, and sees files that come into being where a folder or a glob is a source.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use super::exit::Exit;
use super::output::remark;
use super::test::{Looked, TestArgs, look};
use super::test_output;
use crate::report::{TestResult, TestRun};
use crate::rules::files_of;
use crate::sources::{FileEvents, SourceLimits};
use crate::suite::{Inputs, discover};

/// How often files are looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(150);

/// How a file was last changed: when, and how long it is; `None` while it is not there.
type Stamps = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Runs the tests, and again after each change, until somebody ends it.
pub(super) fn watch(
    args: &TestArgs,
    parameters: &[(String, String)],
    stop: &Arc<AtomicBool>,
) -> anyhow::Result<Exit> {
    let mut failed = HashSet::new();
    let mut inputs = Inputs::default();
    while !stop.load(Ordering::Relaxed) {
        let started = SystemTime::now();
        if let Ok(Looked { run, inputs: looked_at, .. }) = look(args, parameters, stop, failed.clone())? {
            test_output::print(&run, args.format)?;
            failed = failures(&run);
            inputs = looked_at;
        }
        if !stop.load(Ordering::Relaxed) {
            remark("waiting for changes; Ctrl-C ends");
            wait_for_change(args, &inputs, started, stop);
        }
    }
    Ok(Exit::Interrupted)
}

fn failures(run: &TestRun) -> HashSet<String> {
    let failed = run.tests.iter().filter(|test| matches!(test.result, TestResult::Failed(_)));
    failed.map(|test| test.name.clone()).collect()
}

/// Returns once something has changed since the run `started`, and then nothing for a moment: editors and version
/// control write several files, and some of them in several steps.
fn wait_for_change(args: &TestArgs, inputs: &Inputs, started: SystemTime, stop: &AtomicBool) {
    let mut before = stamps(args, inputs);
    let mut changed = changed_between(&before, started, SystemTime::now());
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(POLL_INTERVAL);
        let now = stamps(args, inputs);
        let quiet = now == before;
        if changed && quiet {
            return;
        }
        changed |= !quiet;
        before = now;
    }
}

/// Whether a file was changed while the tests ran. One whose time lies in the future says nothing.
fn changed_between(stamps: &Stamps, from: SystemTime, to: SystemTime) -> bool {
    stamps.values().flatten().any(|(changed, _)| *changed > from && *changed <= to)
}

fn stamps(args: &TestArgs, inputs: &Inputs) -> Stamps {
    let suites = discover(&args.paths).unwrap_or_default();
    let events = FileEvents::open(&inputs.events, SourceLimits::default());
    let events: Vec<PathBuf> =
        events.map(|events| events.paths().map(PathBuf::from).collect()).unwrap_or_default();
    let rules = files_of(&inputs.rules);
    let files = args.paths.iter().cloned().chain(suites).chain(events).chain(rules);
    files.chain(inputs.files.iter().cloned()).map(stamp).collect()
}

/// Of folders only whether they are there: their times change with files that nobody looks at.
fn stamp(path: PathBuf) -> (PathBuf, Option<(SystemTime, u64)>) {
    let stamp = path.metadata().ok().map(|metadata| match metadata.is_dir() {
        true => (SystemTime::UNIX_EPOCH, 0),
        false => (metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()),
    });
    (path, stamp)
}
