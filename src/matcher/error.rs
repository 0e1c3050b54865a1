//! Why an event could not be judged.

use thiserror::Error;

use crate::json::SyntaxError;

/// Why an event could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MatchError {
    /// The event is not JSON.
    #[error("not JSON: {0}")]
    Syntax(SyntaxError),
    /// The event is JSON, but some other value than an object.
    #[error("expected an object as the event, found {found}")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// The event is larger than offsets can count.
    #[error("the event has {bytes} bytes, at most {bytes_max} can be read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size.
        bytes_max: usize,
    },
    /// A rule and an event that would take exponential time: the arrays of the event offer too many ways to
    /// satisfy the rule's fields together, more than `choices_max` at one place or too many in all.
    #[error(
        "a rule has fields below arrays that this event offers too many ways to satisfy (more than {choices_max} \
         at one place, or too many in all); test fewer fields below arrays beside `exists: false`"
    )]
    TooManyChoices {
        /// Index of the rule.
        rule: u32,
        /// The most ways that are followed at one place.
        choices_max: usize,
    },
}
