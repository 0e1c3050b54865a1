//! Inputs of feeds while they are read, and what their feeds are told afterwards.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

use super::input::{Input, InputPlace};
use super::{Acknowledge, FedInput, InputId, OpenFeed, Position, Recorded};

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
        // They are numbered one by one.
        let (first, _) = self.names.front()?;
        let at = usize::try_from(input.0.checked_sub(first.0)?).ok()?;
        self.names.get(at).filter(|(id, _)| *id == input).map(|(_, name)| &**name)
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

    /// `position` in words that outlast the program. Behind everything, that is the end of the last feed that holds
    /// on to something.
    pub fn durable(&mut self, position: &Position) -> Position {
        let recorded = |number: &u32| recorded(position, *number);
        let feed =
            self.0.iter_mut().rev().find_map(|(number, feed)| Some((*number, recorded(number)?, feed)));
        match feed {
            Some((number, recorded, feed)) if number == position.input || *position == Position::END => {
                Position { input: number, place: Some(feed.durable(recorded)), ..position.clone() }
            }
            _ => position.clone(),
        }
    }

    /// Everything up to `position` is recorded for good.
    pub fn recorded(&mut self, position: &Position) {
        for (number, feed) in &mut self.0 {
            recorded(position, *number).into_iter().for_each(|recorded| feed.recorded(recorded));
        }
    }

    /// Waits until all that is recorded is let go, but not for ever; how much is left.
    pub fn settle(&mut self) -> usize {
        self.0.iter_mut().map(|(_, feed)| feed.settle()).sum()
    }

    /// The run is complete for good; see [`Acknowledge::complete`].
    pub fn complete(&mut self) {
        self.0.iter_mut().for_each(|(_, feed)| feed.complete());
    }

    /// The run is over; see [`Acknowledge::finish`].
    pub fn finish(&mut self) {
        self.0.drain(..).for_each(|(_, feed)| feed.finish());
    }
}

/// How much of the feed of this number is recorded at `position`, if it was opened.
fn recorded(position: &Position, number: u32) -> Option<Recorded<'_>> {
    match (position.input.cmp(&number), &position.place) {
        (Ordering::Greater, _) => Some(Recorded::All),
        (Ordering::Equal, Some(place)) => Some(Recorded::UpTo(place)),
        (Ordering::Equal, None) => Some(Recorded::Nothing),
        (Ordering::Less, _) => None,
    }
}
