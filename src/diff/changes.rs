//! Where two bodies differ.

use crate::json::{JsonPointer, Node, Value, tree};

/// Places that are named.
const PLACES_MAX: usize = 5;

/// The JSON pointers at which two bodies differ, the first of them; the root where one of them is not one JSON value.
pub(super) fn differing_places(old: &[u8], new: &[u8]) -> Vec<String> {
    let mut places = Vec::new();
    match (tree::parse(old), tree::parse(new)) {
        (Ok(old), Ok(new)) => compare(&old, &new, &mut JsonPointer::root(), &mut places),
        _ => places.push(String::new()),
    }
    places
}

fn compare(old: &Node, new: &Node, pointer: &mut JsonPointer, places: &mut Vec<String>) {
    if places.len() >= PLACES_MAX {
        return;
    }
    let len = pointer.len();
    match (&old.value, &new.value) {
        (Value::Object(old_members), Value::Object(new_members)) => {
            for member in old_members {
                pointer.push_member(&member.name);
                match new_members.iter().find(|other| other.name == member.name) {
                    Some(other) => compare(&member.value, &other.value, pointer, places),
                    None => places.push(pointer.as_str().to_owned()),
                }
                pointer.truncate(len);
            }
            for member in new_members {
                if !old_members.iter().any(|other| other.name == member.name) {
                    pointer.push_member(&member.name);
                    places.push(pointer.as_str().to_owned());
                    pointer.truncate(len);
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                pointer.push_element(index);
                compare(old, new, pointer, places);
                pointer.truncate(len);
            }
        }
        (old, new) => {
            if old.to_string() != new.to_string() {
                places.push(pointer.as_str().to_owned());
            }
        }
    }
    places.truncate(PLACES_MAX);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_differ_at_the_deepest_places() {
        let places = |old: &str, new: &str| differing_places(old.as_bytes(), new.as_bytes());
        assert_eq!(places(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":1,"c":3},"d":4}"#), ["/a/c", "/d"]);
        assert_eq!(places("[1,2]", "[1,3]"), ["/1"]);
        assert_eq!(places("[1,2]", "[1]"), [""]);
        assert_eq!(places("1", "1.0"), [""]);
        assert_eq!(places("\"a\"\n\"b\"", "\"a\""), [""; 0]);
        assert_eq!(places("{}", "not JSON"), [""]);
        assert_eq!(places(r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#, "{}").len(), 5);
    }
}
