//! Numbers: their decimal values, and how the service re-renders them.

/// A decimal value in one form: sign, digits without zeros at either end, power of ten.
#[derive(PartialEq)]
struct Decimal(bool, String, i64);

fn decimal(spelling: &str) -> Decimal {
    let (negative, unsigned) = match spelling.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, spelling),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let far_away = if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
    let exponent: i64 = exponent.parse().unwrap_or(far_away);
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let zeros = (digits.len() - kept.len()) as i64;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() {
        return Decimal(false, String::new(), 0);
    }
    Decimal(negative, kept.to_owned(), exponent.saturating_sub(fraction.len() as i64).saturating_add(zeros))
}

/// The value if it equals the shortest decimal form of its double.
pub(super) fn comparable(spelling: &str) -> Option<f64> {
    let value: f64 = spelling.parse().ok()?;
    if !value.is_finite() || decimal(spelling) != decimal(&shortest(value)) {
        return None;
    }
    Some(if value == 0.0 { 0.0 } else { value })
}

/// A number of an event as the service gives it to its engine.
pub(super) fn as_service_sees(spelling: &str) -> String {
    if !spelling.contains(['.', 'e', 'E']) {
        return spelling.to_owned();
    }
    let value: f64 = spelling.parse().unwrap_or(f64::NAN);
    if !value.is_finite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0" } else { "0.0" }.to_owned();
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').expect("this format has an exponent");
    let exponent: i32 = exponent.parse().expect("a small exponent");
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let (sign, digits) = match mantissa.replace('.', "") {
        digits if value < 0.0 => ("-", digits.trim_start_matches('-').to_owned()),
        digits => ("", digits),
    };
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(-exponent as usize - 1));
    }
    let whole = exponent as usize + 1;
    match digits.len() {
        len if len > whole => format!("{sign}{}.{}", &digits[..whole], &digits[whole..]),
        len => format!("{sign}{digits}{}.0", "0".repeat(whole - len)),
    }
}

/// The shortest decimal form of a double, with an exponent. The standard library's own does not choose the even
/// one where two are equally near; with a number of digits given it does.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let mantissa = text.split('e').next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let nearest = format!("{value:.*e}", digits - 1);
    if nearest.parse() == Ok(value) { nearest } else { text }
}
