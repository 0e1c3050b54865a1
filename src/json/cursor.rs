//! Steps over JSON that is known to be valid, without building values and without checking anything again.
//!
//! On text that is not valid a cursor still ends and stays inside the text; what it finds there means nothing.

/// A place in valid JSON text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

/// What kind of value begins somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueStart {
    /// `{`.
    Object,
    /// `[`.
    Array,
    /// `"`.
    String,
    /// A number, `true` or `false`.
    Scalar,
    /// `null`.
    Null,
}

impl<'t> Cursor<'t> {
    /// At the beginning of `text`.
    pub fn new(text: &'t [u8]) -> Cursor<'t> {
        Cursor { text, at: 0 }
    }

    /// Where it stands, in bytes from the beginning.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What the value that begins here is; goes over the white space before it.
    pub fn start(&mut self) -> ValueStart {
        match self.peek() {
            b'{' => ValueStart::Object,
            b'[' => ValueStart::Array,
            b'"' => ValueStart::String,
            b'n' => ValueStart::Null,
            _ => ValueStart::Scalar,
        }
    }

    /// Enters the object or array that begins here.
    pub fn enter(&mut self) {
        self.peek();
        self.step();
    }

    /// The raw name of the next member of the object that was entered; afterwards its value begins here.
    /// At the end of the object `None`, and the cursor has left it.
    pub fn next_member(&mut self) -> Option<&'t [u8]> {
        if !self.next_item() || self.peek() != b'"' {
            return None;
        }
        let name = self.string();
        self.peek();
        self.step();
        Some(name)
    }

    /// Whether the array that was entered goes on; then its next element begins here, else the cursor has
    /// left it.
    pub fn next_element(&mut self) -> bool {
        self.next_item()
    }

    fn next_item(&mut self) -> bool {
        match self.peek() {
            b',' => {
                self.at += 1;
                true
            }
            b'}' | b']' => {
                self.at += 1;
                false
            }
            0 => false,
            _ => true,
        }
    }

    /// What stands between the quotes of the string that begins here; goes over it.
    pub fn string(&mut self) -> &'t [u8] {
        self.peek();
        let start = (self.at + 1).min(self.text.len());
        self.at = string_end(self.text, start);
        &self.text[start..self.at.saturating_sub(1).max(start)]
    }

    /// Goes over the value that begins here and gives its text.
    pub fn value(&mut self) -> &'t [u8] {
        let start = match self.peek() {
            b'{' | b'[' => self.container(),
            b'"' => self.string_token(),
            _ => self.scalar(),
        };
        &self.text[start..self.at]
    }

    fn string_token(&mut self) -> usize {
        let start = self.at;
        self.at = string_end(self.text, start + 1);
        start
    }

    fn scalar(&mut self) -> usize {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
        let len = self.text[start..].iter().position(ends);
        self.at = len.map_or(self.text.len(), |len| start + len);
        start
    }

    fn container(&mut self) -> usize {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => self.at = string_end(self.text, self.at),
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => break,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        start
    }

    /// Goes over one byte; not beyond the end, where text that is not valid may lead.
    fn step(&mut self) {
        self.at = (self.at + 1).min(self.text.len());
    }

    /// The next byte that is not white space; 0 at the end.
    fn peek(&mut self) -> u8 {
        while matches!(self.text.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or(0)
    }
}

/// Where the string ends whose content begins at `start`: behind its closing quote, or at the end of `text`.
fn string_end(text: &[u8], start: usize) -> usize {
    string_extent(text, start).0
}

/// Whether a string is spelled with escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    Some,
    None,
}

/// Where the string ends whose content begins at `start`, and whether it has escapes.
pub(super) fn string_extent(text: &[u8], start: usize) -> (usize, Escapes) {
    let (mut at, mut escapes) = (start, Escapes::None);
    while let Some(found) = quote_or_backslash(text, at) {
        if text[found] == b'"' {
            return (found + 1, escapes);
        }
        escapes = Escapes::Some;
        at = found + 2;
    }
    (text.len(), escapes)
}

/// The first quote or backslash from `at` on. Most strings have a dozen bytes; eight at a time in a register are
/// faster there than a call of `memchr`, which is made for long ones.
fn quote_or_backslash(text: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A byte that is zero gets its highest bit set; of several the first is exact.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let equal = |wanted: u8| zeros(word ^ (ONES * u64::from(wanted)));
        let found = equal(b'"') | equal(b'\\');
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    Some(at + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_come_in_order() {
        let mut cursor = Cursor::new(br#" {"a\"" : [1, {"b":[]}, "x\\"] ,"c": null , "" :true} trash"#);
        assert_eq!(cursor.start(), ValueStart::Object);
        cursor.enter();
        assert_eq!(cursor.next_member(), Some(&br#"a\""#[..]));
        assert_eq!(cursor.start(), ValueStart::Array);
        cursor.enter();
        let mut elements = Vec::new();
        while cursor.next_element() {
            elements.push(cursor.value());
        }
        assert_eq!(elements, [&b"1"[..], br#"{"b":[]}"#, br#""x\\""#]);
        assert_eq!(cursor.next_member(), Some(&b"c"[..]));
        assert_eq!((cursor.start(), cursor.value()), (ValueStart::Null, &b"null"[..]));
        assert_eq!(cursor.next_member(), Some(&b""[..]));
        assert_eq!((cursor.start(), cursor.value()), (ValueStart::Scalar, &b"true"[..]));
        assert_eq!(cursor.next_member(), None);
        assert_eq!(cursor.at(), 53);
    }

    #[test]
    fn strings_of_all_lengths_end_where_they_end() {
        for len in 0..40 {
            let text = format!("{}\"x", "\u{a2}".repeat(len / 2) + &"!".repeat(len % 2));
            assert_eq!(string_extent(text.as_bytes(), 0), (len + 1, Escapes::None), "{text}");
            let escaped = format!("{}\\\"\"", "#".repeat(len));
            assert_eq!(string_extent(escaped.as_bytes(), 0), (len + 3, Escapes::Some), "{escaped}");
        }
    }

    #[test]
    fn text_that_is_not_json_is_no_reason_to_panic() {
        for text in ["", "{", "[", "\"", "\"\\", "{\"a", "{\"a\":", "[1,", "{a}", "]", "\"a\\\"", "{,"] {
            let mut cursor = Cursor::new(text.as_bytes());
            cursor.value();
            assert!(cursor.at() <= text.len(), "{text}");
            let mut cursor = Cursor::new(text.as_bytes());
            cursor.enter();
            for _ in 0..4 {
                cursor.next_member();
                cursor.next_element();
                cursor.string();
                cursor.start();
                cursor.value();
            }
        }
    }
}
