//! Decoded strings, lone surrogates included.
//!
//! JSON may spell half of a surrogate pair (`"\ud800"`), which no UTF-8 string can hold, and EventBridge
//! treats such halves in two ways (some operators see the original, some see `?`). So a decoded string is
//! WTF-8: UTF-8, with each lone surrogate in the three bytes that UTF-8 would give it if it were allowed.

use std::borrow::Cow;
use std::fmt;

/// A decoded string: UTF-8 but for lone surrogates.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Box<[u8]>);

impl super::HeapBytes for Text {
    fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

impl Text {
    /// The text that the inside of a JSON string spells. `raw` stands between the quotes and is valid.
    pub fn decode(raw: &[u8]) -> Text {
        if memchr::memchr(b'\\', raw).is_none() {
            return Text(raw.into());
        }
        let mut decoded = Vec::with_capacity(raw.len());
        decode_into(raw, &mut decoded);
        Text(decoded.into())
    }

    /// A text of bytes that were cut out of other texts, between characters.
    pub(crate) fn from_wtf8(bytes: &[u8]) -> Text {
        Text(bytes.into())
    }

    /// The bytes, in WTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, unless it holds a lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with U+FFFD for whatever UTF-8 cannot hold; for messages.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The text with `?` for each lone surrogate.
    pub fn with_question_marks(&self) -> String {
        let mut replaced = Vec::with_capacity(self.0.len());
        replace_lone_surrogates(&self.0, &mut replaced);
        String::from_utf8(replaced).expect("WTF-8 without lone surrogates is UTF-8")
    }

    /// Orders two texts in WTF-8 by their UTF-16 units, as Java does.
    pub fn cmp_utf16(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
        Utf16Units::new(a).cmp(Utf16Units::new(b))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(text.as_bytes().into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

/// Whether a decoded string needs care in operators that replace lone surrogates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoneSurrogates {
    /// Plain UTF-8.
    None,
    /// At least one.
    Some,
}

/// Appends the text that `raw`, the valid inside of a JSON string, spells.
pub fn decode_into(raw: &[u8], out: &mut Vec<u8>) -> LoneSurrogates {
    let mut lone = LoneSurrogates::None;
    let mut rest = raw;
    while let Some(backslash) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..backslash]);
        let escape = &rest[backslash + 1..];
        let used = match escape.first() {
            Some(b'u') => decode_unicode_escape(escape, out, &mut lone),
            Some(&letter) => {
                out.push(simple_escape(letter).unwrap_or(letter));
                1
            }
            None => 0,
        };
        rest = &escape[used..];
    }
    out.extend_from_slice(rest);
    lone
}

/// What a one-letter escape stands for; `None` if JSON has no such escape.
pub fn simple_escape(letter: u8) -> Option<u8> {
    Some(match letter {
        b'"' | b'\\' | b'/' => letter,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// Decodes `uXXXX`, or `uXXXX\uXXXX` where the two make a pair. Returns the bytes used.
fn decode_unicode_escape(escape: &[u8], out: &mut Vec<u8>, lone: &mut LoneSurrogates) -> usize {
    let Some(first) = hex4(escape.get(1..5)) else { return escape.len() };
    if !(0xd800..0xe000).contains(&first) {
        push_code_point(first, out);
        return 5;
    }
    let second = escape.get(5..7).filter(|next| *next == b"\\u").and_then(|_| hex4(escape.get(7..11)));
    match second {
        Some(second) if first < 0xdc00 && (0xdc00..0xe000).contains(&second) => {
            push_code_point(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), out);
            11
        }
        _ => {
            *lone = LoneSurrogates::Some;
            push_code_point(first, out);
            5
        }
    }
}

/// The value of four hexadecimal digits; `None` if they are anything else.
pub fn hex4(digits: Option<&[u8]>) -> Option<u32> {
    let digits: &[u8; 4] = digits?.try_into().ok()?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

/// UTF-8 for code points, and WTF-8's three bytes for lone surrogates, which `char` cannot hold.
fn push_code_point(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out
            .extend([0xe0 | (code >> 12), 0x80 | (code >> 6 & 0x3f), 0x80 | (code & 0x3f)].map(|b| b as u8)),
    }
}

/// Appends `text` with `?` in the place of each lone surrogate.
pub fn replace_lone_surrogates(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(is_surrogate_start) {
        out.extend_from_slice(&rest[..at]);
        out.push(b'?');
        // The walk decodes before it knows that the whole event is UTF-8, so the third byte may be missing.
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// In WTF-8 a surrogate is `ED A0..BF xx`; valid UTF-8 never holds that pair.
fn is_surrogate_start(pair: &[u8]) -> bool {
    pair[0] == 0xed && pair[1] >= 0xa0
}

/// Walks WTF-8 as UTF-16 units.
struct Utf16Units<'a> {
    rest: &'a [u8],
    low_half: Option<u16>,
}

impl<'a> Utf16Units<'a> {
    fn new(text: &'a [u8]) -> Self {
        Utf16Units { rest: text, low_half: None }
    }
}

impl Iterator for Utf16Units<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if let Some(low) = self.low_half.take() {
            return Some(low);
        }
        let first = *self.rest.first()?;
        let (len, bits) = match first {
            0..=0x7f => (1, u32::from(first)),
            0xc0..=0xdf => (2, u32::from(first & 0x1f)),
            0xe0..=0xef => (3, u32::from(first & 0x0f)),
            _ => (4, u32::from(first & 0x07)),
        };
        let len = len.min(self.rest.len());
        let code = self.rest[1..len].iter().fold(bits, |code, byte| code << 6 | u32::from(byte & 0x3f));
        self.rest = &self.rest[len..];
        if code < 0x10000 {
            return Some(code as u16);
        }
        self.low_half = Some(0xdc00 | (code & 0x3ff) as u16);
        Some(0xd7c0_u16.wrapping_add((code >> 10) as u16))
    }
}

/// Appends `text` as a JSON string with its quotes, escaping only what JSON demands, and lone surrogates.
pub fn write_json_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    write_json_string_content(text, out);
    out.push(b'"');
}

/// Appends what stands between the quotes of the JSON string that spells `text`.
pub fn write_json_string_content(text: &[u8], out: &mut Vec<u8>) {
    let (mut copied, mut at) = (0, 0);
    while at < text.len() {
        let len = match text[at] {
            b'"' | b'\\' | 0..0x20 => 1,
            0xed if text[at..].get(..2).is_some_and(is_surrogate_start) => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        out.extend_from_slice(&text[copied..at]);
        write_escape(&text[at..], out);
        // The last surrogate may be cut off in bytes that are not WTF-8.
        at = (at + len).min(text.len());
        copied = at;
    }
    out.extend_from_slice(&text[copied..]);
}

/// Appends the escape of the first character of `rest`, with one letter where JSON has one.
fn write_escape(rest: &[u8], out: &mut Vec<u8>) {
    const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";
    let letter = match rest.first() {
        Some(byte @ (b'"' | b'\\')) => *byte,
        Some(b'\n') => b'n',
        Some(b'\r') => b'r',
        Some(b'\t') => b't',
        Some(0x08) => b'b',
        Some(0x0c) => b'f',
        _ => {
            let unit = Utf16Units::new(rest).next().unwrap_or(0xfffd);
            out.extend_from_slice(b"\\u");
            out.extend([12, 8, 4, 0].map(|shift| HEX_DIGITS[usize::from(unit >> shift & 0xf)]));
            return;
        }
    };
    out.extend([b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_join_and_halves_stay() {
        assert_eq!(Text::decode(br"\ud83d\ude00").as_str(), Some("\u{1F600}"));
        let lone = Text::decode(br"a\ud83db");
        assert_eq!(lone.as_str(), None);
        assert_eq!(lone.with_question_marks(), "a?b");
        assert_eq!(Text::decode(br"\ude00\ud83d").with_question_marks(), "??");
        assert_eq!(Text::decode(br"\ud83d\ud83d\ude00").with_question_marks(), "?\u{1F600}");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_no_reason_to_panic() {
        let mut out = Vec::new();
        replace_lone_surrogates(b"a\xed\xed", &mut out);
        assert_eq!(out, b"a?");
    }

    #[test]
    fn written_strings_decode_to_themselves() {
        for raw in [&br#"a\"\\\/\b\f\n\r\t\u0000"#[..], br"\ud800x\udfff", "é😀".as_bytes()] {
            let text = Text::decode(raw);
            let mut written = Vec::new();
            write_json_string(text.as_bytes(), &mut written);
            assert_eq!(Text::decode(&written[1..written.len() - 1]), text);
        }
    }

    #[test]
    fn escapes_have_one_letter_where_json_has_one() {
        let mut written = Vec::new();
        write_json_string(b"\"\\/\x08\x0c\n\r\t\x00\x1f\x7f\xed\xa0\x80\xed", &mut written);
        assert_eq!(written, b"\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\\ud800\xed\"");
    }

    #[test]
    fn order_is_that_of_utf16_units() {
        use std::cmp::Ordering::{Equal, Less};
        assert_eq!(Text::cmp_utf16("a-c".as_bytes(), "a.b".as_bytes()), Less);
        // U+1F600 is D83D DE00 in UTF-16 and so sorts before U+FF41, which bytes would turn round.
        assert_eq!(Text::cmp_utf16("\u{1F600}".as_bytes(), "\u{FF41}".as_bytes()), Less);
        assert_eq!(Text::cmp_utf16("é".as_bytes(), "é".as_bytes()), Equal);
    }
}
