//! The members of small documents, found without building values.

use std::ops::Range;

/// A list that a wrapper holds its events in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListName {
    /// CloudTrail log files, Kinesis GetRecords, and what Lambda is called with.
    Records,
    /// FilterLogEvents, GetLogEvents and GetExecutionHistory.
    Events,
    /// Logs subscription documents.
    LogEvents,
    /// SQS ReceiveMessage.
    Messages,
    /// The input of PutEvents.
    Entries,
}

impl ListName {
    /// The list that a member of this name holds.
    pub(super) fn of(name: &[u8]) -> Option<ListName> {
        Some(match name {
            b"Records" => ListName::Records,
            b"events" => ListName::Events,
            b"logEvents" => ListName::LogEvents,
            b"Messages" => ListName::Messages,
            b"Entries" => ListName::Entries,
            _ => return None,
        })
    }

    /// The member's name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            ListName::Records => "Records",
            ListName::Events => "events",
            ListName::LogEvents => "logEvents",
            ListName::Messages => "Messages",
            ListName::Entries => "Entries",
        }
    }
}

/// Whether an event has a member of this name. Source: the envelope of PutEvents and of replayed events.
pub(super) fn is_envelope_field(name: &[u8]) -> bool {
    matches!(
        name,
        b"version"
            | b"id"
            | b"detail-type"
            | b"source"
            | b"account"
            | b"time"
            | b"region"
            | b"resources"
            | b"detail"
            | b"replay-name"
    )
}

/// One member of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// The name as it is spelled, without quotes.
    pub(super) name: &'a [u8],
    /// The value as it is spelled.
    pub(super) value: &'a [u8],
}

/// Members that are looked at. No wrapper has nearly as many, and a hostile document has millions.
const MEMBERS_MAX: usize = 1_000;

/// The members of the object that is `document`, as far as they can be made out.
pub(super) fn members(document: &[u8]) -> Vec<Member<'_>> {
    let mut found = Vec::new();
    let mut at = skip_space(document, 0) + 1;
    while let Some(member) = next_member(document, at).filter(|_| found.len() < MEMBERS_MAX) {
        found.push(Member { name: &document[member.name], value: &document[member.value.clone()] });
        at = member.value.end;
    }
    found
}

/// The name of the first member of the object that starts `text`.
pub(super) fn first_name(text: &[u8]) -> Option<&[u8]> {
    let open = skip_space(text, 0);
    let quote = skip_space(text, open + 1);
    (text.get(open) == Some(&b'{') && text.get(quote) == Some(&b'"')).then_some(())?;
    let end = string_end(text, quote)?;
    Some(&text[quote + 1..end - 1])
}

/// The elements of the array that is `document`, as they are spelled.
pub(super) fn elements(document: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = skip_space(document, 0) + 1;
    std::iter::from_fn(move || {
        let start = skip_separators(document, at);
        at = value_end(document, start).filter(|end| *end > start)?;
        Some(&document[start..at])
    })
}

struct Spans {
    name: Range<usize>,
    value: Range<usize>,
}

fn next_member(text: &[u8], at: usize) -> Option<Spans> {
    let name_start = skip_separators(text, at);
    (text.get(name_start) == Some(&b'"')).then_some(())?;
    let name_end = string_end(text, name_start)?;
    let colon = skip_space(text, name_end);
    (text.get(colon) == Some(&b':')).then_some(())?;
    let value_start = skip_space(text, colon + 1);
    let value = value_start..value_end(text, value_start)?;
    Some(Spans { name: name_start + 1..name_end - 1, value })
}

fn skip_space(text: &[u8], at: usize) -> usize {
    at + text.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| is_space(**byte)).count())
}

fn skip_separators(text: &[u8], at: usize) -> usize {
    let is_separator = |byte: &&u8| is_space(**byte) || **byte == b',';
    at + text.get(at..).map_or(0, |rest| rest.iter().take_while(is_separator).count())
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The end of the value that starts at `at`; `None` if it does not end.
pub(super) fn value_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string_end(text, at),
        b'{' | b'[' => brackets_end(text, at),
        _ => Some(at + scalar_len(&text[at..])),
    }
}

/// The length of what stands before the next separator, bracket, quote or colon.
pub(super) fn scalar_len(text: &[u8]) -> usize {
    let ends = |byte: &u8| is_space(*byte) || b",:{}[]\"".contains(byte);
    text.iter().position(ends).unwrap_or(text.len())
}

fn string_end(text: &[u8], quote: usize) -> Option<usize> {
    let mut at = quote + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        match text[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

fn brackets_end(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match text.get(at)? {
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_are_found_as_they_are_spelled() {
        let found = members(br#" { "a" : "x\"}" , "b":{"c":[1]},"d":-1e3} "#);
        let spelled: Vec<_> = found
            .iter()
            .map(|member| (member.name.escape_ascii().to_string(), String::from_utf8_lossy(member.value)))
            .collect();
        assert_eq!(
            spelled,
            [
                ("a".to_owned(), r#""x\"}""#.into()),
                ("b".to_owned(), r#"{"c":[1]}"#.into()),
                ("d".to_owned(), "-1e3".into())
            ]
        );
        assert_eq!(
            elements(b"[1, {\"a\":[]} ,\"]\"]").collect::<Vec<_>>(),
            [&b"1"[..], b"{\"a\":[]}", b"\"]\""]
        );
        assert!(elements(b"[ ]").next().is_none());
        assert!(members(b"{}").is_empty());
    }

    #[test]
    fn what_does_not_end_is_left_out() {
        assert_eq!(members(br#"{"a":1,"b":{"c"#).len(), 1);
        assert_eq!(first_name(br#"{"ab"#), None);
        assert_eq!(first_name(b"{}"), None);
        assert_eq!(first_name(br#"{ "ab":1"#), Some(&b"ab"[..]));
    }
}
