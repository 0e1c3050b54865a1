//! The value of a number, give or take: enough to tell most pairs of numbers apart without the exact value, which
//! takes much longer to find.

use super::number::{EXACT_POWERS, FIFTEEN_DIGITS};

/// What a quick look at a number says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimate {
    /// The value itself; the number is comparable.
    Exact(f64),
    /// The nearest double to the value lies within [`Estimate::MARGIN`] of this one, relatively.
    Near(f64),
}

/// Digits that a `u64` surely holds.
const DIGITS_MAX: usize = 19;

impl Estimate {
    /// Converting the digits and dividing by a power of ten round once each, by up to 2^-53 relatively, and so
    /// does the nearest double.
    pub const MARGIN: f64 = 1.0 / (1_u64 << 50) as f64;

    /// A look at a JSON number; `None` for those with an exponent or with very many digits.
    #[inline]
    pub fn of(spelling: &[u8]) -> Option<Estimate> {
        let (negative, digits) = match spelling {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let (integer, rest) = leading_digits(0, digits);
        let (significand, rest, fraction_digits) = match rest {
            [b'.', fraction @ ..] => {
                let (significand, rest) = leading_digits(integer, fraction);
                (significand, rest, fraction.len() - rest.len())
            }
            rest => (integer, rest, 0),
        };
        // The sum wraps if there are too many digits; then it is not used.
        if !rest.is_empty() || digits.len() > DIGITS_MAX {
            return None;
        }
        // Adding 0 turns -0 into 0.
        let magnitude = significand as f64 / EXACT_POWERS[fraction_digits];
        let value = if negative { -magnitude } else { magnitude } + 0.0;
        Some(if significand < FIFTEEN_DIGITS { Estimate::Exact(value) } else { Estimate::Near(value) })
    }
}

/// Goes on with `value` over the digits that `text` begins with. Gives what follows them.
#[inline]
fn leading_digits(mut value: u64, mut text: &[u8]) -> (u64, &[u8]) {
    while let Some((eight, rest)) = text.split_first_chunk::<8>() {
        let Some(number) = eight_digits(u64::from_le_bytes(*eight)) else { break };
        value = value.wrapping_mul(100_000_000).wrapping_add(number);
        text = rest;
    }
    while let [digit @ b'0'..=b'9', rest @ ..] = text {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        text = rest;
    }
    (value, text)
}

/// The number that eight digits spell, the first in the lowest byte; `None` if they are not all digits.
#[inline]
fn eight_digits(bytes: u64) -> Option<u64> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let values = bytes ^ ZEROS;
    // Six more than a digit does not reach the upper half of a byte, six more than anything else does.
    let not_digits = (values | values.wrapping_add(0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0;
    if not_digits != 0 {
        return None;
    }
    // Neighbours are put together: ones and tens, then hundreds, then ten thousands.
    let pairs = values.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000 << 32 | 1) >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::number;

    #[test]
    fn few_digits_are_exact() {
        for (text, value) in [("0", 0.0), ("-0.0", 0.0), ("23.0", 23.0), ("-122.25", -122.25), ("007", 7.0)] {
            assert_eq!(Estimate::of(text.as_bytes()), Some(Estimate::Exact(value)), "{text}");
        }
        assert_eq!(Estimate::of(b"12345678.12345"), Some(Estimate::Exact(12345678.12345)));
        assert_eq!(Estimate::of(b"123456789012345"), Some(Estimate::Exact(123456789012345.0)));
    }

    #[test]
    fn exponents_and_too_many_digits_are_left_alone() {
        for text in ["1e3", "1.5E-3", "12345678e1", "12345678901234567890", "0.1234567890123456789"] {
            assert_eq!(Estimate::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn eight_digits_are_read_and_nothing_else_is() {
        let read = |text: &[u8; 8]| eight_digits(u64::from_le_bytes(*text));
        assert_eq!(read(b"12345678"), Some(12345678));
        assert_eq!(read(b"99999999"), Some(99999999));
        for byte in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
            for at in 0..8 {
                let mut text = *b"55555555";
                text[at] = byte;
                assert_eq!(read(&text), None, "{text:?}");
            }
        }
    }

    #[test]
    fn estimates_agree_with_exact_values() {
        let mut state = 88_172_645_463_325_252_u64;
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let digits = (state % 10_000_000_000_000_000_000).to_string();
            let digits = &digits[..1 + (state >> 32) as usize % digits.len()];
            let point = (state >> 40) as usize % digits.len();
            let text = match point {
                0 => digits.to_owned(),
                _ => format!("-{}.{}", &digits[..point], &digits[point..]),
            };
            let exact: f64 = text.parse().unwrap();
            match Estimate::of(text.as_bytes()) {
                None => assert!(digits.len() >= DIGITS_MAX, "{text}"),
                Some(Estimate::Exact(value)) => {
                    assert_eq!(value, exact, "{text}");
                    assert_eq!(number::comparable(&text), Some(value), "{text}");
                    assert_eq!(number::rerendered_value(&text), Some(value), "{text}");
                }
                // Half of the margin: what stands in its proof is below that.
                Some(Estimate::Near(value)) => {
                    assert!((value - exact).abs() <= exact.abs() * Estimate::MARGIN / 2.0, "{text}");
                }
            }
        }
    }
}
