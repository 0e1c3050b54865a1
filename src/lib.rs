//! Ruleproof proves that Amazon EventBridge rules do what their owners think.
//!
//! The modules build on each other in one direction only (a test keeps it so).

pub mod json;
pub mod sources;
