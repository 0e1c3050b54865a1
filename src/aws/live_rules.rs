//! The rules of a bus with their targets, in the shape that the AWS CLI prints.

use std::collections::BTreeMap;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{InputTransformer, RetryPolicy, Rule, Target};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value, json};

use super::reach::Reach;
use crate::calls::{CallError, CallPolicy};
use crate::probe::{BusAdmin, Quotas};
use crate::rules::BusName;

use super::bus_admin::AwsBusAdmin;

/// Rules whose targets are asked for at once.
const CALLS_AT_ONCE: usize = 8;

/// Reads what is on buses.
#[derive(Debug)]
pub struct AwsLiveRules {
    client: Client,
    reach: Reach,
    calls: CallPolicy,
}

impl AwsLiveRules {
    pub(super) fn new(client: Client, reach: Reach, seed: u64) -> AwsLiveRules {
        AwsLiveRules { client, reach, calls: CallPolicy::new(&Quotas::setup_calls(), seed) }
    }

    /// All rules of `bus`, each with its targets, as one list of JSON: `[{"Name": .., "EventPattern": "..", "Targets":
    /// [..]}]`.
    ///
    /// # Errors
    /// A call failed for good; of the kind `Missing` if there is no such bus.
    pub async fn read(&self, bus: &BusName) -> Result<Value, CallError> {
        // The answer for a bus that does not exist should not hang on whether it has rules.
        let admin = AwsBusAdmin::new(self.client.clone(), self.reach.clone());
        self.calls.call("DescribeEventBus", || admin.bus(bus)).await?;
        let rules = stream::iter(self.rules(bus).await?).map(|rule| self.with_targets(bus, rule));
        Ok(Value::Array(rules.buffered(CALLS_AT_ONCE).try_collect().await?))
    }

    async fn rules(&self, bus: &BusName) -> Result<Vec<Rule>, CallError> {
        const LIST: &str = "ListRules";
        let (mut rules, mut next) = (Vec::new(), None);
        loop {
            let list = || async {
                let call = self.client.list_rules().event_bus_name(bus.as_str()).set_next_token(next.clone());
                call.send().await.map_err(|error| self.reach.failed(LIST, error))
            };
            let page = self.calls.call(LIST, list).await?;
            rules.extend(page.rules.unwrap_or_default());
            next = page.next_token;
            if next.is_none() {
                return Ok(rules);
            }
        }
    }

    async fn with_targets(&self, bus: &BusName, rule: Rule) -> Result<Value, CallError> {
        const LIST: &str = "ListTargetsByRule";
        let name = rule.name.clone().unwrap_or_default();
        let (mut targets, mut next) = (Vec::new(), None);
        loop {
            let list = || async {
                let call = self.client.list_targets_by_rule().event_bus_name(bus.as_str()).rule(&name);
                let sent = call.set_next_token(next.clone()).send().await;
                sent.map_err(|error| self.reach.failed(LIST, error))
            };
            let page = self.calls.call(LIST, list).await?;
            targets.extend(page.targets.unwrap_or_default().into_iter().map(of_target));
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        Ok(of_rule(rule, targets))
    }
}

/// An object of what is there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

fn text(text: Option<String>) -> Option<Value> {
    // Stand-ins for AWS answer an empty text where AWS answers nothing.
    text.filter(|text| !text.is_empty()).map(Value::String)
}

fn of_rule(rule: Rule, targets: Vec<Value>) -> Value {
    object([
        ("Name", text(rule.name)),
        ("Arn", text(rule.arn)),
        ("EventBusName", text(rule.event_bus_name)),
        ("State", text(rule.state.map(|state| state.as_str().to_owned()))),
        ("Description", text(rule.description)),
        ("EventPattern", text(rule.event_pattern)),
        ("ScheduleExpression", text(rule.schedule_expression)),
        ("ManagedBy", text(rule.managed_by)),
        ("Targets", (!targets.is_empty()).then_some(Value::Array(targets))),
    ])
}

fn of_target(target: Target) -> Value {
    let group = target.sqs_parameters.and_then(|parameters| parameters.message_group_id);
    let key_path = target.kinesis_parameters.map(|parameters| parameters.partition_key_path);
    let dead_letters = target.dead_letter_config.and_then(|config| config.arn);
    object([
        ("Id", Some(Value::String(target.id))),
        ("Arn", Some(Value::String(target.arn))),
        ("RoleArn", text(target.role_arn)),
        // An empty constant or path is not the same as none (recorded).
        ("Input", target.input.map(Value::String)),
        ("InputPath", target.input_path.map(Value::String)),
        ("InputTransformer", target.input_transformer.map(of_transformer)),
        ("DeadLetterConfig", dead_letters.map(|arn| json!({"Arn": arn}))),
        ("RetryPolicy", target.retry_policy.map(of_retry_policy)),
        ("SqsParameters", group.map(|group| json!({"MessageGroupId": group}))),
        ("KinesisParameters", key_path.map(|path| json!({"PartitionKeyPath": path}))),
    ])
}

fn of_transformer(transformer: InputTransformer) -> Value {
    // In an order that does not change from one reading to the next; AWS keeps none.
    let paths: Option<BTreeMap<String, String>> =
        transformer.input_paths_map.map(|paths| paths.into_iter().collect());
    object([
        ("InputPathsMap", paths.map(|paths| json!(paths))),
        ("InputTemplate", Some(Value::String(transformer.input_template))),
    ])
}

fn of_retry_policy(policy: RetryPolicy) -> Value {
    object([
        ("MaximumEventAgeInSeconds", policy.maximum_event_age_in_seconds.map(Value::from)),
        ("MaximumRetryAttempts", policy.maximum_retry_attempts.map(Value::from)),
    ])
}
