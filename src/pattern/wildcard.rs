//! Wildcards: `*` stands for any run of characters, `\*` and `\\` are the only escapes.

use memchr::memmem;

use crate::json::{HeapBytes, Text};

/// A parsed wildcard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wildcard {
    source: Text,
    /// The literal text before, between and after the stars; one piece more than there are stars.
    pieces: Box<[Box<[u8]>]>,
}

/// Why a text is no wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WildcardFault {
    ConsecutiveStars,
    BadEscape,
}

impl HeapBytes for Wildcard {
    fn heap_bytes(&self) -> usize {
        self.source.heap_bytes() + self.pieces.heap_bytes()
    }
}

impl Wildcard {
    pub(super) fn parse(source: Text) -> Result<Wildcard, WildcardFault> {
        let mut pieces = vec![Vec::new()];
        let text = source.with_question_marks();
        let mut bytes = text.bytes();
        let mut after_star = false;
        while let Some(byte) = bytes.next() {
            match byte {
                b'*' if after_star => return Err(WildcardFault::ConsecutiveStars),
                b'*' => pieces.push(Vec::new()),
                b'\\' => match bytes.next() {
                    Some(escaped @ (b'*' | b'\\')) => push(&mut pieces, escaped),
                    _ => return Err(WildcardFault::BadEscape),
                },
                _ => push(&mut pieces, byte),
            }
            after_star = byte == b'*';
        }
        Ok(Wildcard { source, pieces: pieces.into_iter().map(Vec::into_boxed_slice).collect() })
    }

    /// The text as it was written.
    pub fn source(&self) -> &Text {
        &self.source
    }

    /// The literal text before, between and after the stars, escapes resolved; lone surrogates are `?`.
    pub fn pieces(&self) -> &[Box<[u8]>] {
        &self.pieces
    }

    /// Whether the wildcard stands for `value`; linear but for repeats inside one piece.
    pub fn matches(&self, value: &[u8]) -> bool {
        let [first, middle @ .., last] = &*self.pieces else {
            return self.pieces.first().is_some_and(|only| **only == *value);
        };
        let Some(rest) = value.strip_prefix(&**first) else { return false };
        let Some(mut rest) = rest.strip_suffix(&**last) else { return false };
        for piece in middle {
            // The leftmost place is always a right one: it leaves the most room for what follows.
            let Some(at) = memmem::find(rest, piece) else { return false };
            rest = &rest[at + piece.len()..];
        }
        true
    }
}

fn push(pieces: &mut [Vec<u8>], byte: u8) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(wildcard: &str, value: &str) -> bool {
        Wildcard::parse(wildcard.into()).unwrap().matches(value.as_bytes())
    }

    #[test]
    fn stars_stand_for_any_run() {
        assert!(matches("a*b", "ab") && matches("a*b", "axxb") && !matches("a*b", "abc"));
        assert!(matches("*", "") && matches("*a*", "bab") && !matches("*a*", "bb"));
        assert!(matches("*ab*ab", "abab") && !matches("*ab*ab", "ab"));
        assert!(!matches("ab*ba", "aba"));
        assert!(matches("a?c", "a?c") && !matches("a?c", "abc"));
    }

    #[test]
    fn only_two_escapes_exist() {
        assert!(matches(r"a\*\\", r"a*\") && !matches(r"a\*", "ab"));
        assert_eq!(Wildcard::parse("a**".into()), Err(WildcardFault::ConsecutiveStars));
        assert_eq!(Wildcard::parse(r"a\b".into()), Err(WildcardFault::BadEscape));
        assert_eq!(Wildcard::parse(r"a\".into()), Err(WildcardFault::BadEscape));
        assert!(Wildcard::parse(r"\**".into()).is_ok());
    }
}
