//! The event envelope: the fields that every event on a bus has.

use std::fmt;

use crate::json::{Node, Value};

/// The fields that `TestEventPattern` demands of an event. Recorded: `version`, `resources` and `detail` may
/// be missing, and of the types only that of `time` is checked.
pub const REQUIRED_FIELDS: [&str; 6] = ["id", "detail-type", "source", "account", "time", "region"];

/// What the fields of the envelope hold in events that we make, in the order in which AWS writes them; `resources` (empty)
/// and `detail` follow. Fixed, so that the same question gets the same event.
pub const MADE_ENVELOPE: [(&str, &str); 7] = [
    ("version", "0"),
    ("id", "00000000-0000-4000-8000-000000000000"),
    ("detail-type", "Example"),
    ("source", "example"),
    ("account", "123456789012"),
    ("time", "2026-01-01T00:00:00Z"),
    ("region", "us-east-1"),
];

/// What is wrong with an event's envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvelopeProblem {
    /// Not an object.
    NotAnObject,
    /// Fields that every event has are missing.
    Missing(Vec<&'static str>),
    /// `time` is not an ISO 8601 timestamp.
    InvalidTime,
}

impl fmt::Display for EnvelopeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvelopeProblem::NotAnObject => f.write_str("the event is not an object"),
            EnvelopeProblem::Missing(names) => write!(f, "the event has no {}", names.join(", ")),
            EnvelopeProblem::InvalidTime => {
                f.write_str("`time` is not an ISO 8601 timestamp such as 2026-03-04T05:06:07Z")
            }
        }
    }
}

/// Checks the envelope as `TestEventPattern` does.
///
/// # Errors
/// What is wrong with it.
pub fn check_envelope(event: &Node) -> Result<(), EnvelopeProblem> {
    if event.as_object().is_none() {
        return Err(EnvelopeProblem::NotAnObject);
    }
    let missing: Vec<&str> = REQUIRED_FIELDS.into_iter().filter(|name| event.get(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(EnvelopeProblem::Missing(missing));
    }
    match event.get("time").map(|time| &time.value) {
        Some(Value::String(time)) if is_timestamp(time.as_bytes()) => Ok(()),
        _ => Err(EnvelopeProblem::InvalidTime),
    }
}

/// `YYYY-MM-DDThh:mm:ss`, a fraction or none, and `Z` or an offset. Only the form with `Z` and without a
/// fraction is recorded; the others are accepted because ISO 8601 has them.
pub fn is_timestamp(text: &[u8]) -> bool {
    let Some((fixed, rest)) = text.split_at_checked(19) else { return false };
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits =
        |(byte, wanted): (&u8, &u8)| if *wanted == b'd' { byte.is_ascii_digit() } else { byte == wanted };
    fixed.iter().zip(shape).all(fits) && is_zone(without_fraction(rest))
}

fn without_fraction(rest: &[u8]) -> &[u8] {
    match rest.split_first() {
        Some((b'.', fraction)) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 { rest } else { &fraction[digits..] }
        }
        _ => rest,
    }
}

fn is_zone(zone: &[u8]) -> bool {
    match zone {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].into_iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree;

    #[test]
    fn timestamps_have_a_date_a_time_and_a_zone() {
        for time in ["2025-03-04T05:06:07Z", "2025-03-04T05:06:07.123Z", "2025-03-04T05:06:07+01:00"] {
            assert!(is_timestamp(time.as_bytes()), "{time}");
        }
        for time in [
            "yesterday",
            "2025-03-04",
            "2025-03-04T05:06:07",
            "2025-03-04T05:06:07.Z",
            "2025-03-04 05:06:07Z",
            "",
        ] {
            assert!(!is_timestamp(time.as_bytes()), "{time}");
        }
    }

    #[test]
    fn all_missing_fields_are_named() {
        let event = tree::parse(br#"{"id":1,"time":2,"source":3}"#).unwrap();
        assert_eq!(
            check_envelope(&event),
            Err(EnvelopeProblem::Missing(vec!["detail-type", "account", "region"]))
        );
    }
}
