//! Which messages were handed on, which of them are recorded, and which are still in the queue.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::Instant;

use crate::probe::ReceiptHandle;
use crate::sample::queue::SeenIds;
use crate::sources::Recorded;

/// Ids of deleted messages that are known, in case they come once more.
const DELETED_IDS_MAX: usize = 100_000;

/// What a checkpoint says of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DrainPlace {
    /// Messages that are recorded, and perhaps not deleted.
    pub recorded: BTreeSet<String>,
    /// How long messages are hidden that were handed out and are not recorded, in seconds.
    pub hidden_s: u64,
    /// Which queue it is, where a name does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// A checkpoint that says nothing of a queue.
#[derive(Debug, Error)]
#[error("the checkpoint names no place in a queue: {0}")]
pub struct DrainPlaceError(#[from] serde_json::Error);

impl DrainPlace {
    /// As a checkpoint has it.
    ///
    /// # Errors
    /// It is of something else.
    pub fn parse(text: &str) -> Result<DrainPlace, DrainPlaceError> {
        Ok(serde_json::from_str(text)?)
    }

    /// As a checkpoint has it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A message that was handed on and not deleted.
#[derive(Debug)]
struct Held {
    id: String,
    receipt: ReceiptHandle,
    hidden_at: Instant,
}

/// What is to be done with a message that came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    /// To hand on, under this number.
    New(u64),
    /// It is being worked on.
    Held,
    /// It is recorded: to delete.
    Recorded,
}

/// The state of one queue. Numbers count from 0 in the order in which messages are handed on.
#[derive(Debug)]
pub(super) struct Holding {
    /// What an earlier run recorded and may not have deleted; and what never changes.
    before: DrainPlace,
    held: BTreeMap<u64, Held>,
    numbers: HashMap<String, u64>,
    next: u64,
    /// Behind the last one that was taken from the feed.
    taken: u64,
    /// Behind the last one that is recorded.
    recorded: u64,
    deleted: SeenIds,
}

impl Holding {
    pub(super) fn new(before: DrainPlace) -> Holding {
        Holding {
            before,
            held: BTreeMap::new(),
            numbers: HashMap::new(),
            next: 0,
            taken: 0,
            recorded: 0,
            deleted: SeenIds::new(DELETED_IDS_MAX),
        }
    }

    pub(super) fn arrived(&mut self, id: &str, receipt: &ReceiptHandle, now: Instant) -> Arrived {
        if let Some(number) = self.numbers.get(id) {
            if let Some(held) = self.held.get_mut(number) {
                (held.receipt, held.hidden_at) = (receipt.clone(), now);
            }
            return if *number < self.recorded { Arrived::Recorded } else { Arrived::Held };
        }
        if self.before.recorded.contains(id) || self.deleted.contains(id) {
            return Arrived::Recorded;
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(id.to_owned(), number);
        self.held.insert(number, Held { id: id.to_owned(), receipt: receipt.clone(), hidden_at: now });
        Arrived::New(number)
    }

    /// Behind the last message that was handed on.
    pub(super) fn handed_on(&self) -> u64 {
        self.next
    }

    /// The message of this number was taken from the feed.
    pub(super) fn taken(&mut self, number: u64) {
        self.taken = self.taken.max(number + 1);
    }

    /// The number behind all that is recorded then. The place of an earlier run is where this one began.
    pub(super) fn end_of(&self, recorded: Recorded<'_>) -> u64 {
        match recorded {
            Recorded::Nothing => 0,
            Recorded::UpTo(place) => place.parse().unwrap_or(0),
            Recorded::All => self.taken,
        }
    }

    pub(super) fn durable(&self, end: u64) -> DrainPlace {
        let recorded = self.held.range(..end).map(|(_, held)| held.id.clone());
        DrainPlace {
            recorded: recorded.chain(self.before.recorded.iter().cloned()).collect(),
            ..self.before.clone()
        }
    }

    /// All before `end` are recorded; those among them that were not before.
    pub(super) fn recorded(&mut self, end: u64) -> Vec<(String, ReceiptHandle)> {
        let end = end.max(self.recorded);
        let begin = std::mem::replace(&mut self.recorded, end);
        let new = self.held.range(begin..end);
        new.map(|(_, held)| (held.id.clone(), held.receipt.clone())).collect()
    }

    pub(super) fn deleted(&mut self, id: &str) {
        self.before.recorded.remove(id);
        if let Some(number) = self.numbers.remove(id) {
            self.held.remove(&number);
        }
        self.deleted.note(id);
    }

    /// Messages that are recorded and still in the queue.
    pub(super) fn undeleted(&self) -> usize {
        self.held.range(..self.recorded).count()
    }

    /// The same with what deletes them.
    pub(super) fn undeleted_receipts(&self) -> Vec<(String, ReceiptHandle)> {
        let left = self.held.range(..self.recorded);
        left.map(|(_, held)| (held.id.clone(), held.receipt.clone())).collect()
    }

    /// Messages that are in no checkpoint.
    pub(super) fn unrecorded(&self) -> usize {
        self.held.range(self.recorded..).count()
    }

    /// Messages that are in no checkpoint and have been hidden for so long; they count as hidden anew.
    pub(super) fn hidden_for(&mut self, long: Duration, now: Instant) -> Vec<ReceiptHandle> {
        let due = self.held.range_mut(self.recorded..).filter(|(_, held)| held.hidden_at + long <= now);
        let extend = |(_, held): (&u64, &mut Held)| {
            held.hidden_at = now;
            held.receipt.clone()
        };
        due.map(extend).collect()
    }

    /// Forgets all that is in no checkpoint.
    pub(super) fn give_back(&mut self) -> Vec<ReceiptHandle> {
        let back = self.held.split_off(&self.recorded);
        back.into_values().map(|held| held.receipt).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(text: &str) -> ReceiptHandle {
        ReceiptHandle(text.to_owned())
    }

    fn ids(place: &DrainPlace) -> Vec<&str> {
        place.recorded.iter().map(String::as_str).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_names_what_is_recorded_and_not_deleted() {
        let before = DrainPlace { recorded: ["z".to_owned()].into(), hidden_s: 30, of: None };
        let mut holding = Holding::new(before);
        let now = Instant::now();
        for (number, id) in (0..).zip(["a", "b", "c"]) {
            assert_eq!(holding.arrived(id, &receipt(id), now), Arrived::New(number));
        }
        assert_eq!(holding.arrived("z", &receipt("z"), now), Arrived::Recorded);
        assert_eq!(ids(&holding.durable(2)), ["a", "b", "z"]);
        assert_eq!(holding.recorded(2).len(), 2);
        assert_eq!(holding.recorded(2).len(), 0);
        holding.deleted("a");
        holding.deleted("z");
        assert_eq!(ids(&holding.durable(3)), ["b", "c"]);
        // What is deleted is not handed on again, what is undeleted is deleted by its new receipt, and what is worked
        // on stays so.
        assert_eq!(holding.arrived("a", &receipt("a2"), now), Arrived::Recorded);
        assert_eq!(holding.arrived("b", &receipt("b2"), now), Arrived::Recorded);
        assert_eq!(holding.arrived("c", &receipt("c2"), now), Arrived::Held);
        assert_eq!((holding.undeleted(), holding.unrecorded()), (1, 1));
        assert_eq!(holding.give_back(), [receipt("c2")]);
        let text = holding.durable(3).text();
        assert_eq!(DrainPlace::parse(&text).unwrap(), holding.durable(3));
        assert!(DrainPlace::parse("{}").is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn all_is_what_was_taken_and_no_more() {
        let mut holding = Holding::new(DrainPlace::default());
        for id in ["a", "b", "c"] {
            holding.arrived(id, &receipt(id), Instant::now());
        }
        holding.taken(1);
        assert_eq!(holding.end_of(Recorded::All), 2);
        assert_eq!(holding.end_of(Recorded::UpTo("3")), 3);
        assert_eq!(holding.end_of(Recorded::UpTo("{}")), 0);
        assert_eq!(holding.end_of(Recorded::Nothing), 0);
    }
}
