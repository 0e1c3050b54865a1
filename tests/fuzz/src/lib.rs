//! What the fuzz targets share: a naive model of event patterns, a grammar of patterns and events, and other
//! spellings of the same JSON.
//!
//! The model is written from the specification of pattern semantics, not from `ruleproof`'s code, and shares
//! only the JSON reader with it. Strings are decoded here a second time, into UTF-16 units as the engine
//! behind EventBridge has them, so that a slip in `ruleproof`'s decoding cannot hide.

pub mod grammar;
pub mod model;
pub mod respell;
pub mod units;
