//! What differs between two sets of rules, as data and as JSON.

use std::io::{self, Write};
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::json_parts::ErrorJson;
use super::summary::{ErrorExample, RunEnd, SkipCount};
use crate::findings::FindingCode;

/// The version of the JSON's shape.
const SCHEMA_VERSION: u32 = 1;

/// What differs between two sets of rules over the same events.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffSummary {
    /// Events read.
    pub read: u64,
    /// Bytes of events.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// How it ended.
    pub end: RunEnd,
    /// Verdicts under the old rules.
    pub old: VerdictCounts,
    /// Verdicts under the new rules.
    pub new: VerdictCounts,
    /// Events whose verdict differs.
    pub moves: Vec<VerdictMove>,
    /// Rules that differ, in themselves or in what they match; in the order of the new ones, then those that are gone.
    pub rules: Vec<RuleDiff>,
    /// How many rules do not differ.
    pub unchanged: usize,
    /// What was left out.
    pub skipped: Vec<SkipCount>,
    /// Events that could not be judged, under either set.
    pub errors: Vec<ErrorExample>,
}

/// Verdicts under one set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerdictCounts {
    /// Rules that listen.
    pub rules: usize,
    /// Events delivered.
    pub delivered: u64,
    /// Events that no rule matches.
    pub unmatched: u64,
    /// Events that a target does not get, or that could not be judged.
    pub errored: u64,
}

/// Events whose verdict differs in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictMove {
    /// The verdict under the old rules.
    pub from: &'static str,
    /// The verdict under the new rules.
    pub to: &'static str,
    /// The events.
    #[serde(flatten)]
    pub events: Sightings,
}

/// How many events, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sightings {
    /// How many.
    pub count: u64,
    /// The first ones.
    pub examples: Vec<EventExample>,
}

/// An event, by id and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventExample {
    /// Its id, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `input:line`.
    pub place: String,
    /// Its text, if it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// On which side something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Only among the new ones.
    Added,
    /// Only among the old ones.
    Removed,
    /// On both.
    Kept,
}

impl Presence {
    /// From where it is.
    pub fn of(old: bool, new: bool) -> Presence {
        match (old, new) {
            (false, true) => Presence::Added,
            (true, false) => Presence::Removed,
            _ => Presence::Kept,
        }
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleDiff {
    /// Its name.
    pub name: String,
    /// Its old name, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Its bus.
    pub bus: String,
    /// If it is on one side only, the bus of a rule of its name on the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_bus: Option<String>,
    /// If it listens on one side only and is on both, why it does not listen on the other one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "code")]
    pub idle: Option<FindingCode>,
    /// Where it is.
    pub presence: Presence,
    /// What was written otherwise.
    pub changed: Vec<&'static str>,
    /// Events that it matched.
    pub old_matched: u64,
    /// Events that it matches.
    pub new_matched: u64,
    /// Events that it matches and did not match.
    pub gained: Sightings,
    /// Events that it matched and does not match.
    pub lost: Sightings,
    /// Why the first of those differ.
    pub why: Vec<String>,
    /// Targets that differ.
    pub targets: Vec<TargetDiff>,
}

/// One target of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetDiff {
    /// Its id.
    pub id: String,
    /// The resource that it sends to; what is not known of it is written as `${...}`.
    pub arn: String,
    /// What it made of events and what it makes of them now, in a few words, if these differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shapes: Option<(String, String)>,
    /// Where it is, if it did not come or go with its rule.
    pub presence: Presence,
    /// What was written otherwise.
    pub changed: Vec<&'static str>,
    /// Its bodies cannot be compared: they are not known before deployment.
    pub is_unknown: bool,
    /// Events that it gets and did not get.
    pub gained: Sightings,
    /// Events that it got and does not get.
    pub lost: Sightings,
    /// Events of which it gets another body, or now none, or one for the first time.
    pub bodies: Sightings,
    /// Where the bodies of the first of those differ: JSON pointers; the root is empty.
    pub differs_at: Vec<String>,
    /// The two bodies, if they may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example_bodies: Option<(String, String)>,
    /// Events whose bodies are not delivered, before and now, among those that were looked at.
    pub failed: (u64, u64),
}

fn code<S: Serializer>(code: &Option<FindingCode>, serializer: S) -> Result<S::Ok, S::Error> {
    code.map(FindingCode::as_str).serialize(serializer)
}

impl RuleDiff {
    /// Whether it differs in any way.
    pub fn is_worth_telling(&self) -> bool {
        self.differs()
            || self.presence != Presence::Kept
            || self.was.is_some()
            || !self.changed.is_empty()
            || !self.targets.is_empty()
    }

    /// Whether any event is treated otherwise.
    pub fn differs(&self) -> bool {
        self.gained.count + self.lost.count > 0 || self.targets.iter().any(TargetDiff::differs)
    }
}

impl TargetDiff {
    /// Whether it differs in any way of its own, besides what it gets because its rule matches otherwise.
    pub fn is_worth_telling(&self) -> bool {
        self.presence != Presence::Kept
            || !self.changed.is_empty()
            || self.bodies.count > 0
            || self.failed.0 != self.failed.1
    }

    /// Whether it gets other events or bodies.
    fn differs(&self) -> bool {
        self.gained.count + self.lost.count + self.bodies.count > 0
    }
}

impl DiffSummary {
    /// Whether any event is treated otherwise. Rules that differ without effect on these events do not count.
    pub fn differs(&self) -> bool {
        !self.moves.is_empty() || self.rules.iter().any(RuleDiff::differs)
    }

    /// Events per second.
    pub fn events_per_s(&self) -> f64 {
        self.read as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

#[derive(Serialize)]
struct DiffJson<'s> {
    schema_version: u32,
    differs: bool,
    read: u64,
    old: VerdictCounts,
    new: VerdictCounts,
    moves: &'s [VerdictMove],
    rules: &'s [RuleDiff],
    unchanged: usize,
    skipped: u64,
    errors: Vec<ErrorJson<'s>>,
    bytes: u64,
    elapsed_s: f64,
    events_per_s: f64,
    interrupted: bool,
}

/// Writes what differs as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_diff_json(summary: &DiffSummary, out: &mut impl Write) -> io::Result<()> {
    let json = DiffJson {
        schema_version: SCHEMA_VERSION,
        differs: summary.differs(),
        read: summary.read,
        old: summary.old,
        new: summary.new,
        moves: &summary.moves,
        rules: &summary.rules,
        unchanged: summary.unchanged,
        skipped: summary.skipped.iter().map(|skip| skip.count).sum(),
        errors: summary.errors.iter().map(ErrorJson::from).collect(),
        bytes: summary.bytes,
        elapsed_s: summary.elapsed.as_secs_f64(),
        events_per_s: summary.events_per_s(),
        interrupted: summary.end == RunEnd::Interrupted,
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}
