//! Rates and times as they are typed.

use std::num::NonZeroU32;
use std::time::Duration;

/// The number of `25/s`, or of `25`.
///
/// # Errors
/// It is no whole number above 0.
pub(super) fn per_second(text: &str) -> Result<NonZeroU32, String> {
    let number = text.strip_suffix("/s").unwrap_or(text);
    number.parse().map_err(|_| format!("`{text}` is no rate such as 25/s"))
}

/// The longest time that an event may take: EventBridge retries deliveries for a day at most.
const TIMEOUT_MAX: Duration = Duration::from_secs(86_400);
/// The shortest: AWS delivers in half a second, typically.
const TIMEOUT_MIN: Duration = Duration::from_millis(100);

/// How long an event may take, such as `10s`.
///
/// # Errors
/// It is no duration, or out of bounds.
pub(super) fn event_timeout(text: &str) -> Result<Duration, String> {
    let timeout = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if (TIMEOUT_MIN..=TIMEOUT_MAX).contains(&timeout) {
        Ok(timeout)
    } else {
        Err("events are waited for between 100ms and 1day".to_owned())
    }
}

/// The shortest window: shorter ones hold less than it costs to end one.
const WINDOW_MIN: Duration = Duration::from_secs(1);
/// The longest window: longer ones would tell of a drop after a week.
const WINDOW_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a window of drift is, such as `1m`.
///
/// # Errors
/// It is no duration, or not between the bounds.
pub(super) fn drift_window(text: &str) -> Result<Duration, String> {
    let bounds = "a window is 1s to 7days long, such as 1m";
    let length = humantime::parse_duration(text).map_err(|error| format!("{error}; {bounds}"))?;
    let is_usable = (WINDOW_MIN..=WINDOW_MAX).contains(&length);
    is_usable.then_some(length).ok_or_else(|| bounds.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_bounded() {
        assert_eq!(event_timeout("1500ms"), Ok(Duration::from_millis(1_500)));
        for text in ["0s", "99ms", "25h", "1000years", "-1s", "soon"] {
            assert!(event_timeout(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_are_per_second_with_or_without_saying_so() {
        assert_eq!(per_second("25/s").map(NonZeroU32::get), Ok(25));
        assert_eq!(per_second("400").map(NonZeroU32::get), Ok(400));
        for text in ["0/s", "", "/s", "1.5/s", "25/min", "-1"] {
            assert!(per_second(text).is_err(), "{text}");
        }
    }
}
