//! The threads of a replay and what goes between them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::collect::BatchTally;
use super::worker::{InputNames, Results, RuleSet, Worker};
use crate::report::{RuleCount, RunEnd, Summary};
use crate::sources::{Batch, EventSource, Item, Progress, SourceLimits};

/// How to replay.
#[derive(Debug)]
pub struct ReplayOptions<'o> {
    /// Threads that judge; reading has one more of its own.
    pub threads: NonZeroUsize,
    /// How much a batch holds; `threads + 3` batches are in flight.
    pub limits: SourceLimits,
    /// Set it to end the run early.
    pub stop: &'o AtomicBool,
}

/// How far a replay is.
#[derive(Debug, Clone, Copy)]
pub struct Observed {
    /// Events judged so far.
    pub read: u64,
}

/// A batch on its way round: filled by the reader, judged by a worker, emptied by the collector.
#[derive(Debug, Default)]
struct Slot {
    batch: Batch,
    names: InputNames,
    lines: Vec<u8>,
}

/// Replays all of `source` against `rules`. A line per event goes to `results`, in the order of the events;
/// `observe` is called after each batch.
///
/// # Errors
/// The first error of `results`; the run ends there.
pub fn replay<S: EventSource>(
    source: &mut S,
    rules: &RuleSet,
    options: &ReplayOptions<'_>,
    mut results: Option<&mut dyn Write>,
    mut observe: impl FnMut(Observed),
) -> io::Result<Summary> {
    let started = Instant::now();
    let wanted = if results.is_some() { Results::Wanted } else { Results::Unwanted };
    let failed = AtomicBool::new(false);
    let (free_in, free_out) = channel();
    for _ in 0..options.threads.get() + 3 {
        let batch = Batch::with_limits(&options.limits);
        free_in
            .send(Slot { batch, ..Slot::default() })
            .unwrap_or_else(|_| unreachable!("the receiver lives"));
    }
    let (work_in, work_out) = channel();
    let work_out = Mutex::new(work_out);
    let (judged_in, judged_out) = channel();
    let halt = [options.stop, &failed];
    let (tally, matched, outcome) = thread::scope(|scope| {
        scope.spawn(move || read(source, &free_out, &work_in, halt));
        let workers: Vec<_> = (0..options.threads.get())
            .map(|_| {
                let (judged_in, work_out) = (judged_in.clone(), &work_out);
                scope.spawn(move || work(Worker::new(rules, wanted), work_out, &judged_in))
            })
            .collect();
        drop(judged_in);
        let mut collector = Collector { next: 0, waiting: BTreeMap::new(), tally: BatchTally::default() };
        let mut outcome = Ok(());
        for (number, slot, tally) in judged_out {
            for mut slot in collector.in_order(number, slot, tally) {
                if let (Ok(()), Some(out)) = (&outcome, results.as_mut()) {
                    outcome = out.write_all(&slot.lines);
                    failed.store(outcome.is_err(), Ordering::Relaxed);
                }
                slot.lines.clear();
                // The reader has gone once all is read; then nobody wants the slot.
                let _ = free_in.send(slot);
            }
            observe(Observed { read: collector.tally.read() });
        }
        let mut matched = vec![0; rules.names().len()];
        for worker in workers {
            let counts = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            matched.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        (collector.tally, matched, outcome)
    });
    outcome?;
    if let Some(out) = results {
        out.flush()?;
    }
    let stopped = options.stop.load(Ordering::Relaxed);
    Ok(summarize(
        &tally,
        matched,
        rules,
        started,
        if stopped { RunEnd::Interrupted } else { RunEnd::Complete },
    ))
}

/// Fills free slots until the source ends or somebody calls a halt.
fn read<S: EventSource>(
    source: &mut S,
    free: &Receiver<Slot>,
    work: &Sender<(u64, Slot)>,
    halt: [&AtomicBool; 2],
) {
    for number in 0.. {
        let Ok(mut slot) = free.recv() else { return };
        if halt.iter().any(|flag| flag.load(Ordering::Relaxed)) {
            return;
        }
        let progress = source.next_batch(&mut slot.batch);
        note_names(source, &mut slot);
        if work.send((number, slot)).is_err() || progress == Progress::Done {
            return;
        }
    }
}

/// Items come in the order of the inputs, so each name is looked up once.
fn note_names<S: EventSource>(source: &S, slot: &mut Slot) {
    slot.names.clear();
    for origin in slot.batch.items().iter().map(Item::origin) {
        if slot.names.last().is_none_or(|(input, _)| *input != origin.input) {
            slot.names.push((origin.input, Arc::from(source.input_name(origin.input))));
        }
    }
}

/// Judges batches until there are no more; returns how often each rule matched.
fn work(
    mut worker: Worker<'_>,
    work: &Mutex<Receiver<(u64, Slot)>>,
    judged: &Sender<(u64, Slot, BatchTally)>,
) -> Vec<u64> {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, mut slot)) = next else { return worker.matched };
        let tally = worker.judge(&slot.batch, &slot.names, &mut slot.lines);
        if judged.send((number, slot, tally)).is_err() {
            return worker.matched;
        }
    }
}

/// Puts batches back in order.
struct Collector {
    next: u64,
    waiting: BTreeMap<u64, (Slot, BatchTally)>,
    tally: BatchTally,
}

impl Collector {
    /// Takes one batch; returns those whose turn has come.
    fn in_order(&mut self, number: u64, slot: Slot, tally: BatchTally) -> Vec<Slot> {
        self.waiting.insert(number, (slot, tally));
        let mut ready = Vec::new();
        while let Some((slot, tally)) = self.waiting.remove(&self.next) {
            self.tally.add(tally);
            self.next += 1;
            ready.push(slot);
        }
        ready
    }
}

fn summarize(
    tally: &BatchTally,
    matched: Vec<u64>,
    rules: &RuleSet,
    started: Instant,
    end: RunEnd,
) -> Summary {
    let counts = rules.names().iter().zip(matched);
    Summary {
        read: tally.read(),
        delivered: tally.delivered,
        unmatched: tally.unmatched,
        errored: tally.errored_total(),
        skipped: tally.skip_counts(),
        rules: counts.map(|(name, matched)| RuleCount { name: name.clone(), matched }).collect(),
        errors: tally.error_examples(),
        bytes: tally.bytes,
        elapsed: started.elapsed(),
        end,
    }
}
