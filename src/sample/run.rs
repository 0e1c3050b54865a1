//! From a source and rules to a summary.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::cross_check::CrossCheck;
use super::intake::{Intake, Overload};
use super::probing::Probing;
use super::rules::RuleSwitch;
use super::shadow::{ShadowOptions, Shadows};
use super::tally::{SampleTally, Totals};
use super::tap::{TapOptions, Tapped, TappedEvents};
use super::telemetry::Published;
use super::watching::{DriftOptions, Watching};
use super::worker::{Besides, SampleWorker};
use crate::replay::{Lines, Observed, ReplayOptions, Wanted, run_batches};
use crate::report::SampleSummary;
use crate::sampling::drift::{Baseline, DriftChange};
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
    /// Whether match rates are watched.
    pub drift: Option<DriftOptions>,
    /// What is told of candidate rules, if the rules have any.
    pub shadow: ShadowOptions,
    /// Whether examples of events are kept.
    pub tap: Option<Arc<TapOptions>>,
    /// Who is asked about some verdicts.
    pub cross_check: Option<CrossCheck>,
    /// Who sends some events through a testbed.
    pub probing: Option<Probing>,
    /// Set it to end the run: what was read by then is still judged and recorded.
    pub stop: Arc<AtomicBool>,
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// The numbers.
    pub summary: SampleSummary,
    /// The baseline of match rates, once there is one.
    pub baseline: Option<Baseline>,
    /// Examples of events, if any were wanted.
    pub tapped: Option<TappedEvents>,
}

/// What somebody hears while a run goes on.
pub trait Observer {
    /// So many events were read.
    fn read(&mut self, observed: Observed);

    /// A match rate changed.
    fn drifted(&mut self, change: &DriftChange);

    /// What the source handed on next is recorded, once for each of its batches, in their order. Only where nothing is
    /// dropped on the way ([`Overload::Wait`]).
    fn recorded(&mut self) {}
}

/// Samples all of `source`. Result lines go to `results` and are flushed after each batch; then `published` and `observer`
/// are told.
///
/// # Errors
/// The first error of `results`; the run ends there.
pub fn sample<S: EventSource + 'static>(
    source: S,
    switch: &RuleSwitch,
    options: &SampleOptions,
    mut results: Option<&mut dyn Write>,
    mut published: Published,
    observer: &mut impl Observer,
) -> io::Result<Sampled> {
    let started = Instant::now();
    let shed = published.shed();
    let stop = Arc::clone(&options.stop);
    let intake = Intake::new(source, &options.limits, options.overload, stop, shed.clone());
    let wanted = Wanted { results: results.is_some(), payloads: false, counts: false, state: false };
    let mut plan = options.plan.clone();
    if let Some(ceiling) = &mut plan.ceiling {
        ceiling.events_per_s /= options.threads.get() as f64;
    }
    let profile = switch.current().profile();
    let mut totals = Totals::default();
    let drift = options.drift.clone();
    let watch = drift.as_ref().map(|drift| drift.watch);
    let mut watching =
        drift.map(|drift| Watching::new(drift, switch.current(), Arc::clone(published.registry())));
    let mut shadows = Shadows::new(options.shadow);
    let mut tapped = options.tap.as_deref().map(|tap| Tapped::new(tap, switch.current()));
    let collect = |lines: &mut Lines, mut tally: SampleTally| {
        if let Some(results) = &mut results {
            results.write_all(&lines.results)?;
            results.flush()?;
        }
        lines.clear();
        observer.recorded();
        published.batch(&tally, totals.scaled_with(&tally));
        let changes = watching.as_mut().map(|watching| watching.batch(&mut tally)).unwrap_or_default();
        changes.iter().for_each(|change| observer.drifted(change));
        let differences = std::mem::take(&mut tally.differences);
        shadows.add(&tally.ruling, differences, &switch.current(), published.registry());
        if let Some(tapped) = &mut tapped {
            tapped.add(std::mem::take(&mut tally.tap), &tally.ruling, &switch.current());
        }
        totals.add(tally);
        observer.read(Observed { read: totals.read() + shed.get() });
        Ok(())
    };
    // The intake ends when it is told to, after it has handed on what it read; nothing else may end the run sooner.
    let replay =
        ReplayOptions { threads: options.threads, limits: options.limits.clone(), stop: Arc::default() };
    let besides = Besides {
        watch,
        shadow: options.shadow,
        tap: options.tap.clone(),
        cross_check: options.cross_check.clone(),
        probing: options.probing.clone(),
    };
    let worker = || SampleWorker::new(switch, wanted, Sampler::new(&plan, profile), besides.clone(), started);
    let (_, workers) = run_batches(intake, &replay, worker, collect)?;
    let mut counts = SamplingCounts::default();
    workers.iter().for_each(|worker| counts.add(&worker.counts()));
    let mut summary = totals.summary(&switch.current(), shed.get());
    summary.elapsed = started.elapsed();
    summary.without_key = counts.without_key;
    summary.carried = counts.carried();
    summary.shadow = shadows.report();
    if options.plan.group.is_some() {
        summary.groups = counts.groups.into_iter().collect();
    }
    let mut baseline = None;
    if let Some(watching) = watching {
        let (changes, report, learned) = watching.finish();
        changes.iter().for_each(|change| observer.drifted(change));
        (summary.drift, baseline) = (Some(report), learned);
    }
    let (report, tapped) = tapped.map(Tapped::finish).unzip();
    summary.tap = report;
    Ok(Sampled { summary, baseline, tapped })
}
