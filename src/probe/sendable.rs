//! From the text of an event to the entry that puts such an event on a bus.
//!
//! `PutEvents` takes `source`, `detail-type`, `detail`, `resources` and `time`; everything else of the envelope
//! (`id`, `account`, `region`) EventBridge fills in, so what is on the bus differs from what was read, and only the
//! catch-all's copy tells what the rules saw.

use crate::event::{is_timestamp, milliseconds_since_1970};
use crate::json::tree::{self, Node, Value};
use crate::json::{Text, compact::Compactor};
use crate::probe::Entry;
use crate::verdict::Code;

/// The most bytes of entries that one `PutEvents` call may have. Documented as "less than 1 MB"; recorded is that more
/// than 1,048,576 is refused. So is one event.
pub(super) const ENTRIES_BYTES_MAX: usize = 1 << 20;

/// What `Time` counts for. Source: EventBridge User Guide, "Calculating PutEvents event entry size".
const TIME_BYTES: usize = 14;

/// Why an event cannot be put on a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSendable {
    /// Its kind.
    pub code: Code,
    /// The particulars.
    pub reason: String,
}

/// The entry for an event, without a trace header.
///
/// A field that the event does not have is left out: AWS answers that with an error, which is the verdict then.
///
/// # Errors
/// [`NotSendable`] for texts that are no events, and for what an entry cannot say: a `source` that is a number.
pub(super) fn entry_of(event: &[u8]) -> Result<Entry, NotSendable> {
    let node = tree::parse(event)
        .map_err(|error| NotSendable { code: Code::InvalidEventJson, reason: error.to_string() })?;
    if node.as_object().is_none() {
        let reason = format!("the event is {}, not an object", node.value.kind());
        return Err(NotSendable { code: Code::EventNotAnObject, reason });
    }
    let entry = Entry {
        source: text(&node, "source")?,
        detail_type: text(&node, "detail-type")?,
        detail: present(&node, "detail").map(|detail| compacted(&event[detail.span.clone()])),
        resources: resources(&node)?,
        time_s: time(&node)?,
        trace_header: String::new(),
    };
    match entry_bytes(&entry) {
        bytes if bytes > ENTRIES_BYTES_MAX => Err(NotSendable {
            code: Code::EventTooLarge,
            reason: format!("as an entry it has {bytes} bytes; PutEvents takes {ENTRIES_BYTES_MAX}"),
        }),
        _ => Ok(entry),
    }
}

/// The bytes that an entry counts for. Source: EventBridge User Guide, "Calculating PutEvents event entry size".
pub(super) fn entry_bytes(entry: &Entry) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let time = entry.time_s.map_or(0, |_| TIME_BYTES);
    let resources: usize = entry.resources.iter().map(String::len).sum();
    time + text(&entry.source) + text(&entry.detail_type) + text(&entry.detail) + resources
}

fn compacted(detail: &[u8]) -> String {
    let mut text = Vec::new();
    Compactor::default().write_value(detail, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn present<'n>(event: &'n Node, name: &str) -> Option<&'n Node> {
    event.get(name).filter(|node| node.value != Value::Null)
}

fn unsayable(name: &str, wanted: &str, found: &Node) -> NotSendable {
    let reason = format!("`{name}` is {}; PutEvents takes {wanted}", found.value.kind());
    NotSendable { code: Code::EventNotSendable, reason }
}

fn text(event: &Node, name: &str) -> Result<Option<String>, NotSendable> {
    let Some(node) = present(event, name) else { return Ok(None) };
    node.as_str().map(|text| Some(text.to_owned())).ok_or_else(|| unsayable(name, "a text", node))
}

fn resources(event: &Node) -> Result<Vec<String>, NotSendable> {
    let Some(node) = present(event, "resources") else { return Ok(Vec::new()) };
    let texts = node.as_array().map(|list| list.iter().map(|element| element.as_str().map(str::to_owned)));
    texts.and_then(Iterator::collect).ok_or_else(|| unsayable("resources", "a list of texts", node))
}

fn time(event: &Node) -> Result<Option<i64>, NotSendable> {
    let Some(node) = present(event, "time") else { return Ok(None) };
    let timestamp = match &node.value {
        Value::String(text) => Text::as_str(text).filter(|text| is_timestamp(text.as_bytes())),
        _ => None,
    };
    let milliseconds = timestamp.and_then(milliseconds_since_1970);
    let seconds = milliseconds.map(|milliseconds| milliseconds.div_euclid(1_000));
    seconds.map(Some).ok_or_else(|| NotSendable {
        code: Code::EventNotSendable,
        reason: "`time` is not an ISO 8601 timestamp such as 2026-03-04T05:06:07Z".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_what_the_bus_does_not_fill_in() {
        let event = br#"{"version":"0","id":"x","detail-type":"T","source":"s","account":"1",
            "time":"2026-03-04T05:06:07.9Z","region":"r","resources":["a","b"],"detail":{ "n" : 1.50 }}"#;
        let entry = entry_of(event).unwrap();
        assert_eq!(entry.detail.as_deref(), Some(r#"{"n":1.50}"#));
        assert_eq!((entry.time_s, entry.resources.len()), (Some(1_772_600_767), 2));
        assert_eq!(entry_bytes(&entry), 14 + 1 + 1 + 10 + 2);
    }

    #[test]
    fn what_is_left_out_is_for_aws_to_refuse() {
        let entry = entry_of(br#"{"source":"s","detail":null}"#).unwrap();
        assert_eq!(entry, Entry { source: Some("s".to_owned()), ..Entry::default() });
    }

    #[test]
    fn what_an_entry_cannot_say_is_refused_by_name() {
        for (event, code, words) in [
            (&b"{"[..], Code::InvalidEventJson, "byte"),
            (b"[1]", Code::EventNotAnObject, "an array"),
            (br#"{"source":7}"#, Code::EventNotSendable, "`source` is a number"),
            (br#"{"resources":["a",1]}"#, Code::EventNotSendable, "a list of texts"),
            (br#"{"time":"soon"}"#, Code::EventNotSendable, "ISO 8601"),
        ] {
            let refused = entry_of(event).unwrap_err();
            assert_eq!(refused.code, code);
            assert!(refused.reason.contains(words) || words == "byte", "{}", refused.reason);
        }
        let large = format!(r#"{{"source":"s","detail":{{"t":"{}"}}}}"#, "x".repeat(ENTRIES_BYTES_MAX));
        assert_eq!(entry_of(large.as_bytes()).unwrap_err().code, Code::EventTooLarge);
    }
}
