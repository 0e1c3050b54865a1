//! Numbers as EventBridge compares them: by value, but only where a double holds the value.
//!
//! A number is *comparable* when its decimal value equals the shortest decimal form of its double. All
//! others (9007199254740993, 1e400) keep their spelling and equal nothing but the same spelling.

/// The length of the JSON number at the start of `text`; `None` if there is none.
#[inline]
pub fn number_len(text: &[u8]) -> Option<usize> {
    let mut len = usize::from(text.first() == Some(&b'-'));
    match text.get(len)? {
        b'0' => len += 1,
        b'1'..=b'9' => len = digits_end(text, len),
        _ => return None,
    }
    if text.get(len) == Some(&b'.') {
        let end = digits_end(text, len + 1);
        if end == len + 1 {
            return Some(len);
        }
        len = end;
    }
    if matches!(text.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(len + 1), Some(b'+' | b'-')));
        let end = digits_end(text, len + 1 + sign);
        if end > len + 1 + sign {
            len = end;
        }
    }
    Some(len)
}

/// Where the digits that begin at `at` end.
#[inline]
fn digits_end(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// The value of a comparable number, with 0 for -0; `None` if `spelling` is not comparable.
///
/// `spelling` is a JSON number.
pub fn comparable(spelling: &str) -> Option<f64> {
    let decimal = Decimal::of(spelling.as_bytes())?;
    if let Some(value) = decimal.small_value() {
        return Some(value);
    }
    let value: f64 = spelling.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let mut buffer = zmij::Buffer::new();
    (Decimal::of(buffer.format_finite(value).as_bytes())? == decimal).then_some(value)
}

/// The spelling that the service gives a number with a fraction or an exponent when it re-renders an event:
/// the shortest decimal form of its double. `None` for integers, which keep their spelling.
///
/// Only the digits matter to any verdict; the layout is that of the reference model.
pub fn rerendered(spelling: &str) -> Option<String> {
    if !spelling.contains(['.', 'e', 'E']) {
        return None;
    }
    let value: f64 = spelling.parse().ok()?;
    if !value.is_finite() {
        return Some(if value < 0.0 { "-inf" } else { "inf" }.to_owned());
    }
    // Not the standard library's digits: where two shortest forms are equally near, it does not choose the
    // even one, as the service does.
    let decimal = Decimal::of(zmij::Buffer::new().format_finite(value).as_bytes())?;
    let sign = if value.is_sign_negative() { "-" } else { "" };
    Some(format!("{sign}{}", decimal.laid_out()))
}

/// The value of a number as [`rerendered`]; `None` if it is not comparable.
pub fn rerendered_value(spelling: &str) -> Option<f64> {
    if !spelling.contains(['.', 'e', 'E']) {
        return comparable(spelling);
    }
    if let Some(value) = Decimal::of(spelling.as_bytes()).and_then(|decimal| decimal.small_value()) {
        return Some(value);
    }
    let value: f64 = spelling.parse().ok()?;
    // Adding 0 turns -0 into 0.
    value.is_finite().then_some(value + 0.0)
}

/// A decimal value in one form: significant digits without zeros at either end, and a power of ten.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    /// The digits as an integer; 0 only for zero.
    significand: u64,
    /// Saturates far outside what any double reaches, where it no longer matters.
    exponent: i64,
}

/// The shortest decimal form of a double has at most this many digits.
const SIGNIFICANT_DIGITS_MAX: u32 = 17;

/// Doubles hold every integer below this, and every decimal with so few digits has a double of its own.
pub(super) const FIFTEEN_DIGITS: u64 = 1_000_000_000_000_000;

/// The powers of ten that doubles hold exactly.
pub(super) const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

impl Decimal {
    /// Reads a JSON number; `None` if it has more digits than any shortest form, and so is not comparable.
    fn of(spelling: &[u8]) -> Option<Decimal> {
        let (mut significand, mut digits, mut exponent) = (0_u64, 0_u32, 0_i64);
        // Zeros are taken into the significand only once a digit follows them.
        let (mut zeros, mut after_point) = (0_i64, false);
        let mut bytes = spelling.iter();
        let negative = spelling.first() == Some(&b'-');
        while let Some(byte) = bytes.next() {
            match byte {
                b'-' => {}
                b'.' => after_point = true,
                b'0' => {
                    zeros += 1;
                    exponent -= i64::from(after_point);
                }
                b'1'..=b'9' => {
                    let taken = if digits == 0 { 0 } else { zeros };
                    digits = digits.saturating_add(u32::try_from(taken).ok()?).saturating_add(1);
                    if digits > SIGNIFICANT_DIGITS_MAX {
                        return None;
                    }
                    significand = significand * 10_u64.pow(taken as u32 + 1) + u64::from(byte - b'0');
                    zeros = 0;
                    exponent -= i64::from(after_point);
                }
                _ => {
                    exponent = exponent.saturating_add(saturating_integer(bytes.as_slice()));
                    break;
                }
            }
        }
        if digits == 0 {
            return Some(Decimal { negative: false, significand: 0, exponent: 0 });
        }
        Some(Decimal { negative, significand, exponent: exponent.saturating_add(zeros) })
    }

    /// The magnitude as text: with a point, or from 1e16 on and below 1e-4 with an exponent.
    fn laid_out(&self) -> String {
        let digits = self.significand.to_string();
        let point = digits.len() as i64 + self.exponent;
        match point {
            _ if self.significand == 0 => "0.0".to_owned(),
            -3..=0 => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
            1..=16 if self.exponent >= 0 => format!("{digits}{}.0", "0".repeat(self.exponent as usize)),
            1..=16 => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
            _ => {
                let (first, rest) = digits.split_at(1);
                let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
                let exponent = point - 1;
                let sign = if exponent < 0 { '-' } else { '+' };
                format!("{first}{fraction}e{sign}{:02}", exponent.unsigned_abs())
            }
        }
    }

    /// The value where one exact multiplication or division gives it: doubles hold every decimal of up to 15
    /// digits, and these powers of ten.
    fn small_value(&self) -> Option<f64> {
        let power = *EXACT_POWERS.get(usize::try_from(self.exponent.unsigned_abs()).ok()?)?;
        if self.significand >= FIFTEEN_DIGITS {
            return None;
        }
        let magnitude = self.significand as f64;
        let value = if self.exponent < 0 { magnitude / power } else { magnitude * power };
        Some(if self.negative { -value } else { value })
    }
}

fn saturating_integer(text: &[u8]) -> i64 {
    let magnitude = text
        .iter()
        .filter(|b| b.is_ascii_digit())
        .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    if text.first() == Some(&b'-') { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_equal() {
        for spelling in ["300", "300.0", "3.0e2", "3e+2", "30000e-2"] {
            assert_eq!(comparable(spelling), Some(300.0), "{spelling}");
        }
        assert_eq!(comparable("-0").map(f64::to_bits), Some(0));
        assert_eq!(comparable("0e99999999999999999999"), Some(0.0));
        assert_eq!(comparable("5e-324"), Some(5e-324));
        assert_eq!(comparable("-122.42916360922355"), Some(-122.42916360922355));
    }

    #[test]
    fn what_no_double_holds_is_not_comparable() {
        for spelling in
            ["9007199254740993", "1e400", "1.0000000000000001", "1e-400", "1e99999999999999999999"]
        {
            assert_eq!(comparable(spelling), None, "{spelling}");
        }
        assert_eq!(comparable("9007199254740992"), Some(9007199254740992.0));
    }

    #[test]
    fn numbers_end_where_the_grammar_says() {
        let len = |text: &str| number_len(text.as_bytes());
        assert_eq!(len("-12.5e+3,"), Some(8));
        assert_eq!(len("01"), Some(1));
        assert_eq!(len("1."), Some(1));
        assert_eq!(len("1e"), Some(1));
        assert_eq!(len("-"), None);
        assert_eq!(len("+1"), None);
    }

    #[test]
    fn the_service_rerenders_fractions_and_exponents_only() {
        assert_eq!(rerendered("9007199254740993"), None);
        assert_eq!(rerendered("1.0000000000000001").as_deref(), Some("1.0"));
        assert_eq!(rerendered("1e3").as_deref(), Some("1000.0"));
        assert_eq!(rerendered("1e16").as_deref(), Some("1e+16"));
        assert_eq!(rerendered("0.00001").as_deref(), Some("1e-05"));
        assert_eq!(rerendered("1.5e-7").as_deref(), Some("1.5e-07"));
        assert_eq!(rerendered("1e309").as_deref(), Some("inf"));
        assert_eq!(rerendered("-0.0").as_deref(), Some("-0.0"));
        assert_eq!(rerendered("-123.25e1").as_deref(), Some("-1232.5"));
        assert_eq!(rerendered("1e15").as_deref(), Some("1000000000000000.0"));
        assert_eq!(rerendered("0.0001234").as_deref(), Some("0.0001234"));
        assert_eq!(rerendered("798725235158264.25").as_deref(), Some("798725235158264.2"));
    }
}
