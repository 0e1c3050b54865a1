//! Targets as the transformer takes them, and the way back from its problems to places in files.

use super::{InputTransformer, LocatedText, Missing, Resolved, SourcePlace, Target, TargetInput, Unknown};
use crate::transform::{Definition, InputMode, Part, Setting, TargetKind, WrittenInput};

impl Target {
    /// What kind of resource it is, as far as its ARN or the resource that it refers to tells.
    pub fn kind(&self) -> TargetKind {
        match &self.arn {
            Resolved::Unknown(Unknown { resource: Some(resource), .. }) => resource.target_kind,
            arn => TargetKind::of_arn(arn.written()),
        }
    }

    /// What it says about its input.
    ///
    /// # Errors
    /// What is missing where a part of the input is not known before deployment.
    pub fn definition(&self) -> Result<Definition<'_>, Vec<&Missing>> {
        let (definition, missing) = self.known_definition();
        if missing.is_empty() { Ok(definition) } else { Err(missing) }
    }

    /// What it says about its input as far as that is known, and what is missing; texts that are not known are empty.
    pub fn known_definition(&self) -> (Definition<'_>, Vec<&Missing>) {
        let mut missing = Vec::new();
        let inputs = self.inputs.iter().map(|input| written(input, &mut missing)).collect();
        let setting = |given: bool| if given { Setting::Given } else { Setting::Absent };
        let definition = Definition {
            role: setting(self.role_arn.is_some()),
            retry_policy: setting(self.retry_policy.is_some()),
            message_group_id: setting(self.sqs_message_group_id.is_some()),
            ..Definition::new(self.id.written(), self.kind(), inputs)
        };
        (definition, missing)
    }

    /// Where byte `offset` of a part of the target stands.
    pub fn place_of(&self, part: &Part, offset: usize) -> SourcePlace {
        let found = self.inputs.iter().find_map(|input| match (part, input) {
            (Part::Mode(InputMode::Input), TargetInput::Input(text))
            | (Part::Mode(InputMode::InputPath), TargetInput::InputPath(text)) => {
                text.known().map(|text| text.place_of(offset))
            }
            (part, TargetInput::Transformer(transformer)) => place_in(transformer, part, offset),
            _ => None,
        });
        found.unwrap_or_else(|| self.place.clone())
    }

    /// The text of a part of the target, as far as it is one text and known.
    pub fn text_of(&self, part: &Part) -> &str {
        let found = self.inputs.iter().find_map(|input| match (part, input) {
            (Part::Mode(InputMode::Input), TargetInput::Input(text))
            | (Part::Mode(InputMode::InputPath), TargetInput::InputPath(text)) => {
                text.known()?.as_str().into()
            }
            (part, TargetInput::Transformer(transformer)) => text_in(transformer, part),
            _ => None,
        });
        found.unwrap_or_default()
    }
}

fn text_in<'t>(transformer: &'t InputTransformer, part: &Part) -> Option<&'t str> {
    let entry = |index: usize| transformer.paths.as_ref()?.get(index);
    match part {
        Part::VariableName(index) => entry(*index).map(|entry| entry.name.as_str()),
        Part::VariablePath(index) => entry(*index)?.path.known().map(LocatedText::as_str),
        Part::Template => transformer.template.as_ref()?.known().map(LocatedText::as_str),
        _ => None,
    }
}

fn place_in(transformer: &InputTransformer, part: &Part, offset: usize) -> Option<SourcePlace> {
    let entry = |index: usize| transformer.paths.as_ref()?.get(index);
    match part {
        Part::Mode(InputMode::InputTransformer) => Some(transformer.place.clone()),
        Part::VariableName(index) => entry(*index).map(|entry| entry.place.clone()),
        Part::VariablePath(index) => Some(entry(*index)?.path.known()?.place_of(offset)),
        Part::Template => Some(transformer.template.as_ref()?.known()?.place_of(offset)),
        _ => None,
    }
}

fn written<'t>(input: &'t TargetInput, missing: &mut Vec<&'t Missing>) -> WrittenInput<'t> {
    match input {
        TargetInput::Input(text) => WrittenInput::Input(known(text, missing)),
        TargetInput::InputPath(text) => WrittenInput::InputPath(known(text, missing)),
        TargetInput::Transformer(transformer) => WrittenInput::Transformer {
            paths: (transformer.paths.iter().flatten())
                .map(|entry| (entry.name.as_str(), known(&entry.path, missing)))
                .collect(),
            template: transformer.template.as_ref().map(|template| known(template, missing)),
        },
    }
}

/// The text, or nothing if parts of it are missing.
fn known<'t>(text: &'t Resolved<LocatedText>, missing: &mut Vec<&'t Missing>) -> &'t str {
    match text {
        Resolved::Known(text) => text.as_str(),
        Resolved::Unknown(unknown) => {
            missing.extend(&unknown.missing);
            ""
        }
    }
}
