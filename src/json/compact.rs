//! Copies valid JSON as AWS writes it again: without white space between tokens, strings in plain UTF-8 with
//! the fewest escapes.
//!
//! Numbers keep their spelling and objects their order and duplicate members: what AWS does with those is not
//! recorded, and whoever reads the copy reads the same values.

use super::cursor::{Cursor, string_end};
use super::text::{decode_into, write_json_string, write_json_string_content};

/// Copies values; its memory is reused from one to the next.
#[derive(Debug, Default)]
pub struct Compactor {
    decoded: Vec<u8>,
}

impl Compactor {
    /// Appends the first value of `text`, which is valid JSON.
    pub fn write_value(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let value = Cursor::new(text).value();
        let (mut copied, mut at) = (0, 0);
        while let Some(found) = value.get(at..).and_then(|rest| rest.iter().position(|b| is_of_note(*b))) {
            at += found;
            let is_string = value[at] == b'"';
            let end = if is_string { string_end(value, at + 1) } else { at + 1 };
            if is_string && memchr::memchr(b'\\', &value[at..end]).is_none() {
                at = end;
                continue;
            }
            out.extend_from_slice(&value[copied..at]);
            if is_string {
                self.write_string(content(&value[at..end]), out);
            }
            at = end;
            copied = at;
        }
        out.extend_from_slice(&value[copied..]);
    }

    /// Appends the string whose raw content is `raw`, quotes included.
    fn write_string(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        write_json_string(self.decode(raw), out);
    }

    /// Appends the content of the string whose raw content is `raw`, without quotes.
    pub fn write_string_content(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        match memchr::memchr(b'\\', raw) {
            None => out.extend_from_slice(raw),
            Some(_) => write_json_string_content(self.decode(raw), out),
        }
    }

    /// The text that `raw`, the content of a valid JSON string, spells; in WTF-8.
    pub fn decode(&mut self, raw: &[u8]) -> &[u8] {
        self.decoded.clear();
        decode_into(raw, &mut self.decoded);
        &self.decoded
    }
}

fn is_of_note(byte: u8) -> bool {
    matches!(byte, b'"' | b' ' | b'\n' | b'\r' | b'\t')
}

/// What stands between the quotes of `token`.
fn content(token: &[u8]) -> &[u8] {
    token.get(1..token.len().saturating_sub(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(text: &str) -> String {
        let mut out = Vec::new();
        Compactor::default().write_value(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn white_space_goes_and_spellings_of_numbers_stay() {
        assert_eq!(
            compact(" { \"a b\" : [ 1.50 , -0 ,1e3 ],\n\t\"a b\":{ } } x"),
            "{\"a b\":[1.50,-0,1e3],\"a b\":{}}"
        );
        assert_eq!(compact("  12 "), "12");
        assert_eq!(compact("null"), "null");
    }

    #[test]
    fn strings_have_the_fewest_escapes() {
        assert_eq!(
            compact(r#"{"\u0061\/":"\u00eb\ud83d\ude00 \"\\\n\u000a\u0001\ud800"}"#),
            "{\"a/\":\"ë😀 \\\"\\\\\\n\\n\\u0001\\ud800\"}"
        );
    }

    #[test]
    fn text_that_is_not_json_is_no_reason_to_panic() {
        for text in ["", "\"", "{\"", "[\"\\", "{\"a\\u12\"}"] {
            Compactor::default().write_value(text.as_bytes(), &mut Vec::new());
        }
    }
}
