//! How much is kept.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// The part of the events that is kept: above 0, up to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Ratio(f64);

/// 2^64.
const HASHES: f64 = 18_446_744_073_709_551_616.0;

impl Ratio {
    /// Every event.
    pub const ALL: Ratio = Ratio(1.0);

    /// A ratio above 0, up to 1; `None` for any other number.
    pub fn new(ratio: f64) -> Option<Ratio> {
        (ratio > 0.0 && ratio <= 1.0).then_some(Ratio(ratio))
    }

    /// One event in `n`.
    pub fn one_in(n: NonZeroU64) -> Ratio {
        Ratio(1.0 / n.get() as f64)
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether a hash lies in the part of its range that is kept when `share` of this ratio is.
    pub(super) fn takes(self, hash: u64, share: f64) -> bool {
        let ratio = self.0 * share;
        // A number that large is no `u64`, and every hash is below it.
        ratio >= 1.0 || hash < (ratio * HASHES) as u64
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0 * 100.0)
    }
}

/// A text is no ratio.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ratio such as 10%, 1/10 or 0.1, which is above 0 and at most 1")]
pub struct RatioError(String);

impl FromStr for Ratio {
    type Err = RatioError;

    /// `10%`, `1/10` or `0.1`.
    fn from_str(text: &str) -> Result<Ratio, RatioError> {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let ratio = if let Some(percent) = text.strip_suffix('%') {
            number(percent).map(|percent| percent / 100.0)
        } else if let Some((part, whole)) = text.split_once('/') {
            number(part).zip(number(whole)).map(|(part, whole)| part / whole)
        } else {
            number(text)
        };
        ratio.and_then(Ratio::new).ok_or_else(|| RatioError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_written_in_three_ways() {
        for text in ["10%", "1/10", "0.1", "2/20", " 10 %"] {
            assert_eq!(text.parse::<Ratio>().map(Ratio::get), Ok(0.1), "{text}");
        }
        assert_eq!("100%".parse(), Ok(Ratio::ALL));
        for text in ["", "0", "0%", "-1", "1/0", "101%", "x", "nan", "1/10/2", "%"] {
            assert!(text.parse::<Ratio>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_hash_is_taken_if_it_lies_in_the_lowest_part() {
        let half = Ratio(0.5);
        assert!(half.takes((1 << 63) - 1, 1.0) && !half.takes(1 << 63, 1.0));
        assert!(!half.takes(1 << 62, 0.5) && half.takes((1 << 62) - 1, 0.5));
        assert!(Ratio::ALL.takes(u64::MAX, 1.0) && !Ratio::ALL.takes(0, 0.0));
    }
}
