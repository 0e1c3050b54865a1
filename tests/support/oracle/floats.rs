//! The spelling that the service gives the floats of an event.
//!
//! Written apart from `ruleproof::json::number`, so that the two check each other: where two shortest
//! decimals are equally near to a double (798725235158264.25), the even digit has to win, and not every
//! library's does.

/// The shortest decimal form of the double nearest to `spelling`; integers keep their spelling.
///
/// The layout is that of the Python model. It matters where numbers are compared as text.
pub fn rerendered(spelling: &str) -> String {
    if !spelling.contains(['.', 'e', 'E']) {
        return spelling.to_owned();
    }
    let value: f64 = spelling.parse().expect("a JSON number is a float to Rust as well");
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let (digits, exponent) = shortest(value.abs());
    let magnitude = if (-4..16).contains(&exponent) {
        positional(&digits, exponent)
    } else {
        scientific(&digits, exponent)
    };
    format!("{sign}{magnitude}")
}

/// The significant digits of `value`, which is not negative, and the power of ten of the first of them.
fn shortest(value: f64) -> (String, i32) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().expect("an exponent is an integer");
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let first = whole.len() as i32 - 1 - (all.len() - significant.len()) as i32;
    match significant.trim_end_matches('0') {
        "" => ("0".to_owned(), 0),
        digits => (digits.to_owned(), first + exponent),
    }
}

fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    }
    let whole = exponent as usize + 1;
    match digits.split_at_checked(whole) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        _ => format!("{digits}{}.0", "0".repeat(whole - digits.len())),
    }
}

fn scientific(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}
