//! Our own files and the CLI's output: the properties of `AWS::Events::Rule` without a template around them.
//!
//! Both look alike but for the pattern, an object in the one and JSON text in the other, so one reader serves
//! both. Intrinsic functions work here too, for snippets that were cut out of a template.

use super::cloudformation::Evaluator;
use super::problem::RuleNoteKind;
use super::properties::{Draft, PropertyNames, Reader};
use super::recognise::Kind;
use super::tree::Node;
use super::{SourceKind, targets_file};

/// Reads a document that is a rule, several rules, or targets.
pub(super) fn read(root: &Node, kind: Kind, reader: &mut Reader<'_>) {
    let evaluator = Evaluator::without_template(reader.given);
    match kind {
        Kind::Rule => rule(root, &evaluator, reader),
        Kind::RuleList => {
            root.elements().unwrap_or_default().iter().for_each(|node| rule(node, &evaluator, reader));
        }
        Kind::Rules => {
            let rules = root.get("Rules").and_then(Node::elements).unwrap_or_default();
            rules.iter().for_each(|node| rule(node, &evaluator, reader));
            if let Some(member) = root.member("NextToken").filter(|_| root.get_present("NextToken").is_some())
            {
                reader.note(member.name_place, RuleNoteKind::CutList);
            }
        }
        Kind::Targets => targets_file::read(root, &evaluator, reader),
        _ => {}
    }
}

fn rule(node: &Node, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    let Some(properties) = evaluator.evaluate(node) else { return };
    let draft = Draft {
        properties: &properties,
        names: PropertyNames::API,
        fallback_name: None,
        source_kind: SourceKind::Plain,
        metadata: properties.get("Metadata"),
        place: node.place,
    };
    reader.rule(&draft, evaluator, |_, _| Vec::new());
}
