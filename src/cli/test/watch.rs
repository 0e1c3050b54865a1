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

use super::args::TestArgs;
use super::look::{Looked, look};
use super::output;
use crate::cli::exit::Exit;
use crate::cli::output::remark;
use crate::report::{TestResult, TestRun};
use crate::rules::{Parameters, files_of};
use crate::sources::{FileEvents, SourceLimits};
use crate::suite::{Inputs, discover};

/// How often files are looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(150);

/// How far the times of files may lie behind the clock: file systems take them from one that ticks a hundred times a
/// second. Less than the pause between two looks, or a change would be seen twice.
const CLOCK_LAG: Duration = Duration::from_millis(50);

/// How a file was last changed: when, and how long it is; `None` while it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// The stamps of files.
type Stamps = BTreeMap<PathBuf, Stamp>;

/// Runs the tests, and again after each change, until somebody ends it.
pub(super) fn watch(
    args: &TestArgs,
    parameters: &Parameters,
    stop: &Arc<AtomicBool>,
) -> anyhow::Result<Exit> {
    let mut failed = HashSet::new();
    let mut inputs = Inputs::default();
    let mut seen = stamps(args, &inputs);
    while !stop.load(Ordering::Relaxed) {
        let started = SystemTime::now();
        if let Ok(Looked { run, inputs: looked_at, .. }) = look(args, parameters, stop, failed.clone())? {
            output::print(&run, args.format)?;
            failed = failures(&run);
            inputs = looked_at;
        }
        if !stop.load(Ordering::Relaxed) {
            remark("waiting for changes; Ctrl-C ends");
            seen = wait_for_change(args, &inputs, &Seen { stamps: seen, started }, stop);
        }
    }
    Ok(Exit::Interrupted)
}

fn failures(run: &TestRun) -> HashSet<String> {
    let failed = run.tests.iter().filter(|test| matches!(test.result, TestResult::Failed(_)));
    failed.map(|test| test.name.clone()).collect()
}

/// What was known of files when a run started.
struct Seen {
    stamps: Stamps,
    started: SystemTime,
}

impl Seen {
    /// Whether a file was changed since: one that was known by its stamp, any other by its time.
    fn differs(&self, now: &Stamps) -> bool {
        let is_gone = |path: &PathBuf| !now.contains_key(path);
        let is_other = |(path, stamp): (&PathBuf, &Stamp)| match self.stamps.get(path) {
            Some(before) => before != stamp,
            None => stamp.is_some_and(|(changed, _)| changed + CLOCK_LAG > self.started),
        };
        self.stamps.keys().any(is_gone) || now.iter().any(is_other)
    }
}

/// Returns once something has changed since a run started, and then nothing for a moment: editors and version control
/// write several files, and some of them in several steps. Gives what is known of the files then.
fn wait_for_change(args: &TestArgs, inputs: &Inputs, seen: &Seen, stop: &AtomicBool) -> Stamps {
    let mut before = stamps(args, inputs);
    let mut changed = seen.differs(&before);
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(POLL_INTERVAL);
        let now = stamps(args, inputs);
        let quiet = now == before;
        before = now;
        if changed && quiet {
            break;
        }
        changed |= !quiet;
    }
    before
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
fn stamp(path: PathBuf) -> (PathBuf, Stamp) {
    let stamp = path.metadata().ok().map(|metadata| match metadata.is_dir() {
        true => (SystemTime::UNIX_EPOCH, 0),
        false => (metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()),
    });
    (path, stamp)
}
