//! What kind of rules a document holds, by its content.

use super::NoRules;
use super::cloudformation;
use super::pulumi;
use super::serverless;
use super::terraform;
use super::tree::{Node, Value};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A CloudFormation or SAM template with at least one rule.
    Template,
    /// One rule.
    Rule,
    /// A list of rules.
    RuleList,
    /// `{Rules: [...]}`.
    Rules,
    /// `{Targets: [...]}`.
    Targets,
    /// `terraform show -json`.
    TerraformShow,
    /// `pulumi stack export`.
    PulumiExport,
    /// A file of the Serverless Framework.
    Serverless,
    /// No rules.
    Other(NoRules),
}

/// What `root` is.
pub(super) fn kind(root: &Node) -> Kind {
    match &root.value {
        Value::Map(_) => map_kind(root),
        Value::List(elements) if !elements.is_empty() && elements.iter().all(is_rule) => Kind::RuleList,
        _ => Kind::Other(NoRules::Unknown),
    }
}

fn map_kind(root: &Node) -> Kind {
    if cloudformation::is_template(root) {
        let rules = cloudformation::holds_rules(root);
        return if rules { Kind::Template } else { Kind::Other(NoRules::Template) };
    }
    if terraform::is_show(root) {
        return Kind::TerraformShow;
    }
    if terraform::is_raw_state(root) {
        return Kind::Other(NoRules::TerraformState);
    }
    if pulumi::is_export(root) {
        return Kind::PulumiExport;
    }
    if serverless::is_service(root) {
        return Kind::Serverless;
    }
    if root.get("ArchiveName").is_some() {
        return Kind::Other(NoRules::Archive);
    }
    if is_rule(root) {
        return Kind::Rule;
    }
    if root.get("Rules").and_then(Node::elements).is_some_and(|rules| rules.iter().all(looks_like_rule)) {
        return Kind::Rules;
    }
    if root.get("Targets").and_then(Node::elements).is_some_and(|targets| targets.iter().all(is_target)) {
        return Kind::Targets;
    }
    Kind::Other(other_kind(root))
}

fn is_rule(node: &Node) -> bool {
    ["EventPattern", "ScheduleExpression"].iter().any(|name| node.get(name).is_some())
}

/// In a list named `Rules` a rule without a pattern is a rule with a problem.
fn looks_like_rule(node: &Node) -> bool {
    is_rule(node) || node.get("Name").is_some()
}

fn is_target(node: &Node) -> bool {
    node.get("Id").is_some() && node.get("Arn").is_some()
}

/// Envelope fields hold lists in a pattern and texts in an event.
fn other_kind(root: &Node) -> NoRules {
    let envelope = ["source", "detail-type", "detail", "account", "region", "resources"];
    if root.get("detail-type").and_then(Node::as_str).is_some() && root.get("source").is_some() {
        return NoRules::Event;
    }
    let members = root.members();
    let known = |name: &[u8]| envelope.iter().any(|field| field.as_bytes() == name);
    if !members.is_empty() && members.iter().all(|member| known(member.name.as_bytes())) {
        return NoRules::BarePattern;
    }
    NoRules::Unknown
}
