//! Terraform configurations, read as they are written.
//!
//! Nothing is planned or fetched: literals, `jsonencode`, heredocs and templates are read, variables by their
//! defaults, locals, and the names of buses and rules of the same module. Every other expression is open under its
//! own text (`--param aws_sqs_queue.q.arn=...`), and modules are not followed; `terraform show -json` of a plan
//! knows all of that. The files of a folder are one module, as far as they are among the sources.
//!
//! Reading is left to the crate `hcl-edit`, which keeps the places and bounds the nesting.

mod blocks;
mod configuration;
mod evaluate;
mod json_text;
mod lines;
mod module;
mod scope;

pub(super) use configuration::{Configuration, is_configuration};
pub(super) use module::read;
