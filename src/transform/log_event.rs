//! What a CloudWatch Logs target stores.

use crate::event::milliseconds_since_1970;
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
}
