//! The text of an event that is known to be one.

use crate::json::{SyntaxError, SyntaxProblem, syntax::Expected, tree};

/// The text of an event: a JSON object. What follows its closing brace is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventText<'e>(&'e [u8]);

impl<'e> EventText<'e> {
    /// Checks `text`.
    ///
    /// # Errors
    /// The first place at which it stops being a JSON object.
    pub fn check(text: &'e [u8]) -> Result<EventText<'e>, SyntaxError> {
        let span = tree::check(text)?;
        match text[span.start] {
            b'{' => Ok(EventText(&text[span])),
            _ => {
                let problem = SyntaxProblem::Unexpected { expected: Expected::Object };
                Err(SyntaxError { at: span.start, problem })
            }
        }
    }

    /// An event that the matcher has read to its end and found to be one.
    pub(crate) fn matched(text: &'e [u8]) -> EventText<'e> {
        EventText(text)
    }

    /// The bytes; white space may stand before the object, and anything behind it.
    pub fn as_bytes(self) -> &'e [u8] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_an_object_and_what_follows_it_is_not_looked_at() {
        assert_eq!(EventText::check(b" {\"a\":1} x").map(EventText::as_bytes), Ok(&b"{\"a\":1}"[..]));
        let error = EventText::check(b" [1]").expect_err("not an object");
        assert_eq!((error.at, error.problem.to_string()), (1, "expected a JSON object".to_owned()));
        assert!(EventText::check(b"{").is_err());
    }
}
