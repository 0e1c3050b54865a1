//! Names that the framework makes.

use crate::json::Place;
use crate::rules::cloudformation::TextBuilder;
use crate::rules::open_value::open_value;
use crate::rules::parameters::Given;
use crate::rules::tree::{Node, Value};
use crate::rules::{Resolved, ResourceRef, Unknown};
use crate::transform::TargetKind;

/// Longest name of a rule; the framework replaces the end of longer ones by a hash.
const NAME_LEN_MAX: usize = 64;

/// The name of a function inside logical ids: its first letter large, dashes and underscores spelled out.
pub(super) fn normalized(function: &str) -> String {
    let spelled = function.replace('-', "Dash").replace('_', "Underscore");
    let mut letters = spelled.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The deployed name of a function: its own, or `SERVICE-STAGE-FUNCTION`.
pub(super) fn function_name(
    service: &Node,
    stage: &Node,
    function: &str,
    own: Option<&Node>,
) -> Resolved<String> {
    if let Some(own) = own {
        return text(own);
    }
    let mut builder = TextBuilder::default();
    // Older files have an object with the name.
    builder.push(text(service.get("name").unwrap_or(service)));
    builder.push_str("-");
    builder.push(text(stage));
    builder.push_str(&format!("-{function}"));
    builder.finish()
}

/// The name of the rule of an `eventBridge` event, `number` being its place among all events of the function,
/// from 1.
pub(super) fn event_bridge_rule(
    function_name: Resolved<String>,
    number: usize,
    place: Place,
    given: &Given<'_>,
) -> Resolved<String> {
    let mut builder = TextBuilder::default();
    builder.push(function_name);
    builder.push_str(&format!("-rule-{number}"));
    shortened(builder.finish(), place, given)
}

/// The id of the target of a rule.
pub(super) fn event_bridge_target(
    rule: &Resolved<String>,
    place: Place,
    given: &Given<'_>,
) -> Resolved<String> {
    let mut builder = TextBuilder::default();
    builder.push(rule.clone());
    builder.push_str("-target");
    shortened(builder.finish(), place, given)
}

/// The ARN of the function.
pub(super) fn function_arn(arn: Resolved<String>, logical_id: &str) -> Resolved<String> {
    match arn {
        Resolved::Unknown(unknown) => Resolved::Unknown(Unknown {
            resource: Some(ResourceRef {
                logical_id: logical_id.to_owned(),
                name: None,
                resource_type: "AWS::Lambda::Function".to_owned(),
                target_kind: TargetKind::Function,
            }),
            ..unknown
        }),
        known => known,
    }
}

/// A name that is too long ends in a hash, which is not worked out here but can be given.
fn shortened(name: Resolved<String>, place: Place, given: &Given<'_>) -> Resolved<String> {
    match name {
        Resolved::Known(name) if name.len() > NAME_LEN_MAX => text(&open_value(&name, place, given)),
        name => name,
    }
}

fn text(node: &Node) -> Resolved<String> {
    match &node.value {
        Value::Unknown(unknown) => Resolved::Unknown((**unknown).clone()),
        _ => Resolved::Known(node.scalar_text().unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_logical_ids() {
        assert_eq!(normalized("on-order_2"), "OnDashorderUnderscore2");
        assert_eq!(normalized("émigré"), "Émigré");
        assert_eq!(normalized(""), "");
    }
}
