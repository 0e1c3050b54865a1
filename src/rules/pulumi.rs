//! `pulumi stack export`: the resources of a deployed stack.
//!
//! Outputs, which are what was deployed, go before inputs. Secrets are encrypted in an export unless it was made
//! with `--show-secrets`, and what a failed or partial update left open stands in it as one of a few fixed texts;
//! both are open values here: `--param 'EventRule.NAME.eventPattern={...}'`. Source: Pulumi's documentation,
//! deployment schema.

use super::SourceKind;
use super::attributes::{self, Casing, in_api_form};
use super::cloudformation::Evaluator;
use super::open_value::open_value;
use super::parameters::Given;
use super::properties::{Draft, PropertyNames, Reader};
use super::resources::{self, Resource, ResourceKind};
use super::tree::{Member, Node, Value};
use crate::document::read_json;
use crate::json::Place;

/// The member that marks an object as more than an object, and what it says of a secret.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";

/// What stands for values that are not known: of any kind, texts, booleans, numbers, lists, objects. Source:
/// Pulumi's SDK, `plugin/rpc.go`.
const UNKNOWN_VALUES: [&str; 5] = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/// The rule of Pulumi's native provider, which holds its targets.
const NATIVE_RULE_TYPE: &str = "aws-native:events:Rule";

/// Whether `root` is an export of a stack.
pub(super) fn is_export(root: &Node) -> bool {
    resources_of(root).iter().any(|resource| resource.get("urn").is_some())
}

/// Adds the rules of a stack; false if it holds none.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let mut separate = Vec::new();
    let mut holds_rules = false;
    // A resource that is about to be deleted is no longer in the stack's program.
    let is_deleted = |node: &Node| node.get("delete").is_some_and(|node| node.value == Value::Bool(true));
    for resource in resources_of(root).iter().filter(|resource| !is_deleted(resource)) {
        let Some(resource_type) = resource.get("type").and_then(Node::as_str) else { continue };
        if resource_type == NATIVE_RULE_TYPE {
            native_rule(resource, reader);
            holds_rules = true;
        } else if let Some(kind) = kind_of(resource_type) {
            separate.push(separate_resource(resource, kind, reader.given));
        }
    }
    holds_rules |= !separate.is_empty();
    resources::read(separate, SourceKind::Pulumi, reader);
    holds_rules
}

fn resources_of(root: &Node) -> &[Node] {
    let resources = root.get("deployment").and_then(|deployment| deployment.get("resources"));
    resources.and_then(Node::elements).unwrap_or_default()
}

fn kind_of(resource_type: &str) -> Option<ResourceKind> {
    Some(match resource_type {
        "aws:cloudwatch/eventRule:EventRule" => ResourceKind::Rule,
        "aws:cloudwatch/eventTarget:EventTarget" => ResourceKind::Target,
        "aws:pipes/pipe:Pipe" | "aws-native:pipes:Pipe" => ResourceKind::Pipe,
        "aws:lambda/eventSourceMapping:EventSourceMapping" | "aws-native:lambda:EventSourceMapping" => {
            ResourceKind::EventSourceMapping
        }
        _ => return None,
    })
}

fn native_rule(resource: &Node, reader: &mut Reader<'_>) {
    let name = name_of(resource);
    let values = values_of(resource, reader.given);
    let properties = in_api_form(&values, attributes::NATIVE_RULE, Casing::Camel);
    let draft = Draft {
        properties: &properties,
        names: PropertyNames::API,
        fallback_name: Some(name),
        source_kind: SourceKind::Pulumi,
        metadata: None,
        place: resource.place,
    };
    reader.rule(&draft, &Evaluator::without_template(reader.given), |_, _| Vec::new());
}

fn separate_resource(resource: &Node, kind: ResourceKind, given: &Given<'_>) -> Resource {
    let rule_of_target = resource.get("propertyDependencies").and_then(|all| all.get("rule"));
    let rules = rule_of_target.and_then(Node::elements).unwrap_or_default();
    let address = resource.get("urn").and_then(Node::as_str).unwrap_or_default();
    Resource {
        kind,
        address: address.to_owned(),
        fallback_name: name_of(resource).to_owned(),
        properties: kind.properties(&values_of(resource, given), Casing::Camel),
        rule_addresses: rules.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        place: resource.place,
    }
}

/// The name that the program gave the resource: the end of its URN.
fn name_of(resource: &Node) -> &str {
    let urn = resource.get("urn").and_then(Node::as_str).unwrap_or_default();
    urn.rsplit("::").next().unwrap_or_default()
}

/// The outputs, and the inputs that have none, with what is open in them.
fn values_of(resource: &Node, given: &Given<'_>) -> Node {
    let resource_type = resource.get("type").and_then(Node::as_str).unwrap_or_default();
    let short_type = resource_type.rsplit(':').next().unwrap_or_default();
    let path = format!("{short_type}.{}", name_of(resource));
    let mut members: Vec<Member> = resource.get("outputs").map(Node::members).unwrap_or_default().to_vec();
    for input in resource.get("inputs").map(Node::members).unwrap_or_default() {
        if members.iter().all(|output| output.name != input.name) {
            members.push(input.clone());
        }
    }
    opened(&Node::made(Value::Map(members), resource.place), &path, given)
}

/// `node` with secrets and stand-ins as open values; `path` is what they are given by.
fn opened(node: &Node, path: &str, given: &Given<'_>) -> Node {
    let value = match &node.value {
        Value::String(text) if text.as_str().is_some_and(|text| UNKNOWN_VALUES.contains(&text)) => {
            return open_value(path, node.place, given);
        }
        Value::Map(_) if node.get(SIGNATURE).and_then(Node::as_str) == Some(SECRET) => {
            return secret(node, path, given);
        }
        Value::Map(members) => Value::Map(
            (members.iter())
                .map(|member| Member {
                    value: opened(&member.value, &format!("{path}.{}", member.name), given),
                    ..member.clone()
                })
                .collect(),
        ),
        Value::List(elements) => Value::List(
            (elements.iter().enumerate())
                .map(|(index, element)| opened(element, &format!("{path}[{index}]"), given))
                .collect(),
        ),
        _ => return node.clone(),
    };
    Node::made(value, node.place)
}

/// A secret that was exported readable holds the JSON text of its value.
fn secret(node: &Node, path: &str, given: &Given<'_>) -> Node {
    let plaintext = node.get("plaintext").and_then(Node::as_str).and_then(|text| read_json(text).ok());
    match plaintext {
        Some(value) => placed_at(value, node.place),
        None => open_value(path, node.place, given),
    }
}

/// `node` with everything in it at `place`.
fn placed_at(node: Node, place: Place) -> Node {
    let value = match node.value {
        Value::List(elements) => {
            Value::List(elements.into_iter().map(|element| placed_at(element, place)).collect())
        }
        Value::Map(members) => Value::Map(
            (members.into_iter())
                .map(|member| Member { name_place: place, value: placed_at(member.value, place), ..member })
                .collect(),
        ),
        scalar => scalar,
    };
    Node::made(value, place)
}
