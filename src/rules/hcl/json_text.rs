//! What `jsonencode` makes of a value.

use crate::json::text::write_json_string;
use crate::rules::Missing;
use crate::rules::tree::{Member, Node, Value};

/// The text, with `${...}` for what is open, and what that is. Members are sorted, and `<`, `>`, `&` and the two
/// separators of lines that JavaScript minds are escaped, so that `"<id>"` in a template becomes
/// `"\u003cid\u003e"` there too. Source: Terraform documentation, `jsonencode`.
pub(super) fn json_text(node: &Node) -> (String, Vec<Missing>) {
    let mut writer = Writer::default();
    writer.node(node);
    (writer.text, writer.missing)
}

#[derive(Default)]
struct Writer {
    text: String,
    missing: Vec<Missing>,
}

impl Writer {
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(spelling) => self.text.push_str(spelling),
            Value::String(text) => self.string(text.as_bytes()),
            Value::List(elements) => {
                self.text.push('[');
                for (index, element) in elements.iter().enumerate() {
                    self.comma(index);
                    self.node(element);
                }
                self.text.push(']');
            }
            Value::Map(members) => self.map(members),
            Value::Unknown(unknown) => {
                self.text.push('"');
                self.text.push_str(&unknown.written);
                self.text.push('"');
                self.missing.extend(unknown.missing.iter().cloned());
            }
        }
    }

    fn map(&mut self, members: &[Member]) {
        let mut members: Vec<&Member> = members.iter().collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        self.text.push('{');
        for (index, member) in members.into_iter().enumerate() {
            self.comma(index);
            self.string(member.name.as_bytes());
            self.text.push(':');
            self.node(&member.value);
        }
        self.text.push('}');
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn string(&mut self, text: &[u8]) {
        let mut json = Vec::new();
        write_json_string(text, &mut json);
        for c in String::from_utf8_lossy(&json).chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    self.text.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                c => self.text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read_json;

    #[test]
    fn members_are_sorted_and_angle_brackets_escaped() {
        let node = read_json(r#"{"b":"<id> & \"x\"","a":[1,true,null,{}]}"#).expect("JSON");
        assert_eq!(json_text(&node).0, r#"{"a":[1,true,null,{}],"b":"\u003cid\u003e \u0026 \"x\""}"#);
    }
}
