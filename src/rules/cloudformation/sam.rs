//! Rules that SAM makes from the events of functions and state machines.
//!
//! `Schedule` events become rules too, ones that match no event. `ScheduleV2` events become schedules of
//! EventBridge Scheduler, which are no rules. Source: SAM specification, event sources.

use super::Evaluator;
use super::resource::{evaluated_properties, resource_type};
use crate::rules::properties::{Draft, Problems, PropertyNames, Reader};
use crate::rules::tree::{Member, Node};
use crate::rules::{Resolved, ResourceRef, SourceKind, Target, Unknown};
use crate::transform::TargetKind;

const PATTERN_NAMES: PropertyNames =
    PropertyNames { name: "RuleName", pattern: "Pattern", schedule: "ScheduleExpression" };

const SCHEDULE_NAMES: PropertyNames =
    PropertyNames { name: "Name", pattern: "Pattern", schedule: "Schedule" };

/// Whether a resource has an event that becomes a rule.
pub(super) fn holds_rules(resource: &Node) -> bool {
    target_suffix(resource).is_some() && events(resource).iter().any(|event| names(&event.value).is_some())
}

/// Adds the rules of the resource `member`.
pub(super) fn read(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    for event in events(&member.value) {
        if let Some(names) = names(&event.value) {
            rule(member, event, names, evaluator, reader);
        }
    }
}

fn events(resource: &Node) -> &[Member] {
    let events = resource.get("Properties").and_then(|properties| properties.get("Events"));
    events.map(Node::members).unwrap_or_default()
}

fn names(event: &Node) -> Option<PropertyNames> {
    match resource_type(event)? {
        "EventBridgeRule" | "CloudWatchEvent" => Some(PATTERN_NAMES),
        "Schedule" => Some(SCHEDULE_NAMES),
        _ => None,
    }
}

/// How SAM ends the id of a target that has none. Source: SAM translator, `model/eventsources`.
fn target_suffix(resource: &Node) -> Option<&'static str> {
    match resource_type(resource)? {
        "AWS::Serverless::Function" => Some("LambdaTarget"),
        "AWS::Serverless::StateMachine" => Some("StepFunctionsTarget"),
        _ => None,
    }
}

/// SAM names the rule after both logical ids: the event `OnOrder` of `Handler` is `HandlerOnOrder`.
fn rule(
    member: &Member,
    event: &Member,
    names: PropertyNames,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    let properties = evaluated_properties(&event.value, event.name_place, evaluator);
    let logical_id = format!("{}{}", member.name, event.name);
    let draft = Draft {
        properties: &properties,
        names,
        fallback_name: Some(&logical_id),
        source_kind: SourceKind::Sam,
        metadata: member.value.get("Metadata"),
        place: event.name_place,
    };
    reader.rule(&draft, evaluator, |reader, problems| {
        vec![target(member, &logical_id, &properties, evaluator, reader, problems)]
    });
}

fn target(
    member: &Member,
    logical_id: &str,
    properties: &Node,
    evaluator: &Evaluator<'_>,
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> Target {
    let id = properties.get_present("Target").and_then(|target| reader.text(target, "Id", problems));
    let suffix = target_suffix(&member.value).unwrap_or_default();
    let id = id.unwrap_or_else(|| Resolved::Known(format!("{logical_id}{suffix}")));
    let arn = evaluator.attribute_text(&member.name.to_string_lossy(), "Arn", member.name_place);
    let mut target = reader.shaped_target(properties, id, arn, problems);
    if target.dead_letter_arn.is_none() {
        target.dead_letter_arn = properties
            .get_present("DeadLetterConfig")
            .map(|config| generated_queue(config, logical_id, evaluator, reader, problems));
    }
    target
}

/// `Type: SQS` makes a queue, called `QueueLogicalId` or after the rule.
fn generated_queue(
    config: &Node,
    logical_id: &str,
    evaluator: &Evaluator<'_>,
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> Resolved<String> {
    let queue = match reader.text(config, "QueueLogicalId", problems) {
        Some(Resolved::Known(queue)) => queue,
        _ => format!("{logical_id}Queue"),
    };
    match evaluator.attribute_text(&queue, "Arn", config.place) {
        Resolved::Unknown(unknown) => {
            let resource = Some(ResourceRef {
                logical_id: queue,
                name: None,
                resource_type: "AWS::SQS::Queue".to_owned(),
                target_kind: TargetKind::Queue,
            });
            Resolved::Unknown(Unknown { resource, ..unknown })
        }
        known => known,
    }
}
