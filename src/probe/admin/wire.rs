//! What is asked for and found, as plain values.

use std::collections::BTreeMap;

use crate::probe::MirrorInput;
use crate::rules::BusName;

/// Tags by name.
pub type Tags = BTreeMap<String, String>;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// What gets the next part; `None` for the last one. Some lists end with an empty part.
    pub next: Option<String>,
}

/// A bus that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBus {
    /// Its name.
    pub name: BusName,
    /// Its ARN, which says partition, region and account.
    pub arn: String,
}

/// A rule that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRule {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `EventPattern`; schedules have none.
    pub pattern: Option<String>,
    /// `State` is not `DISABLED`.
    pub listens: bool,
}

/// A rule to be made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRule<'a> {
    /// The bus.
    pub bus: &'a BusName,
    /// The name.
    pub name: &'a str,
    /// `EventPattern`.
    pub pattern: &'a str,
    /// `Description`.
    pub description: &'a str,
    /// Tags of a new rule. AWS leaves those of an existing one as they are.
    pub tags: &'a Tags,
}

/// A target of a rule that is a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueTarget {
    /// `Id`.
    pub id: String,
    /// `Arn`.
    pub arn: String,
    /// `Input`, `InputPath` or `InputTransformer`.
    pub input: MirrorInput,
    /// `SqsParameters.MessageGroupId`.
    pub group: Option<String>,
    /// `DeadLetterConfig.Arn`.
    pub dead_letter_arn: Option<String>,
    /// `RetryPolicy.MaximumEventAgeInSeconds`.
    pub event_age_s_max: Option<u32>,
}

/// What calls name a queue by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueUrl(pub String);

impl QueueUrl {
    /// The queue's name, which URLs end in.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// Attributes of a queue that probes rely on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSettings {
    /// `Policy`: JSON text that says who may send.
    pub policy: String,
    /// `MessageRetentionPeriod`, in seconds.
    pub retention_s: u32,
    /// `VisibilityTimeout`, in seconds.
    pub visibility_s: u64,
}
