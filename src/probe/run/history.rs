//! Reading a run back from its store, event by event.

use std::collections::{BTreeMap, VecDeque};

use crate::probe::records::{
    FinalVerdict, PlannedEvent, Receipt, SeenEvent, SentEvent, TargetOutcome, Unattributed,
};
use crate::tracking::{Attempt, EventNumber, Pair, Record, RunId, Slot, SlotKind, StoreError, TrackingStore};

/// Records of one page.
const RECORDS_MAX: usize = 1_000;

/// Everything that is written down of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The event.
    pub event: EventNumber,
    /// What was planned.
    pub planned: Option<PlannedEvent>,
    /// What came of it each time that it was sent.
    pub attempts: BTreeMap<Attempt, AttemptHistory>,
}

/// Everything that is written down of one attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttemptHistory {
    /// Its sending.
    pub sent: Option<SentEvent>,
    /// The event as seen on the bus.
    pub seen: Option<SeenEvent>,
    /// The mirrors that matched.
    pub receipts: Vec<(u16, Receipt)>,
    /// What arrived at targets.
    pub outcomes: Vec<(Pair, TargetOutcome)>,
    /// The verdict.
    pub verdict: Option<FinalVerdict>,
}

/// Something of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Remembered {
    /// An event.
    Event(Box<History>),
    /// A message that no event was found for when it came.
    Unattributed(Box<Unattributed>),
}

/// Reads a run: events by their number, then unattributed messages.
///
/// A store has the facts of one kind side by side, by event. So one reader per kind goes along, and all of them stand at
/// the same event; of a run of any length only a page of each kind is in memory.
#[derive(Debug)]
pub struct Histories<'s, S> {
    facts: Vec<KindReader<'s, S>>,
    unattributed: KindReader<'s, S>,
}

/// The kinds of facts about an event.
const FACTS: [SlotKind; 6] = [
    SlotKind::Planned,
    SlotKind::Sent,
    SlotKind::Seen,
    SlotKind::Receipt,
    SlotKind::Outcome,
    SlotKind::Verdict,
];

/// Reads the records of one kind in the order of their slots.
#[derive(Debug)]
struct KindReader<'s, S> {
    store: &'s S,
    run: RunId,
    kind: SlotKind,
    records: VecDeque<Record>,
    after: Option<Slot>,
    done: bool,
}

impl<'s, S: TrackingStore> Histories<'s, S> {
    /// Reads `run` from its beginning.
    pub fn of(store: &'s S, run: RunId) -> Histories<'s, S> {
        let reader =
            |kind| KindReader { store, run, kind, records: VecDeque::new(), after: None, done: false };
        Histories { facts: FACTS.map(reader).into(), unattributed: reader(SlotKind::Unattributed) }
    }

    /// The next thing; `None` at the end.
    ///
    /// # Errors
    /// The store cannot be read, or a record in it.
    pub async fn next(&mut self) -> Result<Option<Remembered>, StoreError> {
        let mut next: Option<EventNumber> = None;
        for facts in &mut self.facts {
            let event = facts.peek().await?.and_then(|record| record.key.slot.event());
            next = [next, event].into_iter().flatten().min();
        }
        let Some(event) = next else {
            let message = self.unattributed.take().await?;
            return message
                .map(|record| Ok(Remembered::Unattributed(Box::new(record.content()?))))
                .transpose();
        };
        let mut history = Box::new(History { event, planned: None, attempts: BTreeMap::new() });
        for facts in &mut self.facts {
            while facts.peek().await?.is_some_and(|record| record.key.slot.event() == Some(event)) {
                if let Some(record) = facts.take().await? {
                    history.add(&record)?;
                }
            }
        }
        Ok(Some(Remembered::Event(history)))
    }
}

impl<S: TrackingStore> KindReader<'_, S> {
    async fn peek(&mut self) -> Result<Option<&Record>, StoreError> {
        while self.records.is_empty() && !self.done {
            let page = self.store.scan(self.run, self.kind, self.after.as_ref(), RECORDS_MAX).await?;
            self.records.extend(page.records);
            self.done = page.next_after.is_none();
            self.after = page.next_after;
        }
        Ok(self.records.front())
    }

    async fn take(&mut self) -> Result<Option<Record>, StoreError> {
        self.peek().await?;
        Ok(self.records.pop_front())
    }
}

impl History {
    fn add(&mut self, record: &Record) -> Result<(), StoreError> {
        match record.key.slot {
            Slot::Planned(_) => self.planned = Some(record.content()?),
            Slot::Sent(_, attempt) => self.of(attempt).sent = Some(record.content()?),
            Slot::Seen(_, attempt) => self.of(attempt).seen = Some(record.content()?),
            Slot::Receipt(_, attempt, rule) => self.of(attempt).receipts.push((rule, record.content()?)),
            Slot::Outcome(_, attempt, pair) => self.of(attempt).outcomes.push((pair, record.content()?)),
            Slot::Verdict(_, attempt) => self.of(attempt).verdict = Some(record.content()?),
            // Arrivals that nobody foresaw have the keys of what they are, and the verdict tells them apart.
            Slot::Unexpected(..) | Slot::Run | Slot::Unattributed(_) => {}
        }
        Ok(())
    }

    fn of(&mut self, attempt: Attempt) -> &mut AttemptHistory {
        self.attempts.entry(attempt).or_default()
    }

    /// The last time that it was sent or judged.
    pub fn last(&self) -> Option<(Attempt, &AttemptHistory)> {
        let tried =
            |(_, attempt): &(&Attempt, &AttemptHistory)| attempt.sent.is_some() || attempt.verdict.is_some();
        self.attempts.iter().rfind(tried).map(|(attempt, history)| (*attempt, history))
    }
}
