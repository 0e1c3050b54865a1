//! What can be wrong with JSON text, and where.

use std::fmt;

/// The first place at which a text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset into the text.
    pub at: usize,
    /// What stands there.
    pub problem: SyntaxProblem,
}

/// What makes a text something other than JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxProblem {
    /// The text ends inside a value, or holds none.
    UnexpectedEnd,
    /// A byte that cannot start or continue what is being read.
    Unexpected {
        /// What the grammar allows here.
        expected: Expected,
    },
    /// A byte-order mark, which JSON for EventBridge does not allow.
    ByteOrderMark,
    /// A control character inside a string; it has to be escaped.
    ControlCharacter,
    /// A backslash that starts none of JSON's escapes.
    BadEscape,
    /// `true`, `false`, `null` or a number was begun and not finished properly.
    BadScalar,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// Arrays and objects nested deeper than [`DEPTH_MAX`](super::DEPTH_MAX).
    TooDeep,
}

/// What the grammar allows at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any JSON value.
    Value,
    /// A member name in quotes.
    Name,
    /// A member name in quotes, or the end of the object.
    NameOrEnd,
    /// The colon after a member name.
    Colon,
    /// A comma, or the end of the object.
    CommaOrObjectEnd,
    /// A comma, or the end of the array.
    CommaOrArrayEnd,
    /// The brace that opens an object.
    Object,
    /// Nothing more.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Value => "a value",
            Expected::Name => "a member name in double quotes",
            Expected::NameOrEnd => "a member name in double quotes or `}`",
            Expected::Colon => "`:`",
            Expected::CommaOrObjectEnd => "`,` or `}`",
            Expected::CommaOrArrayEnd => "`,` or `]`",
            Expected::Object => "a JSON object",
            Expected::End => "nothing more behind the value",
        })
    }
}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SyntaxProblem::UnexpectedEnd => f.write_str("the JSON text ends too early"),
            SyntaxProblem::Unexpected { expected } => write!(f, "expected {expected}"),
            SyntaxProblem::ByteOrderMark => f.write_str("a byte-order mark is not allowed"),
            SyntaxProblem::ControlCharacter => {
                f.write_str("a raw control character is not allowed in a string; escape it")
            }
            SyntaxProblem::BadEscape => f.write_str("not an escape that JSON knows"),
            SyntaxProblem::BadScalar => f.write_str("neither a number nor `true`, `false` or `null`"),
            SyntaxProblem::InvalidUtf8 => f.write_str("not valid UTF-8"),
            SyntaxProblem::TooDeep => {
                write!(f, "nested deeper than {} levels", super::DEPTH_MAX)
            }
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.problem, self.at)
    }
}

impl std::error::Error for SyntaxError {}

/// A place in a text as people and editors count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Place {
    /// The place of byte `at` of `text`; past the end, the place just behind the last character.
    pub fn of(text: &[u8], at: usize) -> Place {
        let before = &text[..at.min(text.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let column = before[line_start..].iter().filter(|byte| !is_utf8_continuation(**byte)).count() + 1;
        Place { line: saturate(line), column: saturate(column) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

fn is_utf8_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "a\né\u{1F600}x".as_bytes();
        assert_eq!(Place::of(text, 0), Place { line: 1, column: 1 });
        assert_eq!(Place::of(text, 2), Place { line: 2, column: 1 });
        assert_eq!(Place::of(text, text.len() - 1), Place { line: 2, column: 3 });
        assert_eq!(Place::of(text, 99), Place { line: 2, column: 4 });
    }
}
