//! What a CloudWatch Logs target stores.

use super::select::decoded_name;
use crate::event::milliseconds_since_1970;
use crate::json::compact::Compactor;
use crate::json::cursor::{Cursor, ValueStart};
use crate::json::{Node, Value, tree};

/// A log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The text of the log line.
    pub message: String,
}

impl LogEvent {
    /// What is stored of an event that is not shaped: the whole event, at its own time.
    pub fn of_whole_event(body: &[u8]) -> Option<LogEvent> {
        let event = tree::parse(body).ok()?;
        let message = String::from_utf8_lossy(body).into_owned();
        Some(LogEvent { timestamp_ms: timestamp(event.get("time")?)?, message })
    }

    /// What is stored of the body that a template gives: `{"timestamp": ..., "message": ...}`. Recorded for a
    /// message that is a string and a timestamp that is one too; the number of milliseconds is documented.
    pub fn of_rendered(body: &[u8]) -> Option<LogEvent> {
        let body = tree::parse(body).ok()?;
        let message = body.get("message")?.as_str()?.to_owned();
        Some(LogEvent { timestamp_ms: timestamp(body.get("timestamp")?)?, message })
    }
}

fn timestamp(node: &Node) -> Option<i64> {
    match &node.value {
        Value::String(text) => milliseconds_since_1970(text.as_str()?),
        Value::Number(spelling) => spelling.parse().ok(),
        _ => None,
    }
}

/// Why a body is no log event.
///
/// A message has at least one character and a time is not before 1970. Source: CloudWatch Logs API,
/// `InputLogEvent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogEventFault {
    /// Not an object.
    NotAnObject,
    /// Without `timestamp`.
    NoTimestamp,
    /// `timestamp` is an empty text: its path selects nothing.
    EmptyTimestamp,
    /// `timestamp` is something other than a time or milliseconds since 1970.
    BadTimestamp,
    /// Without `message`.
    NoMessage,
    /// `message` is an empty text.
    EmptyMessage,
    /// `message` is not a text.
    BadMessage,
}

impl LogEventFault {
    /// What is wrong, for a person.
    pub(super) fn message(self) -> &'static str {
        match self {
            LogEventFault::NotAnObject => "no log event: the body is not an object",
            LogEventFault::NoTimestamp => "no log event: `timestamp` is missing",
            LogEventFault::EmptyTimestamp => "no log event: `timestamp` is empty",
            LogEventFault::BadTimestamp => {
                "no log event: `timestamp` is neither a time such as 2026-03-04T05:06:07Z nor milliseconds since 1970"
            }
            LogEventFault::NoMessage => "no log event: `message` is missing",
            LogEventFault::EmptyMessage => "no log event: `message` is empty",
            LogEventFault::BadMessage => "no log event: `message` is not a text",
        }
    }
}

/// Looks whether the JSON value `body` is a log event, without building values. Of members that stand twice the last
/// counts.
pub(super) fn check_log_event(
    body: &[u8],
    name: &mut Vec<u8>,
    compactor: &mut Compactor,
) -> Result<(), LogEventFault> {
    let mut cursor = Cursor::new(body);
    if cursor.start() != ValueStart::Object {
        return Err(LogEventFault::NotAnObject);
    }
    let (mut time, mut message) = (None, None);
    cursor.enter();
    while let Some(raw_name) = cursor.next_member() {
        let found = match decoded_name(raw_name, name) {
            b"timestamp" => &mut time,
            b"message" => &mut message,
            _ => {
                cursor.value();
                continue;
            }
        };
        *found = Some(cursor.value());
    }
    check_timestamp(time.ok_or(LogEventFault::NoTimestamp)?, compactor)?;
    match message.ok_or(LogEventFault::NoMessage)? {
        b"\"\"" => Err(LogEventFault::EmptyMessage),
        [b'"', ..] => Ok(()),
        _ => Err(LogEventFault::BadMessage),
    }
}

fn check_timestamp(value: &[u8], compactor: &mut Compactor) -> Result<(), LogEventFault> {
    let text = match value {
        b"\"\"" => return Err(LogEventFault::EmptyTimestamp),
        [b'"', ..] => compactor.decode(Cursor::new(value).string()),
        number => number,
    };
    let text = std::str::from_utf8(text).map_err(|_| LogEventFault::BadTimestamp)?;
    let milliseconds = match value {
        [b'"', ..] => milliseconds_since_1970(text),
        _ => text.parse().ok(),
    };
    match milliseconds {
        Some(0..) => Ok(()),
        _ => Err(LogEventFault::BadTimestamp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendered_bodies_give_their_own_time_and_text() {
        let event =
            |body: &[u8]| LogEvent::of_rendered(body).map(|event| (event.timestamp_ms, event.message));
        assert_eq!(
            event(br#"{"timestamp":"1970-01-01T00:00:01Z","message":"a \"b\""}"#),
            Some((1_000, "a \"b\"".to_owned()))
        );
        assert_eq!(event(br#"{"timestamp":5,"message":""}"#), Some((5, String::new())));
        assert_eq!(event(br#"{"timestamp":"","message":""}"#), None);
        assert_eq!(event(br#"{"message":""}"#), None);
    }

    #[test]
    fn what_is_missing_empty_or_of_the_wrong_type_is_named() {
        use LogEventFault::*;
        let check = |body: &str| check_log_event(body.as_bytes(), &mut Vec::new(), &mut Compactor::default());
        for body in [
            r#"{"timestamp":"2026-03-04T05:06:07Z","message":"x"}"#,
            r#"{ "message" : " ", "timestamp" : 1 }"#,
            r#"{"message":1,"\u006dessage":"x","timestamp":0}"#,
        ] {
            assert_eq!(check(body), Ok(()), "{body}");
        }
        for (body, fault) in [
            ("[]", NotAnObject),
            (r#"{"message":"x"}"#, NoTimestamp),
            (r#"{"timestamp":"","message":"x"}"#, EmptyTimestamp),
            (r#"{"timestamp":"yesterday","message":5}"#, BadTimestamp),
            (r#"{"timestamp":-1,"message":"x"}"#, BadTimestamp),
            (r#"{"timestamp":null,"message":"x"}"#, BadTimestamp),
            (r#"{"timestamp":{},"message":"x"}"#, BadTimestamp),
            (r#"{"timestamp":1}"#, NoMessage),
            (r#"{"timestamp":1,"message":""}"#, EmptyMessage),
            (r#"{"timestamp":1,"message":5}"#, BadMessage),
            (r#"{"timestamp":1,"message":{}}"#, BadMessage),
        ] {
            assert_eq!(check(body), Err(fault), "{body}");
        }
    }
}
