//! The first events of a source.

use super::{Batch, EventSource, InputId, Item, Position, Progress};

/// Ends another source after some events. What cannot be read counts as one; what is known to be none does not.
///
/// An input that can be read [once](super::Again::Never) only is read to its end, as nobody would get the rest of it.
#[derive(Debug)]
pub struct FirstEvents<S> {
    source: S,
    /// `None` for no end of its own.
    left: Option<u64>,
    /// Whether an input goes on that can be read once only.
    inside: bool,
}

impl<S> FirstEvents<S> {
    /// The first `limit` events of `source`, or all of them.
    pub fn of(source: S, limit: Option<u64>) -> FirstEvents<S> {
        FirstEvents { source, left: limit, inside: false }
    }
}

impl<S: EventSource> EventSource for FirstEvents<S> {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        if self.left == Some(0) && !self.inside {
            batch.begin(0, &[]);
            batch.set_position(Some(Position::END));
            return Progress::Done;
        }
        let progress = self.source.next_batch(batch);
        let Some(left) = &mut self.left else { return progress };
        let is_indivisible = batch.is_indivisible();
        self.inside = is_indivisible && batch.position().is_none();
        let counts = |item: &Item| !matches!(item, Item::Skipped { .. });
        let mut events = 0;
        let last = batch.items().iter().position(|item| {
            events += u64::from(counts(item));
            events >= *left
        });
        if is_indivisible {
            events = batch.items().iter().filter(|item| counts(item)).count() as u64;
        }
        *left = left.saturating_sub(events);
        match last {
            Some(_) if self.inside => progress,
            Some(last) => {
                if !is_indivisible {
                    batch.keep_first(last + 1);
                }
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
