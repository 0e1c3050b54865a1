//! What can be wrong with an event, beside what was expected of it.

use std::path::PathBuf;

use super::format::{Measure, VerdictExpected};
use crate::matcher::RuleIndex;
use crate::verdict::{Code, TargetIndex};

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The event could not be judged.
    NotJudged {
        /// The code.
        code: Code,
        /// The particulars.
        reason: String,
    },
    /// A target does not get the event.
    NotDelivered {
        /// The rule.
        rule: RuleIndex,
        /// Its target.
        target: TargetIndex,
        /// The code.
        code: Code,
        /// Why not, with the place in the body.
        reason: String,
        /// The broken body.
        body: String,
    },
    /// Another verdict.
    Verdict {
        /// What was expected.
        expected: VerdictExpected,
        /// What became of the event: the verdict, and the codes of one that is errored.
        found: String,
    },
    /// A rule does not match.
    Missing {
        /// The rule.
        rule: RuleIndex,
    },
    /// A rule matches.
    Unexpected {
        /// The rule.
        rule: RuleIndex,
    },
    /// A rule does not match, but for other reasons than expected.
    OtherReason {
        /// The rule.
        rule: RuleIndex,
        /// The reason that was expected, as it is written.
        expected: String,
        /// The way through the rule's `$or` that comes nearest to failing for that reason, by its number.
        way: usize,
    },
    /// A target gets another body.
    Body {
        /// The rule.
        rule: RuleIndex,
        /// Its target.
        target: TargetIndex,
        /// What was expected.
        expected: BodyText,
        /// What it gets.
        found: BodyText,
        /// The file of the body, if what was expected was recorded.
        snapshot: Option<PathBuf>,
    },
    /// A target gets no body, since its rule does not match.
    NoBody {
        /// The rule.
        rule: RuleIndex,
        /// Its target.
        target: TargetIndex,
    },
    /// A body was never recorded.
    NoSnapshot {
        /// The rule.
        rule: RuleIndex,
        /// Its target.
        target: TargetIndex,
        /// What it gets.
        found: String,
        /// The file for it.
        snapshot: PathBuf,
    },
    /// A rule matches another number of events.
    Count {
        /// The rule; `None` for the events that are errored.
        rule: Option<RuleIndex>,
        /// What was expected.
        expected: Measure,
        /// How many there are.
        count: u64,
        /// Of how many.
        read: u64,
        /// An example, where one is known.
        example: Option<String>,
    },
    /// A rule that is not listed matches events.
    NotListed {
        /// The rule.
        rule: RuleIndex,
        /// How many.
        count: u64,
    },
    /// Recorded events cannot be read.
    Events {
        /// What is wrong.
        reason: String,
    },
}

/// A body, in the form in which it was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyText {
    /// JSON, laid out with one value per line and members in the order of their names.
    Json(String),
    /// The exact text.
    Exact(String),
}

impl BodyText {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            BodyText::Json(text) | BodyText::Exact(text) => text,
        }
    }
}

/// What becomes of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// All is as expected.
    Passed,
    /// Something is not; at least one.
    Failed(Vec<Failure>),
}

impl Outcome {
    /// The outcome of these failures.
    pub fn of(failures: Vec<Failure>) -> Outcome {
        if failures.is_empty() { Outcome::Passed } else { Outcome::Failed(failures) }
    }
}
