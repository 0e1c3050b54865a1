//! Rules, targets, pipes and event source mappings that are resources of their own, as Terraform and Pulumi
//! have them.
//!
//! A target names its rule; the two are brought together here, by name and bus, or, where the name is open, by
//! the reference that the tool keeps.

use super::attributes::{self, Attribute, Casing, in_api_form};
use super::cloudformation::Evaluator;
use super::filters::FilterDraft;
use super::open_value::unknown;
use super::parameters::Given;
use super::problem::RuleNoteKind;
use super::properties::{Draft, Findings, Problems, PropertyNames, Reader};
use super::tree::{Node, SourceFile};
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

/// The resources of one file.
#[derive(Debug)]
pub(super) struct ResourceGroup<'s> {
    pub(super) source: &'s SourceFile,
    pub(super) resources: Vec<Resource>,
}

/// A target on its way to its rule, which may stand in another file.
struct LooseTarget {
    file: usize,
    resource: Resource,
    target: Target,
    problems: Problems,
}

/// Adds the rules among the resources of one file, with their targets, and the filters of pipes and mappings.
pub(super) fn read(resources: Vec<Resource>, source_kind: SourceKind, reader: &mut Reader<'_>) {
    let group = ResourceGroup { source: reader.source, resources };
    read_groups(vec![group], source_kind, reader.given, reader.findings);
}

/// As [`read`], for files that belong together.
pub(super) fn read_groups(
    groups: Vec<ResourceGroup<'_>>,
    source_kind: SourceKind,
    given: &Given<'_>,
    findings: &mut Findings,
) {
    let mut targets: Vec<LooseTarget> = Vec::new();
    let mut others: Vec<(usize, Resource)> = Vec::new();
    let sources: Vec<&SourceFile> = groups.iter().map(|group| group.source).collect();
    for (file, group) in groups.into_iter().enumerate() {
        let reader = Reader { source: sources[file], given, findings };
        for resource in group.resources {
            match resource.kind {
                ResourceKind::Target => targets.push(loose_target(file, resource, &reader)),
                _ => others.push((file, resource)),
            }
        }
    }
    for (file, resource) in &others {
        let own: Vec<LooseTarget> =
            targets.extract_if(.., |target| belongs(&target.resource, resource)).collect();
        for target in own.iter().filter(|target| target.file != *file) {
            let mut reader = Reader { source: sources[target.file], given, findings };
            reader.problems(Some(resource.fallback_name.clone()), target.problems.clone());
        }
        let mut reader = Reader { source: sources[*file], given, findings };
        match resource.kind {
            ResourceKind::Rule => rule(*file, resource, own, source_kind, &mut reader),
            ResourceKind::Pipe => filters(resource, SourceKind::Pipe, &mut reader),
            ResourceKind::EventSourceMapping => {
                filters(resource, SourceKind::EventSourceMapping, &mut reader);
            }
            ResourceKind::Target => {}
        }
    }
    for LooseTarget { file, resource, problems, .. } in targets {
        let mut reader = Reader { source: sources[file], given, findings };
        reader.problems(None, problems);
        let rule = resource
            .properties
            .get_present("Rule")
            .and_then(Node::written_text)
            .unwrap_or_default()
            .to_owned();
        let kind = RuleNoteKind::TargetOfRuleElsewhere { target: resource.address, rule };
        reader.note(resource.place, kind);
    }
}

fn loose_target(file: usize, resource: Resource, reader: &Reader<'_>) -> LooseTarget {
    let mut problems = Problems::new();
    let target = target(&resource, reader, &mut problems);
    LooseTarget { file, resource, target, problems }
}

fn rule(
    file: usize,
    resource: &Resource,
    own: Vec<LooseTarget>,
    source_kind: SourceKind,
    reader: &mut Reader<'_>,
) {
    let draft = Draft {
        properties: &resource.properties,
        names: PropertyNames::API,
        fallback_name: Some(&resource.fallback_name),
        source_kind,
        metadata: None,
        place: resource.place,
    };
    reader.rule(&draft, &Evaluator::without_template(reader.given), |_, problems| {
        let mut targets = Vec::new();
        for loose in own {
            if loose.file == file {
                problems.extend(loose.problems);
            }
            targets.push(loose.target);
        }
        targets
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
    if rule.kind != ResourceKind::Rule {
        return false;
    }
    match (name(&target.properties, "Rule"), name(&rule.properties, "Name")) {
        (Some(named), Some(name)) => named == name && bus(&target.properties) == bus(&rule.properties),
        _ => target.rule_addresses.contains(&rule.address),
    }
}

fn bus(properties: &Node) -> BusName {
    let Some(node) = properties.get_present("EventBusName") else { return BusName::default() };
    let written = node.written_text().unwrap_or_default();
    BusName::parse(written).unwrap_or_else(|_| BusName::unknown(written))
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
