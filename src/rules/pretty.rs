//! JSON for people: what fits on a line stands on one.

use super::tree::{Node, Value};
use crate::json::text::write_json_string;

/// Characters of a line; what is longer is spread over several.
const LINE_CHARS_MAX: usize = 100;

/// Columns of one level.
const INDENT: usize = 2;

/// The JSON text of a value; what is unknown is `null`.
pub(super) fn pretty(node: &Node) -> String {
    let mut out = String::new();
    write(node, 0, &mut out);
    out
}

fn write(node: &Node, indent: usize, out: &mut String) {
    let parts = match &node.value {
        Value::List(elements) if !elements.is_empty() => Parts { open: '[', close: ']', len: elements.len() },
        Value::Map(members) if !members.is_empty() => Parts { open: '{', close: '}', len: members.len() },
        _ => return out.push_str(&node.to_json()),
    };
    if fits(node, LINE_CHARS_MAX.saturating_sub(indent)).is_some() {
        return out.push_str(&node.to_json());
    }
    out.push(parts.open);
    for index in 0..parts.len {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&" ".repeat(indent + INDENT));
        match &node.value {
            Value::Map(members) => {
                out.push_str(&quoted(members[index].name.as_bytes()));
                out.push_str(": ");
                write(&members[index].value, indent + INDENT, out);
            }
            Value::List(elements) => write(&elements[index], indent + INDENT, out),
            _ => {}
        }
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(parts.close);
}

struct Parts {
    open: char,
    close: char,
    len: usize,
}

/// What is left of `room` behind the compact text, if it fits. Looks no further than the room goes.
fn fits(node: &Node, room: usize) -> Option<usize> {
    match &node.value {
        Value::List(elements) => elements
            .iter()
            .try_fold(room.checked_sub(2)?, |room, element| fits(element, room)?.checked_sub(1)),
        Value::Map(members) => members.iter().try_fold(room.checked_sub(2)?, |room, member| {
            fits(&member.value, room.checked_sub(member.name.as_bytes().len() + 4)?)
        }),
        Value::String(text) => room.checked_sub(text.as_bytes().len() + 2),
        Value::Number(spelling) => room.checked_sub(spelling.len()),
        Value::Null | Value::Bool(_) | Value::Unknown(_) => room.checked_sub(5),
    }
}

fn quoted(text: &[u8]) -> String {
    let mut json = Vec::new();
    write_json_string(text, &mut json);
    String::from_utf8_lossy(&json).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read_json;

    #[test]
    fn short_values_stand_on_one_line() {
        let long = "x".repeat(90);
        let json = format!(r#"{{"a":[1,2.0,{{}}],"b":{{"c":"{long}","d":[]}}}}"#);
        let node = read_json(&json).expect("JSON");
        assert_eq!(
            pretty(&node),
            format!(
                "{{\n  \"a\": [1,2.0,{{}}],\n  \"b\": {{\n    \"c\": \"{long}\",\n    \"d\": []\n  }}\n}}"
            )
        );
    }
}
