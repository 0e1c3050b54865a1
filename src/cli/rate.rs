//! Rates as they are typed.

use std::num::NonZeroU32;

/// The number of `25/s`, or of `25`.
///
/// # Errors
/// It is no whole number above 0.
pub(super) fn per_second(text: &str) -> Result<NonZeroU32, String> {
    let number = text.strip_suffix("/s").unwrap_or(text);
    number.parse().map_err(|_| format!("`{text}` is no rate such as 25/s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_per_second_with_or_without_saying_so() {
        assert_eq!(per_second("25/s").map(NonZeroU32::get), Ok(25));
        assert_eq!(per_second("400").map(NonZeroU32::get), Ok(400));
        for text in ["0/s", "", "/s", "1.5/s", "25/min", "-1"] {
            assert!(per_second(text).is_err(), "{text}");
        }
    }
}
