//! A target as somebody wrote it down, before anything of it is checked.

use std::fmt;

use super::TargetKind;
use crate::json::{JsonPointer, Text};

/// What a target says about its input, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition<'a> {
    /// Its id within the rule, which AWS's messages name.
    pub target_id: &'a str,
    /// What it is.
    pub kind: TargetKind,
    /// `Input`, `InputPath`, `InputTransformer` in written order. Empty: the whole event. AWS takes at most one.
    pub inputs: Vec<WrittenInput<'a>>,
    /// `RoleArn`.
    pub role: Setting,
    /// `RetryPolicy`.
    pub retry_policy: Setting,
    /// `SqsParameters.MessageGroupId`.
    pub message_group_id: Setting,
}

/// Whether something is written, where its value does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// It is.
    Given,
    /// It is not.
    Absent,
}

/// One way to shape the event, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenInput<'a> {
    /// `Input`.
    Input(&'a str),
    /// `InputPath`.
    InputPath(&'a str),
    /// `InputTransformer`.
    Transformer {
        /// `InputPathsMap`, names and paths in written order.
        paths: Vec<(&'a str, &'a str)>,
        /// `InputTemplate`.
        template: Option<&'a str>,
    },
}

impl<'a> Definition<'a> {
    /// A target with nothing but its id, its kind and ways to shape its input.
    pub fn new(target_id: &'a str, kind: TargetKind, inputs: Vec<WrittenInput<'a>>) -> Definition<'a> {
        Definition {
            target_id,
            kind,
            inputs,
            role: Setting::Absent,
            retry_policy: Setting::Absent,
            message_group_id: Setting::Absent,
        }
    }
}

/// The ways in which AWS shapes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputMode {
    /// `Input`.
    Input,
    /// `InputPath`.
    InputPath,
    /// `InputTransformer`.
    InputTransformer,
}

impl WrittenInput<'_> {
    /// Which way this is.
    pub fn mode(&self) -> InputMode {
        match self {
            WrittenInput::Input(_) => InputMode::Input,
            WrittenInput::InputPath(_) => InputMode::InputPath,
            WrittenInput::Transformer { .. } => InputMode::InputTransformer,
        }
    }
}

impl InputMode {
    /// The name of the property.
    pub fn as_str(self) -> &'static str {
        match self {
            InputMode::Input => "Input",
            InputMode::InputPath => "InputPath",
            InputMode::InputTransformer => "InputTransformer",
        }
    }
}

impl fmt::Display for InputMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The part of a target that a problem lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The target as a whole.
    Target,
    /// The whole property.
    Mode(InputMode),
    /// The name of the variable of this number in `InputPathsMap`.
    VariableName(usize),
    /// The path of the variable of this number in `InputPathsMap`.
    VariablePath(usize),
    /// `InputTemplate`.
    Template,
}

impl Part {
    /// Where it is within the target.
    pub(super) fn pointer(&self, definition: &Definition<'_>) -> JsonPointer {
        let below = |names: &[&str]| {
            names.iter().fold(JsonPointer::root(), |pointer, name| pointer.member(&Text::from(*name)))
        };
        match self {
            Part::Target => JsonPointer::root(),
            Part::Mode(mode) => below(&[mode.as_str()]),
            Part::VariableName(index) | Part::VariablePath(index) => {
                below(&["InputTransformer", "InputPathsMap", definition.variable(*index).0])
            }
            Part::Template => below(&["InputTransformer", "InputTemplate"]),
        }
    }

    /// Its text, as far as it is one text.
    pub(super) fn text<'a>(&self, definition: &Definition<'a>) -> &'a str {
        let text = definition.inputs.iter().find_map(|input| match (self, input) {
            (Part::Mode(InputMode::Input), WrittenInput::Input(text))
            | (Part::Mode(InputMode::InputPath), WrittenInput::InputPath(text)) => Some(*text),
            (Part::Template, WrittenInput::Transformer { template, .. }) => *template,
            _ => None,
        });
        match self {
            Part::VariableName(index) => definition.variable(*index).0,
            Part::VariablePath(index) => definition.variable(*index).1,
            _ => text.unwrap_or_default(),
        }
    }
}

impl<'a> Definition<'a> {
    fn variable(&self, index: usize) -> (&'a str, &'a str) {
        let paths = self.inputs.iter().find_map(|input| match input {
            WrittenInput::Transformer { paths, .. } => paths.get(index),
            _ => None,
        });
        paths.copied().unwrap_or_default()
    }
}
