//! Test files: what is refused and why, by the reader and by the schema.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "suite/bad_files.rs"]
mod bad_files;
#[path = "suite/hostile.rs"]
mod hostile;
#[path = "suite/junit.rs"]
mod junit;
#[path = "suite/names.rs"]
mod names;
#[path = "suite/schema.rs"]
mod schema;
#[path = "suite/support.rs"]
mod support;
