//! The attributes of the Terraform provider under the names that the API gives them.
//!
//! Terraform, its HCL and Pulumi's classic provider, which is made from Terraform's, have one schema in three
//! spellings: `event_bus_name` there, `eventBusName` here, and nested objects as lists of one. So one table
//! translates all of them into the properties of `AWS::Events::Rule`. Source: documentation of the provider
//! `hashicorp/aws`, resources `aws_cloudwatch_event_rule` and `aws_cloudwatch_event_target`.

use super::tree::{Member, Node, Value};
use crate::json::Text;

/// How a tool spells the names of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Casing {
    /// `event_bus_name`: Terraform.
    Snake,
    /// `eventBusName`: Pulumi.
    Camel,
}

/// One attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Terraform's name.
    provider: &'static str,
    /// The API's name.
    api: &'static str,
    nested: Nested,
}

/// What the value of an attribute is.
#[derive(Debug, Clone, Copy)]
enum Nested {
    /// A value that stays as it is.
    Nothing,
    /// An object, which Terraform writes as a list of one.
    Object(&'static [Attribute]),
    /// A list of objects.
    List(&'static [Attribute]),
}

const fn plain(provider: &'static str, api: &'static str) -> Attribute {
    Attribute { provider, api, nested: Nested::Nothing }
}

const fn object(provider: &'static str, api: &'static str, nested: &'static [Attribute]) -> Attribute {
    Attribute { provider, api, nested: Nested::Object(nested) }
}

/// `aws_cloudwatch_event_rule`.
pub(super) const RULE: &[Attribute] = &[
    plain("name", "Name"),
    plain("event_bus_name", "EventBusName"),
    plain("event_pattern", "EventPattern"),
    plain("schedule_expression", "ScheduleExpression"),
    plain("state", "State"),
    // Its older form.
    plain("is_enabled", "Enabled"),
    plain("description", "Description"),
    plain("arn", "Arn"),
];

/// `aws_cloudwatch_event_target`.
pub(super) const TARGET: &[Attribute] = &[
    plain("target_id", "Id"),
    plain("arn", "Arn"),
    plain("rule", "Rule"),
    plain("event_bus_name", "EventBusName"),
    plain("input", "Input"),
    plain("input_path", "InputPath"),
    object(
        "input_transformer",
        "InputTransformer",
        &[plain("input_paths", "InputPathsMap"), plain("input_template", "InputTemplate")],
    ),
    object("retry_policy", "RetryPolicy", RETRY_POLICY),
    object("dead_letter_config", "DeadLetterConfig", &[plain("arn", "Arn")]),
    plain("role_arn", "RoleArn"),
    object("sqs_target", "SqsParameters", &[plain("message_group_id", "MessageGroupId")]),
    object("kinesis_target", "KinesisParameters", &[plain("partition_key_path", "PartitionKeyPath")]),
];

/// `aws_pipes_pipe`. Pulumi has the plural for repeated blocks.
pub(super) const PIPE: &[Attribute] = &[
    plain("name", "Name"),
    plain("source", "Source"),
    plain("target", "Target"),
    plain("desired_state", "DesiredState"),
    object("source_parameters", "SourceParameters", &[object("filter_criteria", "FilterCriteria", FILTERS)]),
];

/// `aws_lambda_event_source_mapping`.
pub(super) const MAPPING: &[Attribute] = &[
    plain("event_source_arn", "EventSourceArn"),
    plain("function_name", "FunctionName"),
    plain("enabled", "Enabled"),
    object("filter_criteria", "FilterCriteria", FILTERS),
];

const FILTERS: &[Attribute] = &[
    Attribute { provider: "filter", api: "Filters", nested: Nested::List(FILTER) },
    Attribute { provider: "filters", api: "Filters", nested: Nested::List(FILTER) },
];

const FILTER: &[Attribute] = &[plain("pattern", "Pattern")];

/// A target as the API's own schema has it, in Pulumi's native provider.
pub(super) const NATIVE_TARGET: &[Attribute] = &[
    plain("id", "Id"),
    plain("arn", "Arn"),
    plain("input", "Input"),
    plain("input_path", "InputPath"),
    object(
        "input_transformer",
        "InputTransformer",
        &[plain("input_paths_map", "InputPathsMap"), plain("input_template", "InputTemplate")],
    ),
    object("retry_policy", "RetryPolicy", RETRY_POLICY),
    object("dead_letter_config", "DeadLetterConfig", &[plain("arn", "Arn")]),
    plain("role_arn", "RoleArn"),
    object("sqs_parameters", "SqsParameters", &[plain("message_group_id", "MessageGroupId")]),
    object("kinesis_parameters", "KinesisParameters", &[plain("partition_key_path", "PartitionKeyPath")]),
];

/// A rule as the API's own schema has it, in Pulumi's native provider.
pub(super) const NATIVE_RULE: &[Attribute] = &[
    plain("name", "Name"),
    plain("event_bus_name", "EventBusName"),
    plain("event_pattern", "EventPattern"),
    plain("schedule_expression", "ScheduleExpression"),
    plain("state", "State"),
    plain("description", "Description"),
    plain("arn", "Arn"),
    Attribute { provider: "targets", api: "Targets", nested: Nested::List(NATIVE_TARGET) },
];

/// An `eventBridge` event of the Serverless Framework.
pub(super) const EVENT_BRIDGE: &[Attribute] = &[
    plain("name", "Name"),
    plain("event_bus", "EventBusName"),
    plain("pattern", "EventPattern"),
    plain("schedule", "ScheduleExpression"),
    plain("description", "Description"),
    plain("enabled", "Enabled"),
];

/// A `cloudwatchEvent` event of the Serverless Framework.
pub(super) const CLOUDWATCH_EVENT: &[Attribute] = &[
    plain("name", "Name"),
    plain("event", "EventPattern"),
    plain("description", "Description"),
    plain("enabled", "Enabled"),
];

/// A `schedule` event of the Serverless Framework.
pub(super) const SCHEDULE_EVENT: &[Attribute] =
    &[plain("name", "Name"), plain("description", "Description"), plain("enabled", "Enabled")];

/// What an event of the Serverless Framework says of its target.
pub(super) const EVENT_TARGET: &[Attribute] = &[
    plain("input", "Input"),
    plain("input_path", "InputPath"),
    object(
        "input_transformer",
        "InputTransformer",
        &[plain("input_paths_map", "InputPathsMap"), plain("input_template", "InputTemplate")],
    ),
    object(
        "retry_policy",
        "RetryPolicy",
        &[
            plain("maximum_event_age", "MaximumEventAgeInSeconds"),
            plain("maximum_retry_attempts", "MaximumRetryAttempts"),
        ],
    ),
];

const RETRY_POLICY: &[Attribute] =
    &[plain(EVENT_AGE, "MaximumEventAgeInSeconds"), plain("maximum_retry_attempts", "MaximumRetryAttempts")];

const EVENT_AGE: &str = "maximum_event_age_in_seconds";

/// The known attributes of `values` under the API's names, in written order. What the provider writes for an
/// attribute that was not set (nothing, an empty text, an empty list) is left out.
pub(super) fn in_api_form(values: &Node, attributes: &[Attribute], casing: Casing) -> Node {
    let known = |member: &Member| {
        let name = member.name.as_str()?;
        let attribute = attributes.iter().find(|attribute| casing.spells(attribute.provider, name))?;
        let value = &member.value;
        let value = match attribute.nested {
            _ if is_absent(attribute, value) => return None,
            Nested::Nothing => value.clone(),
            Nested::Object(nested) => object_in_api_form(only_element(value), nested, casing),
            Nested::List(nested) => list_in_api_form(value, nested, casing),
        };
        Some(Member { name: Text::from(attribute.api), value, ..member.clone() })
    };
    Node::made(Value::Map(values.members().iter().filter_map(known).collect()), values.place)
}

fn object_in_api_form(value: &Node, attributes: &[Attribute], casing: Casing) -> Node {
    match value.value {
        Value::Map(_) => in_api_form(value, attributes, casing),
        // What is open, or wrong, is for the reader to say.
        _ => value.clone(),
    }
}

fn list_in_api_form(value: &Node, attributes: &[Attribute], casing: Casing) -> Node {
    let Some(elements) = value.elements() else { return value.clone() };
    let elements = elements.iter().map(|element| object_in_api_form(element, attributes, casing)).collect();
    Node::made(Value::List(elements), value.place)
}

/// A nested object is a list of one.
fn only_element(node: &Node) -> &Node {
    match node.elements() {
        Some([only]) => only,
        _ => node,
    }
}

fn is_absent(attribute: &Attribute, value: &Node) -> bool {
    match &value.value {
        Value::Null => true,
        Value::String(text) => text.as_bytes().is_empty(),
        Value::List(elements) => elements.is_empty(),
        // AWS takes 60 s and more.
        Value::Number(spelling) => attribute.provider == EVENT_AGE && &**spelling == "0",
        _ => false,
    }
}

impl Casing {
    /// Whether `name` is how this casing spells Terraform's `provider`.
    fn spells(self, provider: &str, name: &str) -> bool {
        match self {
            Casing::Snake => provider == name,
            Casing::Camel => {
                let words = provider.split('_').enumerate();
                let letters = words.flat_map(|(index, word)| {
                    word.char_indices()
                        .map(move |(at, c)| if index > 0 && at == 0 { c.to_ascii_uppercase() } else { c })
                });
                letters.eq(name.chars())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casings() {
        assert!(Casing::Snake.spells("event_bus_name", "event_bus_name"));
        assert!(Casing::Camel.spells("event_bus_name", "eventBusName"));
        assert!(!Casing::Camel.spells("event_bus_name", "eventbusname"));
        assert!(Casing::Camel.spells("arn", "arn"));
    }
}
