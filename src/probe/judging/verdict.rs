//! The verdict on an event that was on a bus.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::verdict::{AnyCode, Code};

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// In a word.
    pub verdict: VerdictWord,
    /// The rules that match by our answer, by their names, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What is wrong, the gravest first; empty unless it is errored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// A verdict in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    /// Every target of every rule that matches got what it should.
    Delivered,
    /// No rule matches, by AWS's answer and ours.
    Unmatched,
    /// Anything else.
    Errored,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Ours or AWS's.
    pub code: String,
    /// The rule that it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The target of that rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The particulars, for a person.
    pub message: String,
    /// The lines in which a body differs from the foreseen one, those of the latter behind `-`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
    /// What a report of the disagreement needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Bundle>,
}

/// Everything that shows that AWS and we differ on a pattern.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The pattern.
    pub pattern: String,
    /// The event as it was on the bus.
    pub event: String,
    /// AWS's answer.
    pub aws_matches: bool,
    /// Ours.
    pub local_matches: bool,
    /// How AWS's answer is known.
    pub evidence: Evidence,
    /// The version of this program.
    pub version: String,
}

/// How it is known what AWS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A receipt.
    Receipt,
    /// A delivery, or a dead letter.
    Delivery,
    /// `TestEventPattern`.
    TestEventPattern,
}

impl Verdict {
    /// Delivered, by these rules.
    pub fn delivered(rules: Vec<String>) -> Verdict {
        Verdict { verdict: VerdictWord::Delivered, rules, problems: Vec::new() }
    }

    /// Matched by no rule.
    pub fn unmatched() -> Verdict {
        Verdict { verdict: VerdictWord::Unmatched, rules: Vec::new(), problems: Vec::new() }
    }

    /// Errored for these reasons.
    pub fn errored(rules: Vec<String>, mut problems: Vec<Problem>) -> Verdict {
        problems.sort_by_key(|problem| problem.rank());
        Verdict { verdict: VerdictWord::Errored, rules, problems }
    }

    /// The gravest problem's code.
    pub fn code(&self) -> Option<AnyCode> {
        self.problems.first().map(|problem| AnyCode::of(&problem.code))
    }

    /// Whether AWS and we differ.
    pub fn disagrees(&self) -> bool {
        self.problems.iter().any(|problem| problem.code == Code::VerdictsDisagree.as_str())
    }
}

impl Problem {
    /// One of an event as a whole.
    pub fn of_event(code: &str, message: impl Into<String>) -> Problem {
        Problem {
            code: code.to_owned(),
            rule: None,
            target: None,
            message: message.into(),
            difference: Vec::new(),
            bundle: None,
        }
    }

    /// Where it stands among others: a disagreement puts all else in doubt, and what arrived wrong says more than what
    /// did not arrive.
    fn rank(&self) -> u8 {
        match AnyCode::of(&self.code) {
            AnyCode::Known(Code::VerdictsDisagree) => 0,
            AnyCode::Known(Code::PayloadDiffers) => 1,
            AnyCode::Known(Code::TimedOutMatched) => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for VerdictWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            VerdictWord::Delivered => "delivered",
            VerdictWord::Unmatched => "unmatched",
            VerdictWord::Errored => "errored",
        })
    }
}
