//! The event: its envelope, its text, and the times in it.

mod envelope;
mod text;
mod time;

pub use envelope::{EnvelopeProblem, MADE_ENVELOPE, REQUIRED_FIELDS, check_envelope, is_timestamp};
pub use text::EventText;
pub use time::{milliseconds_since_1970, rfc_3339};
