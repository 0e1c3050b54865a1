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
    if !value.is_finite() || decimal(spelling) != decimal(&format!("{value:e}")) {
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
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("this format has an exponent");
    let exponent: i32 = exponent.parse().expect("a small exponent");
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}
