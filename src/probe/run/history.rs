//! Reading a run back from its store, event by event.

use std::collections::{BTreeMap, VecDeque};

use crate::probe::records::{
    FinalVerdict, PlannedEvent, Receipt, SeenEvent, SentEvent, TargetOutcome, Unattributed,
};
use crate::tracking::{
    Attempt, EventNumber, Pair, Record, RecordKey, RunId, Slot, StoreError, Subject, TrackingStore,
};

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

/// Reads a run in the order of its keys: events by their number, then unattributed messages.
#[derive(Debug)]
pub struct Histories<'s, S> {
    store: &'s S,
    run: RunId,
    records: VecDeque<Record>,
    after: Option<RecordKey>,
    done: bool,
}

impl<'s, S: TrackingStore> Histories<'s, S> {
    /// Reads `run` from its beginning.
    pub fn of(store: &'s S, run: RunId) -> Histories<'s, S> {
        Histories { store, run, records: VecDeque::new(), after: None, done: false }
    }

    /// The next thing; `None` at the end.
    ///
    /// # Errors
    /// The store cannot be read, or a record in it.
    pub async fn next(&mut self) -> Result<Option<Remembered>, StoreError> {
        let mut history: Option<Box<History>> = None;
        loop {
            let Some(record) = self.peek().await? else { break };
            match (&record.key.subject, &history) {
                (Subject::Event(event, _), None) => {
                    let event = *event;
                    history = Some(Box::new(History { event, planned: None, attempts: BTreeMap::new() }));
                }
                (Subject::Event(event, slot), Some(open)) if open.event == *event => {
                    let slot = *slot;
                    let Some(record) = self.records.pop_front() else { break };
                    if let Some(open) = &mut history {
                        open.add(slot, &record)?;
                    }
                }
                (_, Some(_)) => break,
                (Subject::Run, None) => drop(self.records.pop_front()),
                (Subject::Unattributed(_), None) => {
                    let content = record.content()?;
                    self.records.pop_front();
                    return Ok(Some(Remembered::Unattributed(Box::new(content))));
                }
            }
        }
        Ok(history.map(Remembered::Event))
    }

    async fn peek(&mut self) -> Result<Option<&Record>, StoreError> {
        while self.records.is_empty() && !self.done {
            let page = self.store.scan(self.run, self.after.as_ref(), RECORDS_MAX).await?;
            self.records.extend(page.records);
            self.done = page.next_after.is_none();
            self.after = page.next_after;
        }
        Ok(self.records.front())
    }
}

impl History {
    fn add(&mut self, slot: Slot, record: &Record) -> Result<(), StoreError> {
        match slot {
            Slot::Planned => self.planned = Some(record.content()?),
            Slot::Sent(attempt) => self.of(attempt).sent = Some(record.content()?),
            Slot::Seen(attempt) => self.of(attempt).seen = Some(record.content()?),
            Slot::Receipt(attempt, rule) => self.of(attempt).receipts.push((rule, record.content()?)),
            Slot::Outcome(attempt, pair) => self.of(attempt).outcomes.push((pair, record.content()?)),
            Slot::Verdict(attempt) => self.of(attempt).verdict = Some(record.content()?),
            // Arrivals that nobody foresaw have the keys of what they are, and the verdict tells them apart.
            Slot::Unexpected(_) => {}
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
