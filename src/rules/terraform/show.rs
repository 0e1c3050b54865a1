//! `terraform show -json`: resources out of a plan or a state.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{as_name, key_of, module_of, without_keys};
use super::types::{RULE_TYPE, kind_of};
use super::unknown::with_unknowns;
use crate::rules::SourceKind;
use crate::rules::attributes::Casing;
use crate::rules::properties::Reader;
use crate::rules::resources::{self, Resource};
use crate::rules::tree::{Node, Value};

/// Whether `root` is what `terraform show -json` prints.
pub(in crate::rules) fn is_show(root: &Node) -> bool {
    root.get("format_version").is_some()
        && ["planned_values", "values", "resource_changes"].iter().any(|name| root.get(name).is_some())
}

/// Whether `root` is a state file as Terraform stores it, whose format is its own affair.
pub(in crate::rules) fn is_raw_state(root: &Node) -> bool {
    root.get("lineage").is_some() && root.get("serial").is_some() && root.get("terraform_version").is_some()
}

/// Adds the rules of a plan or a state; false if it holds none.
pub(in crate::rules) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let plan = Plan::new(root);
    let mut resources = Vec::new();
    for section in ["planned_values", "values"] {
        if let Some(module) = root.get(section).and_then(|values| values.get("root_module")) {
            plan.module(module, reader, &mut resources);
        }
    }
    plan.changes_beside(reader, &mut resources);
    let holds_rules = !resources.is_empty();
    resources::read(resources, SourceKind::Terraform, reader);
    holds_rules
}

/// What a plan says besides the values.
struct Plan<'n> {
    /// By address.
    changes: BTreeMap<&'n str, &'n Node>,
    /// The rule that a target refers to, both as the configuration has them: without keys, modules included.
    rule_of_target: BTreeMap<String, &'n str>,
}

impl<'n> Plan<'n> {
    fn new(root: &'n Node) -> Self {
        let mut plan = Plan { changes: BTreeMap::new(), rule_of_target: BTreeMap::new() };
        for change in root.get("resource_changes").and_then(Node::elements).unwrap_or_default() {
            let address = change.get("address").and_then(Node::as_str);
            // What a replaced resource leaves behind has the address of its successor.
            if let Some(address) = address.filter(|_| change.get_present("deposed").is_none()) {
                plan.changes.insert(address, change);
            }
        }
        if let Some(module) = root.get("configuration").and_then(|all| all.get("root_module")) {
            plan.references("", module);
        }
        plan
    }

    fn references(&mut self, prefix: &str, module: &'n Node) {
        for resource in module.get("resources").and_then(Node::elements).unwrap_or_default() {
            let address = resource.get("address").and_then(Node::as_str).unwrap_or_default();
            let rule = resource.get("expressions").and_then(|expressions| expressions.get("rule"));
            let references = rule.and_then(|rule| rule.get("references")).and_then(Node::elements);
            let mut references = references.unwrap_or_default().iter().filter_map(Node::as_str);
            if let Some(reference) = references.find(|reference| reference.starts_with(RULE_TYPE)) {
                self.rule_of_target.insert(format!("{prefix}{address}"), reference);
            }
        }
        for call in module.get("module_calls").map(Node::members).unwrap_or_default() {
            if let Some(module) = call.value.get("module") {
                self.references(&format!("{prefix}module.{}.", call.name), module);
            }
        }
    }

    fn module(&self, module: &'n Node, reader: &Reader<'_>, resources: &mut Vec<Resource>) {
        for resource in module.get("resources").and_then(Node::elements).unwrap_or_default() {
            if let Some(values) = resource.get("values") {
                resources.extend(self.resource(resource, values, reader));
            }
        }
        for child in module.get("child_modules").and_then(Node::elements).unwrap_or_default() {
            self.module(child, reader, resources);
        }
    }

    /// Resources that only the list of changes has.
    fn changes_beside(&self, reader: &Reader<'_>, resources: &mut Vec<Resource>) {
        let listed: BTreeSet<String> = resources.iter().map(|resource| resource.address.clone()).collect();
        for (address, resource) in &self.changes {
            let after = resource.get("change").and_then(|change| change.get_present("after"));
            if let Some(after) = after.filter(|_| !listed.contains(*address)) {
                resources.extend(self.resource(resource, after, reader));
            }
        }
    }

    fn resource(&self, resource: &'n Node, values: &Node, reader: &Reader<'_>) -> Option<Resource> {
        let text = |name: &str| resource.get(name).and_then(Node::as_str);
        if text("mode") == Some("data") {
            return None;
        }
        let (address, resource_type) = (text("address")?, text("type")?);
        let kind = kind_of(resource_type)?;
        let after_unknown =
            self.changes.get(address).and_then(|change| change.get("change")?.get("after_unknown"));
        let none = Node::made(Value::Null, resource.place);
        let values = with_unknowns(values, after_unknown.unwrap_or(&none), address, reader.given);
        Some(Resource {
            kind,
            address: address.to_owned(),
            fallback_name: as_name(address, resource_type),
            properties: kind.properties(&values, Casing::Snake),
            rule_addresses: self.rule_addresses(address, resource_type),
            place: resource.place,
        })
    }

    /// The addresses that the rule of a target may have: with the target's key, its own, or none.
    fn rule_addresses(&self, address: &str, resource_type: &str) -> Vec<String> {
        let Some(reference) = self.rule_of_target.get(&without_keys(address)) else { return Vec::new() };
        let module = module_of(address, resource_type);
        let mut parts = reference.splitn(3, '.');
        let rule = format!("{}.{}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let bare = without_keys(&rule);
        vec![
            format!("{module}{bare}{}", key_of(address, resource_type)),
            format!("{module}{rule}"),
            format!("{module}{bare}"),
        ]
    }
}
