//! Trees as JSON text.

use super::tree::{Member, Node, Value};
use crate::json::text::write_json_string;

impl<U> Node<U> {
    /// Appends the compact JSON text of this value: numbers as they are spelled, members in written order and
    /// duplicates kept. What is unknown is `null`.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        match &self.value {
            Value::Null | Value::Unknown(_) => out.extend(b"null"),
            Value::Bool(value) => out.extend(value.to_string().bytes()),
            Value::Number(spelling) => out.extend(spelling.bytes()),
            Value::String(text) => write_json_string(text.as_bytes(), out),
            Value::List(elements) => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    separate(index, out);
                    element.write_json(out);
                }
                out.push(b']');
            }
            Value::Map(members) => {
                out.push(b'{');
                members.iter().enumerate().for_each(|(index, member)| write_member(index, member, out));
                out.push(b'}');
            }
        }
    }

    /// The compact JSON text of this value, as [`write_json`](Self::write_json) writes it.
    pub fn to_json(&self) -> String {
        let mut json = Vec::new();
        self.write_json(&mut json);
        String::from_utf8_lossy(&json).into_owned()
    }
}

fn write_member<U>(index: usize, member: &Member<U>, out: &mut Vec<u8>) {
    separate(index, out);
    write_json_string(member.name.as_bytes(), out);
    out.push(b':');
    member.value.write_json(out);
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}
