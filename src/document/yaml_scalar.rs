//! What a plain YAML scalar means.
//!
//! CloudFormation reads YAML 1.1, most tools of today YAML 1.2. Where the two agree there is no question. Where
//! they do not, the answer is CloudFormation's if JSON can say it, and a doubt is kept with it, because a
//! pattern that means `"on"` and says `true` is the classic silent failure.
//! Dates stay text: CloudFormation does not support YAML's timestamps (its User Guide, template formats).

use super::tree::{Doubt, Value};
use crate::json::Text;
use crate::json::number::number_len;

/// The value of a scalar without quotes, and the doubt about it.
pub(super) fn plain<U>(spelling: &str) -> (Value<U>, Option<Doubt>) {
    match spelling {
        "" | "~" | "null" | "Null" | "NULL" => (Value::Null, None),
        "true" | "True" | "TRUE" => (Value::Bool(true), None),
        "false" | "False" | "FALSE" => (Value::Bool(false), None),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => (Value::Bool(true), Some(Doubt::Boolean)),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => (Value::Bool(false), Some(Doubt::Boolean)),
        _ if number_len(spelling.as_bytes()) == Some(spelling.len()) => {
            let doubt = is_text_in_yaml_1_1(spelling).then_some(Doubt::Number);
            (Value::Number(spelling.into()), doubt)
        }
        _ => {
            let differs = is_number_in_yaml_1_1(spelling) || is_octal_in_yaml_1_2(spelling);
            let doubt = differs.then_some(Doubt::Number);
            (Value::String(Text::from(spelling)), doubt)
        }
    }
}

/// Whether YAML 1.1 has text where JSON has a number: an exponent without a sign, or behind no point. Git's short names
/// of commits look so. Source: the type definition `float` of yaml.org.
fn is_text_in_yaml_1_1(number: &str) -> bool {
    number
        .split_once(['e', 'E'])
        .is_some_and(|(mantissa, exponent)| !mantissa.contains('.') || !exponent.starts_with(['+', '-']))
}

fn is_octal_in_yaml_1_2(spelling: &str) -> bool {
    let digits = spelling.strip_prefix("0o").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'))
}

/// Whether YAML 1.1 has a number here that JSON's grammar does not: signs, octals, hexadecimals, binaries,
/// underscores, base 60, bare points, infinities. Source: the type definitions `int` and `float` of yaml.org.
///
/// `0123` is one, `0189` is not: digits above 7 make it text, also to CloudFormation.
fn is_number_in_yaml_1_1(spelling: &str) -> bool {
    let digits = spelling.strip_prefix(['+', '-']).unwrap_or(spelling);
    let Some(first) = digits.bytes().next() else { return false };
    if matches!(digits.to_ascii_lowercase().as_str(), ".inf" | ".nan") {
        return true;
    }
    if !(first.is_ascii_digit() || first == b'.' && digits.len() > 1) {
        return false;
    }
    let all = |text: &str, allowed: fn(u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| byte == b'_' || allowed(byte))
    };
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return all(hexadecimal, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(binary) = digits.strip_prefix("0b") {
        return all(binary, |byte| matches!(byte, b'0' | b'1'));
    }
    if first == b'0' && all(&digits[1..], |byte| byte.is_ascii_digit()) {
        return all(digits, |byte| matches!(byte, b'0'..=b'7'));
    }
    is_base_60(digits) || is_decimal(digits)
}

fn is_base_60(digits: &str) -> bool {
    let mut parts = digits.split(':');
    let leads = parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(is_digit_or_underscore));
    let mut minutes = parts.peekable();
    leads && minutes.peek().is_some() && minutes.all(|part| matches!(part.parse::<u8>(), Ok(0..60)))
}

/// Digits with underscores, with at most one point and an exponent.
fn is_decimal(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    mantissa.bytes().any(|byte| byte.is_ascii_digit())
        && !exponent.is_empty()
        && [whole, fraction, exponent].iter().all(|part| part.bytes().all(is_digit_or_underscore))
}

fn is_digit_or_underscore(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(spelling: &str) -> (Value, Option<Doubt>) {
        super::plain(spelling)
    }

    #[test]
    fn numbers_keep_their_spelling() {
        for spelling in ["0", "-1", "1.0", "123456789012", "1.0e+3", "9007199254740993"] {
            assert_eq!(plain(spelling), (Value::Number(spelling.into()), None));
        }
    }

    #[test]
    fn numbers_that_yaml_1_1_takes_for_text_are_in_doubt() {
        for spelling in ["1e3", "1.5e3", "12E-7", "-1e+3"] {
            assert_eq!(plain(spelling), (Value::Number(spelling.into()), Some(Doubt::Number)), "{spelling}");
        }
        assert_eq!(plain("0o17"), (Value::String("0o17".into()), Some(Doubt::Number)));
        assert_eq!(plain("0o18"), (Value::String("0o18".into()), None));
    }

    #[test]
    fn account_ids_are_text_if_they_cannot_be_octal() {
        assert_eq!(plain("012345678901"), (Value::String("012345678901".into()), None));
        assert_eq!(plain("012345670123"), (Value::String("012345670123".into()), Some(Doubt::Number)));
    }

    #[test]
    fn numbers_of_yaml_1_1_only_are_in_doubt() {
        for spelling in
            ["+5", "0x1f", "0b101", "1_000", "12:30", "190:20:30", ".5", "5.", "-.inf", ".NaN", "1_0.5e+3"]
        {
            assert_eq!(plain(spelling).1, Some(Doubt::Number), "{spelling}");
        }
        for spelling in [
            "2012-10-17",
            "1.2.3",
            "10.0.0.0/8",
            "i-0abc",
            "12:70",
            ":30",
            ".",
            "..",
            "-",
            "+",
            "e5",
            "0x",
            "1e",
        ] {
            assert_eq!(plain(spelling), (Value::String(spelling.into()), None), "{spelling}");
        }
    }

    #[test]
    fn the_words_of_yaml_1_1_are_booleans_with_a_doubt() {
        assert_eq!(plain("on"), (Value::Bool(true), Some(Doubt::Boolean)));
        assert_eq!(plain("No"), (Value::Bool(false), Some(Doubt::Boolean)));
        assert_eq!(plain("True"), (Value::Bool(true), None));
        assert_eq!(plain("y"), (Value::String("y".into()), None));
    }
}
