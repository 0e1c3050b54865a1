//! Events in memory.

use std::ops::Range;

use crate::sources::{Batch, EventSource, Item, Progress, SourceLimits};

/// Events side by side in one buffer.
#[derive(Debug, Default)]
pub struct MemoryEvents {
    text: Vec<u8>,
    events: Vec<Range<usize>>,
    unreadable: u64,
}

impl MemoryEvents {
    /// Reads the first `events_max` events of a source.
    pub fn read(source: &mut impl EventSource, limits: &SourceLimits, events_max: usize) -> MemoryEvents {
        let mut read = MemoryEvents::default();
        let mut batch = Batch::with_limits(limits);
        let mut progress = Progress::More;
        while progress == Progress::More && read.events.len() < events_max {
            progress = source.next_batch(&mut batch);
            batch.items().iter().for_each(|item| read.add(&batch, item, events_max));
        }
        read
    }

    fn add(&mut self, batch: &Batch, item: &Item, events_max: usize) {
        match item {
            Item::Event { bytes, .. } if self.events.len() < events_max => {
                let start = self.text.len();
                self.text.extend_from_slice(batch.event(bytes));
                self.events.push(start..self.text.len());
            }
            Item::Event { .. } | Item::Skipped { .. } => {}
            Item::Broken { .. } => self.unreadable += 1,
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The bytes of all events together.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Documents among the events that could not be read, and that are left out.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The events, cut into `parts` of about as many each.
    pub(super) fn parts(&self, parts: usize) -> impl Iterator<Item = impl Iterator<Item = &[u8]>> {
        let text = |range: &Range<usize>| &self.text[range.clone()];
        let each = self.events.len().div_ceil(parts).max(1);
        self.events.chunks(each).map(move |events| events.iter().map(text))
    }
}
