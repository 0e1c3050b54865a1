//! Inputs of feeds while they are read, and what their feeds are told afterwards.

use std::collections::VecDeque;
use std::sync::Arc;

use super::input::{Input, InputPlace};
use super::{Acknowledge, FedInput, InputId, OpenFeed, Position};

/// Numbers and names of the inputs that feeds gave. There is no end to them, so only those of a batch are kept.
pub(super) struct Fed {
    next: u32,
    names: VecDeque<(InputId, Arc<str>)>,
}

impl Fed {
    /// With numbers behind those of the inputs that were named.
    pub(super) fn numbered_from(inputs: usize) -> Fed {
        Fed { next: u32::try_from(inputs).unwrap_or(u32::MAX), names: VecDeque::new() }
    }

    pub(super) fn next(&mut self, feed: &mut OpenFeed) -> Option<(InputId, FedInput)> {
        let input = feed.feed.next()?;
        let id = InputId(self.next);
        self.next = self.next.saturating_add(1);
        self.names.push_back((id, Arc::clone(&input.name)));
        Some((id, input))
    }

    /// Forgets the names that no further batch can need; the last one is needed if its input is read on.
    pub(super) fn forget_names(&mut self, last_is_open: bool) {
        let kept = usize::from(last_is_open).min(self.names.len());
        self.names.drain(..self.names.len() - kept);
    }

    pub(super) fn name(&self, input: InputId) -> Option<&str> {
        self.names.iter().find(|(id, _)| *id == input).map(|(_, name)| &**name)
    }
}

/// Tells each feed what is recorded of its events.
#[derive(Default)]
pub struct Acknowledgements(Vec<(u32, Box<dyn Acknowledge>)>);

impl std::fmt::Debug for Acknowledgements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Acknowledgements").field(&self.0.len()).finish()
    }
}

impl Acknowledgements {
    pub(super) fn of(inputs: &mut [Input]) -> Acknowledgements {
        let feeds = (0..).zip(inputs).filter_map(|(number, input)| match &mut input.place {
            InputPlace::Feed(feed) => Some((number, feed.acknowledge.take()?)),
            _ => None,
        });
        Acknowledgements(feeds.collect())
    }

    /// Everything up to `position` is recorded for good.
    pub fn recorded(&mut self, position: &Position) {
        for (number, feed) in &mut self.0 {
            if position.input > *number {
                feed.recorded(None);
            } else if let (true, Some(place)) = (position.input == *number, &position.place) {
                feed.recorded(Some(place));
            }
        }
    }
}
