//! Shapes events into what targets get: `Input`, `InputPath` and `InputTransformer`.
//!
//! AWS refuses some inputs when a target is saved and fails others only at delivery, into a dead-letter queue that
//! most rules do not have. So everything that can be known from the text is settled when it is compiled:
//! [`TargetInput::compile`] gives all problems at once, each with AWS's own words and with its place, or a form
//! that renders any event without allocating. What only an event can break is an outcome of rendering
//! ([`Rendered::Failed`]), with the broken body at hand, as it would reach the dead-letter queue.
//!
//! 1. The template is cut into text and placeholders (`pieces`), once.
//! 2. All paths are merged into a trie that one walk over the event follows (`select`).
//! 3. The pieces are written one after the other, never a second time over what was inserted (`render`).
//!
//! Rejected: a general JSONPath library. It accepts what AWS refuses, and it builds values.
//! Rejected: parsing every body to see whether it is JSON. Most templates cannot be broken by any event, and for
//! the others a look at what was inserted tells when a body has to be read again.

mod body;
mod breakage;
mod check;
mod definition;
mod input;
mod log_event;
mod outcome;
mod path;
mod pieces;
mod presence;
mod problem;
mod render;
mod select;
mod target_kind;
mod template;
mod variable;

pub use breakage::{Breakage, Cause, ValueKind, breakages};
pub use check::{PATH_CHARS_MAX, TEXT_CHARS_MAX, VARIABLES_MAX};
pub use definition::{Definition, InputMode, Part, Setting, WrittenInput};
pub use input::{Constant, EventPart, TargetInput};
pub use log_event::{LogEvent, LogEventFault};
pub use outcome::{DeliveryFailure, Rendered};
pub use path::{InputPath, PathError, PathProblem};
pub use problem::{
    Refusal, RefusalCode, TemplateFault, TransformError, TransformProblem, TransformProblemKind,
};
pub use render::RenderScratch;
pub use target_kind::TargetKind;
pub use template::{InputTransformer, TemplateKind};
pub use variable::{Context, Reserved};
