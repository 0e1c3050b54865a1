//! Reads on whatever happens behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::waiting::{Abandoned, Put, Taken, Waiting};
use crate::replay::InputNames;
use crate::sources::{Batch, EventSource, InputId, Item, Progress, SourceLimits};
use crate::telemetry::Counter;

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
pub struct Shed {
    events: Counter,
    /// Counters that count them as well, at once: they are to be seen while judging hangs.
    published: [Counter; 2],
}

impl Shed {
    /// Counts in these too.
    pub(super) fn published(published: [Counter; 2]) -> Shed {
        Shed { events: Counter::default(), published }
    }

    /// Events so far.
    pub fn get(&self) -> u64 {
        self.events.total()
    }

    fn add(&self, events: u64) {
        self.events.add(events);
        self.published.iter().for_each(|counter| counter.add(events));
    }
}

/// A source that is read in a thread of its own, into a fixed number of batches that go round.
#[derive(Debug)]
pub struct Intake {
    waiting: Arc<Waiting>,
    names: InputNames,
    stop: Arc<AtomicBool>,
    /// Dropped batches had inputs of which nobody asks the name.
    is_done: bool,
}

impl Intake {
    /// Reads `source` from now on, until it ends or `stop` is set. What has been read by then is still handed on; what
    /// there is no room for is counted in `shed`.
    ///
    /// A source that waits for input when it is stopped is left behind with its thread.
    pub fn new<S: EventSource + 'static>(
        source: S,
        limits: &SourceLimits,
        overload: Overload,
        stop: Arc<AtomicBool>,
        shed: Shed,
    ) -> Intake {
        let waiting = Arc::new(Waiting::new(limits.clone()));
        let batch = Batch::with_limits(limits);
        let reader = Reader { source, waiting: Arc::clone(&waiting), batch, overload, shed };
        let stopped = Arc::clone(&stop);
        thread::spawn(move || reader.run(&stopped));
        Intake { waiting, names: InputNames::new(), stop, is_done: false }
    }

    /// The next batch, or `None` when there are no more.
    fn wait(&self, free: &mut Batch) -> Option<(InputNames, Progress)> {
        loop {
            let stopped = self.stop.load(Ordering::Relaxed);
            let patience = if stopped { LAST_BATCH_WAIT } else { STOP_CHECK_INTERVAL };
            match self.waiting.take(free, patience) {
                Taken::Batch(names, progress) => return Some((names, progress)),
                Taken::NothingYet if !stopped => {}
                Taken::NothingYet | Taken::Ended => return None,
            }
        }
    }
}

impl EventSource for Intake {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        let taken = if self.is_done { None } else { self.wait(batch) };
        let Some((names, progress)) = taken else {
            batch.empty();
            self.is_done = true;
            return Progress::Done;
        };
        self.names = names;
        progress
    }

    fn input_name(&self, input: InputId) -> &str {
        crate::replay::name_of(&self.names, input)
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.waiting.abandon();
    }
}

struct Reader<S> {
    source: S,
    waiting: Arc<Waiting>,
    /// What is being read into.
    batch: Batch,
    overload: Overload,
    shed: Shed,
}

impl<S: EventSource> Reader<S> {
    fn run(mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            if self.overload == Overload::Wait && self.waiting.wait_for_room() == Err(Abandoned) {
                return;
            }
            let progress = self.source.next_batch(&mut self.batch);
            let names = self.names();
            let put = match self.overload {
                Overload::Wait => self.waiting.put(&mut self.batch, names, progress),
                Overload::Drop => self.waiting.put_together(&mut self.batch, names, progress),
            };
            match put {
                Ok(Put::Waits) => {}
                Ok(Put::NoRoom) => self.shed.add(events_in(&self.batch)),
                Err(Abandoned) => return,
            }
            if progress == Progress::Done {
                return;
            }
        }
    }

    fn names(&self) -> InputNames {
        let mut names = InputNames::new();
        for input in self.batch.items().iter().map(|item| item.origin().input) {
            if names.last().is_none_or(|(last, _)| *last != input) {
                names.push((input, Arc::from(self.source.input_name(input))));
            }
        }
        names
    }
}

impl<S> Drop for Reader<S> {
    fn drop(&mut self) {
        self.waiting.end();
    }
}

fn events_in(batch: &Batch) -> u64 {
    batch.items().iter().filter(|item| !matches!(item, Item::Skipped { .. })).count() as u64
}

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

    fn intake(source: impl EventSource + 'static, overload: Overload) -> (Intake, Shed) {
        let shed = Shed::default();
        (Intake::new(source, &limits(), overload, Arc::default(), shed.clone()), shed)
    }

    #[test]
    fn what_is_not_taken_is_read_and_counted() {
        let (mut intake, shed) = intake(source(1000), Overload::Drop);
        // Nobody takes anything until all is read.
        while shed.get() < 960 {
            thread::yield_now();
        }
        assert_eq!(drained(&mut intake) as u64 + shed.get(), 1000);
        assert_eq!(shed.get(), 960);
    }

    #[test]
    fn what_comes_in_small_pieces_uses_the_room_as_well() {
        let one_each = SourceLimits { batch_items_max: 1, ..limits() };
        let text: String = (0..1000).map(|id| format!("{{\"id\":\"{id}\"}}\n")).collect();
        let source =
            FileEvents::from_reader("x", Box::new(std::io::Cursor::new(text.into_bytes())), one_each);
        let (mut intake, shed) = intake(source, Overload::Drop);
        while shed.get() < 960 {
            thread::yield_now();
        }
        let (mut batch, mut next) = (Batch::default(), 0);
        loop {
            let progress = intake.next_batch(&mut batch);
            for item in batch.items() {
                let Item::Event { bytes, origin } = item else { panic!("{item:?}") };
                assert_eq!(batch.event(bytes), format!("{{\"id\":\"{next}\"}}").as_bytes());
                assert_eq!((intake.input_name(origin.input), origin.line), ("x", next + 1));
                next += 1;
            }
            if progress == Progress::Done {
                break;
            }
        }
        assert_eq!((next, shed.get()), (40, 960));
    }

    #[test]
    fn a_source_that_may_wait_loses_nothing() {
        let (mut intake, shed) = intake(source(1000), Overload::Wait);
        thread::sleep(Duration::from_millis(20));
        assert_eq!((drained(&mut intake), shed.get()), (1000, 0));
    }

    #[test]
    fn what_was_read_before_the_end_is_handed_on() {
        let stop = Arc::new(AtomicBool::new(false));
        let mut intake =
            Intake::new(source(1000), &limits(), Overload::Wait, Arc::clone(&stop), Shed::default());
        let mut batch = Batch::default();
        assert_eq!(intake.next_batch(&mut batch), Progress::More);
        thread::sleep(Duration::from_millis(50));
        stop.store(true, Ordering::Relaxed);
        let rest = drained(&mut intake);
        assert!((40..=60).contains(&rest), "{rest}");
    }
}
