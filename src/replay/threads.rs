//! Threads that read batches, work on them and put them back in order, whatever the work is.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::report::RunEnd;
use crate::sources::{Batch, EventSource, InputId, Item, Progress, SourceLimits};

/// How to run through events.
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

/// The names of the inputs that a batch draws from.
pub type InputNames = Vec<(InputId, Arc<str>)>;

/// The name of one of them.
pub fn name_of(names: &InputNames, input: InputId) -> &str {
    names.iter().find(|(id, _)| *id == input).map_or("", |(_, name)| name)
}

/// One thread's part of the work.
pub trait BatchWorker: Send {
    /// Memory that goes round with the batches: a worker fills it, the collector empties it.
    type Output: Default + Send + 'static;
    /// What a batch came to.
    type Tally: Send;

    /// Works on all items of a batch; appends to `output`.
    fn work(&mut self, batch: &Batch, names: &InputNames, output: &mut Self::Output) -> Self::Tally;
}

/// Runs all of `source` through workers that `new_worker` makes, one for each thread. `collect` gets what each batch came
/// to, in the order of the events. Returns how the run ended, and the workers.
///
/// When it is ended early while the source waits for input, the thread that reads stays behind with the source
/// until the source has something to say.
///
/// # Errors
/// The first error of `collect`; the run ends there.
pub fn run_batches<S: EventSource + 'static, W: BatchWorker>(
    source: S,
    options: &ReplayOptions,
    new_worker: impl Fn() -> W,
    mut collect: impl FnMut(&mut W::Output, W::Tally) -> io::Result<()>,
) -> io::Result<(RunEnd, Vec<W>)> {
    let halt = Halt { stop: Arc::clone(&options.stop), failed: Arc::default() };
    let (free_in, free_out) = channel();
    for _ in 0..options.threads.get() + 3 {
        let batch = Batch::with_limits(&options.limits);
        let slot = Slot { batch, names: InputNames::new(), output: W::Output::default() };
        free_in.send(slot).unwrap_or_else(|_| unreachable!("the receiver lives"));
    }
    let (work_in, work_out) = channel();
    let work_out = Mutex::new(work_out);
    let (judged_in, judged_out) = channel();
    let reader_halt = halt.clone();
    let reader = thread::spawn(move || read(source, &free_out, &work_in, &reader_halt));
    let (outcome, workers) = thread::scope(|scope| {
        let threads: Vec<_> = (0..options.threads.get())
            .map(|_| {
                let (judged_in, work_out, halt) = (judged_in.clone(), &work_out, &halt);
                let worker = new_worker();
                scope.spawn(move || work(worker, work_out, &judged_in, halt))
            })
            .collect();
        drop(judged_in);
        let outcome = collect_all::<W>(&judged_out, &free_in, &halt.failed, &mut collect);
        let join = |thread: thread::ScopedJoinHandle<'_, W>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        (outcome, threads.into_iter().map(join).collect::<Vec<W>>())
    });
    drop(free_in);
    let end = end_of(reader, &halt);
    outcome.map(|()| (end, workers))
}

/// How often an idle worker looks whether the run was ended.
const HALT_CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// What ends a run before its source does.
#[derive(Debug, Clone)]
struct Halt {
    stop: Arc<AtomicBool>,
    /// Nobody takes what batches come to.
    failed: Arc<AtomicBool>,
}

impl Halt {
    fn called(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }
}

/// A batch on its way round: filled by the reader, worked on by a worker, emptied by the collector.
#[derive(Debug)]
struct Slot<O> {
    batch: Batch,
    names: InputNames,
    output: O,
}

/// Batches with their numbers, waiting for a worker.
type Waiting<O> = Mutex<Receiver<(u64, Slot<O>)>>;

/// A batch that was worked on: its number, and what it came to.
type Done<W> = (u64, Slot<<W as BatchWorker>::Output>, <W as BatchWorker>::Tally);

/// Takes what was worked on until no worker is left, puts it in order, and hands slots back.
fn collect_all<W: BatchWorker>(
    done: &Receiver<Done<W>>,
    free: &Sender<Slot<W::Output>>,
    failed: &AtomicBool,
    collect: &mut impl FnMut(&mut W::Output, W::Tally) -> io::Result<()>,
) -> io::Result<()> {
    let (mut next, mut waiting) = (0, BTreeMap::new());
    let mut outcome = Ok(());
    for (number, slot, tally) in done {
        waiting.insert(number, (slot, tally));
        while let Some((mut slot, tally)) = waiting.remove(&next) {
            next += 1;
            if outcome.is_ok() {
                outcome = collect(&mut slot.output, tally);
                failed.store(outcome.is_err(), Ordering::Relaxed);
            }
            // The reader has gone once all is read; then nobody wants the slot.
            let _ = free.send(slot);
        }
    }
    outcome
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
fn read<S: EventSource, O>(
    mut source: S,
    free: &Receiver<Slot<O>>,
    work: &Sender<(u64, Slot<O>)>,
    halt: &Halt,
) {
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
fn note_names<S: EventSource, O>(source: &S, slot: &mut Slot<O>) {
    slot.names.clear();
    for origin in slot.batch.items().iter().map(Item::origin) {
        if slot.names.last().is_none_or(|(input, _)| *input != origin.input) {
            slot.names.push((origin.input, Arc::from(source.input_name(origin.input))));
        }
    }
}

/// Works on batches until there are no more; gives the worker back.
///
/// After a halt it works on what was read before and then goes, without waiting for the reader. Batches are
/// taken in order, so what has been done by then has no gaps.
fn work<W: BatchWorker>(mut worker: W, work: &Waiting<W::Output>, done: &Sender<Done<W>>, halt: &Halt) -> W {
    while let Some((number, mut slot)) = next_batch_read(work, halt) {
        let tally = worker.work(&slot.batch, &slot.names, &mut slot.output);
        if done.send((number, slot, tally)).is_err() {
            break;
        }
    }
    worker
}

/// Waits for a batch; after a halt, takes only what is there.
fn next_batch_read<O>(work: &Waiting<O>, halt: &Halt) -> Option<(u64, Slot<O>)> {
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
