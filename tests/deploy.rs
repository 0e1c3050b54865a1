//! What is in `deploy/`, checked with the tools that will read it and against the program that it starts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "deploy/bootstrap.rs"]
mod bootstrap;
#[path = "deploy/container.rs"]
mod container;
#[path = "deploy/files.rs"]
mod files;
#[path = "deploy/names.rs"]
mod names;
#[path = "support/python.rs"]
mod python;
#[path = "deploy/templates.rs"]
mod templates;
