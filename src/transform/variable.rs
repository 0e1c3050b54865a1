//! What placeholders stand for.

use std::fmt;

/// The variables that EventBridge defines itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reserved {
    /// `aws.events.rule-arn`.
    RuleArn,
    /// `aws.events.rule-name`.
    RuleName,
    /// `aws.events.event.ingestion-time`: when EventBridge received the event, not the event's own `time`.
    IngestionTime,
    /// `aws.events.event`: an older header of the event, without `detail`.
    Event,
    /// `aws.events.event.json`: the whole event.
    EventJson,
}

impl Reserved {
    /// All of them.
    pub const ALL: [Reserved; 5] = [
        Reserved::RuleArn,
        Reserved::RuleName,
        Reserved::IngestionTime,
        Reserved::Event,
        Reserved::EventJson,
    ];

    /// The variable of this name.
    pub fn named(name: &str) -> Option<Reserved> {
        Reserved::ALL.into_iter().find(|reserved| reserved.as_str() == name)
    }

    /// Its name in templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Reserved::RuleArn => "aws.events.rule-arn",
            Reserved::RuleName => "aws.events.rule-name",
            Reserved::IngestionTime => "aws.events.event.ingestion-time",
            Reserved::Event => "aws.events.event",
            Reserved::EventJson => "aws.events.event.json",
        }
    }

    /// Whether it is an object, which only the value of a member of a JSON template can be.
    pub(super) fn is_object(self) -> bool {
        matches!(self, Reserved::Event | Reserved::EventJson)
    }
}

impl fmt::Display for Reserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the reserved variables are worth for one rule and one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'c> {
    /// The rule's ARN.
    pub rule_arn: &'c str,
    /// The rule's name.
    pub rule_name: &'c str,
    /// When EventBridge received the event: `2026-09-13T12:17:30.408Z`.
    pub ingestion_time: &'c str,
}
