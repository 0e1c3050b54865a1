//! The events of one function.

use super::function::Function;
use super::names;
use crate::json::Place;
use crate::json::Text;
use crate::rules::attributes::{self, Attribute, Casing, in_api_form};
use crate::rules::cloudformation::{Evaluator, node_of};
use crate::rules::filters::{FilterDraft, FilterForm};
use crate::rules::problem::RuleNoteKind;
use crate::rules::properties::{Draft, PropertyNames, Reader};
use crate::rules::tree::{Member, Node, Value};
use crate::rules::{Resolved, SourceKind, Unknown};

/// Events that become event source mappings, and how they name their source.
const MAPPINGS: [(&str, &str); 7] = [
    ("sqs", "arn"),
    ("stream", "arn"),
    ("msk", "arn"),
    ("kafka", "bootstrapServers"),
    ("activemq", "arn"),
    ("rabbitmq", "arn"),
    ("documentDb", "cluster"),
];

/// What a rule is made of, besides what the event says.
struct Parts {
    name: Option<Resolved<String>>,
    fallback_name: String,
    target_id: Resolved<String>,
    place: Place,
}

/// Counts the events that are numbered by kind.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    cloudwatch_events: usize,
    schedules: usize,
}

/// Whether an event becomes a rule or a mapping with filters.
pub(super) fn is_known(event: &Node) -> bool {
    event.members().iter().any(|member| match member.name.as_str() {
        Some("eventBridge" | "cloudwatchEvent" | "schedule") => true,
        Some(name) => source_of_mapping(name).is_some() && member.value.get("filterPatterns").is_some(),
        None => false,
    })
}

/// Adds the rules of an event, the `number`th of its function from 1.
pub(super) fn read(
    event: &Node,
    number: usize,
    numbers: &mut Numbers,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    for member in event.members() {
        match member.name.as_str() {
            Some("eventBridge") => event_bridge(member, number, function, evaluator, reader),
            Some("cloudwatchEvent") => {
                numbers.cloudwatch_events += 1;
                cloudwatch_event(member, numbers.cloudwatch_events, function, evaluator, reader);
            }
            Some("schedule") => schedule(member, numbers, function, evaluator, reader),
            Some(name) => {
                if let Some(source) = source_of_mapping(name) {
                    mapping(member, source, number, function, evaluator, reader);
                }
            }
            None => {}
        }
    }
}

fn event_bridge(
    member: &Member,
    number: usize,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    let place = member.name_place;
    let name = match member.value.get_present("name") {
        Some(node) => text(node),
        None => names::event_bridge_rule(function.deployed_name.clone(), number, place, reader.given),
    };
    let parts = Parts {
        target_id: names::event_bridge_target(&name, place, reader.given),
        name: Some(name),
        fallback_name: format!("{}-rule-{number}", function.name),
        place,
    };
    let properties = in_api_form(&member.value, attributes::EVENT_BRIDGE, Casing::Camel);
    rule(properties, &member.value, parts, function, evaluator, reader);
}

fn cloudwatch_event(
    member: &Member,
    number: usize,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    let parts = Parts {
        name: None,
        fallback_name: format!("{}EventsRuleCloudWatchEvent{number}", names::normalized(function.name)),
        target_id: Resolved::Known(format!("{}CloudWatchEvent", function.name)),
        place: member.name_place,
    };
    let properties = in_api_form(&member.value, attributes::CLOUDWATCH_EVENT, Casing::Camel);
    rule(properties, &member.value, parts, function, evaluator, reader);
}

/// `schedule: rate(...)`, or an object with one rate or several, each of which is a rule.
fn schedule(
    member: &Member,
    numbers: &mut Numbers,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    if member.value.get("method").and_then(Node::as_str) == Some("scheduler") {
        let reason = "a schedule of EventBridge Scheduler matches no event";
        let kind = RuleNoteKind::PassedOver { count: 1, resource_type: "schedule", reason };
        return reader.note(member.name_place, kind);
    }
    let rate = member.value.get_present("rate").unwrap_or(&member.value);
    for rate in rate.elements().unwrap_or(std::slice::from_ref(rate)) {
        numbers.schedules += 1;
        let number = numbers.schedules;
        let parts = Parts {
            name: None,
            fallback_name: format!("{}EventsRuleSchedule{number}", names::normalized(function.name)),
            target_id: Resolved::Known(format!("{}Schedule", function.name)),
            place: member.name_place,
        };
        let mut properties = in_api_form(&member.value, attributes::SCHEDULE_EVENT, Casing::Camel);
        push(&mut properties, "ScheduleExpression", rate.clone());
        rule(properties, &member.value, parts, function, evaluator, reader);
    }
}

fn rule(
    mut properties: Node,
    event: &Node,
    parts: Parts,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    if let Some(name) = parts.name.filter(|_| properties.get_present("Name").is_none()) {
        push(&mut properties, "Name", node_of(name, parts.place));
    }
    push(&mut properties, "Targets", targets(event, parts.target_id, parts.place, function, evaluator));
    let Some(properties) = evaluator.evaluate(&properties) else { return };
    let draft = Draft {
        properties: &properties,
        names: PropertyNames::API,
        fallback_name: Some(&parts.fallback_name),
        source_kind: SourceKind::Serverless,
        metadata: None,
        place: parts.place,
    };
    reader.rule(&draft, evaluator, |_, _| Vec::new());
}

/// The only target: the function.
fn targets(
    event: &Node,
    id: Resolved<String>,
    place: Place,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
) -> Node {
    let mut target = in_api_form(event, TARGET, Casing::Camel);
    target.place = place;
    push(&mut target, "Id", node_of(id, place));
    push(&mut target, "Arn", node_of(function.arn.clone(), place));
    if let Some(queue) = event.get_present("deadLetterQueueArn") {
        let arn = Member { value: queue.clone(), ..member("Arn", queue.place) };
        push(&mut target, "DeadLetterConfig", Node::made(Value::Map(vec![arn]), queue.place));
    }
    if let Value::Map(members) = &mut target.value {
        for member in members.iter_mut().filter(|member| member.name.as_bytes() == b"Input") {
            member.value = json_text(&member.value, evaluator);
        }
    }
    Node::made(Value::List(vec![target]), place)
}

const TARGET: &[Attribute] = attributes::EVENT_TARGET;

/// An input that is written as an object is sent as JSON text.
fn json_text(node: &Node, evaluator: &Evaluator<'_>) -> Node {
    if !matches!(node.value, Value::Map(_) | Value::List(_)) {
        return node.clone();
    }
    let Some(node) = evaluator.evaluate(node) else { return node.clone() };
    let mut missing = Vec::new();
    collect_missing(&node, &mut missing);
    let written = node.to_json();
    let value = match missing.is_empty() {
        true => Value::from(written.as_str()),
        false => Value::Unknown(Box::new(Unknown { written, missing, resource: None })),
    };
    Node::made(value, node.place)
}

fn collect_missing(node: &Node, missing: &mut Vec<crate::rules::Missing>) {
    match &node.value {
        Value::Unknown(unknown) => missing.extend(unknown.missing.iter().cloned()),
        Value::List(elements) => elements.iter().for_each(|element| collect_missing(element, missing)),
        Value::Map(members) => members.iter().for_each(|member| collect_missing(&member.value, missing)),
        _ => {}
    }
}

fn mapping(
    member: &Member,
    source: &str,
    number: usize,
    function: &Function<'_>,
    evaluator: &Evaluator<'_>,
    reader: &mut Reader<'_>,
) {
    let Some(patterns) = member.value.get_present("filterPatterns") else { return };
    let evaluated = |name: &str| member.value.get_present(name).and_then(|node| evaluator.evaluate(node));
    let (source, enabled) = (evaluated(source), evaluated("enabled"));
    let Some(patterns) = evaluator.evaluate(patterns) else { return };
    let fallback_name = format!("{}-{}-{number}", function.name, member.name);
    reader.filters(&FilterDraft {
        name: None,
        fallback_name: &fallback_name,
        source_kind: SourceKind::EventSourceMapping,
        source: source.as_ref(),
        target: Some(&node_of(function.arn.clone(), member.name_place)),
        state: enabled.as_ref(),
        filters: Some(&patterns),
        form: FilterForm::Bare,
        place: member.name_place,
    });
}

fn source_of_mapping(event: &str) -> Option<&'static str> {
    MAPPINGS.iter().find(|(name, _)| *name == event).map(|(_, source)| *source)
}

fn text(node: &Node) -> Resolved<String> {
    match &node.value {
        Value::Unknown(unknown) => Resolved::Unknown((**unknown).clone()),
        _ => Resolved::Known(node.scalar_text().unwrap_or_default().to_owned()),
    }
}

fn member(name: &str, place: Place) -> Member {
    Member {
        name: Text::from(name),
        name_place: place,
        name_doubt: None,
        value: Node::made(Value::Null, place),
    }
}

fn push(node: &mut Node, name: &str, value: Node) {
    if let Value::Map(members) = &mut node.value {
        members.push(Member { value, ..member(name, node.place) });
    }
}
