//! JSON values with their places, read by plain recursive descent.
//!
//! This reader favours being obviously right over speed: it judges what is valid JSON for the whole project,
//! and the fast scanner is tested against it. Like Jackson, which EventBridge uses, it reads one value and
//! leaves whatever follows alone.

use std::ops::Range;

use super::number::number_len;
use super::syntax::Expected;
use super::text::{hex4, simple_escape};
use super::{DEPTH_MAX, SyntaxError, SyntaxProblem, Text};

/// A value and the bytes that spell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands in the text that was read.
    pub span: Range<usize>,
}

/// A JSON value. Objects keep order and duplicates, numbers their spelling.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is spelled.
    Number(Box<str>),
    /// A string, decoded.
    String(Text),
    /// The elements in order.
    Array(Vec<Node>),
    /// The members in order, duplicates included.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its name, decoded.
    pub name: Text,
    /// Where the name stands, quotes included.
    pub name_span: Range<usize>,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The last member called `name`, if this is an object that has one. The last wins, as in AWS's parsers.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let Value::Object(members) = &self.value else { return None };
        members
            .iter()
            .rev()
            .find(|member| member.name.as_bytes() == name.as_bytes())
            .map(|member| &member.value)
    }

    /// The string, if this is one without lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }
}

impl Value {
    /// The name of this kind of value with its article, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// Reads the first value of `text`.
///
/// # Errors
/// The first place at which `text` stops being JSON.
pub fn parse(text: &[u8]) -> Result<Node, SyntaxError> {
    Reader::new(text, Keep::Values).value(0)
}

/// Checks the first value of `text` as [`parse`] would, in memory that does not depend on the text, and
/// gives the bytes that spell it.
///
/// # Errors
/// The same as those of [`parse`].
pub fn check(text: &[u8]) -> Result<Range<usize>, SyntaxError> {
    check_to(text, DEPTH_MAX)
}

/// As [`check`], with `depth_max` levels of nesting instead of [`DEPTH_MAX`]. Each level takes stack.
///
/// # Errors
/// The same as those of [`parse`].
pub fn check_to(text: &[u8], depth_max: usize) -> Result<Range<usize>, SyntaxError> {
    let mut reader = Reader { depth_max, ..Reader::new(text, Keep::Nothing) };
    reader.value(0).map(|node| node.span)
}

/// What a reader makes of what it reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Values,
    /// Containers and strings come out empty.
    Nothing,
}

struct Reader<'a> {
    text: &'a [u8],
    /// Bytes from here on are not UTF-8; reaching this is an error.
    utf8_len: usize,
    at: usize,
    keep: Keep,
    depth_max: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], keep: Keep) -> Reader<'a> {
        let utf8_len = simdutf8::compat::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
        Reader { text, utf8_len, at: 0, keep, depth_max: DEPTH_MAX }
    }

    fn value(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        let first = self.peek(Expected::Value)?;
        let start = self.at;
        let value = match first {
            b'{' => self.object(depth)?,
            b'[' => self.array(depth)?,
            b'"' => Value::String(self.string()?),
            _ => self.scalar()?,
        };
        Ok(Node { value, span: start..self.at })
    }

    fn object(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.enter(depth)?;
        let mut members = Vec::new();
        let mut expected = Expected::NameOrEnd;
        if self.peek(expected)? == b'}' {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek(expected)? != b'"' {
                return Err(self.unexpected(expected));
            }
            let name_start = self.at;
            let name = self.string()?;
            let name_span = name_start..self.at;
            if self.peek(Expected::Colon)? != b':' {
                return Err(self.unexpected(Expected::Colon));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            if self.keep == Keep::Values {
                members.push(Member { name, name_span, value });
            }
            expected = Expected::Name;
            match self.peek(Expected::CommaOrObjectEnd)? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err(self.unexpected(Expected::CommaOrObjectEnd)),
            }
        }
        self.at += 1;
        Ok(Value::Object(members))
    }

    fn array(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.enter(depth)?;
        let mut elements = Vec::new();
        if self.peek(Expected::Value)? == b']' {
            self.at += 1;
            return Ok(Value::Array(elements));
        }
        loop {
            let element = self.value(depth + 1)?;
            if self.keep == Keep::Values {
                elements.push(element);
            }
            match self.peek(Expected::CommaOrArrayEnd)? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(self.unexpected(Expected::CommaOrArrayEnd)),
            }
        }
        self.at += 1;
        Ok(Value::Array(elements))
    }

    fn enter(&mut self, depth: usize) -> Result<(), SyntaxError> {
        if depth >= self.depth_max {
            return Err(SyntaxError { at: self.at, problem: SyntaxProblem::TooDeep });
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<Text, SyntaxError> {
        let start = self.at + 1;
        self.at = start;
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' => self.escape()?,
                0..0x20 => return Err(self.error(SyntaxProblem::ControlCharacter)),
                _ => self.at += 1,
            }
        }
        self.at += 1;
        match self.keep {
            Keep::Values => Ok(Text::decode(&self.text[start..self.at - 1])),
            Keep::Nothing => Ok(Text::default()),
        }
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        let bad = self.error(SyntaxProblem::BadEscape);
        self.at += 1;
        let letter = self.byte()?;
        self.at += 1;
        if letter == b'u' {
            for _ in 0..4 {
                self.byte()?;
                self.at += 1;
            }
            return hex4(Some(&self.text[self.at - 4..self.at])).map(|_| ()).ok_or(bad);
        }
        simple_escape(letter).map(|_| ()).ok_or(bad)
    }

    fn scalar(&mut self) -> Result<Value, SyntaxError> {
        let rest = &self.text[self.at..self.utf8_len];
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
        {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        match number_len(rest) {
            Some(len) => {
                let spelling = if self.keep == Keep::Values { &rest[..len] } else { b"" };
                self.at += len;
                Ok(Value::Number(String::from_utf8_lossy(spelling).into()))
            }
            None => Err(self.not_a_value()),
        }
    }

    /// A letter or a digit began some scalar; anything else is no value at all.
    fn not_a_value(&self) -> SyntaxError {
        let rest = &self.text[self.at..];
        if rest.starts_with(b"\xef\xbb\xbf") {
            return self.error(SyntaxProblem::ByteOrderMark);
        }
        match rest.first() {
            Some(first) if first.is_ascii_alphanumeric() || *first == b'-' => {
                self.error(SyntaxProblem::BadScalar)
            }
            _ => self.unexpected(Expected::Value),
        }
    }

    /// Skips white space and looks at the next byte.
    fn peek(&mut self, expected: Expected) -> Result<u8, SyntaxError> {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        if self.at == 0 && self.text.starts_with(b"\xef\xbb\xbf") && expected == Expected::Value {
            return Err(self.error(SyntaxProblem::ByteOrderMark));
        }
        self.byte()
    }

    fn byte(&self) -> Result<u8, SyntaxError> {
        match self.text.get(self.at) {
            Some(_) if self.at >= self.utf8_len => Err(self.error(SyntaxProblem::InvalidUtf8)),
            Some(byte) => Ok(*byte),
            None => Err(self.error(SyntaxProblem::UnexpectedEnd)),
        }
    }

    fn unexpected(&self, expected: Expected) -> SyntaxError {
        self.error(SyntaxProblem::Unexpected { expected })
    }

    fn error(&self, problem: SyntaxProblem) -> SyntaxError {
        SyntaxError { at: self.at, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &[u8]) -> SyntaxProblem {
        parse(text).expect_err("must not parse").problem
    }

    #[test]
    fn what_follows_the_value_is_left_alone() {
        let node = parse(b" {\"a\":1}} trash \xff").expect("a value");
        assert_eq!(node.span, 1..8);
    }

    #[test]
    fn duplicates_and_spellings_are_kept() {
        let node = parse(br#"{"a":1.0,"a":1e0}"#).expect("valid");
        let members = node.as_object().expect("an object");
        assert_eq!(members.len(), 2);
        assert_eq!(members[0].value.value, Value::Number("1.0".into()));
        assert_eq!(node.get("a").expect("the last").value, Value::Number("1e0".into()));
    }

    #[test]
    fn each_kind_of_fault_has_its_name() {
        assert_eq!(problem(b""), SyntaxProblem::UnexpectedEnd);
        assert_eq!(problem(b"\xef\xbb\xbf{}"), SyntaxProblem::ByteOrderMark);
        assert_eq!(problem(b"{\"a\":\"\x01\"}"), SyntaxProblem::ControlCharacter);
        assert_eq!(problem(br#"{"a":"\x"}"#), SyntaxProblem::BadEscape);
        assert_eq!(problem(br#"{"a":"\u12g4"}"#), SyntaxProblem::BadEscape);
        assert_eq!(problem(b"NaN"), SyntaxProblem::BadScalar);
        assert_eq!(problem(b"{\"a\":\"\xff\"}"), SyntaxProblem::InvalidUtf8);
        assert_eq!(
            problem(b"{\"a\":01}"),
            SyntaxProblem::Unexpected { expected: Expected::CommaOrObjectEnd }
        );
        assert_eq!(problem(b"[1,]"), SyntaxProblem::Unexpected { expected: Expected::Value });
        assert_eq!(problem(b"{\"a\":1,}"), SyntaxProblem::Unexpected { expected: Expected::Name });
    }

    #[test]
    fn a_thousand_levels_are_read_and_one_more_is_not() {
        let nested = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
        assert!(parse(&nested(DEPTH_MAX)).is_ok());
        assert_eq!(problem(&nested(DEPTH_MAX + 1)), SyntaxProblem::TooDeep);
        assert_eq!(problem(&vec![b'['; 1_000_000]), SyntaxProblem::TooDeep);
    }
}
