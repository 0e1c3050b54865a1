//! What a run writes into the tracking store, one shape for each kind of key.
//!
//! Every fact has one key, and messages come at least once and in any order. So a record lists the messages that it was
//! made of by their ids: recording a message once more changes nothing, and duplicates are counted exactly, also over a
//! crash.
//!
//! Times are microseconds since 1970 by this machine's clock, unless noted.

use serde::{Deserialize, Serialize};

use crate::probe::arrival::event_id_of;
use crate::probe::guess::Guess;
use crate::probe::judging::Verdict;
use crate::probe::sendable::{NotSendable, entry_of};
use crate::probe::{Entry, Message};
use crate::tracking::RecordContent;
use crate::verdict::AnyCode;

/// Messages that one record keeps; of more, only the number.
const MESSAGES_MAX: usize = 16;

/// `planned`: an event of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedEvent {
    /// Where it was read: `input:line`.
    pub origin: String,
    /// Its id there, if it has one; on the bus it gets another one.
    pub event_id: Option<String>,
    /// What is sent, or why nothing can be.
    pub entry: Result<PlannedEntry, NotSent>,
}

/// What is sent of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedEntry {
    /// `Source`.
    pub source: Option<String>,
    /// `DetailType`.
    pub detail_type: Option<String>,
    /// `Detail`.
    pub detail: Option<String>,
    /// `Resources`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// `Time`, in seconds since 1970.
    pub time_s: Option<i64>,
}

/// Why an event is not on the bus: a code and the particulars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSent {
    /// Ours, or that of the answer to its entry.
    pub code: String,
    /// For a person.
    pub message: String,
}

/// `sent`: an event is about to be sent, then what the bus answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentEvent {
    /// When it should have been sent.
    pub scheduled_us: i64,
    /// When it was about to be sent.
    pub at_us: i64,
    /// What the bus answered; nothing as long as that is not known.
    pub answer: Option<SentAnswer>,
}

/// What the bus answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentAnswer {
    /// It took the event.
    Accepted {
        /// The event's id on the bus.
        event_id: String,
        /// When.
        at_us: i64,
    },
    /// It did not.
    Refused(NotSent),
}

/// One message of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign<T> {
    /// Its id.
    pub message: String,
    /// When it was received.
    pub at_us: i64,
    /// It came after the verdict, or after the event was sent once more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    /// What it says.
    #[serde(flatten)]
    pub says: T,
}

/// All messages of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signs<T> {
    /// The first of them, in the order of recording.
    pub signs: Vec<Sign<T>>,
    /// How many more there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u32,
}

/// `seen`: the event as it is on the bus.
pub(super) type SeenEvent = Signs<SeenCopy>;

/// A copy of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCopy {
    /// Its text.
    pub event: String,
}

/// `receipt`: a mirror matched the event.
pub(super) type Receipt = Signs<Nothing>;

/// Nothing more than that the message came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// `outcome`: what arrived at a target or in the dead-letter queue for it.
pub(super) type TargetOutcome = Signs<ArrivedBody>;

/// A body that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedBody {
    /// The body; not kept where it is the one that was foreseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why it is in the dead-letter queue, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
    /// Nothing says that the body is of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guess: Option<Guess>,
}

/// What a dead-letter queue says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// `ERROR_CODE`.
    pub code: String,
    /// `ERROR_MESSAGE`.
    pub message: String,
    /// After which retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<String>,
}

/// `unattributed`: a message that no event was found for when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unattributed {
    /// The queue, as it ends: `deliveries-03`.
    pub queue: String,
    /// The message.
    pub message: Message,
    /// When it was received.
    pub at_us: i64,
    /// Whether its event was found later.
    pub attributed: bool,
}

/// `verdict`: what became of the event in one attempt. Final.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinalVerdict {
    /// When it was found.
    pub at_us: i64,
    /// What it is.
    pub verdict: Verdict,
    /// Mirrors that match, by our answer: what comes late of others contradicts it. Nothing where there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<Vec<u16>>,
}

/// `run`: the run itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// How far it is.
    pub state: RunState,
    /// What it was given, to go on without being told again.
    pub given: Given,
    /// The ARN of the bus.
    pub bus: String,
    /// The testbed's name.
    pub testbed: String,
    /// Of which rules the testbed is; see [`Layout::digest`](crate::probe::Layout::digest).
    pub digest: String,
    /// Of each mirror, the rule that it stands for and the ids of that rule's targets, for who reads the records.
    pub mirrors: Vec<MirrorNames>,
    /// Events planned so far.
    pub events: u64,
    /// Each time that somebody worked on it.
    pub parts: Vec<RunPart>,
}

/// What numbers in keys mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorNames {
    /// The rule.
    pub rule: String,
    /// Its targets that this mirror has.
    pub targets: Vec<String>,
}

/// What a run was given on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Given {
    /// Sources of rules.
    pub rules: Vec<String>,
    /// Sources of events.
    pub events: Vec<String>,
    /// Values of parameters, `NAME=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
    /// Whose limits patterns are held to, if not those of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Its events are being written down; none has been sent.
    Planning,
    /// All of them are, and some may have been sent.
    Sending,
    /// Every event has a verdict.
    Finished,
}

/// One time that somebody worked on a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPart {
    /// When it began.
    pub started_us: i64,
    /// When it ended; nothing if it was killed.
    pub ended_us: Option<i64>,
    /// How it ended.
    pub end: Option<String>,
}

impl RecordContent for RunRecord {
    const VERSION: u16 = 1;
}

impl<T> Signs<T> {
    /// The first message of a fact.
    pub fn first(sign: Sign<T>) -> Signs<T> {
        Signs { signs: vec![sign], more: 0 }
    }

    /// Adds a message; whether it was a new one.
    pub fn add(&mut self, sign: Sign<T>) -> bool {
        if self.signs.iter().any(|known| known.message == sign.message) {
            return false;
        }
        if self.signs.len() < MESSAGES_MAX {
            self.signs.push(sign)
        } else {
            self.more += 1
        }
        true
    }

    /// Messages besides the first.
    pub fn duplicates(&self) -> u64 {
        (self.signs.len() as u64).saturating_sub(1) + u64::from(self.more)
    }

    /// Messages that came after the verdict, as far as they are kept.
    pub fn late(&self) -> u64 {
        self.signs.iter().filter(|sign| sign.late).count() as u64
    }
}

impl From<&Entry> for PlannedEntry {
    fn from(entry: &Entry) -> PlannedEntry {
        let Entry { source, detail_type, detail, resources, time_s, trace_header: _ } = entry.clone();
        PlannedEntry { source, detail_type, detail, resources, time_s }
    }
}

impl PlannedEntry {
    /// The entry, with a trace header.
    pub fn into_entry(self, trace_header: String) -> Entry {
        let PlannedEntry { source, detail_type, detail, resources, time_s } = self;
        Entry { source, detail_type, detail, resources, time_s, trace_header }
    }
}

impl PlannedEvent {
    /// The plan for an event that was read.
    pub fn of(event: &[u8], origin: String) -> PlannedEvent {
        let event_id = event_id_of(event);
        let entry = entry_of(event).map(|entry| PlannedEntry::from(&entry));
        PlannedEvent { origin, event_id, entry: entry.map_err(NotSent::from) }
    }
}

impl From<NotSendable> for NotSent {
    fn from(reason: NotSendable) -> NotSent {
        NotSent { code: reason.code.as_str().to_owned(), message: reason.reason }
    }
}

impl NotSent {
    /// The code.
    pub fn code(&self) -> AnyCode {
        AnyCode::of(&self.code)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl RecordContent for PlannedEvent {
    const VERSION: u16 = 1;
}

impl RecordContent for SentEvent {
    const VERSION: u16 = 1;
}

impl<T: Serialize + serde::de::DeserializeOwned> RecordContent for Signs<T> {
    const VERSION: u16 = 1;
}

impl RecordContent for Unattributed {
    const VERSION: u16 = 1;
}

impl FinalVerdict {
    /// Whether something that a mirror sent after it contradicts it: the mirror does not match by our answer, and the
    /// verdict did not know.
    pub fn is_contradicted_by(&self, mirror: u16) -> bool {
        let foreseen = self.mirrors.as_ref().is_none_or(|mirrors| mirrors.contains(&mirror));
        !foreseen && !self.verdict.disagrees()
    }
}

impl RecordContent for FinalVerdict {
    const VERSION: u16 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(message: &str) -> Sign<Nothing> {
        Sign { message: message.to_owned(), at_us: 1, late: false, says: Nothing {} }
    }

    #[test]
    fn a_message_counts_once_however_often_it_comes() {
        let mut signs = Signs::first(sign("a"));
        assert!(!signs.add(sign("a")) && signs.add(sign("b")) && !signs.add(sign("b")));
        assert_eq!(signs.duplicates(), 1);
        (0..100).for_each(|number| assert!(signs.add(sign(&format!("m{number}")))));
        assert_eq!((signs.duplicates(), signs.signs.len()), (101, MESSAGES_MAX));
    }

    #[test]
    fn records_read_back_and_leave_out_what_is_ordinary() {
        let outcome: TargetOutcome = Signs::first(Sign {
            message: "m".to_owned(),
            at_us: 7,
            late: false,
            says: ArrivedBody { body: None, dead_letter: None, guess: None },
        });
        let json = serde_json::to_string(&outcome).unwrap();
        assert_eq!(json, r#"{"signs":[{"message":"m","at_us":7}]}"#);
        assert_eq!(serde_json::from_str::<TargetOutcome>(&json).unwrap(), outcome);
    }
}
