//! One line of JSON per event: what became of it.
//!
//! Written by hand instead of through a serializer: this runs for every event, into a buffer that is reused.

use crate::json::text::write_json_string;
use crate::verdict::{Code, EventError};

/// What became of one event.
#[derive(Debug)]
pub struct ResultLine<'r> {
    /// The event's `id`, if it has one.
    pub event_id: Option<&'r str>,
    /// The name of the input.
    pub input: &'r str,
    /// The line in the input on which the event begins, from 1.
    pub line: u64,
    /// How many events it stands for, if it is one of a sample.
    pub weight: Option<f64>,
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
    /// Rules match, and targets do not get the event.
    Undelivered {
        /// The names of the rules that match, as JSON strings.
        rules: &'r [&'r [u8]],
        /// The first failure, for the event as a whole.
        error: &'r EventError,
        /// All failures.
        failed: &'r [FailedTarget<'r>],
    },
}

/// A target that does not get an event.
#[derive(Debug)]
pub struct FailedTarget<'r> {
    /// The rule's name, as a JSON string.
    pub rule: &'r [u8],
    /// The target's id.
    pub target: &'r str,
    /// Why not.
    pub code: Code,
}

/// Appends a result as one line of JSON: `event_id` (null if there is none), `verdict`, `rules`, and for
/// errored events `code` and `reason`, and if targets do not get the event, `failed` (`rule`, `target`, `code`);
/// then `weight`, for one of a sample, `input` and `line`.
pub fn write_result(result: &ResultLine<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"event_id\":");
    match result.event_id {
        Some(id) => write_json_string(id.as_bytes(), out),
        None => out.extend_from_slice(b"null"),
    }
    match &result.verdict {
        ResultVerdict::Delivered(rules) => {
            out.extend_from_slice(b",\"verdict\":\"delivered\"");
            write_rules(rules, out);
        }
        ResultVerdict::Unmatched => out.extend_from_slice(b",\"verdict\":\"unmatched\",\"rules\":[]"),
        ResultVerdict::Errored(error) => {
            out.extend_from_slice(b",\"verdict\":\"errored\"");
            write_rules(&[], out);
            write_error(error, out);
        }
        ResultVerdict::Undelivered { rules, error, failed } => {
            out.extend_from_slice(b",\"verdict\":\"errored\"");
            write_rules(rules, out);
            write_error(error, out);
            write_failed(failed, out);
        }
    }
    if let Some(weight) = result.weight {
        out.extend_from_slice(b",\"weight\":");
        out.extend_from_slice(weight.to_string().as_bytes());
    }
    out.extend_from_slice(b",\"input\":");
    write_json_string(result.input.as_bytes(), out);
    out.extend_from_slice(b",\"line\":");
    out.extend_from_slice(result.line.to_string().as_bytes());
    out.extend_from_slice(b"}\n");
}

fn write_rules(rules: &[&[u8]], out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"rules\":[");
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(rule);
    }
    out.push(b']');
}

fn write_error(error: &EventError, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"code\":");
    write_json_string(error.code.as_str().as_bytes(), out);
    out.extend_from_slice(b",\"reason\":");
    write_json_string(error.reason.as_bytes(), out);
}

fn write_failed(failed: &[FailedTarget<'_>], out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"failed\":[");
    for (index, target) in failed.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"rule\":");
        out.extend_from_slice(target.rule);
        out.extend_from_slice(b",\"target\":");
        write_json_string(target.target.as_bytes(), out);
        out.extend_from_slice(b",\"code\":");
        write_json_string(target.code.as_str().as_bytes(), out);
        out.push(b'}');
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(verdict: ResultVerdict<'_>) -> String {
        let mut out = Vec::new();
        write_result(
            &ResultLine { event_id: Some("a\"b"), input: "x", line: 7, weight: None, verdict },
            &mut out,
        );
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
