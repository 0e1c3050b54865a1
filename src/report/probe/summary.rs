//! The numbers of a run.

use serde::Serialize;

/// What a run came to, earlier parts included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbeSummary {
    /// The run.
    pub run: String,
    /// The ARN of the bus.
    pub bus: String,
    /// How it ended.
    pub end: ProbeEnd,
    /// Why it is incomplete.
    pub reason: Option<String>,
    /// Events of the run: `delivered + unmatched + errored + open`.
    pub events: u64,
    /// Events that every target of every matching rule got as foreseen.
    pub delivered: u64,
    /// Events that no rule matches, by AWS's answer and ours.
    pub unmatched: u64,
    /// All other events with a verdict.
    pub errored: u64,
    /// Events without a verdict; none in a complete run.
    pub open: u64,
    /// Events that were sent more than once, by redrives.
    pub redriven: u64,
    /// Events on which AWS and we differ.
    pub disagreements: u64,
    /// Events with a verdict that something late contradicts.
    pub late_disagreements: u64,
    /// What came out of the queues besides the first message of each fact.
    pub messages: ProbeMessages,
    /// Each rule that matched by our answer, by name.
    pub rules: Vec<ProbeRule>,
    /// Each code that is the gravest of an errored event, by code.
    pub codes: Vec<ProbeCode>,
    /// What was read and is no event; known only to the command that read it.
    pub skipped: Vec<ProbeSkip>,
    /// Times in microseconds.
    pub latency_us: ProbeLatencies,
    /// Each time that somebody worked on the run.
    pub parts: Vec<ProbePart>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeEnd {
    /// Every event has a verdict.
    Complete,
    /// Somebody stopped it.
    Interrupted,
    /// Something that it needs failed.
    Incomplete,
    /// It is under way, or was killed.
    Open,
}

/// Messages that made no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ProbeMessages {
    /// They said once more what another one had said.
    pub duplicate: u64,
    /// They came after the verdict of their event.
    pub late: u64,
    /// No event was found for them.
    pub unattributed: u64,
    /// They are of other runs.
    pub foreign: u64,
}

/// Events of one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbeRule {
    /// The rule.
    pub name: String,
    /// Events that it matches by our answer.
    pub matched: u64,
    /// Of these, the ones with a problem at this rule.
    pub errored: u64,
    /// From the bus's answer to the arrival of each body, in microseconds.
    pub sent_to_delivered_us: ProbeTimes,
}

/// Events with one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeCode {
    /// The code.
    pub code: String,
    /// How many events have it as their gravest.
    pub events: u64,
    /// The number of one of them.
    pub example: u64,
    /// What was wrong with that one.
    pub message: String,
}

/// Something that was read and is no event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeSkip {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// Times of all events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ProbeLatencies {
    /// From the moment in which an event should be sent to that in which its call was made.
    pub scheduled_to_sent: ProbeTimes,
    /// From the bus's answer to the arrival of each body.
    pub sent_to_delivered: ProbeTimes,
    /// From the bus's answer to the verdict, of events that waited for their deadline.
    pub deadline_wait: ProbeTimes,
}

/// Times of one kind, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ProbeTimes {
    /// How many there are.
    pub count: u64,
    /// The median.
    pub p50: u64,
    /// 90 of a hundred were not longer.
    pub p90: u64,
    /// 99 of a hundred were not longer.
    pub p99: u64,
    /// The longest.
    pub max: u64,
}

/// One time that somebody worked on a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbePart {
    /// When it began, as RFC 3339 has it.
    pub started: String,
    /// When it ended; null if it was killed or is under way.
    pub ended: Option<String>,
    /// How, in words.
    pub end: Option<String>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbeEvent {
    /// Its place in the run's plan, from 0.
    pub event: u64,
    /// Its id where it was read; on the bus it has another one.
    pub event_id: Option<String>,
    /// Where it was read: `input:line`.
    pub at: String,
    /// How often it was sent.
    pub attempts: usize,
    /// The verdict; null if there is none yet.
    pub verdict: Option<&'static str>,
    /// The rules that match by our answer.
    pub rules: Vec<String>,
    /// What is wrong, the gravest first.
    pub problems: Vec<ProbeProblem>,
}

/// One thing that is wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeProblem {
    /// Ours or AWS's.
    pub code: String,
    /// The rule that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The target of that rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The particulars.
    pub reason: String,
    /// The lines in which a body differs from the foreseen one, those of the latter behind `-`. Private.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeRunLine {
    /// The run.
    pub run: String,
    /// The ARN of the bus.
    pub bus: String,
    /// Its events.
    pub events: u64,
    /// How often somebody worked on it.
    pub parts: usize,
    /// How the last time ended.
    pub end: ProbeEnd,
    /// Why it is incomplete.
    pub reason: Option<String>,
}

impl ProbeEnd {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            ProbeEnd::Complete => "complete",
            ProbeEnd::Interrupted => "interrupted",
            ProbeEnd::Incomplete => "incomplete",
            ProbeEnd::Open => "not finished",
        }
    }
}
