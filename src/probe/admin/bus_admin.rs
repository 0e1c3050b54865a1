//! Buses and rules.

use super::wire::{FoundBus, FoundRule, NewRule, Page, QueueTarget, Tags};
use crate::calls::CallError;
use crate::rules::BusName;

/// The part of EventBridge's control plane that a testbed needs.
///
/// # Errors
/// Of all methods: the call failed. Things that do not exist are errors of the kind `Missing`, also where some are to
/// be removed; ones of that name that exist already are of the kind `Exists`.
pub trait BusAdmin: Send + Sync {
    /// `ListEventBuses`.
    fn buses(&self, page: Option<&str>) -> impl Future<Output = Result<Page<FoundBus>, CallError>> + Send;

    /// `DescribeEventBus`.
    fn bus(&self, name: &BusName) -> impl Future<Output = Result<FoundBus, CallError>> + Send;

    /// `CreateEventBus`; the answer is the ARN.
    fn create_bus(
        &self,
        name: &BusName,
        tags: &Tags,
    ) -> impl Future<Output = Result<String, CallError>> + Send;

    /// `DeleteEventBus`. Needs a bus without rules.
    fn delete_bus(&self, name: &BusName) -> impl Future<Output = Result<(), CallError>> + Send;

    /// `ListRules` of a bus, those whose names begin so.
    fn rules(
        &self,
        bus: &BusName,
        prefix: &str,
        page: Option<&str>,
    ) -> impl Future<Output = Result<Page<FoundRule>, CallError>> + Send;

    /// `PutRule`: makes or changes an enabled rule. Its targets stay. The answer is the ARN.
    fn put_rule(&self, rule: NewRule<'_>) -> impl Future<Output = Result<String, CallError>> + Send;

    /// `DeleteRule`. Needs a rule without targets.
    fn delete_rule(&self, bus: &BusName, name: &str) -> impl Future<Output = Result<(), CallError>> + Send;

    /// `ListTargetsByRule`.
    fn targets(
        &self,
        bus: &BusName,
        rule: &str,
        page: Option<&str>,
    ) -> impl Future<Output = Result<Page<QueueTarget>, CallError>> + Send;

    /// `PutTargets`: adds targets, or replaces those of the same ids.
    fn put_targets(
        &self,
        bus: &BusName,
        rule: &str,
        targets: &[QueueTarget],
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// `RemoveTargets`.
    fn remove_targets(
        &self,
        bus: &BusName,
        rule: &str,
        ids: &[String],
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// `ListTagsForResource` of a bus or rule.
    fn tags(&self, arn: &str) -> impl Future<Output = Result<Tags, CallError>> + Send;

    /// `TagResource`: adds tags to a bus or rule, or replaces those of the same names.
    fn tag(&self, arn: &str, tags: &Tags) -> impl Future<Output = Result<(), CallError>> + Send;
}
