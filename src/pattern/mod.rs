//! Event patterns: from JSON text to a typed form, with every problem named at its place.
//!
//! The language is that of event-ruler 2.0.1, the engine behind EventBridge, oddities included: a rule
//! must be judged as AWS judges it, not as one would like it to. Where the service refuses what the engine
//! takes, [`Limits`] says which of the two is meant.
//!
//! A [`Pattern`] keeps what was written (for printing and explaining) and, beside it, its
//! [`Alternative`]s: one conjunction of conditions for each way through the `$or`s, which is what a
//! matcher wants. What a single test accepts is decided in one place, [`FieldTest::accepts`].
//!
//! Source of all semantics, unless noted: answers recorded from AWS and from event-ruler 2.0.1, kept as
//! cases in `tests/conformance`.

mod address;
mod alternatives;
mod complexity;
mod field_test;
mod fold;
mod footprint;
mod ir;
mod limits;
mod number_leaf;
mod numeric;
mod parse;
mod parse_test;
mod path;
mod print;
mod problem;
mod span;
mod suggest;
mod wildcard;

pub use address::{AddressRange, HexText, IpAddress};
pub use complexity::wildcard_complexity;
pub use field_test::{
    AnythingBut, ExactNumber, ExactString, FieldTest, Leaf, NumbersOnField, Scalar, StringLeaf,
};
pub use fold::FoldedText;
pub use ir::{
    Alternative, Condition, FieldTests, ListPlace, Pattern, PatternMember, PatternObject, PlacedTest,
};
pub use limits::{COMPLEXITY_CAP, Limits, Profile};
pub use number_leaf::{KnownNumber, NumberLeaf};
pub use numeric::{Bound, NumericRange};
pub use path::FieldPath;
pub use problem::{PatternError, PatternProblem, PatternProblemKind, PatternWarning};
pub use span::Span;
pub(crate) use suggest::{edit_distance, nearest};
pub use wildcard::Wildcard;
