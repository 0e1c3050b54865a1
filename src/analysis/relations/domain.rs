//! What a field can hold, given what EventBridge's own envelope looks like.
//!
//! Source: EventBridge User Guide, "AWS event structure"; `PutEvents` demands source, detail type and detail, and
//! EventBridge fills in the rest. Fields of the envelope are written by EventBridge, so they are never lists (but
//! `resources`), never doubled and never missing.

use super::automaton::{Automaton, Language};
use super::texts::{Last, language_of_format};
use crate::json::Value;
use crate::pattern::FieldPath;

/// What the events are that rules see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EventShape {
    /// Events of an event bus, with EventBridge's envelope.
    #[default]
    Envelope,
    /// Any JSON object: filters of pipes and event source mappings see no envelope.
    Any,
}

/// What a field can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Domain {
    /// Anything, or nothing.
    Anything,
    /// A text, always there, once.
    Text(Format),
    /// Texts, any number of them.
    Texts,
    /// A text, if it is there.
    MaybeText,
    /// Never a value: the field is an object, or not a part of the envelope.
    NoLeaf,
}

/// How the text of a field of the envelope looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Free,
    /// Twelve digits.
    Account,
    /// `0`, the only version there is.
    Version,
    /// `YYYY-MM-DDThh:mm:ssZ`: EventBridge cuts fractions of seconds and writes UTC.
    Time,
    /// Small letters, digits and `-`.
    Region,
}

/// The fields of the envelope. Source: EventBridge User Guide, "AWS event structure"; `replay-name` stands in
/// replayed events only.
pub const ENVELOPE_FIELDS: [&str; 10] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
];

const DIGITS: &str = "1234567890";
const REGION_CHARS: &str = "abcdefghijklmnopqrstuvwxyz1234567890-";

impl EventShape {
    /// What the field at `path` can hold.
    pub(super) fn domain(self, path: &FieldPath) -> Domain {
        if self == EventShape::Any {
            return Domain::Anything;
        }
        let mut steps = path.steps();
        let first = steps.next().unwrap_or_default();
        let is_below = steps.next().is_some();
        match first {
            b"detail" if is_below => Domain::Anything,
            _ if is_below => Domain::NoLeaf,
            b"source" | b"detail-type" | b"id" => Domain::Text(Format::Free),
            b"account" => Domain::Text(Format::Account),
            b"region" => Domain::Text(Format::Region),
            b"time" => Domain::Text(Format::Time),
            b"version" => Domain::Text(Format::Version),
            b"resources" => Domain::Texts,
            b"replay-name" => Domain::MaybeText,
            _ => Domain::NoLeaf,
        }
    }
}

impl Domain {
    /// Whether every event has a value there.
    pub(super) fn is_always_there(self) -> bool {
        matches!(self, Domain::Text(_))
    }

    /// Whether no event has a value there.
    pub(super) fn is_never_there(self) -> bool {
        self == Domain::NoLeaf
    }

    pub(super) fn holds_text_only(self) -> bool {
        matches!(self, Domain::Text(_) | Domain::Texts | Domain::MaybeText)
    }

    pub(super) fn allows(self, leaf: &Value) -> bool {
        match (self, leaf) {
            (Domain::Anything, _) => true,
            (Domain::NoLeaf, _) => false,
            (Domain::Text(format), Value::String(text)) => format.allows(&text.with_question_marks()),
            (Domain::Texts | Domain::MaybeText, Value::String(_)) => true,
            (Domain::Text(_) | Domain::Texts | Domain::MaybeText, _) => false,
        }
    }

    /// The texts that it allows, if not all.
    pub(super) fn language(self, automaton: &mut Automaton) -> Option<Language> {
        let Domain::Text(format) = self else { return None };
        let (parts, last) = format.parts()?;
        Some(language_of_format(&parts, last, automaton))
    }
}

impl Format {
    /// The characters at each place; none if any text will do.
    fn parts(self) -> Option<(Vec<&'static str>, Last)> {
        match self {
            Format::Free => None,
            Format::Account => Some((vec![DIGITS; 12], Last::Once)),
            Format::Version => Some((vec!["0"], Last::Once)),
            Format::Region => Some((vec![REGION_CHARS], Last::Repeats)),
            Format::Time => {
                const D: &str = DIGITS;
                let parts = [D, D, D, D, "-", D, D, "-", D, D, "T", D, D, ":", D, D, ":", D, D, "Z"];
                Some((parts.to_vec(), Last::Once))
            }
        }
    }

    fn allows(self, text: &str) -> bool {
        let Some((parts, last)) = self.parts() else { return true };
        let chars: Vec<char> = text.chars().collect();
        let fits = chars.iter().zip(parts.iter()).all(|(c, part)| part.contains(*c));
        let rest = chars.get(parts.len()..);
        match (last, rest) {
            (_, None) => false,
            (Last::Once, Some(rest)) => fits && rest.is_empty(),
            (Last::Repeats, Some(rest)) => {
                fits && rest.iter().all(|c| parts.last().is_some_and(|part| part.contains(*c)))
            }
        }
    }

    /// How it looks, for people.
    pub(super) fn description(self) -> &'static str {
        match self {
            Format::Free => "a text",
            Format::Account => "twelve digits",
            Format::Version => "`0`",
            Format::Time => "a time such as 2026-03-04T05:06:07Z",
            Format::Region => "a region such as eu-west-1",
        }
    }
}
