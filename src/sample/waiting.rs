//! What was read and waits to be judged.
//!
//! A pipe gives what is there, which may be one event at a time. If each piece were a batch of its own, the room would be
//! taken by a few events as soon as judging pauses for a moment; so pieces are put together as long as they wait.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::replay::InputNames;
use crate::sources::{Batch, Progress, SourceLimits};

/// Batches that wait at most.
const BATCHES_WAITING: usize = 4;

/// A queue of batches between a thread that reads and one that hands on.
#[derive(Debug)]
pub(super) struct Waiting {
    queue: Mutex<Queue>,
    changed: Condvar,
    limits: SourceLimits,
}

#[derive(Debug)]
struct Queue {
    read: VecDeque<Read>,
    free: Vec<Batch>,
    has_ended: bool,
    is_abandoned: bool,
}

/// A batch that was read.
#[derive(Debug)]
struct Read {
    batch: Batch,
    names: InputNames,
    progress: Progress,
}

/// Nobody takes batches any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abandoned;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It waits.
    Waits,
    /// It is left where it was.
    NoRoom,
}

/// What there was to take.
#[derive(Debug)]
pub(super) enum Taken {
    /// A batch; the names of its inputs, and whether there are more batches.
    Batch(InputNames, Progress),
    /// Nothing, but something may come.
    NothingYet,
    /// Nothing, and nothing will come.
    Ended,
}

impl Waiting {
    /// Room for some batches of that size.
    pub(super) fn new(limits: SourceLimits) -> Waiting {
        let free = (0..BATCHES_WAITING).map(|_| Batch::with_limits(&limits)).collect();
        let queue = Queue { read: VecDeque::new(), free, has_ended: false, is_abandoned: false };
        Waiting { queue: Mutex::new(queue), changed: Condvar::new(), limits }
    }

    /// Waits until one more batch may wait.
    pub(super) fn wait_for_room(&self) -> Result<(), Abandoned> {
        let is_full = |queue: &mut Queue| queue.free.is_empty() && !queue.is_abandoned;
        let queue = self.changed.wait_while(self.lock(), is_full).unwrap_or_else(PoisonError::into_inner);
        if queue.is_abandoned { Err(Abandoned) } else { Ok(()) }
    }

    /// Puts a batch behind the rest, and a free one in its place.
    pub(super) fn put(
        &self,
        batch: &mut Batch,
        names: InputNames,
        progress: Progress,
    ) -> Result<Put, Abandoned> {
        self.lock().put(batch, names, progress).inspect(|_| self.changed.notify_all())
    }

    /// The same; if a batch waits already that has room for the content of this one, it goes there.
    pub(super) fn put_together(
        &self,
        batch: &mut Batch,
        names: InputNames,
        progress: Progress,
    ) -> Result<Put, Abandoned> {
        let mut queue = self.lock();
        match queue.read.back_mut().filter(|last| last.has_room_for(batch, &self.limits)) {
            Some(last) => {
                last.append(batch, names, progress);
                Ok(Put::Waits)
            }
            None => queue.put(batch, names, progress).inspect(|_| self.changed.notify_all()),
        }
    }

    /// Exchanges `free` for the batch that waits longest; waits so long for one.
    pub(super) fn take(&self, free: &mut Batch, patience: Duration) -> Taken {
        let is_empty = |queue: &mut Queue| queue.read.is_empty() && !queue.has_ended;
        let waited = self.changed.wait_timeout_while(self.lock(), patience, is_empty);
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match queue.read.pop_front() {
            Some(mut read) => {
                std::mem::swap(free, &mut read.batch);
                queue.free.push(read.batch);
                self.changed.notify_all();
                Taken::Batch(read.names, read.progress)
            }
            None if queue.has_ended => Taken::Ended,
            None => Taken::NothingYet,
        }
    }

    /// No more is put.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }

    /// No more is taken.
    pub(super) fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn put(&mut self, batch: &mut Batch, names: InputNames, progress: Progress) -> Result<Put, Abandoned> {
        if self.is_abandoned {
            return Err(Abandoned);
        }
        let Some(free) = self.free.pop() else { return Ok(Put::NoRoom) };
        self.read.push_back(Read { batch: std::mem::replace(batch, free), names, progress });
        Ok(Put::Waits)
    }
}

impl Read {
    fn has_room_for(&self, later: &Batch, limits: &SourceLimits) -> bool {
        self.batch.bytes_len() + later.bytes_len() <= limits.batch_bytes_target
            && self.batch.items().len() + later.items().len() <= limits.batch_items_max
    }

    fn append(&mut self, later: &mut Batch, names: InputNames, progress: Progress) {
        self.batch.append(later);
        let last = self.names.last().map(|(input, _)| *input);
        self.names.extend(names.into_iter().filter(|(input, _)| Some(*input) != last));
        self.progress = progress;
    }
}
