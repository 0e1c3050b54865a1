//! Ruleproof proves that Amazon EventBridge rules do what their owners think.
//!
//! The modules build on each other in one direction only (a test keeps it so).

pub mod analysis;
#[cfg(feature = "aws")]
pub mod aws;
pub mod bench;
pub mod calls;
pub mod cli;
pub mod config;
pub mod conform;
pub mod diff;
pub mod document;
pub mod event;
pub mod findings;
pub mod json;
pub mod lint;
pub mod matcher;
pub mod parity;
pub mod pattern;
pub mod probe;
pub mod replay;
pub mod report;
pub mod rules;
pub mod sample;
pub mod sampling;
pub mod sources;
pub mod suite;
pub mod telemetry;
pub mod tracking;
pub mod transform;
pub mod verdict;
