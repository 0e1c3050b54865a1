//! CloudFormation and SAM templates.
//!
//! A template is evaluated like CloudFormation does it, with the values that the user gave, as far as these
//! go. A value that stays open is an [`Unknown`](super::Unknown) that says what is missing; it spreads through
//! `Fn::Sub`, `Fn::Join` and the others, so that a message can name everything that is needed at once.
//!
//! Not expanded: macros, `AWS::Include`, `Fn::ForEach` and other language extensions; values that only AWS
//! knows (`Fn::GetAZs`, dynamic references, attributes of resources) have to be given.

mod conditions;
mod evaluator;
mod filters;
mod references;
mod resource;
mod sam;
mod substitute;
mod template;
mod truth;

pub(super) use evaluator::Evaluator;
pub(super) use substitute::{TextBuilder, node_of};
pub(super) use template::{holds_rules, is_template, note_passed_over, read};
