//! EventBridge's control plane.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::BuildError;
use aws_sdk_eventbridge::types::{
    DeadLetterConfig, EventBus, InputTransformer, RetryPolicy, Rule, RuleState, SqsParameters, Tag, Target,
};

use super::reach::Reach;
use crate::calls::{CallError, CallErrorKind, Effect};
use crate::probe::{BusAdmin, FoundBus, FoundRule, MirrorInput, NewRule, Page, QueueTarget, Tags};
use crate::rules::BusName;

/// The control plane of one region.
#[derive(Debug, Clone)]
pub struct AwsBusAdmin {
    client: Client,
    reach: Reach,
}

impl AwsBusAdmin {
    pub(super) fn new(client: Client, reach: Reach) -> AwsBusAdmin {
        AwsBusAdmin { client, reach }
    }

    fn found_bus(&self, operation: &'static str, bus: EventBus) -> Result<FoundBus, CallError> {
        let (Some(name), Some(arn)) = (bus.name, bus.arn) else {
            return Err(self.reach.lacks(operation, "name or ARN"));
        };
        let name = BusName::parse(&name).map_err(|_| self.reach.lacks(operation, "usable name"))?;
        Ok(FoundBus { name, arn })
    }

    fn found_rule(&self, rule: Rule) -> Result<FoundRule, CallError> {
        let (Some(name), Some(arn)) = (rule.name, rule.arn) else {
            return Err(self.reach.lacks("ListRules", "name or ARN"));
        };
        let listens = rule.state.is_none_or(|state| state != RuleState::Disabled);
        Ok(FoundRule { name, arn, pattern: rule.event_pattern, listens })
    }

    /// What our own side left out; it leaves out nothing.
    fn unbuilt(&self, operation: &'static str) -> impl Fn(BuildError) -> CallError {
        move |error| {
            let message = error.to_string();
            self.reach.error(operation, "BadRequest", message, CallErrorKind::Invalid, Effect::None)
        }
    }

    fn tag_list(&self, operation: &'static str, tags: &Tags) -> Result<Vec<Tag>, CallError> {
        let tags = tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        tags.collect::<Result<_, _>>().map_err(self.unbuilt(operation))
    }

    /// `PutTargets` and `RemoveTargets` answer 200 also where they did nothing.
    fn all_done(
        &self,
        operation: &'static str,
        failed: Option<(Option<String>, Option<String>)>,
    ) -> Result<(), CallError> {
        let Some((code, message)) = failed else { return Ok(()) };
        let code = code.unwrap_or_else(|| "FailedEntry".to_owned());
        Err(self.reach.answered(operation, 400, Some(&code), message.as_deref()))
    }
}

impl BusAdmin for AwsBusAdmin {
    async fn buses(&self, page: Option<&str>) -> Result<Page<FoundBus>, CallError> {
        const LIST: &str = "ListEventBuses";
        let sent = self.client.list_event_buses().set_next_token(page.map(str::to_owned)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(LIST, error))?;
        let buses = answer.event_buses.unwrap_or_default().into_iter().map(|bus| self.found_bus(LIST, bus));
        Ok(Page { items: buses.collect::<Result<_, _>>()?, next: answer.next_token })
    }

    async fn bus(&self, name: &BusName) -> Result<FoundBus, CallError> {
        const DESCRIBE: &str = "DescribeEventBus";
        let sent = self.client.describe_event_bus().name(name.as_str()).send().await;
        let answer = sent.map_err(|error| self.reach.failed(DESCRIBE, error))?;
        self.found_bus(DESCRIBE, EventBus::builder().set_name(answer.name).set_arn(answer.arn).build())
    }

    async fn create_bus(&self, name: &BusName, tags: &Tags) -> Result<String, CallError> {
        const CREATE: &str = "CreateEventBus";
        let tags = self.tag_list(CREATE, tags)?;
        let sent = self.client.create_event_bus().name(name.as_str()).set_tags(Some(tags)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(CREATE, error))?;
        answer.event_bus_arn.ok_or_else(|| self.reach.lacks(CREATE, "EventBusArn"))
    }

    async fn delete_bus(&self, name: &BusName) -> Result<(), CallError> {
        let sent = self.client.delete_event_bus().name(name.as_str()).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed("DeleteEventBus", error))
    }

    async fn rules(
        &self,
        bus: &BusName,
        prefix: &str,
        page: Option<&str>,
    ) -> Result<Page<FoundRule>, CallError> {
        let call = self
            .client
            .list_rules()
            .event_bus_name(bus.as_str())
            // An empty prefix is refused.
            .set_name_prefix((!prefix.is_empty()).then(|| prefix.to_owned()))
            .set_next_token(page.map(str::to_owned));
        let answer = call.send().await.map_err(|error| self.reach.failed("ListRules", error))?;
        let rules = answer.rules.unwrap_or_default().into_iter().map(|rule| self.found_rule(rule));
        Ok(Page { items: rules.collect::<Result<_, _>>()?, next: answer.next_token })
    }

    async fn put_rule(&self, rule: NewRule<'_>) -> Result<String, CallError> {
        const PUT: &str = "PutRule";
        let call = self
            .client
            .put_rule()
            .event_bus_name(rule.bus.as_str())
            .name(rule.name)
            .event_pattern(rule.pattern)
            .description(rule.description)
            .state(RuleState::Enabled)
            .set_tags(Some(self.tag_list(PUT, rule.tags)?));
        let answer = call.send().await.map_err(|error| self.reach.failed(PUT, error))?;
        answer.rule_arn.ok_or_else(|| self.reach.lacks(PUT, "RuleArn"))
    }

    async fn delete_rule(&self, bus: &BusName, name: &str) -> Result<(), CallError> {
        let sent = self.client.delete_rule().event_bus_name(bus.as_str()).name(name).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed("DeleteRule", error))
    }

    async fn targets(
        &self,
        bus: &BusName,
        rule: &str,
        page: Option<&str>,
    ) -> Result<Page<QueueTarget>, CallError> {
        let call = self
            .client
            .list_targets_by_rule()
            .event_bus_name(bus.as_str())
            .rule(rule)
            .set_next_token(page.map(str::to_owned));
        let answer = call.send().await.map_err(|error| self.reach.failed("ListTargetsByRule", error))?;
        let targets = answer.targets.unwrap_or_default().into_iter().map(found_target).collect();
        Ok(Page { items: targets, next: answer.next_token })
    }

    async fn put_targets(&self, bus: &BusName, rule: &str, targets: &[QueueTarget]) -> Result<(), CallError> {
        const PUT: &str = "PutTargets";
        let targets: Vec<Target> =
            targets.iter().map(wanted_target).collect::<Result<_, _>>().map_err(self.unbuilt(PUT))?;
        let call = self.client.put_targets().event_bus_name(bus.as_str()).rule(rule);
        let sent = call.set_targets(Some(targets)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(PUT, error))?;
        let failed = answer.failed_entries.unwrap_or_default().into_iter().next();
        self.all_done(PUT, failed.map(|entry| (entry.error_code, entry.error_message)))
    }

    async fn remove_targets(&self, bus: &BusName, rule: &str, ids: &[String]) -> Result<(), CallError> {
        const REMOVE: &str = "RemoveTargets";
        let call = self.client.remove_targets().event_bus_name(bus.as_str()).rule(rule);
        let sent = call.set_ids(Some(ids.to_vec())).send().await;
        let answer = sent.map_err(|error| self.reach.failed(REMOVE, error))?;
        let failed = answer.failed_entries.unwrap_or_default().into_iter().next();
        self.all_done(REMOVE, failed.map(|entry| (entry.error_code, entry.error_message)))
    }

    async fn tags(&self, arn: &str) -> Result<Tags, CallError> {
        let sent = self.client.list_tags_for_resource().resource_arn(arn).send().await;
        let answer = sent.map_err(|error| self.reach.failed("ListTagsForResource", error))?;
        Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), CallError> {
        const TAG: &str = "TagResource";
        let tags = self.tag_list(TAG, tags)?;
        let sent = self.client.tag_resource().resource_arn(arn).set_tags(Some(tags)).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed(TAG, error))
    }
}

fn wanted_target(target: &QueueTarget) -> Result<Target, BuildError> {
    let builder = Target::builder()
        .id(&target.id)
        .arn(&target.arn)
        .set_sqs_parameters(
            target.group.as_ref().map(|group| SqsParameters::builder().message_group_id(group).build()),
        )
        .set_dead_letter_config(
            target.dead_letter_arn.as_ref().map(|arn| DeadLetterConfig::builder().arn(arn).build()),
        )
        .set_retry_policy(target.event_age_s_max.map(|age| {
            let age = i32::try_from(age).unwrap_or(i32::MAX);
            RetryPolicy::builder().maximum_event_age_in_seconds(age).build()
        }));
    match &target.input {
        MirrorInput::WholeEvent => builder,
        MirrorInput::Constant(text) => builder.input(text),
        MirrorInput::Path(path) => builder.input_path(path),
        MirrorInput::Transformer { paths, template } => builder.input_transformer(
            InputTransformer::builder()
                .set_input_paths_map((!paths.is_empty()).then(|| paths.iter().cloned().collect()))
                .input_template(template)
                .build()?,
        ),
    }
    .build()
}

fn found_target(target: Target) -> QueueTarget {
    let retry_policy = target.retry_policy.as_ref();
    let age = retry_policy.and_then(|policy| policy.maximum_event_age_in_seconds);
    let transformer = target.input_transformer.map(|transformer| MirrorInput::Transformer {
        paths: sorted(transformer.input_paths_map.unwrap_or_default()),
        template: transformer.input_template,
    });
    let input = target.input.map(MirrorInput::Constant);
    let input = input.or_else(|| target.input_path.map(MirrorInput::Path)).or(transformer);
    QueueTarget {
        id: target.id,
        arn: target.arn,
        input: input.unwrap_or(MirrorInput::WholeEvent),
        group: target.sqs_parameters.and_then(|parameters| parameters.message_group_id),
        dead_letter_arn: target.dead_letter_config.and_then(|config| config.arn),
        event_age_s_max: age.and_then(|age| u32::try_from(age).ok()),
    }
}

/// The map's own order is random.
fn sorted(paths: std::collections::HashMap<String, String>) -> Vec<(String, String)> {
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_back_as_they_were_put() {
        let plain = QueueTarget {
            id: "receipt".to_owned(),
            arn: "arn:aws:sqs:eu-west-1:1:q".to_owned(),
            input: MirrorInput::WholeEvent,
            group: None,
            dead_letter_arn: None,
            event_age_s_max: None,
        };
        let paths = [("a", "$.id"), ("b", "$.detail")].map(|(name, path)| (name.to_owned(), path.to_owned()));
        let inputs = [
            MirrorInput::Constant("{}".to_owned()),
            MirrorInput::Path("$.detail".to_owned()),
            MirrorInput::Transformer { paths: paths.to_vec(), template: "<a>".to_owned() },
            MirrorInput::Transformer { paths: Vec::new(), template: "1".to_owned() },
        ];
        let shaped = inputs.map(|input| QueueTarget {
            input,
            group: Some("pair-1".to_owned()),
            dead_letter_arn: Some("arn:aws:sqs:eu-west-1:1:d".to_owned()),
            event_age_s_max: Some(60),
            ..plain.clone()
        });
        for target in shaped.into_iter().chain([plain]) {
            assert_eq!(found_target(wanted_target(&target).unwrap()), target);
        }
    }
}
