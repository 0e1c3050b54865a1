//! The resources of a template that are rules.

use super::Evaluator;
use super::resource::{evaluated_properties, resource_type};
use super::truth::Truth;
use super::{filters, sam};
use crate::rules::problem::RuleNoteKind;
use crate::rules::properties::{Draft, PropertyNames, Reader};
use crate::rules::tree::{Member, Node};
use crate::rules::{RuleName, SourceKind};

const RULE_TYPE: &str = "AWS::Events::Rule";

/// Whether `root` is a template: an object with `Resources` of which one has a type.
pub(in crate::rules) fn is_template(root: &Node) -> bool {
    let typed = |member: &Member| resource_type(&member.value).is_some();
    root.get("Resources").is_some_and(|resources| resources.members().iter().any(typed))
}

/// Whether a template has at least one rule, or a loop that may make some.
pub(in crate::rules) fn holds_rules(root: &Node) -> bool {
    let resources = root.get("Resources").map(Node::members).unwrap_or_default();
    resources.iter().any(|member| {
        resource_type(&member.value) == Some(RULE_TYPE) || is_wanted(&member.value) || is_loop(member)
    })
}

/// Types that people may take for rules, and why they are none.
const PASSED_OVER: [(&str, &str); 2] = [
    ("AWS::Scheduler::Schedule", "a schedule of EventBridge Scheduler matches no event"),
    ("AWS::EventsV2::Subscriber", "subscribers of a V2 bus have filters and transformers of another engine"),
];

/// Says which resources are not rules though they look like some.
pub(in crate::rules) fn note_passed_over(root: &Node, reader: &mut Reader<'_>) {
    let resources = root.get("Resources").map(Node::members).unwrap_or_default();
    for (name, reason) in PASSED_OVER {
        let mut of_type = resources.iter().filter(|member| resource_type(&member.value) == Some(name));
        if let Some(first) = of_type.next() {
            let count = 1 + of_type.count();
            reader.note(first.name_place, RuleNoteKind::PassedOver { count, resource_type: name, reason });
        }
    }
}

/// Adds the rules of a template.
pub(in crate::rules) fn read(root: &Node, reader: &mut Reader<'_>) {
    let evaluator = Evaluator::of_template(root, reader.given);
    for member in root.get("Resources").map(Node::members).unwrap_or_default() {
        if is_loop(member) {
            let logical_id = member.name.to_string();
            reader.note(member.name_place, RuleNoteKind::LoopNotExpanded { logical_id });
        } else if resource_type(&member.value) == Some(RULE_TYPE) {
            if exists(member, &evaluator, reader) {
                rule(member, &evaluator, reader);
            }
        } else if is_wanted(&member.value) && exists(member, &evaluator, reader) {
            other_resource(member, &evaluator, reader);
        }
    }
}

/// Whether a resource that is no rule itself makes rules or filters.
fn is_wanted(resource: &Node) -> bool {
    sam::holds_rules(resource) || filters::is_filtered(resource) || filters::has_filtered_events(resource)
}

fn other_resource(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    if filters::is_filtered(&member.value) {
        filters::read(member, evaluator, reader);
    }
    if sam::holds_rules(&member.value) {
        sam::read(member, evaluator, reader);
    }
    if filters::has_filtered_events(&member.value) {
        filters::read_sam(member, evaluator, reader);
    }
}

fn is_loop(member: &Member) -> bool {
    member.name.as_bytes().starts_with(b"Fn::ForEach")
}

/// Whether the condition of a resource lets it be. In doubt it is, since its owner wants to see its rule.
fn exists(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) -> bool {
    let Some(node) = member.value.get("Condition") else { return true };
    let Some(condition) = node.as_str() else { return true };
    let logical_id = member.name.to_string();
    let named = condition.to_owned();
    match evaluator.condition(condition, node.place) {
        Truth::True => true,
        Truth::False => {
            reader.note(node.place, RuleNoteKind::ConditionFalse { logical_id, condition: named });
            false
        }
        Truth::Unknown(missing) => {
            let missing: Vec<String> = missing.iter().map(|missing| format!("`{}`", missing.name)).collect();
            let missing = missing.join(", ");
            reader.note(node.place, RuleNoteKind::ConditionUnknown { logical_id, condition: named, missing });
            true
        }
    }
}

fn rule(member: &Member, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    let properties = evaluated_properties(&member.value, member.name_place, evaluator);
    let name = cdk_name(&member.value).unwrap_or_else(|| member.name.to_string_lossy().into_owned());
    let draft = Draft {
        properties: &properties,
        names: PropertyNames::API,
        fallback_name: Some(&name),
        source_kind: SourceKind::CloudFormation,
        metadata: member.value.get("Metadata"),
        place: member.name_place,
    };
    reader.rule(&draft, evaluator, |_, _| Vec::new());
}

/// The path of the construct in output of the CDK, as a name: `Shop.OnOrder` of `Shop/OnOrder/Resource`. It says
/// more than the logical id, which ends in a hash.
fn cdk_name(resource: &Node) -> Option<String> {
    let path = resource.get("Metadata")?.get("aws:cdk:path")?.as_str()?;
    let name = path.strip_suffix("/Resource").unwrap_or(path).replace('/', ".");
    RuleName::parse(&name).is_ok().then_some(name)
}
