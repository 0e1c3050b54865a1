//! How a mirror's target shapes the event.

use crate::transform::{Definition, WrittenInput};

/// How a target shapes the event, as `PutTargets` wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MirrorInput {
    /// Nothing is said: the whole event.
    WholeEvent,
    /// `Input`.
    Constant(String),
    /// `InputPath`.
    Path(String),
    /// `InputTransformer`.
    Transformer {
        /// `InputPathsMap`; left out where it is empty, which is not the same to AWS (recorded).
        paths: Vec<(String, String)>,
        /// `InputTemplate`.
        template: String,
    },
}

impl MirrorInput {
    /// What `definition` says; its texts have to be known.
    pub(super) fn of(definition: &Definition<'_>) -> MirrorInput {
        match definition.inputs.first() {
            None => MirrorInput::WholeEvent,
            Some(WrittenInput::Input(text)) => MirrorInput::Constant((*text).to_owned()),
            Some(WrittenInput::InputPath(path)) => MirrorInput::Path((*path).to_owned()),
            Some(WrittenInput::Transformer { paths, template }) => MirrorInput::Transformer {
                paths: paths.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect(),
                template: template.unwrap_or_default().to_owned(),
            },
        }
    }
}
