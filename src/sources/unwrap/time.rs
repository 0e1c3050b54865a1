//! Times of `PutEvents` entries as the service renders them: UTC, cut to whole seconds.

use crate::event::{milliseconds_since_1970, rfc_3339};
use crate::json::Value;
use crate::json::tree;

/// The time that `spelled` (a JSON string or number) names, in the form `2026-03-04T05:06:07Z`.
///
/// Strings are RFC 3339 times; a missing offset means UTC, as in the AWS command line. Numbers are seconds
/// since 1970.
pub(super) fn in_whole_seconds(spelled: &[u8]) -> Option<String> {
    let seconds = match tree::parse(spelled).ok()?.value {
        Value::String(text) => milliseconds_since_1970(text.as_str()?)?.div_euclid(1_000),
        Value::Number(number) => number.parse::<f64>().ok().filter(|n| n.abs() < 1e11)?.floor() as i64,
        _ => return None,
    };
    Some(rfc_3339(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_utc_in_whole_seconds() {
        let time = |spelled: &str| in_whole_seconds(spelled.as_bytes());
        for spelled in [
            r#""2026-03-04T05:06:01Z""#,
            r#""2026-03-04T05:06:01.999Z""#,
            r#""2026-03-04T07:36:01+02:30""#,
            r#""2026-03-03T21:06:01-0800""#,
            r#""2026-03-04 05:06:01""#,
            "1772600761.5",
        ] {
            assert_eq!(time(spelled).as_deref(), Some("2026-03-04T05:06:01Z"), "{spelled}");
        }
        assert_eq!(time(r#""2024-02-29""#).as_deref(), Some("2024-02-29T00:00:00Z"));
        assert_eq!(time("-1").as_deref(), Some("1969-12-31T23:59:59Z"));
        for spelled in [r#""soon""#, "true", "1e300", r#""2026-03-04T05:06""#, r#""2026-03-04T05:06:01x""#] {
            assert_eq!(time(spelled), None, "{spelled}");
        }
    }
}
