//! Writes values as compact JSON: duplicates, spellings of numbers and lone surrogates as they are.

use std::fmt;

use super::text::write_json_string;
use super::{Node, Value};

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = Vec::new();
        write(self, &mut json);
        // Lone surrogates are written as escapes, so nothing is lost.
        f.write_str(&String::from_utf8_lossy(&json))
    }
}

impl From<Value> for Node {
    /// A value that was made, not read, so its place is nowhere.
    fn from(value: Value) -> Node {
        Node { value, span: 0..0 }
    }
}

impl Value {
    /// A string.
    pub fn string(text: &str) -> Value {
        Value::String(text.into())
    }

    /// Its JSON text for people: each member and each element on a line of its own.
    pub fn to_lines(&self) -> String {
        self.to_lines_within(usize::MAX).unwrap_or_default()
    }

    /// The same, if it has no more than so many bytes: deep values are mostly white space, and may have a thousand times
    /// the bytes of their compact text.
    pub fn to_lines_within(&self, bytes_max: usize) -> Option<String> {
        let mut json = Vec::new();
        write_lines(self, 0, bytes_max, &mut json)?;
        Some(String::from_utf8_lossy(&json).into_owned())
    }
}

/// Spaces of one level.
const INDENT: usize = 2;

/// `None` as soon as it is clear that there is more than that.
fn write_lines(value: &Value, indent: usize, bytes_max: usize, json: &mut Vec<u8>) -> Option<()> {
    let (open, close) = match value {
        Value::Array(elements) if !elements.is_empty() => (b'[', b']'),
        Value::Object(members) if !members.is_empty() => (b'{', b'}'),
        _ => {
            write(value, json);
            return (json.len() <= bytes_max).then_some(());
        }
    };
    json.push(open);
    let inner = indent + INDENT;
    let begin_line = |first: bool, json: &mut Vec<u8>| {
        json.extend_from_slice(if first { b"\n" } else { b",\n" });
        json.resize(json.len() + inner, b' ');
    };
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                begin_line(index == 0, json);
                write_lines(&element.value, inner, bytes_max, json)?;
            }
        }
        Value::Object(members) => {
            for (index, member) in members.iter().enumerate() {
                begin_line(index == 0, json);
                write_json_string(member.name.as_bytes(), json);
                json.extend_from_slice(b": ");
                write_lines(&member.value.value, inner, bytes_max, json)?;
            }
        }
        _ => {}
    }
    json.push(b'\n');
    json.resize(json.len() + indent, b' ');
    json.push(close);
    (json.len() <= bytes_max).then_some(())
}

fn write(value: &Value, json: &mut Vec<u8>) {
    match value {
        Value::Null => json.extend_from_slice(b"null"),
        Value::Bool(value) => json.extend_from_slice(if *value { b"true" } else { b"false" }),
        Value::Number(spelling) => json.extend_from_slice(spelling.as_bytes()),
        Value::String(text) => write_json_string(text.as_bytes(), json),
        Value::Array(elements) => {
            json.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    json.push(b',');
                }
                write(&element.value, json);
            }
            json.push(b']');
        }
        Value::Object(members) => {
            json.push(b'{');
            for (index, member) in members.iter().enumerate() {
                if index > 0 {
                    json.push(b',');
                }
                write_json_string(member.name.as_bytes(), json);
                json.push(b':');
                write(&member.value.value, json);
            }
            json.push(b'}');
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::tree;

    #[test]
    fn values_print_for_people() {
        let text = r#"{"a":[1.50,{"b":[]}],"c":{},"d":"\"\ud800"}"#;
        let value = tree::parse(text.as_bytes()).unwrap().value;
        let lines = "{\n  \"a\": [\n    1.50,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": \"\\\"\\ud800\"\n}";
        assert_eq!(value.to_lines(), lines);
        assert_eq!(tree::parse(lines.as_bytes()).unwrap().value.to_string(), text);
    }

    #[test]
    fn values_print_as_they_were_spelled() {
        let text = r#"{"a":[1.50,-0,1e3,null,true],"a":{"b~/":"\"é\ud800"},"":[],"c":{}}"#;
        assert_eq!(tree::parse(text.as_bytes()).unwrap().value.to_string(), text);
    }
}
