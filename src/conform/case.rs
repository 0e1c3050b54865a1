//! The formats of cases.

use std::fmt;

use super::members::{CaseError, Members};
use super::target_input::TargetInputCase;
use crate::json::{Node, Text, Value, tree};
use crate::pattern::Profile;

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// What it asks and what was recorded.
    pub kind: CaseKind,
}

/// What a case asks and what was recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseKind {
    /// One pattern, one event.
    Verdict {
        /// Whose verdict was recorded.
        profile: Profile,
        /// The pattern's text.
        pattern: Text,
        /// The event's text.
        event: Text,
        /// The verdict.
        expected: Expected,
    },
    /// Several rules in one matcher, one event.
    SeveralRules {
        /// Whose verdict was recorded.
        profile: Profile,
        /// Names and texts of patterns, in the order of the case.
        rules: Vec<(String, Text)>,
        /// The event's text.
        event: Text,
        /// The names of the rules that match, sorted.
        matching: Vec<String>,
        /// The names of the rules that do not compile, sorted.
        invalid: Vec<String>,
    },
    /// A pattern and its wildcard complexity.
    Complexity {
        /// The pattern's text.
        pattern: Text,
        /// The complexity, capped at [`COMPLEXITY_CAP`](crate::pattern::COMPLEXITY_CAP).
        complexity: u32,
    },
    /// What a target says about its input, and what it got.
    TargetInput(Box<TargetInputCase>),
}

/// A recorded verdict on one pattern and one event. A pattern that is invalid beats an event that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The event matches.
    Match,
    /// It does not.
    NoMatch,
    /// The pattern is refused.
    InvalidPattern,
    /// The event is refused.
    InvalidEvent,
}

impl Expected {
    const ALL: [Expected; 4] =
        [Expected::Match, Expected::NoMatch, Expected::InvalidPattern, Expected::InvalidEvent];

    /// The word that cases use.
    pub fn as_str(self) -> &'static str {
        match self {
            Expected::Match => "match",
            Expected::NoMatch => "no_match",
            Expected::InvalidPattern => "invalid_pattern",
            Expected::InvalidEvent => "invalid_event",
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Case {
    /// Reads one case.
    ///
    /// # Errors
    /// The text is no case of a known format.
    pub fn parse(text: &[u8]) -> Result<Case, CaseError> {
        let node = tree::parse(text).map_err(CaseError::Syntax)?;
        let id = node.get("id").and_then(Node::as_str).unwrap_or("without id").to_owned();
        let members = Members { node: &node, id: &id };
        let kind = if node.get("rules").is_some() {
            members.several_rules()?
        } else if node.get("complexity").is_some() {
            members.complexity()?
        } else if node.get("pattern").is_some() {
            members.verdict()?
        } else if node.get("event").is_some() {
            CaseKind::TargetInput(Box::new(TargetInputCase::read(&members, text)?))
        } else {
            return Err(CaseError::UnknownFormat { id });
        };
        Ok(Case { id, kind })
    }
}

/// The kinds of cases that are about patterns.
impl Members<'_> {
    fn verdict(&self) -> Result<CaseKind, CaseError> {
        const WORDS: &str = "match, no_match, invalid_pattern or invalid_event";
        let word = self.node.get("expect").and_then(Node::as_str);
        let expected = Expected::ALL.into_iter().find(|expected| Some(expected.as_str()) == word);
        Ok(CaseKind::Verdict {
            profile: self.profile(Profile::Service)?,
            pattern: self.text("pattern")?,
            event: self.text("event")?,
            expected: expected.ok_or_else(|| self.wrong("expect", WORDS))?,
        })
    }

    fn several_rules(&self) -> Result<CaseKind, CaseError> {
        let members = self.node.get("rules").and_then(Node::as_object);
        let members = members.ok_or_else(|| self.wrong("rules", "an object of names and patterns"))?;
        let rules = members.iter().map(|member| match &member.value.value {
            Value::String(pattern) => Ok((member.name.to_string(), pattern.clone())),
            _ => Err(self.wrong("rules", "a pattern's text for each name")),
        });
        Ok(CaseKind::SeveralRules {
            profile: self.profile(Profile::Engine)?,
            rules: rules.collect::<Result<_, _>>()?,
            event: self.text("event")?,
            matching: self.names("expect")?,
            invalid: if self.node.get("invalid").is_some() { self.names("invalid")? } else { Vec::new() },
        })
    }

    fn complexity(&self) -> Result<CaseKind, CaseError> {
        let complexity = match self.node.get("complexity").map(|node| &node.value) {
            Some(Value::Number(spelling)) => spelling.parse().ok(),
            _ => None,
        };
        Ok(CaseKind::Complexity {
            pattern: self.text("pattern")?,
            complexity: complexity.ok_or_else(|| self.wrong("complexity", "a whole number"))?,
        })
    }
}
