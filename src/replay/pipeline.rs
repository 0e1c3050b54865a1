//! The threads of a replay and what goes between them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::collect::BatchTally;
use super::worker::{InputNames, Lines, Wanted, Worker};
use crate::report::{RuleCount, RunEnd, Summary, TargetFailureCount};
use crate::sources::{Batch, EventSource, Item, Progress, SourceLimits};
use crate::verdict::RuleSet;

/// How to replay.
#[derive(Debug)]
pub struct ReplayOptions {
    /// Threads that judge; reading has one more of its own.
    pub threads: NonZeroUsize,
    /// How much a batch holds; `threads + 3` batches are in flight.
    pub limits: SourceLimits,
    /// Set it to end the run early. What is in flight is still judged; nothing waits for the source, which
    /// may be standard input that never says another word.
    pub stop: Arc<AtomicBool>,
}

/// How often an idle worker looks whether the run was ended.
const HALT_CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// What ends a run before its source does.
#[derive(Debug, Clone)]
struct Halt {
    stop: Arc<AtomicBool>,
    /// Results cannot be written.
    failed: Arc<AtomicBool>,
}

impl Halt {
    fn called(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }
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
    lines: Lines,
}

/// Where lines go that somebody wants; each in the order of the events.
#[derive(Default)]
pub struct Outputs<'w> {
    /// A line per event.
    pub results: Option<&'w mut dyn Write>,
    /// A line per target and event.
    pub payloads: Option<&'w mut dyn Write>,
}

impl std::fmt::Debug for Outputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outputs")
            .field("results", &self.results.is_some())
            .field("payloads", &self.payloads.is_some())
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

    fn flush(&mut self) -> io::Result<()> {
        self.each(&Lines::default()).try_for_each(|(out, _)| out.flush())
    }
}

/// Replays all of `source` against `rules`. Lines go to `outputs`; `observe` is called after each batch.
///
/// When it is ended early while the source waits for input, the thread that reads stays behind with the source
/// until the source has something to say.
///
/// # Errors
/// The first error of `outputs`; the run ends there.
pub fn replay<S: EventSource + 'static>(
    source: S,
    rules: &RuleSet,
    options: &ReplayOptions,
    mut outputs: Outputs<'_>,
    observe: impl FnMut(Observed),
) -> io::Result<Summary> {
    let started = Instant::now();
    let wanted = Wanted { results: outputs.results.is_some(), payloads: outputs.payloads.is_some() };
    let halt = Halt { stop: Arc::clone(&options.stop), failed: Arc::default() };
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
    let reader_halt = halt.clone();
    let reader = thread::spawn(move || read(source, &free_out, &work_in, &reader_halt));
    let (collected, matched) = thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads.get())
            .map(|_| {
                let (judged_in, work_out, halt) = (judged_in.clone(), &work_out, &halt);
                scope.spawn(move || work(Worker::new(rules, wanted), work_out, &judged_in, halt))
            })
            .collect();
        drop(judged_in);
        let collected = collect(&judged_out, &free_in, &mut outputs, &halt.failed, observe);
        let mut matched = vec![0; rules.rules().len()];
        for worker in workers {
            let counts = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            matched.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        (collected, matched)
    });
    drop(free_in);
    let end = end_of(reader, &halt);
    let tally = collected?;
    outputs.flush()?;
    Ok(summarize(&tally, matched, rules, started, end))
}

/// Takes what was judged until no worker is left: writes lines in order, adds up, hands slots back.
fn collect(
    judged: &Receiver<(u64, Slot, BatchTally)>,
    free: &Sender<Slot>,
    outputs: &mut Outputs<'_>,
    failed: &AtomicBool,
    mut observe: impl FnMut(Observed),
) -> io::Result<BatchTally> {
    let mut collector = Collector { next: 0, waiting: BTreeMap::new(), tally: BatchTally::default() };
    let mut outcome = Ok(());
    for (number, slot, tally) in judged {
        for mut slot in collector.in_order(number, slot, tally) {
            if outcome.is_ok() {
                outcome = outputs.write(&slot.lines);
                failed.store(outcome.is_err(), Ordering::Relaxed);
            }
            slot.lines.clear();
            // The reader has gone once all is read; then nobody wants the slot.
            let _ = free.send(slot);
        }
        observe(Observed { read: collector.tally.read() });
    }
    outcome.map(|()| collector.tally)
}

/// How the run ended, now that all workers have. A reader that was told to end may still wait for input; it
/// cannot be woken and is left behind.
fn end_of(reader: JoinHandle<()>, halt: &Halt) -> RunEnd {
    let stopped = halt.stop.load(Ordering::Relaxed);
    if !halt.called() || reader.is_finished() {
        reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }
    if stopped { RunEnd::Interrupted } else { RunEnd::Complete }
}

/// Fills free slots until the source ends or somebody calls a halt.
fn read<S: EventSource>(mut source: S, free: &Receiver<Slot>, work: &Sender<(u64, Slot)>, halt: &Halt) {
    for number in 0.. {
        let Ok(mut slot) = free.recv() else { return };
        if halt.called() {
            return;
        }
        let progress = source.next_batch(&mut slot.batch);
        note_names(&source, &mut slot);
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
///
/// After a halt it judges what was read before and then goes, without waiting for the reader. Batches are
/// taken in order, so what has been judged by then has no gaps.
fn work(
    mut worker: Worker<'_>,
    work: &Mutex<Receiver<(u64, Slot)>>,
    judged: &Sender<(u64, Slot, BatchTally)>,
    halt: &Halt,
) -> Vec<u64> {
    while let Some((number, mut slot)) = next_batch_read(work, halt) {
        let tally = worker.judge(&slot.batch, &slot.names, &mut slot.lines);
        if judged.send((number, slot, tally)).is_err() {
            break;
        }
    }
    worker.into_matched()
}

/// Waits for a batch; after a halt, takes only what is there.
fn next_batch_read(work: &Mutex<Receiver<(u64, Slot)>>, halt: &Halt) -> Option<(u64, Slot)> {
    let work = work.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if halt.called() {
            return work.try_recv().ok();
        }
        match work.recv_timeout(HALT_CHECK_INTERVAL) {
            Ok(batch) => return Some(batch),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
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
        elapsed: started.elapsed(),
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
