//! Points in time, as events spell them.

/// Milliseconds from 1970-01-01 to `text`, an RFC 3339 time; a missing offset means UTC, and a date alone its
/// first moment. Digits behind the third of a fraction are cut off.
pub fn milliseconds_since_1970(text: &str) -> Option<i64> {
    let date = text.get(..10)?;
    let days = days_since_1970(number(date, 0, 4)?, number(date, 5, 2)?, number(date, 8, 2)?);
    (date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-').then_some(())?;
    if text.len() == 10 {
        return Some(days * 86_400_000);
    }
    let clock = text.get(10..19).filter(|clock| clock.starts_with(['T', 't', ' ']))?;
    let seconds = number(clock, 1, 2)? * 3_600 + number(clock, 4, 2)? * 60 + number(clock, 7, 2)?;
    let (milliseconds, offset) = fraction(text.get(19..)?);
    let seconds = days * 86_400 + seconds - offset_seconds(offset)?;
    Some(seconds * 1_000 + milliseconds)
}

/// The second that is `seconds` after 1970, in UTC: `2026-03-04T05:06:07Z`.
pub fn rfc_3339(seconds: i64) -> String {
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

/// The milliseconds of a fraction such as `.25`, if there is one, and what follows it.
fn fraction(text: &str) -> (i64, &str) {
    let Some(behind) = text.strip_prefix('.') else { return (0, text) };
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let value =
        |digit: usize| behind.as_bytes().get(digit).filter(|_| digit < digits).map_or(0, |b| b - b'0');
    let milliseconds = (0..3).fold(0, |sum, digit| sum * 10 + i64::from(value(digit)));
    (milliseconds, &behind[digits..])
}

fn offset_seconds(text: &str) -> Option<i64> {
    let sign = match text.bytes().next() {
        None => return Some(0),
        Some(b'Z' | b'z') if text.len() == 1 => return Some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let minutes = if text.len() == 6 { number(text, 4, 2)? } else { number(text, 3, 2)? };
    Some(sign * (number(text, 1, 2)? * 3_600 + minutes * 60))
}

fn number(text: &str, at: usize, len: usize) -> Option<i64> {
    let digits = text.get(at..at + len)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Days from 1970-01-01 in the Gregorian calendar, by counting years from March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_renders_as_it_was_read() {
        for day in 0..146_097 {
            let text = rfc_3339(day * 86_400);
            assert_eq!(milliseconds_since_1970(&text), Some(day * 86_400_000), "{text}");
        }
    }

    #[test]
    fn fractions_and_offsets_count() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.5Z", 500),
            ("1970-01-01T00:00:00.0129Z", 12),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1970-01-02", 86_400_000),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2026-09-13T22:10:26Z", 1_789_337_426_000),
        ] {
            assert_eq!(milliseconds_since_1970(text), Some(milliseconds), "{text}");
        }
        for text in ["", "soon", "2026-03-04T05:06", "2026-03-04T05:06:01x", "2026-03-04T05:06:0\u{e9}"] {
            assert_eq!(milliseconds_since_1970(text), None, "{text}");
        }
    }
}
