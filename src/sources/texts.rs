//! Texts that came whole, such as the bodies of messages and requests.

use std::io::Cursor;

use serde::de::IgnoredAny;
use thiserror::Error;

use super::{Batch, EventSource, FileEvents, InputId, Item, Origin, Progress, SourceLimits};

/// Bytes read at once from a text that is in memory anyway.
const BLOCK_BYTES: usize = 16 << 10;

/// Why a text is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextProblem {
    /// Its bytes are no UTF-8.
    #[error("line {line}: is not UTF-8")]
    NotUtf8 {
        /// From 1.
        line: u64,
    },
    /// It is neither one JSON document nor several.
    #[error("line {line}, column {column}: {problem}")]
    NotJson {
        /// From 1.
        line: usize,
        /// In bytes, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// A part of it cannot be an event.
    #[error("line {line}: {problem}")]
    NoEvent {
        /// From 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// It holds neither events nor what is known to be none.
    #[error("holds no event")]
    Empty,
}

/// The events of a text that is one event, an array of events, events one after the other, or a wrapper that is known,
/// such as a notification of SNS. Either all of it can be read, or none of it is handed on.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub fn events_of_text(text: &[u8], event_bytes_max: usize) -> Result<Vec<Vec<u8>>, TextProblem> {
    check_json(text)?;
    let limits = SourceLimits { event_bytes_max, block_bytes: BLOCK_BYTES, ..SourceLimits::default() };
    let mut source = FileEvents::from_reader("", Box::new(Cursor::new(text.to_vec())), limits);
    let (mut batch, mut events, mut items) = (Batch::default(), Vec::new(), 0);
    loop {
        let progress = source.next_batch(&mut batch);
        for item in batch.items() {
            items += 1;
            match item {
                Item::Event { bytes, .. } => events.push(batch.event(bytes).to_vec()),
                Item::Broken { origin, problem } => {
                    return Err(TextProblem::NoEvent { line: origin.line, problem: problem.to_string() });
                }
                Item::Skipped { .. } => {}
            }
        }
        if progress == Progress::Done {
            return if items == 0 { Err(TextProblem::Empty) } else { Ok(events) };
        }
    }
}

fn check_json(text: &[u8]) -> Result<(), TextProblem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        TextProblem::NotUtf8 { line: 1 + memchr::memchr_iter(b'\n', before).count() as u64 }
    })?;
    let documents = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter();
    for document in documents {
        let IgnoredAny = document.map_err(|error| TextProblem::NotJson {
            line: error.line(),
            column: error.column(),
            problem: what_is_wrong(&error),
        })?;
    }
    Ok(())
}

/// What the error says without its place, which is told before.
fn what_is_wrong(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem).to_owned()
}

impl Batch {
    /// Replaces the content with whole events, each the first and only line of the input that is named with it.
    pub fn put_texts<'t>(&mut self, texts: impl IntoIterator<Item = (InputId, &'t [u8])>) {
        self.empty();
        for (input, text) in texts {
            self.found().made_event(Origin { input, offset_bytes: 0, line: 1 }, text);
        }
        self.finish(0, &mut Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<Vec<String>, String> {
        let events = events_of_text(text.as_bytes(), 100).map_err(|problem| problem.to_string())?;
        Ok(events.into_iter().map(|event| String::from_utf8(event).unwrap()).collect())
    }

    #[test]
    fn one_event_an_array_and_lines_are_taken() {
        assert_eq!(events(r#"{"id":"1"}"#).unwrap(), [r#"{"id":"1"}"#]);
        assert_eq!(events(r#"[{"id":"1"},{"id":"2"}]"#).unwrap().len(), 2);
        assert_eq!(events("{\"id\":\"1\"}\n{\"id\":\"2\"}\n").unwrap().len(), 2);
    }

    #[test]
    fn what_cannot_be_read_is_refused_as_a_whole_with_its_place() {
        assert!(events("{\"id\":\"1\"}\n{\"id\":}\n").unwrap_err().starts_with("line 2, column 7: "));
        assert!(events("{\"id\":\"1\"").unwrap_err().starts_with("line 1, column 9: "));
        assert_eq!(events(" \n").unwrap_err(), "holds no event");
        assert!(events(&format!("{{\"id\":\"{}\"}}", "x".repeat(100))).is_err());
        assert_eq!(events_of_text(b"{}\n\xff", 100), Err(TextProblem::NotUtf8 { line: 2 }));
    }

    #[test]
    fn json_that_is_no_event_is_for_the_judge() {
        assert_eq!(events("\n5").unwrap(), ["5"]);
    }

    #[test]
    fn notifications_are_unwrapped() {
        let text = r#"{"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:us-east-1:1:t","Message":"{\"id\":\"1\",\"source\":\"a\"}","Timestamp":"2026-01-01T00:00:00Z"}"#;
        let events = events_of_text(text.as_bytes(), 1_000).unwrap();
        assert_eq!(events, [br#"{"id":"1","source":"a"}"#.to_vec()]);
    }

    #[test]
    fn texts_become_a_batch() {
        let mut batch = Batch::default();
        for _ in 0..2 {
            batch.put_texts([(InputId(0), &b"{}"[..]), (InputId(1), &b"[1]"[..])]);
            let texts: Vec<_> = batch
                .items()
                .iter()
                .map(|item| match item {
                    Item::Event { bytes, origin } => (origin.input.0, batch.event(bytes)),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(texts, [(0, &b"{}"[..]), (1, &b"[1]"[..])]);
        }
    }
}
