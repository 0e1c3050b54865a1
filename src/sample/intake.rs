//! Reads on whatever happens behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use crate::replay::InputNames;
use crate::sources::{Batch, EventSource, InputId, Item, Progress, SourceLimits};

/// Batches that wait between reading and judging.
const BATCHES_WAITING: usize = 4;
/// How often a source that waits looks whether the run was ended.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(50);
/// How long what is being read when a run ends may take to arrive.
const LAST_BATCH_WAIT: Duration = Duration::from_millis(250);

/// What happens to events for which there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overload {
    /// They are read, counted and dropped; whoever produces them is never slowed.
    Drop,
    /// Reading waits.
    Wait,
}

/// How many events were dropped because judging did not keep up. Clones show the same count.
#[derive(Debug, Clone, Default)]
pub struct Shed(Arc<AtomicU64>);

impl Shed {
    /// Events so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A source that is read in a thread of its own, into a fixed number of batches that go round.
#[derive(Debug)]
pub struct Intake {
    full: Receiver<Full>,
    free: Sender<Batch>,
    names: InputNames,
    stop: Arc<AtomicBool>,
    /// Dropped batches had inputs of which nobody asks the name.
    is_done: bool,
}

/// A batch that was read.
#[derive(Debug)]
struct Full {
    batch: Batch,
    names: InputNames,
    progress: Progress,
}

impl Intake {
    /// Reads `source` from now on, until it ends or `stop` is set. What has been read by then is still handed on.
    ///
    /// A source that waits for input when it is stopped is left behind with its thread.
    pub fn new<S: EventSource + 'static>(
        source: S,
        limits: &SourceLimits,
        overload: Overload,
        stop: Arc<AtomicBool>,
    ) -> (Intake, Shed) {
        let (free_in, free_out) = channel();
        for _ in 0..BATCHES_WAITING {
            free_in.send(Batch::with_limits(limits)).unwrap_or_else(|_| unreachable!("the receiver lives"));
        }
        let (full_in, full_out) = channel();
        let (shed, stopped) = (Shed::default(), Arc::clone(&stop));
        let (spare, count) = (Batch::with_limits(limits), shed.clone());
        thread::spawn(move || {
            Reader { source, free: free_out, full: full_in, spare, overload, shed: count }.run(&stopped);
        });
        let intake = Intake { full: full_out, free: free_in, names: InputNames::new(), stop, is_done: false };
        (intake, shed)
    }

    /// The next batch, or `None` when there are no more.
    fn wait(&self) -> Option<Full> {
        loop {
            let stopped = self.stop.load(Ordering::Relaxed);
            let patience = if stopped { LAST_BATCH_WAIT } else { STOP_CHECK_INTERVAL };
            match self.full.recv_timeout(patience) {
                Ok(full) => return Some(full),
                Err(RecvTimeoutError::Timeout) if !stopped => {}
                Err(_) => return None,
            }
        }
    }
}

impl EventSource for Intake {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        let Some(mut full) = self.wait().filter(|_| !self.is_done) else {
            batch.empty();
            self.is_done = true;
            return Progress::Done;
        };
        std::mem::swap(batch, &mut full.batch);
        self.names = full.names;
        // The reader has gone once all is read; then nobody wants the batch.
        let _ = self.free.send(full.batch);
        full.progress
    }

    fn input_name(&self, input: InputId) -> &str {
        crate::replay::name_of(&self.names, input)
    }
}

struct Reader<S> {
    source: S,
    free: Receiver<Batch>,
    full: Sender<Full>,
    /// Where events go for which there is no room.
    spare: Batch,
    overload: Overload,
    shed: Shed,
}

impl<S: EventSource> Reader<S> {
    fn run(mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let progress = match self.room() {
                Err(NobodyReads) => return,
                Ok(Some(mut batch)) => {
                    let progress = self.source.next_batch(&mut batch);
                    let names = self.names_of(&batch);
                    if self.full.send(Full { batch, names, progress }).is_err() {
                        return;
                    }
                    progress
                }
                Ok(None) => {
                    let progress = self.source.next_batch(&mut self.spare);
                    let events =
                        self.spare.items().iter().filter(|item| !matches!(item, Item::Skipped { .. }));
                    self.shed.0.fetch_add(events.count() as u64, Ordering::Relaxed);
                    progress
                }
            };
            if progress == Progress::Done {
                return;
            }
        }
    }

    /// A batch to read into; `None` if there is none and nobody waits for one.
    fn room(&self) -> Result<Option<Batch>, NobodyReads> {
        match self.overload {
            Overload::Wait => self.free.recv().map(Some).map_err(|_| NobodyReads),
            Overload::Drop => match self.free.try_recv() {
                Ok(batch) => Ok(Some(batch)),
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(NobodyReads),
            },
        }
    }

    fn names_of(&self, batch: &Batch) -> InputNames {
        let mut names = InputNames::new();
        for input in batch.items().iter().map(|item| item.origin().input) {
            if names.last().is_none_or(|(last, _)| *last != input) {
                names.push((input, Arc::from(self.source.input_name(input))));
            }
        }
        names
    }
}

/// The run has ended.
struct NobodyReads;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::FileEvents;

    fn limits() -> SourceLimits {
        SourceLimits {
            batch_items_max: 10,
            batch_bytes_target: 1 << 12,
            block_bytes: 1 << 12,
            ..SourceLimits::default()
        }
    }

    fn source(events: usize) -> FileEvents {
        let text: String = (0..events).map(|id| format!("{{\"id\":\"{id}\"}}\n")).collect();
        FileEvents::from_reader("x", Box::new(std::io::Cursor::new(text.into_bytes())), limits())
    }

    fn drained(intake: &mut Intake) -> usize {
        let (mut batch, mut events) = (Batch::default(), 0);
        loop {
            let progress = intake.next_batch(&mut batch);
            events += batch.items().len();
            if progress == Progress::Done {
                return events;
            }
        }
    }

    #[test]
    fn what_is_not_taken_is_read_and_counted() {
        let (mut intake, shed) = Intake::new(source(1000), &limits(), Overload::Drop, Arc::default());
        // Nobody takes anything until all is read.
        while shed.get() < 960 {
            thread::yield_now();
        }
        assert_eq!(drained(&mut intake) as u64 + shed.get(), 1000);
        assert_eq!(shed.get(), 960);
    }

    #[test]
    fn a_source_that_may_wait_loses_nothing() {
        let (mut intake, shed) = Intake::new(source(1000), &limits(), Overload::Wait, Arc::default());
        thread::sleep(Duration::from_millis(20));
        assert_eq!((drained(&mut intake), shed.get()), (1000, 0));
    }

    #[test]
    fn what_was_read_before_the_end_is_handed_on() {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut intake, _) = Intake::new(source(1000), &limits(), Overload::Wait, Arc::clone(&stop));
        let mut batch = Batch::default();
        assert_eq!(intake.next_batch(&mut batch), Progress::More);
        thread::sleep(Duration::from_millis(50));
        stop.store(true, Ordering::Relaxed);
        let rest = drained(&mut intake);
        assert!((40..=60).contains(&rest), "{rest}");
    }
}
