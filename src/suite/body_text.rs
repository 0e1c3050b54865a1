//! Bodies in a form in which they can be compared and shown.

use super::failure::BodyText;
use crate::json::text::write_json_string;
use crate::json::tree::{self, Node, Value};

/// A JSON value, one line per value, members in the order of their names. Of duplicate members the last counts.
/// Numbers stay as they are spelled, since not every reader takes `1.0` for `1`.
pub(super) fn of_node(node: &Node) -> BodyText {
    let mut text = Vec::new();
    write(node, 0, &mut text);
    BodyText::Json(String::from_utf8_lossy(&text).into_owned())
}

/// A body: as JSON if it is one JSON value, else as it is.
pub(crate) fn of_body(body: &[u8]) -> BodyText {
    let is_whole = |node: &Node| body[node.span.end..].iter().all(u8::is_ascii_whitespace);
    match tree::parse(body).ok().filter(is_whole) {
        Some(node) => of_node(&node),
        None => BodyText::Exact(String::from_utf8_lossy(body).into_owned()),
    }
}

fn write(node: &Node, depth: usize, out: &mut Vec<u8>) {
    match &node.value {
        Value::Null => out.extend(b"null"),
        Value::Bool(value) => out.extend(value.to_string().bytes()),
        Value::Number(spelling) => out.extend(spelling.bytes()),
        Value::String(text) => write_json_string(text.as_bytes(), out),
        Value::Array(elements) if elements.is_empty() => out.extend(b"[]"),
        Value::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                begin_line(index, depth + 1, out);
                write(element, depth + 1, out);
            }
            end(b']', depth, out);
        }
        Value::Object(members) if members.is_empty() => out.extend(b"{}"),
        Value::Object(members) => {
            let mut sorted: Vec<&tree::Member> = Vec::new();
            for member in members {
                match sorted.binary_search_by(|other| other.name.cmp(&member.name)) {
                    Ok(at) => sorted[at] = member,
                    Err(at) => sorted.insert(at, member),
                }
            }
            out.push(b'{');
            for (index, member) in sorted.into_iter().enumerate() {
                begin_line(index, depth + 1, out);
                write_json_string(member.name.as_bytes(), out);
                out.extend(b": ");
                write(&member.value, depth + 1, out);
            }
            end(b'}', depth, out);
        }
    }
}

/// Levels beyond this are not indented further, or a deep value would take quadratic space.
const INDENT_LEVELS_MAX: usize = 40;

fn begin_line(index: usize, depth: usize, out: &mut Vec<u8>) {
    out.extend(if index > 0 { &b",\n"[..] } else { &b"\n"[..] });
    indent(depth, out);
}

fn end(bracket: u8, depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    indent(depth, out);
    out.push(bracket);
}

fn indent(depth: usize, out: &mut Vec<u8>) {
    out.extend(std::iter::repeat_n(b' ', 2 * depth.min(INDENT_LEVELS_MAX)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_layout_do_not_count_spelling_does() {
        assert_eq!(
            of_body(br#"{"b":[1,{}],"a":"x"}"#),
            of_body(b" {\"a\": \"\\u0078\",\n\"b\": [ 1 , { } ]} ")
        );
        assert_ne!(of_body(br#"{"a":1}"#), of_body(br#"{"a":1.0}"#));
        assert_eq!(of_body(br#"{"a":1,"a":2}"#), of_body(br#"{"a":2}"#));
        assert_eq!(of_body(b"{\"b\":[1],\"a\":{}}").as_str(), "{\n  \"a\": {},\n  \"b\": [\n    1\n  ]\n}");
    }

    #[test]
    fn what_is_not_json_is_compared_as_it_is() {
        assert_eq!(of_body(b"\"a\"\n\"b\""), BodyText::Exact("\"a\"\n\"b\"".to_owned()));
        assert_eq!(of_body(b""), BodyText::Exact(String::new()));
    }
}
