//! Events on their way into a plan.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::probe::{NotSent, PlannedEvent};
use crate::sources::{Batch, EventSource, FileEvents, Item, Progress, SourceLimits};

/// How often a silent source is left for a look whether the run was stopped.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// Events that an entry can say.
    pub(super) sendable: u64,
    /// What is no event, by why.
    pub(super) skipped: BTreeMap<String, u64>,
}

/// One thing that was read.
enum Read {
    Event(Box<PlannedEvent>),
    Skipped(String),
}

/// Reads events on a thread of its own: standard input may be silent for hours, and Ctrl-C works all the same.
pub(super) struct Events {
    read: Receiver<Vec<Read>>,
    ready: std::vec::IntoIter<Read>,
    reading: Rc<RefCell<Reading>>,
    stop: CancellationToken,
}

impl Events {
    /// Begins to read.
    pub(super) fn of(
        source: FileEvents,
        limits: SourceLimits,
        stop: CancellationToken,
    ) -> std::io::Result<Events> {
        let (sender, read) = sync_channel(2);
        thread::Builder::new().name("events".to_owned()).spawn(move || read_all(source, &limits, &sender))?;
        Ok(Events { read, ready: Vec::new().into_iter(), reading: Rc::default(), stop })
    }

    /// What has been read when the events are planned.
    pub(super) fn reading(&self) -> Rc<RefCell<Reading>> {
        Rc::clone(&self.reading)
    }

    /// Waits for more; whether there is more.
    fn wait(&mut self) -> bool {
        loop {
            match self.read.recv_timeout(LOOK_EVERY) {
                Ok(read) => {
                    self.ready = read.into_iter();
                    return true;
                }
                Err(RecvTimeoutError::Timeout) if !self.stop.is_cancelled() => {}
                Err(_) => return false,
            }
        }
    }
}

impl Iterator for Events {
    type Item = PlannedEvent;

    fn next(&mut self) -> Option<PlannedEvent> {
        loop {
            match self.ready.next() {
                Some(Read::Event(event)) => {
                    self.reading.borrow_mut().sendable += u64::from(event.entry.is_ok());
                    return Some(*event);
                }
                Some(Read::Skipped(reason)) => {
                    *self.reading.borrow_mut().skipped.entry(reason).or_default() += 1;
                }
                None if self.wait() => {}
                None => return None,
            }
        }
    }
}

fn read_all(mut source: FileEvents, limits: &SourceLimits, sender: &SyncSender<Vec<Read>>) {
    let mut batch = Batch::with_limits(limits);
    loop {
        let progress = source.next_batch(&mut batch);
        let read = batch.items().iter().map(|item| planned(&source, &batch, item)).collect();
        // The run may have been stopped.
        if sender.send(read).is_err() || progress == Progress::Done {
            return;
        }
    }
}

fn planned(source: &FileEvents, batch: &Batch, item: &Item) -> Read {
    let origin = item.origin();
    let place = format!("{}:{}", source.input_name(origin.input), origin.line);
    match item {
        Item::Event { bytes, .. } => Read::Event(Box::new(PlannedEvent::of(batch.event(bytes), place))),
        Item::Broken { problem, .. } => {
            let reason = NotSent { code: problem.code().as_str().to_owned(), message: problem.to_string() };
            Read::Event(Box::new(PlannedEvent { origin: place, event_id: None, entry: Err(reason) }))
        }
        Item::Skipped { reason, .. } => Read::Skipped(reason.to_string()),
    }
}
