//! Numbers next to a number.

/// The numbers next to one, nearest in the way people write first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analysis) struct Neighbours {
    /// One unit of the last written decimal below; `None` if no double holds it.
    pub(in crate::analysis) below: Option<String>,
    /// One unit of the last written decimal above.
    pub(in crate::analysis) above: Option<String>,
    /// Half a unit to either side, and the nearest doubles.
    pub(super) finer: Vec<String>,
}

/// Integers up to here are doubles, and so are their neighbours.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// The numbers next to `value`, which was spelled so.
pub(in crate::analysis) fn neighbours(value: f64, spelling: &str) -> Neighbours {
    let decimals = decimals(spelling);
    let by_unit = |tenths: i64| shifted(value, decimals, tenths);
    let nearest = [value.next_down(), value.next_up()].map(|near| near.is_finite().then(|| spelled(near)));
    let [next_below, next_above] = nearest;
    let finer = [by_unit(-5), by_unit(5), next_below.clone(), next_above.clone()];
    Neighbours {
        below: by_unit(-10).or(next_below),
        above: by_unit(10).or(next_above),
        finer: finer.into_iter().flatten().collect(),
    }
}

/// The number between two.
pub(super) fn between(low: f64, high: f64) -> Option<String> {
    let middle = low / 2.0 + high / 2.0;
    (low < middle && middle < high).then(|| spelled(middle))
}

/// How a double is written: a JSON number with the fewest digits.
pub(super) fn spelled(value: f64) -> String {
    let magnitude = value.abs();
    // Zero without its sign: -0 is 0 to the engine.
    if magnitude == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e17).contains(&magnitude) { value.to_string() } else { format!("{value:e}") }
}

/// Digits behind the point, written without an exponent.
fn decimals(spelling: &str) -> i32 {
    let (mantissa, exponent) = spelling.split_once(['e', 'E']).unwrap_or((spelling, "0"));
    let fraction = mantissa.split_once('.').map_or("", |(_, fraction)| fraction.trim_end_matches('0'));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    i32::try_from(fraction.len()).unwrap_or(i32::MAX).saturating_sub(exponent).max(0)
}

/// `value` and so many tenths of a unit of its last decimal; `None` where doubles are coarser than that.
fn shifted(value: f64, decimals: i32, tenths: i64) -> Option<String> {
    let decimals = decimals.checked_add(1).filter(|decimals| *decimals <= 300)?;
    let units = (value * 10_f64.powi(decimals)).round();
    if units.abs() >= EXACT_MAX {
        return None;
    }
    // Read as a decimal, so that 0.1 and its unit give 0.2 and not what binary fractions add up to.
    let shifted: f64 = format!("{}e-{decimals}", units as i64 + tenths).parse().ok()?;
    (shifted != value).then(|| spelled(shifted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(spelling: &str) -> (String, String) {
        let near = neighbours(spelling.parse().unwrap(), spelling);
        (near.below.unwrap(), near.above.unwrap())
    }

    #[test]
    fn neighbours_are_one_unit_of_the_last_decimal_away() {
        assert_eq!(units("100"), ("99".to_owned(), "101".to_owned()));
        assert_eq!(units("0.1"), ("0".to_owned(), "0.2".to_owned()));
        assert_eq!(units("0.80"), ("0.7".to_owned(), "0.9".to_owned()));
        assert_eq!(units("-0.25"), ("-0.26".to_owned(), "-0.24".to_owned()));
        assert_eq!(units("3e2"), ("299".to_owned(), "301".to_owned()));
        assert_eq!(units("1.5e1"), ("14".to_owned(), "16".to_owned()));
    }

    #[test]
    fn where_doubles_are_coarser_the_next_double_is_the_neighbour() {
        assert_eq!(units("9007199254740992"), ("9007199254740991".to_owned(), "9007199254740994".to_owned()));
        assert_eq!(units("1e300").1.parse(), Ok(1e300_f64.next_up()));
        assert_eq!(neighbours(f64::MAX, "1.7976931348623157e308").above, None);
    }
}
