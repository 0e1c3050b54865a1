//! The event: its envelope, its text, and the times in it.

mod envelope;
mod text;
mod time;

pub use envelope::{EnvelopeProblem, check_envelope};
pub use text::EventText;
pub use time::milliseconds_since_1970;
