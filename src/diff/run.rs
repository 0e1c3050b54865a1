//! From two sets of rules and a source of events to what differs.

use std::io;
use std::time::Instant;

use super::comparison::Comparison;
use super::keeping::{EventContents, Keeping};
use super::summary::Differences;
use super::tally::DiffTally;
use super::worker::DiffWorker;
use crate::replay::{Observed, ReplayOptions, run_batches};
use crate::report::DiffSummary;
use crate::sources::EventSource;

/// How to compare.
#[derive(Debug)]
pub struct DiffOptions {
    /// How to run through the events.
    pub replay: ReplayOptions,
    /// Examples that are kept of each difference.
    pub examples_max: usize,
    /// Whether contents of events may be shown.
    pub contents: EventContents,
}

/// Runs all of `source` through both sets of rules. `observe` is called after each batch.
///
/// # Errors
/// None of its own; what `run_batches` says.
pub fn diff<S: EventSource + 'static>(
    source: S,
    comparison: &Comparison,
    options: &DiffOptions,
    mut observe: impl FnMut(Observed),
) -> io::Result<DiffSummary> {
    let started = Instant::now();
    let keeping = Keeping::new(options.examples_max, options.contents);
    let mut differences = Differences::new(keeping);
    let collect = |(): &mut (), tally: DiffTally| {
        differences.add(tally);
        observe(Observed { read: differences.read() });
        Ok(())
    };
    let (end, workers) =
        run_batches(source, &options.replay, || DiffWorker::new(comparison, keeping), collect)?;
    workers.into_iter().for_each(|worker| differences.matched(worker.into_matched()));
    let mut summary = differences.summary(comparison, options.examples_max, options.contents);
    (summary.end, summary.elapsed) = (end, started.elapsed());
    Ok(summary)
}
