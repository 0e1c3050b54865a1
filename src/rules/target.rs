//! Where a rule sends events, and in what shape.

use super::{LocatedText, Resolved, SourcePlace};

/// One target of a rule, as written; [`definition`](Target::definition) is what the transformer checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id within the rule.
    pub id: Resolved<String>,
    /// The resource that gets the events; often unknown before deployment.
    pub arn: Resolved<String>,
    /// How the event is shaped, in written order. Empty: the whole event. AWS takes at most one; all are kept
    /// so that a check can refuse them by name.
    pub inputs: Vec<TargetInput>,
    /// The queue for events that could not be delivered.
    pub dead_letter_arn: Option<Resolved<String>>,
    /// How long and how often delivery is tried.
    pub retry_policy: Option<RetryPolicy>,
    /// The role under which EventBridge delivers.
    pub role_arn: Option<Resolved<String>>,
    /// `SqsParameters.MessageGroupId`, which FIFO queues need.
    pub sqs_message_group_id: Option<Resolved<String>>,
    /// `KinesisParameters.PartitionKeyPath`.
    pub kinesis_partition_key_path: Option<Resolved<String>>,
    /// Where it starts.
    pub place: SourcePlace,
}

/// One way to shape the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetInput {
    /// The same text for every event.
    Input(Resolved<LocatedText>),
    /// One part of the event.
    InputPath(Resolved<LocatedText>),
    /// A template with values from the event.
    Transformer(InputTransformer),
}

/// An `InputTransformer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTransformer {
    /// `InputPathsMap` in written order. `None` differs from empty: without a map AWS accepts placeholders
    /// that nothing defines.
    pub paths: Option<Vec<InputPathEntry>>,
    /// `InputTemplate`, which AWS demands. Unknown too where the transformer or its map as a whole is.
    pub template: Option<Resolved<LocatedText>>,
    /// Where it starts.
    pub place: SourcePlace,
}

/// One variable of an `InputPathsMap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputPathEntry {
    /// Its name.
    pub name: String,
    /// The path of its value in the event.
    pub path: Resolved<LocatedText>,
    /// Where its name stands.
    pub place: SourcePlace,
}

/// A `RetryPolicy`; `None` leaves AWS's default, 86,400 s and 185 attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RetryPolicy {
    /// `MaximumEventAgeInSeconds`.
    pub event_age_s_max: Option<u32>,
    /// `MaximumRetryAttempts`.
    pub retry_attempts_max: Option<u32>,
}
