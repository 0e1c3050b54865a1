//! Files that people write, JSON or YAML alike, as one tree with the place of every value.
//!
//! Rules and test files both come this way, so that each is read once and every message about either can point to
//! a line. Numbers keep their spelling, maps their order and duplicates, and a plain scalar that the versions of
//! YAML disagree on keeps a doubt.
//!
//! A tree may hold values that are not known yet ([`Value::Unknown`]); of what kind these are is up to whoever
//! makes them, and a tree that was just read has none.

mod file;
mod json;
mod place;
mod print;
mod problem;
mod tree;
mod yaml;
mod yaml_scalar;

pub use file::SourceFile;
pub use json::read as read_json;
pub use place::{SourcePlace, advance};
pub use problem::DocumentProblem;
pub use tree::{Doubt, Member, Node, Spelling, Syntax, Value};
