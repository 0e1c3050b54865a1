//! A replay: from a source and rules to a summary.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::collect::BatchTally;
use super::counting::ReplayMetrics;
use super::kept::Kept;
use super::state::{Keeper, ReplayState};
use super::threads::{ReplayOptions, run_batches};
use super::worker::{Lines, Wanted, Worker};
use crate::report::{RuleCount, RunEnd, Summary, TargetFailureCount};
use crate::sources::EventSource;
use crate::verdict::RuleSet;

/// How far a replay is.
#[derive(Debug, Clone, Copy)]
pub struct Observed {
    /// Events judged so far.
    pub read: u64,
}

/// Where lines go that somebody wants; each in the order of the events.
#[derive(Default)]
pub struct Outputs<'w> {
    /// A line per event.
    pub results: Option<&'w mut dyn Write>,
    /// A line per target and event.
    pub payloads: Option<&'w mut dyn Write>,
    /// What is counted while the replay goes on.
    pub metrics: Option<ReplayMetrics<'w>>,
}

impl std::fmt::Debug for Outputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outputs")
            .field("results", &self.results.is_some())
            .field("payloads", &self.payloads.is_some())
            .field("metrics", &self.metrics.is_some())
            .finish()
    }
}

impl Outputs<'_> {
    fn each<'a>(&'a mut self, lines: &'a Lines) -> impl Iterator<Item = (&'a mut dyn Write, &'a [u8])> {
        let results = self.results.as_mut().map(|out| (&mut **out as &mut dyn Write, &*lines.results));
        let payloads = self.payloads.as_mut().map(|out| (&mut **out as &mut dyn Write, &*lines.payloads));
        results.into_iter().chain(payloads)
    }

    fn write(&mut self, lines: &Lines) -> io::Result<()> {
        self.each(lines).try_for_each(|(out, lines)| out.write_all(lines))
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            results: self.results.is_some(),
            payloads: self.payloads.is_some(),
            counts: self.metrics.is_some(),
            state: false,
        }
    }

    fn count(&mut self, lines: &Lines, tally: &BatchTally) {
        if let Some(metrics) = &mut self.metrics {
            metrics.batch(tally, &lines.matched, lines.took);
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.each(&Lines::default()).try_for_each(|(out, _)| out.flush())
    }
}

/// Replays all of `source` against `rules`. Lines go to `outputs`; `observe` is called after each batch.
///
/// # Errors
/// The first error of `outputs`; the run ends there.
pub fn replay<S: EventSource + 'static>(
    source: S,
    rules: &RuleSet,
    options: &ReplayOptions,
    mut outputs: Outputs<'_>,
    mut observe: impl FnMut(Observed),
) -> io::Result<Summary> {
    let started = Instant::now();
    let wanted = outputs.wanted();
    let mut total = BatchTally::default();
    let mut matched = vec![0; rules.rules().len()];
    let collect = |lines: &mut Lines, tally: BatchTally| {
        outputs.count(lines, &tally);
        matched.iter_mut().zip(&lines.matched).for_each(|(sum, count)| *sum += count);
        total.add(tally);
        observe(Observed { read: total.read() });
        let written = outputs.write(lines);
        lines.clear();
        written
    };
    let (end, workers) = run_batches(source, options, || Worker::new(rules, wanted), collect)?;
    outputs.flush()?;
    for worker in workers {
        matched.iter_mut().zip(worker.into_matched()).for_each(|(sum, count)| *sum += count);
    }
    Ok(summarize(&total, matched, rules, started.elapsed(), end))
}

/// The same, going on from `state`, where `source` has to be; `keeper` keeps the state now and then, and at the end.
///
/// # Errors
/// The first error of `outputs` or of `keeper`; the run ends there. A state of other rules is
/// [`InvalidData`](io::ErrorKind::InvalidData).
pub fn replay_kept<S: EventSource + 'static>(
    source: S,
    rules: &RuleSet,
    options: &ReplayOptions,
    mut outputs: Outputs<'_>,
    state: ReplayState,
    keeper: &mut dyn Keeper,
    mut observe: impl FnMut(Observed),
) -> io::Result<Summary> {
    let wanted = Wanted { state: true, ..outputs.wanted() };
    let mut kept = Kept::go_on(state, rules)?;
    let collect = |lines: &mut Lines, tally: BatchTally| {
        outputs.write(lines)?;
        outputs.count(lines, &tally);
        kept.add(lines, tally);
        observe(Observed { read: kept.total.read() });
        if lines.position.is_some() && keeper.is_due() {
            outputs.flush()?;
            keeper.keep(kept.state())?;
        }
        lines.clear();
        Ok(())
    };
    let (end, _) = run_batches(source, options, || Worker::new(rules, wanted), collect)?;
    outputs.flush()?;
    keeper.keep(kept.state())?;
    let elapsed = kept.elapsed();
    Ok(summarize(&kept.total, kept.matched, rules, elapsed, end))
}

fn summarize(
    tally: &BatchTally,
    matched: Vec<u64>,
    rules: &RuleSet,
    elapsed: Duration,
    end: RunEnd,
) -> Summary {
    let counts = rules.rules().iter().zip(matched);
    Summary {
        read: tally.read(),
        delivered: tally.delivered,
        unmatched: tally.unmatched,
        errored: tally.errored_total(),
        skipped: tally.skip_counts(),
        rules: counts.map(|(rule, matched)| RuleCount { name: rule.display_name.clone(), matched }).collect(),
        errors: tally.error_examples(),
        target_failures: target_failures(tally, rules),
        bytes: tally.bytes,
        elapsed,
        end,
    }
}

fn target_failures(tally: &BatchTally, rules: &RuleSet) -> Vec<TargetFailureCount> {
    let count = |((rule, target, code), (count, place)): (&(_, _, _), &(u64, String))| TargetFailureCount {
        rule: rules.rule(*rule).display_name.clone(),
        target: rules.target(*rule, *target).id.clone(),
        code: *code,
        count: *count,
        place: place.clone(),
    };
    tally.target_failures.iter().map(count).collect()
}
