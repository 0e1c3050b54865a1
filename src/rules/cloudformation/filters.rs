//! Filters of pipes, of event source mappings, and of the SAM events that become such mappings.

use super::Evaluator;
use super::resource::{evaluated_properties, resource_type};
use crate::rules::SourceKind;
use crate::rules::filters::{FilterDraft, FilterForm};
use crate::rules::open_value::inside;
use crate::rules::properties::Reader;
use crate::rules::tree::{Member, Node};

const PIPE_TYPE: &str = "AWS::Pipes::Pipe";
const MAPPING_TYPE: &str = "AWS::Lambda::EventSourceMapping";

/// Where SAM events that become mappings name their source. Source: SAM specification, event sources.
const SAM_SOURCES: [(&str, &str); 7] = [
    ("SQS", "Queue"),
    ("Kinesis", "Stream"),
    ("DynamoDB", "Stream"),
    ("MSK", "Stream"),
    ("MQ", "Broker"),
    ("DocumentDB", "Cluster"),
    ("SelfManagedKafka", "KafkaBootstrapServers"),
];

/// Whether the resource is a pipe or mapping.
pub(super) fn is_filtered(resource: &Node) -> bool {
    matches!(resource_type(resource), Some(PIPE_TYPE | MAPPING_TYPE))
}

/// Whether a function of SAM has an event with filters.
pub(super) fn has_filtered_events(resource: &Node) -> bool {
    resource_type(resource) == Some("AWS::Serverless::Function")
        && events(resource).iter().any(|event| sam_source(&event.value).is_some())
}

/// Adds the filters of a pipe or mapping.
pub(super) fn read(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    let properties = evaluated_properties(&member.value, member.name_place, evaluator);
    let logical_id = member.name.to_string_lossy();
    let kind = match resource_type(&member.value) {
        Some(PIPE_TYPE) => SourceKind::Pipe,
        _ => SourceKind::EventSourceMapping,
    };
    reader.filters(&FilterDraft::of_properties(&properties, kind, &logical_id, member.name_place));
}

/// Adds the filters of the events of a SAM function.
pub(super) fn read_sam(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    for event in events(&member.value) {
        let Some(source) = sam_source(&event.value) else { continue };
        let properties = evaluated_properties(&event.value, event.name_place, evaluator);
        let logical_id = format!("{}{}", member.name, event.name);
        let arn = evaluator.attribute_text(&member.name.to_string_lossy(), "Arn", member.name_place);
        reader.filters(&FilterDraft {
            name: None,
            fallback_name: &logical_id,
            source_kind: SourceKind::EventSourceMapping,
            source: properties.get_present(source),
            target: Some(&super::substitute::node_of(arn, member.name_place)),
            state: properties.get_present("Enabled"),
            filters: inside(&properties, &["FilterCriteria", "Filters"]),
            form: FilterForm::Object,
            place: event.name_place,
        });
    }
}

fn events(resource: &Node) -> &[Member] {
    let events = resource.get("Properties").and_then(|properties| properties.get("Events"));
    events.map(Node::members).unwrap_or_default()
}

/// The property that names the source of an event with filters.
fn sam_source(event: &Node) -> Option<&'static str> {
    event.get("Properties")?.get("FilterCriteria")?;
    let event_type = resource_type(event)?;
    SAM_SOURCES.iter().find(|(name, _)| *name == event_type).map(|(_, property)| *property)
}
