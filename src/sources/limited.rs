//! The first events of a source.

use super::{Batch, EventSource, InputId, Item, Position, Progress};

/// Ends another source after some events. What cannot be read counts as one; what is known to be none does not.
#[derive(Debug)]
pub struct FirstEvents<S> {
    source: S,
    /// `None` for no end of its own.
    left: Option<u64>,
}

impl<S> FirstEvents<S> {
    /// The first `limit` events of `source`, or all of them.
    pub fn of(source: S, limit: Option<u64>) -> FirstEvents<S> {
        FirstEvents { source, left: limit }
    }
}

impl<S: EventSource> EventSource for FirstEvents<S> {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        if self.left == Some(0) {
            batch.begin(0, &[]);
            batch.set_position(Some(Position::END));
            return Progress::Done;
        }
        let progress = self.source.next_batch(batch);
        let Some(left) = &mut self.left else { return progress };
        let counts = |item: &Item| !matches!(item, Item::Skipped { .. });
        let mut events = 0;
        let last = batch.items().iter().position(|item| {
            events += u64::from(counts(item));
            events == *left
        });
        *left -= events;
        match last {
            Some(last) => {
                batch.keep_first(last + 1);
                batch.set_position(Some(Position::END));
                Progress::Done
            }
            None => progress,
        }
    }

    fn input_name(&self, input: InputId) -> &str {
        self.source.input_name(input)
    }
}
