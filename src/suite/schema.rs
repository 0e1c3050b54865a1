//! The JSON Schema of test files.

/// JSON Schema (draft 2020-12) for editors. It refuses what the reader refuses, but for what a schema cannot know:
/// names that stand twice or stand for nothing, words that versions of YAML differ on, and pointers that lead nowhere.
pub const SCHEMA: &str = include_str!("schema.json");
