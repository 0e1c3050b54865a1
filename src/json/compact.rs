//! Copies valid JSON as AWS writes it again: without white space between tokens, strings in plain UTF-8 with
//! the fewest escapes.
//!
//! Numbers keep their spelling and objects their order and duplicate members: what AWS does with those is not
//! recorded, and whoever reads the copy reads the same values.

use super::cursor::{Cursor, Escapes, ValueStart, string_extent};
use super::text::{
    LoneSurrogates, decode_into, replace_lone_surrogates, write_json_string, write_json_string_content,
};

/// Copies values; its memory is reused from one to the next.
#[derive(Debug, Default)]
pub struct Compactor {
    decoded: Vec<u8>,
}

impl Compactor {
    /// Appends the first value of `text`, which is valid JSON.
    pub fn write_value(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let mut cursor = Cursor::new(text);
        match cursor.start() {
            ValueStart::Object | ValueStart::Array => self.write_container(text, cursor.at(), out),
            ValueStart::String => self.write_string(cursor.string(), out),
            ValueStart::Scalar | ValueStart::Null => out.extend_from_slice(cursor.value()),
        }
    }

    /// Copies from the bracket at `start` to the one that closes it, in pieces as long as they can stay as they are.
    fn write_container(&mut self, text: &[u8], start: usize, out: &mut Vec<u8>) {
        let (mut copied, mut at) = (start, start);
        let mut depth = 0_usize;
        while let Some(byte) = text.get(at) {
            match byte {
                b'"' => {
                    let (end, escapes) = string_extent(text, at + 1);
                    if escapes == Escapes::Some {
                        out.extend_from_slice(&text[copied..at]);
                        self.write_string(content(&text[at..end]), out);
                        copied = end;
                    }
                    at = end;
                    continue;
                }
                b' ' | b'\n' | b'\r' | b'\t' => {
                    out.extend_from_slice(&text[copied..at]);
                    copied = at + 1;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        out.extend_from_slice(&text[copied..at]);
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

    /// Appends the text that `raw`, the content of a valid JSON string, spells, with `?` for each half of a
    /// surrogate pair, which UTF-8 cannot hold.
    pub fn write_text(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        if memchr::memchr(b'\\', raw).is_none() {
            return out.extend_from_slice(raw);
        }
        self.decoded.clear();
        match decode_into(raw, &mut self.decoded) {
            LoneSurrogates::None => out.extend_from_slice(&self.decoded),
            LoneSurrogates::Some => replace_lone_surrogates(&self.decoded, out),
        }
    }

    /// The text that `raw`, the content of a valid JSON string, spells; in WTF-8.
    pub fn decode(&mut self, raw: &[u8]) -> &[u8] {
        self.decoded.clear();
        decode_into(raw, &mut self.decoded);
        &self.decoded
    }
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
    fn text_has_no_escapes_and_question_marks_for_halves() {
        let mut out = Vec::new();
        for raw in ["é\\n", r#"\u00eb\"\\"#, r"\ud83d\ude00\ud800"] {
            Compactor::default().write_text(raw.as_bytes(), &mut out);
        }
        assert_eq!(String::from_utf8(out).unwrap(), "é\në\"\\😀?");
    }

    #[test]
    fn text_that_is_not_json_is_no_reason_to_panic() {
        for text in ["", "\"", "{\"", "[\"\\", "{\"a\\u12\"}"] {
            Compactor::default().write_value(text.as_bytes(), &mut Vec::new());
        }
    }
}
