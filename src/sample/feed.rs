//! Texts that come one by one, as a source of events.

use std::io::Cursor;

use crate::sources::{Batch, EventSource, FileEvents, InputId, Progress, SourceLimits};

/// Texts that hold events each: one, a list, lines, or a wrapper, like a file does.
pub(super) struct Feed {
    limits: SourceLimits,
    events: Option<FileEvents>,
    is_done: bool,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("is_done", &self.is_done).finish_non_exhaustive()
    }
}

impl Feed {
    pub(super) fn new(limits: SourceLimits) -> Feed {
        Feed { limits, events: None, is_done: true }
    }

    /// Whether all texts were handed on.
    pub(super) fn is_empty(&self) -> bool {
        self.is_done
    }

    /// Adds texts with their names; only when it is empty.
    pub(super) fn fill(&mut self, texts: Vec<(String, Vec<u8>)>) {
        let readers = texts.into_iter().map(|(name, text)| (name, Box::new(Cursor::new(text)) as Box<_>));
        self.events = Some(FileEvents::from_readers(readers.collect(), self.limits.clone()));
        self.is_done = false;
    }

    /// Hands on what there is, as much as a batch holds.
    pub(super) fn next_batch(&mut self, batch: &mut Batch) {
        match self.events.as_mut().filter(|_| !self.is_done) {
            None => batch.empty(),
            Some(events) => self.is_done = events.next_batch(batch) == Progress::Done,
        }
    }

    /// The name of a text of the last batch.
    pub(super) fn input_name(&self, input: InputId) -> &str {
        self.events.as_ref().map_or("", |events| events.input_name(input))
    }
}
