//! One line of JSON per target and event: the body that the target gets.

use crate::json::text::write_json_string;
use crate::verdict::Code;

/// What one target gets of one event.
#[derive(Debug)]
pub struct PayloadLine<'p> {
    /// The event's `id`, if it has one.
    pub event_id: Option<&'p str>,
    /// The rule's name.
    pub rule: &'p str,
    /// The target's id.
    pub target: &'p str,
    /// Why the body is not delivered, if it is not.
    pub code: Option<Code>,
    /// The body.
    pub body: &'p [u8],
    /// The name of the input.
    pub input: &'p str,
    /// The line in the input on which the event begins, from 1.
    pub line: u64,
}

/// Appends a payload as one line of JSON: `event_id` (null if there is none), `rule`, `target`, `code` (if the
/// body is not delivered), `body` as a string, which is the exact text whether it is JSON or not, `input`, `line`.
pub fn write_payload(payload: &PayloadLine<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"event_id\":");
    match payload.event_id {
        Some(id) => write_json_string(id.as_bytes(), out),
        None => out.extend_from_slice(b"null"),
    }
    let mut member = |name: &str, text: &[u8]| {
        out.extend_from_slice(name.as_bytes());
        write_json_string(text, out);
    };
    member(",\"rule\":", payload.rule.as_bytes());
    member(",\"target\":", payload.target.as_bytes());
    if let Some(code) = payload.code {
        member(",\"code\":", code.as_str().as_bytes());
    }
    member(",\"body\":", payload.body);
    member(",\"input\":", payload.input.as_bytes());
    out.extend_from_slice(b",\"line\":");
    out.extend_from_slice(payload.line.to_string().as_bytes());
    out.extend_from_slice(b"}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_strings_whatever_they_hold() {
        let mut out = Vec::new();
        let mut line = PayloadLine {
            event_id: None,
            rule: "r",
            target: "t",
            code: Some(Code::InvalidJson),
            body: b"{\"a\":\n",
            input: "x",
            line: 7,
        };
        write_payload(&line, &mut out);
        line.code = None;
        write_payload(&line, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"event_id\":null,\"rule\":\"r\",\"target\":\"t\",\"code\":\"INVALID_JSON\",\"body\":\"{\\\"a\\\":\\n\",\"input\":\"x\",\"line\":7}\n\
             {\"event_id\":null,\"rule\":\"r\",\"target\":\"t\",\"body\":\"{\\\"a\\\":\\n\",\"input\":\"x\",\"line\":7}\n"
        );
    }
}
