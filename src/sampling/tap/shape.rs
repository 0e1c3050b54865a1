//! What fields an event has.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::json::{JsonPointer, Node, Value};

/// The fields of an event with the kinds of their values, as a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(u128);

impl Shape {
    /// The shape of an event.
    pub fn of(event: &Node) -> Shape {
        let mut fields = BTreeSet::new();
        collect(&event.value, &mut JsonPointer::root(), &mut fields);
        let mut text = Vec::new();
        for (pointer, kind) in fields {
            text.extend_from_slice(pointer.as_bytes());
            // No byte of a pointer: texts are UTF-8.
            text.extend_from_slice(&[0xff, kind]);
        }
        Shape(xxh3_128(&text))
    }

    /// The same shape with something else to tell events apart by.
    #[must_use]
    pub fn and(self, other: &[u8]) -> Shape {
        Shape(xxh3_128(&[&self.0.to_le_bytes()[..], other].concat()))
    }

    /// Its first half as 16 hexadecimal digits, to name it by.
    pub fn short(self) -> String {
        format!("{:016x}", (self.0 >> 64) as u64)
    }
}

/// The step of a pointer that stands for all elements of an array.
pub(super) const ANY_ELEMENT: &str = "*";

fn collect(value: &Value, pointer: &mut JsonPointer, fields: &mut BTreeSet<(String, u8)>) {
    let kind = match value {
        Value::Null => b'0',
        Value::Bool(_) => b'b',
        Value::Number(_) => b'n',
        Value::String(_) => b's',
        Value::Array(_) => b'a',
        Value::Object(_) => b'o',
    };
    let len = pointer.len();
    match value {
        Value::Object(members) => {
            for member in members {
                pointer.push_member(&member.name);
                collect(&member.value.value, pointer, fields);
                pointer.truncate(len);
            }
        }
        Value::Array(elements) => {
            pointer.push_member(&ANY_ELEMENT.into());
            elements.iter().for_each(|element| collect(&element.value, pointer, fields));
            pointer.truncate(len);
        }
        _ => {}
    }
    fields.insert((pointer.as_str().to_owned(), kind));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree;

    fn shape(event: &str) -> Shape {
        Shape::of(&tree::parse(event.as_bytes()).unwrap())
    }

    #[test]
    fn values_order_and_the_number_of_elements_make_no_other_shape() {
        let of = shape(r#"{"a":1,"b":[{"c":"x"},{"d":null}]}"#);
        assert_eq!(of, shape(r#"{"b":[{"d":null},{"c":"","d":null},{"c":"y"}],"a":-2.5}"#));
        for other in [
            r#"{"a":"1","b":[{"c":"x"},{"d":null}]}"#,
            r#"{"a":1,"b":[{"c":"x"},{"d":1}]}"#,
            r#"{"a":1,"b":[{"c":"x"}]}"#,
            r#"{"a":1,"b":{"c":"x","d":null}}"#,
            r#"{"a":1,"b":[[{"c":"x"},{"d":null}]]}"#,
            r#"{"a":1,"b":[]}"#,
            r#"{"a":1}"#,
        ] {
            assert_ne!(of, shape(other), "{other}");
        }
        assert_ne!(of, of.and(b"other"));
    }

    #[test]
    fn names_cannot_be_mistaken_for_structure() {
        assert_ne!(shape(r#"{"a/b":1}"#), shape(r#"{"a":{"b":1}}"#));
        assert_ne!(shape(r#"{"a":1}"#), shape(r#"{"a\u00ffn":1}"#));
    }
}
