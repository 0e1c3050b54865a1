//! Rules, targets, pipes and event source mappings that are resources of their own, as Terraform and Pulumi
//! have them.
//!
//! A target names its rule; the two are brought together here, by name and bus, or, where the name is open, by
//! the reference that the tool keeps.

use super::attributes::{self, Attribute, Casing, in_api_form};
use super::cloudformation::Evaluator;
use super::filters::FilterDraft;
use super::open_value::unknown;
use super::problem::RuleNoteKind;
use super::properties::{Draft, Problems, PropertyNames, Reader};
use super::tree::{Node, Value};
use super::{BusName, Resolved, SourceKind, Target};
use crate::json::Place;

/// What a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceKind {
    Rule,
    Target,
    Pipe,
    EventSourceMapping,
}

/// A resource, whatever file it came from.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) kind: ResourceKind,
    /// What the tool calls it; open values are given by names that begin so.
    pub(super) address: String,
    /// What serves as name where its own is not known.
    pub(super) fallback_name: String,
    /// Its known attributes under the API's names; what is open in them is unknown.
    pub(super) properties: Node,
    /// The addresses that a target's rule may have, the likeliest first.
    pub(super) rule_addresses: Vec<String>,
    pub(super) place: Place,
}

impl ResourceKind {
    fn attributes(self) -> &'static [Attribute] {
        match self {
            ResourceKind::Rule => attributes::RULE,
            ResourceKind::Target => attributes::TARGET,
            ResourceKind::Pipe => attributes::PIPE,
            ResourceKind::EventSourceMapping => attributes::MAPPING,
        }
    }

    /// The known ones of `values` under the API's names.
    pub(super) fn properties(self, values: &Node, casing: Casing) -> Node {
        in_api_form(values, self.attributes(), casing)
    }
}

/// Adds the rules among `resources`, with their targets, and the filters of pipes and mappings.
pub(super) fn read(resources: Vec<Resource>, source_kind: SourceKind, reader: &mut Reader<'_>) {
    let (mut targets, others): (Vec<Resource>, Vec<Resource>) =
        resources.into_iter().partition(|resource| resource.kind == ResourceKind::Target);
    for resource in &others {
        match resource.kind {
            ResourceKind::Rule => rule(resource, &mut targets, source_kind, reader),
            ResourceKind::Pipe => filters(resource, SourceKind::Pipe, reader),
            ResourceKind::EventSourceMapping => filters(resource, SourceKind::EventSourceMapping, reader),
            ResourceKind::Target => {}
        }
    }
    for target in targets {
        let rule = target.properties.get_present("Rule").map(written).unwrap_or_default();
        let kind = RuleNoteKind::TargetOfRuleElsewhere { target: target.address, rule };
        reader.note(target.place, kind);
    }
}

fn rule(resource: &Resource, targets: &mut Vec<Resource>, source_kind: SourceKind, reader: &mut Reader<'_>) {
    let own: Vec<Resource> = targets.extract_if(.., |target| belongs(target, resource)).collect();
    let draft = Draft {
        properties: &resource.properties,
        names: PropertyNames::API,
        fallback_name: Some(&resource.fallback_name),
        source_kind,
        metadata: None,
        place: resource.place,
    };
    reader.rule(&draft, &Evaluator::without_template(reader.given), |reader, problems| {
        own.iter().map(|resource| target(resource, reader, problems)).collect()
    });
}

fn filters(resource: &Resource, source_kind: SourceKind, reader: &mut Reader<'_>) {
    let Resource { properties, fallback_name, place, .. } = resource;
    reader.filters(&FilterDraft::of_properties(properties, source_kind, fallback_name, *place));
}

/// Whether a target names the rule on its bus, or refers to it.
fn belongs(target: &Resource, rule: &Resource) -> bool {
    let name =
        |node: &Node, property: &str| node.get_present(property).and_then(Node::as_str).map(str::to_owned);
    match (name(&target.properties, "Rule"), name(&rule.properties, "Name")) {
        (Some(named), Some(name)) => named == name && bus(&target.properties) == bus(&rule.properties),
        _ => target.rule_addresses.contains(&rule.address),
    }
}

fn bus(properties: &Node) -> BusName {
    let Some(node) = properties.get_present("EventBusName") else { return BusName::default() };
    let written = written(node);
    BusName::parse(&written).unwrap_or_else(|_| BusName::unknown(&written))
}

/// What stands there, known or not.
fn written(node: &Node) -> String {
    match &node.value {
        Value::Unknown(unknown) => unknown.written.clone(),
        _ => node.scalar_text().unwrap_or_default().to_owned(),
    }
}

/// The provider makes up an id where none is given.
fn target(resource: &Resource, reader: &Reader<'_>, problems: &mut Problems) -> Target {
    let Resource { properties, address, place, .. } = resource;
    let open = |attribute: &str| Resolved::Unknown(unknown(&format!("{address}.{attribute}"), *place));
    let id = reader.text(properties, "Id", problems).unwrap_or_else(|| open("target_id"));
    let arn = reader.text(properties, "Arn", problems).unwrap_or_else(|| open("arn"));
    let mut target = reader.shaped_target(properties, id, arn, problems);
    target.place = reader.source_place(*place);
    target
}
