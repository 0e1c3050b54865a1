//! Finds one field in the text of an event, without reading the rest.

use std::fmt;
use std::str::FromStr;

use crate::json::cursor::{Cursor, ValueStart};
use crate::json::pointer::{self, PointerError};
use crate::json::text::decode_into;

/// A field of an event, named by a JSON pointer (RFC 6901), such as `/detail/orderId`.
///
/// Of members of the same name, the first counts. In text that is not JSON it finds nothing, or something without
/// meaning; it never fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    written: String,
    steps: Vec<String>,
}

/// A text names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no JSON pointer such as /detail/orderId: {why}")]
pub struct FieldError {
    text: String,
    why: &'static str,
}

impl FromStr for Field {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Field, FieldError> {
        let steps = pointer::steps(text).map_err(|error| FieldError {
            text: text.to_owned(),
            why: match error {
                PointerError::NoSlash => "it does not begin with a slash",
                PointerError::BadEscape => "a `~` has to be written `~0`, and a slash in a name `~1`",
            },
        })?;
        Ok(Field { written: text.to_owned(), steps })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Field {
    /// A member of the event itself.
    pub fn top(name: &str) -> Field {
        let mut pointer = crate::json::JsonPointer::root();
        pointer.push_member(&name.into());
        Field { written: pointer.as_str().to_owned(), steps: vec![name.to_owned()] }
    }

    /// The text of the field's value in `event`, as it is written there.
    pub fn find<'e>(&self, event: &'e [u8]) -> Option<&'e [u8]> {
        let mut cursor = Cursor::new(event);
        for step in &self.steps {
            match cursor.start() {
                ValueStart::Object => enter_member(&mut cursor, step)?,
                ValueStart::Array => enter_element(&mut cursor, step)?,
                ValueStart::String | ValueStart::Scalar | ValueStart::Null => return None,
            }
        }
        cursor.start();
        Some(cursor.value()).filter(|value| !value.is_empty())
    }

    /// The text that the field holds in `event`, if it is a string; decoded into `memory` if it has escapes.
    pub fn find_text<'e>(&self, event: &'e [u8], memory: &'e mut Vec<u8>) -> Option<&'e [u8]> {
        decoded(self.find(event)?, memory)
    }
}

/// The text of a JSON string; `None` for any other value.
fn decoded<'e>(value: &'e [u8], memory: &'e mut Vec<u8>) -> Option<&'e [u8]> {
    let raw = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', raw).is_none() {
        return Some(raw);
    }
    memory.clear();
    decode_into(raw, memory);
    Some(memory)
}

fn enter_member(cursor: &mut Cursor<'_>, step: &str) -> Option<()> {
    cursor.enter();
    while let Some(name) = cursor.next_member() {
        if is_name(name, step) {
            return Some(());
        }
        cursor.start();
        cursor.value();
    }
    None
}

fn is_name(raw: &[u8], step: &str) -> bool {
    if raw == step.as_bytes() {
        return !raw.contains(&b'\\');
    }
    if memchr::memchr(b'\\', raw).is_none() {
        return false;
    }
    let mut decoded = Vec::new();
    decode_into(raw, &mut decoded);
    decoded == step.as_bytes()
}

fn enter_element(cursor: &mut Cursor<'_>, step: &str) -> Option<()> {
    let index: usize = step.parse().ok()?;
    cursor.enter();
    for _ in 0..index {
        if !cursor.next_element() {
            return None;
        }
        cursor.start();
        cursor.value();
    }
    cursor.next_element().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pointer: &str, event: &str) -> Option<String> {
        let field: Field = pointer.parse().unwrap();
        field.find(event.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    #[test]
    fn fields_are_found_where_they_are() {
        let event =
            r#" {"id" : "1","x":{"id":2},"detail":{"a/b":[1, {"c":"\u0061"}],"\u0064":null, "n": -1e3 }}"#;
        for (pointer, value) in [
            ("/id", Some("\"1\"")),
            ("/x", Some("{\"id\":2}")),
            ("/detail/a~1b/0", Some("1")),
            ("/detail/a~1b/1/c", Some("\"\\u0061\"")),
            ("/detail/a~1b/2", None),
            ("/detail/d", Some("null")),
            ("/detail/n", Some("-1e3")),
            ("/detail/n/x", None),
            ("/none", None),
        ] {
            assert_eq!(found(pointer, event).as_deref(), value, "{pointer}");
        }
        let mut memory = Vec::new();
        let field: Field = "/detail/a~1b/1/c".parse().unwrap();
        assert_eq!(field.find_text(event.as_bytes(), &mut memory), Some(&b"a"[..]));
    }

    #[test]
    fn text_that_is_not_json_is_no_reason_to_panic() {
        for text in
            ["", "{", "[", "\"", "{\"id", "{\"id\":", "{\"id\"", "null", "{id:1}", "{\"id\":\"", "\u{feff}{}"]
        {
            found("/id", text);
            found("/id/0/x", text);
        }
        assert!(
            "id".parse::<Field>().is_err()
                && "".parse::<Field>().is_err()
                && "/a~2".parse::<Field>().is_err()
        );
    }
}
