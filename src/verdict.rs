//! The verdict on one event: delivered, unmatched or errored, always with a reason.

use std::fmt;

use crate::matcher::{MatchError, Matched, Matcher, RuleIndex, Scratch};

/// What becomes of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'r> {
    /// At least one rule matches, and the event is delivered to its targets.
    Delivered(Matched<'r>),
    /// A valid event that no rule wants. Not an error.
    Unmatched,
    /// The event could not be judged.
    Errored(EventError),
}

/// Why an event could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError {
    /// Its kind.
    pub code: Code,
    /// The particulars, for a person.
    pub reason: String,
    /// The rule that cannot be decided, if it is one rule's matter.
    pub rule: Option<RuleIndex>,
}

/// The kinds of errors, as results spell them. More will come; treat unknown ones as errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// `INVALID_EVENT_JSON`: the event is not JSON.
    InvalidEventJson,
    /// `EVENT_NOT_AN_OBJECT`: the event is JSON, but not an object.
    EventNotAnObject,
    /// `EVENT_TOO_LARGE`: the event is larger than the limit.
    EventTooLarge,
    /// `ARRAYS_TOO_COMPLEX`: a rule and the event's arrays would take exponential time.
    ArraysTooComplex,
    /// `SOURCE_BROKEN`: the input is damaged where an event was expected.
    SourceBroken,
}

impl Code {
    /// All codes.
    pub const ALL: [Code; 5] = [
        Code::InvalidEventJson,
        Code::EventNotAnObject,
        Code::EventTooLarge,
        Code::ArraysTooComplex,
        Code::SourceBroken,
    ];

    /// The code as results spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidEventJson => "INVALID_EVENT_JSON",
            Code::EventNotAnObject => "EVENT_NOT_AN_OBJECT",
            Code::EventTooLarge => "EVENT_TOO_LARGE",
            Code::ArraysTooComplex => "ARRAYS_TOO_COMPLEX",
            Code::SourceBroken => "SOURCE_BROKEN",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Judges one event. The one way to a verdict: every driver goes through here.
///
/// Until targets have inputs of their own, an event that a rule matches counts as delivered.
pub fn judge<'s>(matcher: &Matcher, event: &[u8], scratch: &'s mut Scratch) -> Verdict<'s> {
    match matcher.matches(event, scratch) {
        Ok([]) => Verdict::Unmatched,
        Ok(matched) => Verdict::Delivered(matched),
        Err(error) => Verdict::Errored(EventError::from(error)),
    }
}

impl From<MatchError> for EventError {
    fn from(error: MatchError) -> EventError {
        let code = match error {
            MatchError::Syntax(_) => Code::InvalidEventJson,
            MatchError::NotAnObject { .. } => Code::EventNotAnObject,
            MatchError::TooLarge { .. } => Code::EventTooLarge,
            MatchError::TooManyChoices { .. } => Code::ArraysTooComplex,
        };
        let rule = match error {
            MatchError::TooManyChoices { rule, .. } => Some(RuleIndex(rule)),
            _ => None,
        };
        EventError { code, reason: error.to_string(), rule }
    }
}
