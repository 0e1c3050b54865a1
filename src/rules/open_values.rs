//! What a loaded rule still leaves open.

use super::{LocatedText, Missing, Resolved, Rule, SourcePlace, Target, TargetInput};

/// A value that is not known, in a part of a rule that can do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenValue<'r> {
    /// What is missing and how to give it.
    pub missing: &'r Missing,
    /// Where it stands.
    pub place: SourcePlace,
}

impl Rule {
    /// The values that are open in its targets, each once. A rule whose pattern is open is not loaded at all.
    pub fn open_values(&self) -> Vec<OpenValue<'_>> {
        let mut open: Vec<OpenValue<'_>> = Vec::new();
        for value in self.targets.iter().flat_map(Target::open_values) {
            if open.iter().all(|known| known.missing.name != value.missing.name) {
                open.push(value);
            }
        }
        open
    }
}

impl Target {
    /// The values that are open in it.
    pub fn open_values(&self) -> Vec<OpenValue<'_>> {
        let texts = [
            Some(&self.id),
            Some(&self.arn),
            self.dead_letter_arn.as_ref(),
            self.role_arn.as_ref(),
            self.sqs_message_group_id.as_ref(),
            self.kinesis_partition_key_path.as_ref(),
        ];
        let mut missing: Vec<&Missing> = texts.into_iter().flatten().flat_map(missing_of).collect();
        missing.extend(self.inputs.iter().flat_map(missing_of_input));
        let place = |missing: &Missing| SourcePlace { place: missing.place, ..self.place.clone() };
        missing.into_iter().map(|missing| OpenValue { missing, place: place(missing) }).collect()
    }
}

fn missing_of<T>(value: &Resolved<T>) -> &[Missing] {
    match value {
        Resolved::Known(_) => &[],
        Resolved::Unknown(unknown) => &unknown.missing,
    }
}

fn missing_of_input(input: &TargetInput) -> Vec<&Missing> {
    let texts: Vec<&Resolved<LocatedText>> = match input {
        TargetInput::Input(text) | TargetInput::InputPath(text) => vec![text],
        TargetInput::Transformer(transformer) => {
            let paths = transformer.paths.iter().flatten().map(|entry| &entry.path);
            paths.chain(&transformer.template).collect()
        }
    };
    texts.into_iter().flat_map(missing_of).collect()
}
