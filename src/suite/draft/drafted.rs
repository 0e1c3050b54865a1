//! What is drafted, before it is text.

use super::edits::Edits;
use super::samples::Sample;
use crate::json::Value;
use crate::pattern::Profile;
use crate::verdict::Code;

/// What a test file says of its rules.
#[derive(Debug, Clone)]
pub struct FileHead {
    /// Where the rules come from, as it is to stand in the file.
    pub sources: Vec<String>,
    /// Values for what they leave open.
    pub parameters: Vec<(String, String)>,
    /// How patterns are judged.
    pub profile: Profile,
}

/// How to draft.
#[derive(Debug)]
pub struct DraftOptions<'o> {
    /// What the file says of its rules.
    pub head: FileHead,
    /// Of each rule, a recorded event that it matches.
    pub samples: &'o [Option<Sample>],
}

/// A test file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// How many tests it has.
    pub tests: usize,
    /// Rules for which no event was found that can be written.
    pub without_tests: Vec<String>,
}

/// What a rule is tested with.
pub(super) struct RuleDraft {
    pub(super) name: String,
    pub(super) event: Option<EventDraft>,
    pub(super) near_miss: Option<NearMiss>,
}

/// An event that the rule matches.
pub(super) struct EventDraft {
    /// The name of its fixture.
    pub(super) fixture: String,
    /// Where it was recorded; none if it was made.
    pub(super) recorded: Option<String>,
    pub(super) event: Value,
    pub(super) judged: JudgedDraft,
}

/// A variation that the rule does not match.
pub(super) struct NearMiss {
    pub(super) edits: Edits,
    pub(super) judged: JudgedDraft,
    /// The only condition that does not hold, by JSON pointer, with what stands there.
    pub(super) because: Option<(String, Option<Value>)>,
}

/// What becomes of an event.
pub(super) struct JudgedDraft {
    pub(super) matches: Vec<String>,
    /// If a target does not get it.
    pub(super) code: Option<Code>,
    /// Of the rule's own targets, what those get that shape the event.
    pub(super) bodies: Vec<(String, BodyDraft)>,
}

pub(super) enum BodyDraft {
    Json(Value),
    Text(String),
}

impl RuleDraft {
    pub(super) fn tests(&self) -> usize {
        usize::from(self.event.is_some()) + usize::from(self.near_miss.is_some())
    }
}
