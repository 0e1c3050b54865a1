//! JSON values as YAML that reads well and means the same to every reader.

use crate::json::text::write_json_string;
use crate::json::{Member, Node, Value};

/// Levels of nesting that are written; deeper values stand in no test file that anybody reads.
const DEPTH_MAX: usize = 40;

/// Lists of scalars up to this many characters stand in one line.
const LINE_CHARS_MAX: usize = 80;

/// Whether YAML can say `value`: it has no duplicate names, no half surrogate pairs, and is not too deep.
pub(super) fn can_say(value: &Value) -> bool {
    fits(value, 0)
}

fn fits(value: &Value, depth: usize) -> bool {
    depth <= DEPTH_MAX
        && match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
            Value::String(text) => text.as_str().is_some(),
            Value::Array(elements) => elements.iter().all(|element| fits(&element.value, depth + 1)),
            Value::Object(members) => {
                let mut names: Vec<&[u8]> = members.iter().map(|member| member.name.as_bytes()).collect();
                names.sort_unstable();
                names.windows(2).all(|pair| pair[0] != pair[1])
                    && members
                        .iter()
                        .all(|member| member.name.as_str().is_some() && fits(&member.value.value, depth + 1))
            }
        }
}

/// Appends `value` behind a key or dash that stands `indent` columns in: on the same line, or below and further in.
pub(super) fn write_below(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            write_members(members, indent + 2, out);
        }
        Value::Array(elements) if !elements.is_empty() && in_line(elements).is_none() => {
            out.push('\n');
            write_elements(elements, indent + 2, out);
        }
        _ => {
            out.push(' ');
            out.push_str(&flow(value));
            out.push('\n');
        }
    }
}

/// Appends the members of an object, one per line, `indent` columns in.
pub(super) fn write_members(members: &[Member], indent: usize, out: &mut String) {
    for member in members {
        out.push_str(&" ".repeat(indent));
        out.push_str(&text(&member.name.to_string_lossy()));
        out.push(':');
        write_below(&member.value.value, indent, out);
    }
}

fn write_elements(elements: &[Node], indent: usize, out: &mut String) {
    for element in elements {
        out.push_str(&" ".repeat(indent));
        out.push('-');
        match &element.value {
            // The first member stands behind the dash.
            Value::Object(members) if !members.is_empty() => {
                let start = out.len();
                write_members(members, indent + 2, out);
                out.replace_range(start..start + indent + 1, "");
            }
            value => write_below(value, indent, out),
        }
    }
}

/// A list of scalars as one line, if it is one and short.
fn in_line(elements: &[Node]) -> Option<String> {
    let scalar = |node: &Node| !matches!(node.value, Value::Array(_) | Value::Object(_));
    let parts: Vec<String> = elements.iter().map(|element| flow(&element.value)).collect();
    let line = format!("[{}]", parts.join(", "));
    (elements.iter().all(scalar) && line.chars().count() <= LINE_CHARS_MAX).then_some(line)
}

/// The value in one line.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::String(string) => text(&string.to_string_lossy()),
        Value::Array(elements) => {
            let parts: Vec<String> = elements.iter().map(|element| flow(&element.value)).collect();
            format!("[{}]", parts.join(", "))
        }
        // As JSON, which is YAML.
        _ => value.to_string(),
    }
}

/// A text, in quotes unless every reader takes it for the same without.
pub(super) fn text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut json = Vec::new();
    write_json_string(text.as_bytes(), &mut json);
    String::from_utf8_lossy(&json).into_owned()
}

/// Words that some reader of YAML takes for something else than text.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];

fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    let rest = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    // Words with single spaces between them.
    begins
        && text.len() <= LINE_CHARS_MAX
        && text.split(' ').all(|word| !word.is_empty() && word.chars().all(rest))
        && !text.contains(" -")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Node as Read, SourceFile};
    use crate::json::tree;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        for json in [
            r#"{"a":{"b":[1,2.50,-1e3,null,true]},"c":"on","d":"no","e":"a: b","f":"x #y","g":"- z","h":""}"#,
            r#"{"Yes":"yes","123":"123","0x1f":"0x1f","~":"~","a b":"two words","k:":"v:","é":"ü\n\t\"\\"}"#,
            r#"{"l":[[1,[2]],{"x":[{"y":[]}]},{}],"empty":{},"long":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}"#,
            r#"{"[a]":"{b}","*":"&c","!d":"%e","@f":"`g","'h'":"\"i\"","|":">","?":"? j","<<":"<<","=":"="}"#,
            r#"{"2026-03-04":"2026-03-04T05:06:07Z","12:30":"12:30","arn:aws:sqs:a:1:q":"a/b.c-d","\u0000":"\u001f\u0085\ufeff😀"}"#,
        ] {
            let value = tree::parse(json.as_bytes()).expect("JSON").value;
            assert!(can_say(&value));
            let Value::Object(members) = &value else { panic!("an object") };
            let mut yaml = String::new();
            write_members(members, 0, &mut yaml);
            let source = SourceFile { path: std::path::Path::new("x.yaml").into(), text: yaml.clone() };
            let read: Vec<Read> = source.documents().unwrap_or_else(|error| panic!("{error:?}\n{yaml}"));
            assert_eq!(read[0].to_json(), value.to_string(), "{yaml}");
        }
    }

    #[test]
    fn what_yaml_cannot_say_is_known() {
        let can = |json: &str| can_say(&tree::parse(json.as_bytes()).expect("JSON").value);
        assert!(can(r#"{"a":1,"b":{"a":1}}"#));
        assert!(!can(r#"{"a":1,"a":2}"#) && !can(r#"["\ud800"]"#) && !can(r#"{"\ud800":1}"#));
        assert!(!can(&("[".repeat(60) + &"]".repeat(60))));
    }
}
