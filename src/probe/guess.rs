//! How far it is known whose a body is that fits no event.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Nothing says of which event a body is that was taken for that of a target. These are the ones in question there, as far
/// as the process knew that took it: what earlier ones guessed and judged is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// Bodies that fitted no event, this one among them.
    pub bodies: usize,
    /// Events that were begun before the body came and had no body that was foreseen, this one among them.
    pub events: usize,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Guess { bodies: 1, events: 1 } => f.write_str("a guess, as nothing else was missing"),
            Guess { bodies, events } => {
                write!(f, "a guess: bodies there that fit no event: {bodies}, events that lack one: {events}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_says_what_else_it_might_have_been() {
        let said = |bodies, events| Guess { bodies, events }.to_string();
        assert_eq!(said(1, 1), "a guess, as nothing else was missing");
        assert_eq!(said(1, 3), "a guess: bodies there that fit no event: 1, events that lack one: 3");
    }
}
