//! One line of JSON per event: what became of it.
//!
//! Written by hand instead of through a serializer: this runs for every event, into a buffer that is reused.

use crate::json::text::write_json_string;
use crate::verdict::EventError;

/// What became of one event.
#[derive(Debug)]
pub struct ResultLine<'r> {
    /// The event's `id`, if it has one.
    pub event_id: Option<&'r str>,
    /// The name of the input.
    pub input: &'r str,
    /// The line in the input on which the event begins, from 1.
    pub line: u64,
    /// The verdict.
    pub verdict: ResultVerdict<'r>,
}

/// The verdict in a result.
#[derive(Debug)]
pub enum ResultVerdict<'r> {
    /// The names of the rules that match, as JSON strings.
    Delivered(&'r [&'r [u8]]),
    /// No rule matches.
    Unmatched,
    /// The event could not be judged.
    Errored(&'r EventError),
}

/// Appends a result as one line of JSON: `event_id` (null if there is none), `verdict`, `rules`, and for
/// errored events `code` and `reason`; then `input` and `line`.
pub fn write_result(result: &ResultLine<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"event_id\":");
    match result.event_id {
        Some(id) => write_json_string(id.as_bytes(), out),
        None => out.extend_from_slice(b"null"),
    }
    match &result.verdict {
        ResultVerdict::Delivered(rules) => {
            out.extend_from_slice(b",\"verdict\":\"delivered\",\"rules\":[");
            for (index, rule) in rules.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(rule);
            }
            out.push(b']');
        }
        ResultVerdict::Unmatched => out.extend_from_slice(b",\"verdict\":\"unmatched\",\"rules\":[]"),
        ResultVerdict::Errored(error) => {
            out.extend_from_slice(b",\"verdict\":\"errored\",\"rules\":[],\"code\":");
            write_json_string(error.code.as_str().as_bytes(), out);
            out.extend_from_slice(b",\"reason\":");
            write_json_string(error.reason.as_bytes(), out);
        }
    }
    out.extend_from_slice(b",\"input\":");
    write_json_string(result.input.as_bytes(), out);
    out.extend_from_slice(b",\"line\":");
    out.extend_from_slice(result.line.to_string().as_bytes());
    out.extend_from_slice(b"}\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Code;

    fn line(verdict: ResultVerdict<'_>) -> String {
        let mut out = Vec::new();
        write_result(&ResultLine { event_id: Some("a\"b"), input: "x", line: 7, verdict }, &mut out);
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["event_id"], "a\"b");
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_json_with_the_documented_members() {
        assert_eq!(
            line(ResultVerdict::Delivered(&[b"\"r1\"", b"\"r2\""])),
            "{\"event_id\":\"a\\\"b\",\"verdict\":\"delivered\",\"rules\":[\"r1\",\"r2\"],\"input\":\"x\",\"line\":7}\n"
        );
        assert!(line(ResultVerdict::Unmatched).contains("\"verdict\":\"unmatched\",\"rules\":[]"));
        let error = EventError { code: Code::InvalidEventJson, reason: "no \"end\"".to_owned(), rule: None };
        assert!(
            line(ResultVerdict::Errored(&error))
                .contains("\"code\":\"INVALID_EVENT_JSON\",\"reason\":\"no \\\"end\\\"\"")
        );
    }
}
