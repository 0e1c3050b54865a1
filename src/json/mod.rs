//! JSON as EventBridge reads it: strict, with every duplicate key, every spelling of a number and every
//! lone surrogate kept, because each of them can decide a verdict.
//!
//! No general JSON crate keeps all three, so this module is ours. It knows nothing of EventBridge.
//! Four readers live here, for four needs:
//!
//! - [`tree`] builds values with byte spans, for what people write (patterns, rule files, test cases) and
//!   for the slow, explaining path. It is plain and is the judge of what is valid.
//! - [`structure`] finds the structural bytes of a whole event block by block, for the matcher, which then
//!   steps from one structural byte to the next and never looks at the bytes of what it skips.
//! - [`cursor`] steps over text that one of the others found to be valid, and [`compact`] copies from there.
//! - [`text`], [`number`], [`estimate`] decode the few values that somebody asks for.
//!
//! Values that are made or changed are written by [`mod@print`].

pub mod compact;
pub mod cursor;
pub mod estimate;
pub mod heap;
pub mod number;
pub mod pointer;
pub mod print;
pub mod structure;
pub mod syntax;
pub mod text;
pub mod tree;
pub mod unseen;

pub use estimate::Estimate;
pub use heap::HeapBytes;
pub use pointer::JsonPointer;
pub use syntax::{Place, SyntaxError, SyntaxProblem};
pub use text::Text;
pub use tree::{Member, Node, Value};

/// Levels of nesting that are read; one more is an error. Source: PutEvents API reference, and event-ruler's
/// parser, which both stop at 1,000.
pub const DEPTH_MAX: usize = 1_000;
