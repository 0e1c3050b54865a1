//! What there is to say about rules: everything wrong or notable, as data.
//!
//! Rules go wrong in many layers (files, values, patterns, targets), and many commands have to say so: on standard
//! error, in reports for machines, at lines of a pull request. So each layer's problems become [`Finding`]s here, once,
//! with a stable code and a place, and whoever shows them needs to know nothing else.
//!
//! [`compile`] takes rules from files to rules that can judge events, with all findings on the way.

mod code;
mod compile;
mod excerpt;
mod explain;
mod finding;
mod loading;
mod pattern;
mod severity;
mod target;
mod texts;

pub use code::FindingCode;
pub use compile::{Compiled, CompiledRule, IdleRule, PatternOf, compile, compile_pattern, compile_rule};
pub use excerpt::Excerpt;
pub use explain::{ExplainedKind, Explanation};
pub use finding::{AtLength, Finding, Location, Subject};
pub use loading::{of_note, of_problem};
pub use pattern::{of_pattern, of_typed_pattern};
pub use severity::Severity;
pub use texts::SourceTexts;
