//! A first test file for rules that have none.
//!
//! Each rule gets an event that it matches (one that was recorded, if there is one, else one made from its pattern) and a
//! variation that it misses by the smallest change. What is expected of them is what is judged now: a first test file
//! cannot know what the rules should do, but from then on it notices every change of what they do.
//!
//! Events that somebody has collected already get a test each ([`draft_examples`]).

mod cases;
mod drafted;
mod edits;
mod examples;
mod samples;
mod text;
mod yaml;

pub use cases::draft;
pub use drafted::{Draft, DraftOptions, FileHead};
pub use examples::{ExampleFile, draft_examples};
pub use samples::{Sample, samples};
