//! The properties of targets.

use super::problem::RuleProblemKind;
use super::properties::{Problems, Reader, wrong_kind};
use super::tree::{Node, Value};
use super::{InputPathEntry, InputTransformer, Resolved, RetryPolicy, Target, TargetInput};

impl Reader<'_> {
    /// The targets in `Targets`, if there are any.
    pub(super) fn targets(&self, properties: &Node, problems: &mut Problems) -> Vec<Target> {
        let Some(node) = properties.get_present("Targets") else { return Vec::new() };
        let Some(elements) = node.elements() else {
            problems.push((node.place, wrong_kind("Targets", "a list", node)));
            return Vec::new();
        };
        elements.iter().filter_map(|element| self.target(element, problems)).collect()
    }

    fn target(&self, node: &Node, problems: &mut Problems) -> Option<Target> {
        if !matches!(node.value, Value::Map(_)) {
            problems.push((node.place, wrong_kind("Targets", "a list of objects", node)));
            return None;
        }
        let id = self.demanded(node, "Id", problems)?;
        let arn = self.demanded(node, "Arn", problems)?;
        Some(self.shaped_target(node, id, arn, problems))
    }

    fn demanded(
        &self,
        node: &Node,
        property: &'static str,
        problems: &mut Problems,
    ) -> Option<Resolved<String>> {
        if node.get_present(property).is_none() {
            problems.push((node.place, RuleProblemKind::MissingProperty { property }));
        }
        self.text(node, property, problems)
    }

    /// A target with everything that `node` says besides `id` and `arn`.
    pub(super) fn shaped_target(
        &self,
        node: &Node,
        id: Resolved<String>,
        arn: Resolved<String>,
        problems: &mut Problems,
    ) -> Target {
        let mut nested = |outer: &str, inner: &str| {
            node.get_present(outer).and_then(|outer| self.text(outer, inner, problems))
        };
        let dead_letter_arn = nested("DeadLetterConfig", "Arn");
        let sqs_message_group_id = nested("SqsParameters", "MessageGroupId");
        let kinesis_partition_key_path = nested("KinesisParameters", "PartitionKeyPath");
        Target {
            id,
            arn,
            inputs: self.inputs(node, problems),
            dead_letter_arn,
            retry_policy: node.get_present("RetryPolicy").map(|policy| retry_policy(policy, problems)),
            role_arn: self.text(node, "RoleArn", problems),
            sqs_message_group_id,
            kinesis_partition_key_path,
            place: self.source_place(node.place),
        }
    }

    /// In written order; of a property that stands twice only the last counts, and counts once.
    fn inputs(&self, node: &Node, problems: &mut Problems) -> Vec<TargetInput> {
        let mut inputs = Vec::new();
        for member in node.members() {
            let is_last =
                node.member(&member.name.to_string_lossy()).is_some_and(|last| std::ptr::eq(last, member));
            match member.name.as_bytes() {
                _ if !is_last || member.value.value == Value::Null => {}
                b"Input" => inputs.extend(self.located_text(node, "Input", problems).map(TargetInput::Input)),
                b"InputPath" => {
                    inputs.extend(self.located_text(node, "InputPath", problems).map(TargetInput::InputPath));
                }
                b"InputTransformer" => {
                    inputs.push(TargetInput::Transformer(self.transformer(&member.value, problems)));
                }
                _ => {}
            }
        }
        inputs
    }

    fn transformer(&self, node: &Node, problems: &mut Problems) -> InputTransformer {
        let map = node.get("InputPathsMap");
        for whole in [Some(node), map].into_iter().flatten() {
            if let Value::Unknown(unknown) = &whole.value {
                let template = Some(Resolved::Unknown((**unknown).clone()));
                return InputTransformer { paths: None, template, place: self.source_place(node.place) };
            }
        }
        let paths = node.get_present("InputPathsMap").map(|map| {
            if !matches!(map.value, Value::Map(_)) {
                problems.push((map.place, wrong_kind("InputPathsMap", "an object", map)));
            }
            let entries = map.members().iter();
            entries
                .filter_map(|member| {
                    let name = member.name.to_string_lossy().into_owned();
                    if member.value.value == Value::Null {
                        let kind = wrong_kind(&name, "a string", &member.value);
                        problems.push((member.value.place, kind));
                    }
                    let path = self.located_text(map, &name, problems)?;
                    Some(InputPathEntry { name, path, place: self.source_place(member.name_place) })
                })
                .collect()
        });
        let template = self.located_text(node, "InputTemplate", problems);
        InputTransformer { paths, template, place: self.source_place(node.place) }
    }
}

fn retry_policy(node: &Node, problems: &mut Problems) -> RetryPolicy {
    RetryPolicy {
        event_age_s_max: count(node, "MaximumEventAgeInSeconds", problems),
        retry_attempts_max: count(node, "MaximumRetryAttempts", problems),
    }
}

/// A count that is known; one that is not leaves AWS's default, no verdict hangs on it.
fn count(node: &Node, property: &str, problems: &mut Problems) -> Option<u32> {
    let value = node.get_present(property)?;
    if matches!(value.value, Value::Unknown(_)) {
        return None;
    }
    let count = value.scalar_text().and_then(|text| text.parse().ok());
    if count.is_none() {
        problems.push((value.place, wrong_kind(property, "a whole number", value)));
    }
    count
}
