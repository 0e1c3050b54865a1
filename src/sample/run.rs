//! From a source and rules to a summary.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::intake::{Intake, Overload};
use super::rules::RuleSwitch;
use super::tally::{SampleTally, Totals};
use super::telemetry::Published;
use super::worker::SampleWorker;
use crate::replay::{Lines, Observed, ReplayOptions, Wanted, run_batches};
use crate::report::SampleSummary;
use crate::sampling::{Sampler, SamplingCounts, SamplingPlan};
use crate::sources::{EventSource, SourceLimits};

/// How to sample.
#[derive(Debug)]
pub struct SampleOptions {
    /// What is kept. A ceiling is divided among the threads.
    pub plan: SamplingPlan,
    /// Threads that judge.
    pub threads: NonZeroUsize,
    /// How much a batch holds.
    pub limits: SourceLimits,
    /// What happens when judging does not keep up.
    pub overload: Overload,
    /// Set it to end the run: what was read by then is still judged and recorded.
    pub stop: Arc<AtomicBool>,
}

/// Samples all of `source`. Result lines go to `results` and are flushed after each batch; `published` is told after
/// each batch, and then `observe` is called.
///
/// # Errors
/// The first error of `results`; the run ends there.
pub fn sample<S: EventSource + 'static>(
    source: S,
    switch: &RuleSwitch,
    options: &SampleOptions,
    mut results: Option<&mut dyn Write>,
    mut published: Published,
    mut observe: impl FnMut(Observed),
) -> io::Result<SampleSummary> {
    let started = Instant::now();
    let (intake, shed) = Intake::new(source, &options.limits, options.overload, Arc::clone(&options.stop));
    let wanted = Wanted { results: results.is_some(), payloads: false, counts: false };
    let mut plan = options.plan.clone();
    if let Some(ceiling) = &mut plan.ceiling {
        ceiling.events_per_s /= options.threads.get() as f64;
    }
    let profile = switch.current().profile();
    let mut totals = Totals::default();
    let collect = |lines: &mut Lines, tally: SampleTally| {
        if let Some(results) = &mut results {
            results.write_all(&lines.results)?;
            results.flush()?;
        }
        lines.clear();
        published.batch(&tally, totals.scaled_with(&tally));
        published.shed(&shed);
        totals.add(tally);
        observe(Observed { read: totals.read() + shed.get() });
        Ok(())
    };
    // The intake ends when it is told to, after it has handed on what it read; nothing else may end the run sooner.
    let replay =
        ReplayOptions { threads: options.threads, limits: options.limits.clone(), stop: Arc::default() };
    let worker = || SampleWorker::new(switch, wanted, Sampler::new(&plan, profile), started);
    let (_, workers) = run_batches(intake, &replay, worker, collect)?;
    published.shed(&shed);
    let mut counts = SamplingCounts::default();
    workers.iter().for_each(|worker| counts.add(&worker.counts()));
    let mut summary = totals.summary(&switch.current(), shed.get());
    summary.elapsed = started.elapsed();
    summary.without_key = counts.without_key;
    summary.carried = counts.carried();
    if options.plan.group.is_some() {
        summary.groups = counts.groups.into_iter().collect();
    }
    Ok(summary)
}
