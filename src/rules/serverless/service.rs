//! A `serverless.yml`.

use super::functions;
use super::variables::Variables;
use crate::json::{Place, Text};
use crate::rules::cloudformation::{self, Evaluator};
use crate::rules::properties::Reader;
use crate::rules::tree::{Member, Node, Value};

/// Whether `root` is a service on AWS.
pub(in crate::rules) fn is_service(root: &Node) -> bool {
    let provider = root.get("provider");
    let name = provider.and_then(|provider| provider.get("name")).or(provider).and_then(Node::as_str);
    name == Some("aws") && ["functions", "resources", "service"].iter().any(|part| root.get(part).is_some())
}

/// Adds the rules of a service; false if it holds none.
pub(in crate::rules) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let variables = Variables::new(root, reader.given);
    let resolved = |name: &str| root.get_present(name).map(|node| variables.resolved(node));
    let template = template(resolved("resources"), root.place);
    let evaluator = Evaluator::of_template(&template, reader.given);
    let functions = resolved("functions");
    let mut holds_rules = cloudformation::holds_rules(&template);
    if let Some(functions) = &functions {
        let nothing = || Node::made(Value::Null, root.place);
        let service = resolved("service").unwrap_or_else(nothing);
        let stage = Node::made(Value::from("${sls:stage}"), root.place);
        let problems_before = reader.findings.problems.len();
        functions::read(functions, &service, &variables.resolved(&stage), &evaluator, reader);
        holds_rules |= functions::hold_rules(functions) || reader.findings.problems.len() > problems_before;
    }
    cloudformation::note_passed_over(&template, reader);
    cloudformation::read(&template, reader);
    holds_rules
}

/// The sections below `resources`, which may be a list of objects that have the same sections.
fn template(resources: Option<Node>, place: Place) -> Node {
    let Some(resources) = resources else { return Node::made(Value::Map(Vec::new()), place) };
    let Value::List(parts) = &resources.value else { return resources };
    let mut sections: Vec<Member> = Vec::new();
    for section in parts.iter().flat_map(Node::members) {
        match sections.iter_mut().find(|known| known.name == section.name) {
            Some(known) => {
                if let Value::Map(members) = &mut known.value.value {
                    members.extend(section.value.members().iter().cloned());
                }
            }
            None => sections.push(Member { name: Text::clone(&section.name), ..section.clone() }),
        }
    }
    Node::made(Value::Map(sections), resources.place)
}
