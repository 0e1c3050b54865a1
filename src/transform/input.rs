//! The compiled input of a target.

use std::fmt;

use super::definition::{Definition, WrittenInput};
use super::outcome::{DeliveryFailure, Rendered};
use super::path::InputPath;
use super::render::RenderScratch;
use super::select::{PathTrie, Selected, Selector};
use super::template::{InputTransformer, Shape};
use super::variable::Context;
use super::{TransformError, check};
use crate::event::EventText;
use crate::json::text::write_json_string;

/// How a target's body is made of an event; accepted by AWS as far as can be known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetInput {
    /// The event as it is.
    WholeEvent,
    /// Nothing of the event: what ECS tasks and Run Command get that do not ask for more.
    Nothing,
    /// The same text for every event.
    Constant(Constant),
    /// One part of the event.
    Part(EventPart),
    /// A template.
    Transformer(Box<InputTransformer>),
}

/// An `Input`: JSON of any kind, or nothing at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant(Box<str>);

/// An `InputPath`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPart {
    /// `None` for the empty path, which AWS takes and which selects nothing.
    path: Option<InputPath>,
    trie: PathTrie,
    selector: Option<Selector>,
}

impl TargetInput {
    /// Checks and compiles what is written.
    ///
    /// # Errors
    /// Everything for which AWS would refuse the target.
    pub fn compile(definition: &Definition<'_>) -> Result<TargetInput, TransformError> {
        check::check(definition)?;
        Ok(match definition.inputs.as_slice() {
            [] if definition.kind.gets_nothing_unshaped() => TargetInput::Nothing,
            [] => TargetInput::WholeEvent,
            [WrittenInput::Input(text), ..] => TargetInput::Constant(Constant((*text).into())),
            [WrittenInput::InputPath(path), ..] => TargetInput::Part(EventPart::new(path)),
            [WrittenInput::Transformer { paths, template }, ..] => {
                let variables = check::variables(paths);
                let template = template.unwrap_or_default();
                TargetInput::Transformer(Box::new(InputTransformer::new(
                    variables,
                    template,
                    Shape::of(definition.kind),
                )))
            }
        })
    }

    /// Checks what does not depend on all texts of the input being known, which are empty where they are not: that
    /// there is one way to shape the event at most, and that this kind of target takes it and its settings.
    ///
    /// # Errors
    /// Everything of that for which AWS would refuse the target.
    pub fn check_ways(definition: &Definition<'_>) -> Result<(), TransformError> {
        check::check_ways(definition)
    }

    /// Appends the body for `event` to `body`.
    ///
    /// Allocates nothing once `scratch` and `body` have grown to the size of the events.
    pub fn render(
        &self,
        event: EventText<'_>,
        context: &Context<'_>,
        scratch: &mut RenderScratch,
        body: &mut Vec<u8>,
    ) -> Rendered {
        match self {
            TargetInput::WholeEvent => {
                scratch.inserter.compact(Selected::Value(event.as_bytes()), body);
                Rendered::Valid
            }
            TargetInput::Nothing => Rendered::Valid,
            TargetInput::Constant(Constant(text)) => {
                body.extend_from_slice(text.as_bytes());
                if text.is_empty() { Rendered::Failed(DeliveryFailure::Empty) } else { Rendered::Valid }
            }
            TargetInput::Part(part) => {
                part.render(event, scratch, body);
                Rendered::Valid
            }
            TargetInput::Transformer(transformer) => transformer.render(event, context, scratch, body),
        }
    }

    /// Whether there is an event whose body cannot be delivered. Where there is none, a body need not be rendered
    /// to know that it is valid.
    pub fn can_fail(&self) -> bool {
        match self {
            TargetInput::WholeEvent | TargetInput::Nothing | TargetInput::Part(_) => false,
            TargetInput::Constant(Constant(text)) => text.is_empty(),
            TargetInput::Transformer(transformer) => transformer.can_fail(),
        }
    }
}

impl EventPart {
    /// From a path that has been checked.
    fn new(path: &str) -> EventPart {
        let path = InputPath::parse(path).ok();
        let (trie, selectors) = PathTrie::build(&path.iter().collect::<Vec<_>>());
        EventPart { path, trie, selector: selectors.into_iter().next() }
    }

    pub(super) fn path(&self) -> Option<&InputPath> {
        self.path.as_ref()
    }

    /// The trie, and where the path is in it.
    pub(super) fn selection(&self) -> (&PathTrie, &[Selector]) {
        (&self.trie, self.selector.as_slice())
    }

    /// Recorded: nothing, `null` and the empty path all give `{}`.
    fn render(&self, event: EventText<'_>, scratch: &mut RenderScratch, body: &mut Vec<u8>) {
        let RenderScratch { selections, inserter } = scratch;
        selections.walk(&self.trie, event.as_bytes());
        let selected = match &self.selector {
            Some(selector) => selections.selected(selector, event.as_bytes()),
            None => Selected::Missing,
        };
        match selected {
            Selected::Missing | Selected::Value(b"null") => body.extend_from_slice(b"{}"),
            selected => inserter.compact(selected, body),
        }
    }
}

/// Prints the properties of a target, as one JSON object, that compile to this.
impl fmt::Display for TargetInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetInput::WholeEvent | TargetInput::Nothing => f.write_str("{}"),
            TargetInput::Constant(Constant(text)) => write!(f, "{{\"Input\":{}}}", quoted(text)),
            TargetInput::Part(part) => {
                let path = part.path().map(InputPath::to_string).unwrap_or_default();
                write!(f, "{{\"InputPath\":{}}}", quoted(&path))
            }
            TargetInput::Transformer(transformer) => {
                write!(f, "{{\"InputTransformer\":{{")?;
                let variable = |(name, path): (&str, &InputPath)| {
                    format!("{}:{}", quoted(name), quoted(&path.to_string()))
                };
                let variables: Vec<String> = transformer.variables().map(variable).collect();
                if !variables.is_empty() {
                    write!(f, "\"InputPathsMap\":{{{}}},", variables.join(","))?;
                }
                write!(f, "\"InputTemplate\":{}}}}}", quoted(&transformer.template()))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let mut json = Vec::new();
    write_json_string(text.as_bytes(), &mut json);
    String::from_utf8_lossy(&json).into_owned()
}
