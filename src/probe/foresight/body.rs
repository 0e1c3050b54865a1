//! Whether a body is the one that was foreseen.
//!
//! One thing in a body cannot be foreseen: `aws.events.event.ingestion-time`, when the bus took the event. The
//! foreseen body holds [`UNKNOWN_INGESTION_TIME`] in its place, which stands for any timestamp.

use std::borrow::Cow;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::event::is_timestamp;
use crate::json::compact::Compactor;
use crate::json::tree;
use crate::suite::{body_difference, comparable_body};
use crate::verdict::UNKNOWN_INGESTION_TIME;

/// A body in eight bytes, to find it among those that are foreseen. Equal bodies have equal prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BodyPrint(u64);

impl BodyPrint {
    /// That of a foreseen body. If it has a time that is not known, it is the print of the body without its times.
    pub(crate) fn of_foreseen(body: &[u8]) -> BodyPrint {
        let body = &*compacted(body);
        let has_hole = memchr::memmem::find(body, UNKNOWN_INGESTION_TIME.as_bytes()).is_some();
        if has_hole { BodyPrint::without_times(body) } else { BodyPrint::exact(body) }
    }

    /// Those under which a body that arrived can have been foreseen.
    pub(crate) fn of_arrived(body: &[u8]) -> [BodyPrint; 2] {
        let body = &*compacted(body);
        [BodyPrint::exact(body), BodyPrint::without_times(body)]
    }

    fn exact(body: &[u8]) -> BodyPrint {
        BodyPrint(xxh3_64(body))
    }

    fn without_times(body: &[u8]) -> BodyPrint {
        let mut hash = Xxh3::with_seed(1);
        let mut copied = 0;
        // A time has its `T` behind ten characters, and what stands for an unknown one begins with `$`.
        for at in memchr::memchr2_iter(b'T', b'$', body) {
            let start = if body[at] == b'$' { Some(at) } else { at.checked_sub(TIME_OF_DAY_AT) };
            let Some(start) = start.filter(|start| *start >= copied) else { continue };
            if let Some(len) = time_len(&body[start..]) {
                hash.update(&body[copied..start]);
                hash.update(b"\0");
                copied = start + len;
            }
        }
        hash.update(&body[copied..]);
        BodyPrint(hash.digest())
    }
}

/// A body without the white space that means nothing; one that is no JSON as it is. Stand-ins for AWS lay JSON out in
/// other ways.
fn compacted(body: &[u8]) -> Cow<'_, [u8]> {
    match tree::check(body) {
        Ok(value) if body[value.end..].trim_ascii().is_empty() => {
            let mut compact = Vec::with_capacity(body.len());
            Compactor::default().write_value(&body[value], &mut compact);
            Cow::Owned(compact)
        }
        _ => Cow::Borrowed(body),
    }
}

/// Where the `T` is in a timestamp.
const TIME_OF_DAY_AT: usize = "2026-09-13".len();

/// The length of what `text` begins with, if it is what stands for an unknown time or a time as AWS writes that one:
/// `2026-09-13T12:17:30.408Z` (recorded).
fn time_len(text: &[u8]) -> Option<usize> {
    const LEN: usize = "2026-09-13T12:17:30.408Z".len();
    if text.starts_with(UNKNOWN_INGESTION_TIME.as_bytes()) {
        return Some(UNKNOWN_INGESTION_TIME.len());
    }
    let time = text.get(..LEN).filter(|time| time[4] == b'-' && time[LEN - 1] == b'Z')?;
    is_timestamp(time).then_some(LEN)
}

/// Whether `arrived` is what was foreseen: the same bytes, or the same JSON value, but for times that are not known.
pub(crate) fn same_body(foreseen: &[u8], arrived: &[u8]) -> bool {
    fits(foreseen, arrived) || {
        let (foreseen, arrived) = (comparable_body(foreseen), comparable_body(arrived));
        fits(foreseen.as_str().as_bytes(), arrived.as_str().as_bytes())
    }
}

/// Byte by byte, any time for an unknown one.
fn fits(foreseen: &[u8], arrived: &[u8]) -> bool {
    let unknown = UNKNOWN_INGESTION_TIME.as_bytes();
    let (mut foreseen, mut arrived) = (foreseen, arrived);
    while let Some(hole) = memchr::memmem::find(foreseen, unknown) {
        let (before, behind) = (&foreseen[..hole], &foreseen[hole + unknown.len()..]);
        let Some(rest) = arrived.strip_prefix(before) else { return false };
        let Some(len) = any_time_len(rest) else { return false };
        (foreseen, arrived) = (behind, &rest[len..]);
    }
    foreseen == arrived
}

/// The length of a time in whatever spelling: stand-ins for AWS write others.
fn any_time_len(text: &[u8]) -> Option<usize> {
    if text.starts_with(UNKNOWN_INGESTION_TIME.as_bytes()) {
        return Some(UNKNOWN_INGESTION_TIME.len());
    }
    let in_time = |byte: &u8| byte.is_ascii_digit() || b"TZ:.+-".contains(byte);
    let len = text.iter().take_while(|byte| in_time(byte)).count();
    is_timestamp(&text[..len]).then_some(len)
}

/// The lines in which two bodies differ, for a person.
pub(crate) fn difference(foreseen: &[u8], arrived: &[u8]) -> Vec<String> {
    body_difference(comparable_body(foreseen).as_str(), comparable_body(arrived).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "2026-09-13T12:17:30.408Z";

    fn with(time: &str) -> Vec<u8> {
        format!(r#"{{"at":"{time}","n":1}}"#).into_bytes()
    }

    #[test]
    fn an_unknown_time_is_any_time() {
        let foreseen = with(UNKNOWN_INGESTION_TIME);
        for time in [TIME, "2026-09-13T12:17:30Z", "2026-09-13T12:17:30.123456+00:00", UNKNOWN_INGESTION_TIME]
        {
            assert!(same_body(&foreseen, &with(time)), "{time}");
        }
        assert!(!same_body(&foreseen, &with("soon")));
        assert!(!same_body(&foreseen, &with("")));
        assert!(!same_body(&with(TIME), &with("2026-09-13T12:17:30.409Z")));
        let prints = BodyPrint::of_arrived(&with(TIME));
        assert!(prints.contains(&BodyPrint::of_foreseen(&foreseen)));
        assert!(prints.contains(&BodyPrint::of_foreseen(&with(TIME))));
        let other = BodyPrint::of_arrived(br#"{"at":"2026-09-13T12:17:30.408Z","n":2}"#);
        assert!(!other.contains(&BodyPrint::of_foreseen(&foreseen)));
    }

    #[test]
    fn bodies_that_differ_in_layout_alone_have_equal_prints() {
        let print = |body: &str| BodyPrint::of_foreseen(body.as_bytes());
        let prints = BodyPrint::of_arrived(b"{ \"a\": 1,\n \"b\": \"x y\" }\n");
        assert!(prints.contains(&print(r#"{"a":1,"b":"x y"}"#)));
        assert!(!prints.contains(&print(r#"{"a":1,"b":"xy"}"#)));
        for (body, other) in [("not  json", "not json"), ("1  2", "1 2"), ("1  2", "1")] {
            assert!(!BodyPrint::of_arrived(body.as_bytes()).contains(&print(other)), "{body}");
        }
        let time = with(UNKNOWN_INGESTION_TIME);
        let arrived = format!("{{ \"at\": \"{TIME}\", \"n\": 1 }}");
        assert!(BodyPrint::of_arrived(arrived.as_bytes()).contains(&BodyPrint::of_foreseen(&time)));
    }

    #[test]
    fn layout_does_not_count_and_values_do() {
        assert!(same_body(br#"{"a":1,"b":[2]}"#, br#"{ "b": [2], "a": 1 }"#));
        assert!(!same_body(br#"{"a":1}"#, br#"{"a":"1"}"#));
        assert!(same_body(b"not json", b"not json") && !same_body(b"not json", b"not  json"));
        assert_eq!(difference(br#"{"a":1}"#, br#"{"a":2}"#), ["  {", "-   \"a\": 1", "+   \"a\": 2", "  }"]);
    }
}
