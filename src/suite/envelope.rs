//! Fills in what an event's envelope lacks, always with the same.

use crate::document::{Member, Node, Value};
use crate::json::{Place, Text};
use crate::sources::{ACCOUNT_DEFAULT, REGION_DEFAULT, TIME_DEFAULT};

/// The members of an envelope in the order in which EventBridge writes them.
const ORDER: [&str; 9] =
    ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];

/// The event with everything that EventBridge adds to what a producer gives. `name` decides its id. What is
/// given stays; what is whole stays in its order.
pub(super) fn filled(event: &Node, name: &str) -> Node {
    let Value::Map(given) = &event.value else { return event.clone() };
    let mut members = Vec::with_capacity(ORDER.len().max(given.len()));
    let mut added = false;
    for field in ORDER {
        match event.member(field) {
            Some(member) => members.push(member.clone()),
            None => {
                if let Some(value) = default(field, name) {
                    added = true;
                    members.push(made(field, value, event.place));
                }
            }
        }
    }
    if !added {
        return event.clone();
    }
    let in_order = |member: &&Member| ORDER.iter().any(|field| field.as_bytes() == member.name.as_bytes());
    members.extend(given.iter().filter(|member| !in_order(member)).cloned());
    Node { value: Value::Map(members), ..event.clone() }
}

/// What EventBridge adds; the other fields are the producer's.
fn default(field: &str, name: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::String(Text::from(text)));
    match field {
        "version" => text("0"),
        "id" => text(&event_id(name)),
        "account" => text(ACCOUNT_DEFAULT),
        "time" => text(TIME_DEFAULT),
        "region" => text(REGION_DEFAULT),
        "resources" => Some(Value::List(Vec::new())),
        _ => None,
    }
}

fn made(name: &str, value: Value, place: Place) -> Member {
    Member { name: Text::from(name), name_place: place, name_doubt: None, value: Node::made(value, place) }
}

/// A UUID of version 8 (RFC 9562: of our own making) that depends on `name` alone: FNV-1a over its bytes, which
/// never changes, unlike the standard library's hashes.
fn event_id(name: &str) -> String {
    const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    let hash = name.bytes().fold(OFFSET_BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let versioned = hash & !(0xf << 76) & !(0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    let hex = format!("{versioned:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SourceFile;

    fn tree(json: &str) -> Node {
        let source = SourceFile { path: std::path::Path::new("x.json").into(), text: json.to_owned() };
        source.documents().unwrap().remove(0)
    }

    #[test]
    fn what_is_missing_is_always_the_same() {
        let event = filled(&tree(r#"{"source":"shop","detail-type":"Placed","detail":{"n":1.0}}"#), "placed");
        let json = r#"{"version":"0","id":"930b79e1-cd3c-84bf-af4a-e15ee89d7138","detail-type":"Placed","source":"shop","account":"123456789012","time":"1970-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{"n":1.0}}"#;
        assert_eq!(event.to_json(), json);
        assert_ne!(event_id("placed"), event_id("Placed"));
    }

    #[test]
    fn what_is_whole_stays_as_it_is() {
        let whole = r#"{"x":1,"detail":{},"resources":[],"region":"r","time":"t","account":"a","source":"s","id":"i","version":"0"}"#;
        assert_eq!(filled(&tree(whole), "n").to_json(), whole);
        assert_eq!(filled(&tree("[1]"), "n").to_json(), "[1]");
    }
}
