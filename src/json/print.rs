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
    fn values_print_as_they_were_spelled() {
        let text = r#"{"a":[1.50,-0,1e3,null,true],"a":{"b~/":"\"é\ud800"},"":[],"c":{}}"#;
        assert_eq!(tree::parse(text.as_bytes()).unwrap().value.to_string(), text);
    }
}
