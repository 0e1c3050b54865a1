//! The number that decides about an event.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::field::Field;
use crate::json::compact::Compactor;
use crate::json::number::rerendered;
use crate::json::text::decode_into;

/// Part of the interface: processes with other seeds would keep other events.
const SEED: u64 = 0x5275_6c65_7072_6f6f;

/// Hashes keys; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct KeyHasher {
    canonical: Vec<u8>,
    compactor: Compactor,
}

/// What was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFrom {
    /// The field that was asked for.
    Key,
    /// The event's id or, without one, its whole text.
    Event,
}

impl KeyHasher {
    /// The hash of the field `key` of `event`, else of its `id`, else of its text.
    pub(super) fn hash(&mut self, event: &[u8], key: Option<&Field>, id: &Field) -> (u64, KeyFrom) {
        if let Some(value) = key.and_then(|key| key.find(event)) {
            return (self.of_value(value), KeyFrom::Key);
        }
        let hash = match id.find(event) {
            Some(value) => self.of_value(value),
            None => xxh3_64_with_seed(event.trim_ascii(), SEED),
        };
        (hash, KeyFrom::Event)
    }

    /// Spellings of the same value have the same hash: strings are hashed as they are decoded, numbers as the service
    /// writes them, and lists and objects without white space. A string and a number that look alike are two keys.
    fn of_value(&mut self, value: &[u8]) -> u64 {
        let canonical = &mut self.canonical;
        canonical.clear();
        match value.first() {
            Some(b'"') => {
                let raw = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
                canonical.push(b'"');
                decode_into(raw, canonical);
            }
            Some(b'{' | b'[') => self.compactor.write_value(value, canonical),
            _ => match std::str::from_utf8(value).ok().and_then(rerendered) {
                Some(number) => canonical.extend_from_slice(number.as_bytes()),
                None => canonical.extend_from_slice(value),
            },
        }
        xxh3_64_with_seed(canonical, SEED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(event: &str, key: Option<&str>) -> (u64, KeyFrom) {
        let key = key.map(|key| key.parse().unwrap());
        KeyHasher::default().hash(event.as_bytes(), key.as_ref(), &Field::top("id"))
    }

    #[test]
    fn spellings_of_one_key_are_one_key() {
        let of = |value: &str| hash(&format!("{{\"k\":{value}}}"), Some("/k")).0;
        assert_eq!(of("\"ab\""), of("\"\\u0061b\""));
        assert_eq!(of("[1,\"a\"]"), of("[ 1, \"\\u0061\" ]"));
        assert_eq!(of("1.50"), of("1.5e0"));
        assert_ne!(of("1"), of("\"1\""));
        assert_ne!(of("\"a\""), of("\"b\""));
    }

    #[test]
    fn an_event_without_the_key_is_known_by_its_id_or_its_text() {
        let (by_id, from) = hash(r#"{"id":"x","a":1}"#, Some("/k"));
        assert_eq!((by_id, from), hash(r#"{"a":2,"id":"x"}"#, None));
        assert_eq!(from, KeyFrom::Event);
        assert_eq!(hash(" {\"a\":1}\n", None), hash("{\"a\":1}", None));
        assert_ne!(hash("{\"a\":1}", None), hash("{\"a\":2}", None));
    }

    #[test]
    fn hashes_stay_the_same_from_version_to_version() {
        assert_eq!(hash(r#"{"id":"00000000-0000-4000-8000-000000000000"}"#, None).0, 0xddb9_a98d_53ab_9fea);
    }
}
