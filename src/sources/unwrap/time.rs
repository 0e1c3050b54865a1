//! Times of `PutEvents` entries as the service renders them: UTC, cut to whole seconds.

use crate::event::milliseconds_since_1970;
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
    Some(rendered(seconds))
}

fn rendered(seconds: i64) -> String {
    let (days, clock) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hours, minutes, seconds) = (clock / 3_600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}Z")
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

    #[test]
    fn every_day_of_four_centuries_renders_as_it_was_read() {
        for day in 0..146_097 {
            let text = rendered(day * 86_400);
            assert_eq!(milliseconds_since_1970(&text), Some(day * 86_400_000), "{text}");
        }
    }
}
