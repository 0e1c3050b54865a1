//! Matches events against any number of rules at once.
//!
//! Testing rules one by one costs time in proportion to rules times bytes. Here the rules are compiled once
//! into a [`Matcher`], and an event is scanned once:
//!
//! 1. [`StructuralIndex`](crate::json::structure::StructuralIndex) finds where things begin and checks the
//!    grammar of the whole event.
//! 2. A walk over those places follows the trie of field paths that rules name; what no rule names is stepped
//!    over. Leaves at named paths are noted if their values can matter; only strings with escapes are decoded.
//! 3. Each alternative of each rule hangs on one condition only, chosen to hold rarely (its *access*): the
//!    values found look up the few alternatives that can match, and only those are tested further.
//! 4. Where several fields of a candidate lie below arrays, their elements are reconciled.
//!
//! Rejected: automata per field chained from state to state, as the engine behind EventBridge has them.
//! Their states are copied where rules share values, so that speed and memory fall with the rules added.
//!
//! A `Matcher` is immutable and shared by threads; each thread brings a [`Scratch`], whose memory is reused
//! so that nothing is allocated per event once it has grown to the events' size.

mod access;
mod access_key;
mod byte_set;
mod compile;
mod compiled;
mod conditions;
mod consistency;
mod error;
mod evaluate;
mod event_leaves;
mod explain;
mod field_access;
mod field_id;
mod fields;
mod leaves;
mod mask;
mod matching;
mod step;
mod text_table;
mod value_filter;
mod walk;

pub use compiled::{EventIds, Matcher, RuleIndex};
pub use error::MatchError;
pub use event_leaves::{EmptyNames, EventLeaves};
pub use explain::{ConditionOutcome, Explanation, FoundLeaf, explain};
pub use matching::{Matched, Scratch};
