//! Types of resources of the provider `hashicorp/aws`.

use crate::rules::resources::ResourceKind;

pub(in crate::rules) const RULE_TYPE: &str = "aws_cloudwatch_event_rule";

/// What a resource of the type `name` is to us.
pub(in crate::rules) fn kind_of(name: &str) -> Option<ResourceKind> {
    Some(match name {
        RULE_TYPE => ResourceKind::Rule,
        "aws_cloudwatch_event_target" => ResourceKind::Target,
        "aws_pipes_pipe" => ResourceKind::Pipe,
        "aws_lambda_event_source_mapping" => ResourceKind::EventSourceMapping,
        _ => return None,
    })
}
