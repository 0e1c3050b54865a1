//! How many events are expected: `12`, `180..220`, `>=10`, and shares such as `>0.5%`.

use std::fmt;

use crate::document::{Node, Value};

/// Bounds of a number of events or of a share in percent; both included unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    low: Bound,
    high: Bound,
    written: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    None,
    Included(f64),
    Excluded(f64),
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of events.
    Events,
    /// A share of all events.
    Percent,
}

impl Unit {
    /// What a measure of this unit has to look like.
    pub fn expected(self) -> &'static str {
        match self {
            Unit::Events => "a number of events, such as `12`, `180..220` or `>=10`",
            Unit::Percent => "a share of the events, such as `1%`, `0.5%..2%` or `>0.5%`",
        }
    }
}

impl Measure {
    /// The measure that `node` is: a whole number, or a text.
    pub fn read(node: &Node, unit: Unit) -> Option<Measure> {
        match &node.value {
            Value::Number(spelling) if unit == Unit::Events => Measure::parse(spelling, unit),
            Value::String(text) => Measure::parse(text.as_str()?, unit),
            _ => None,
        }
    }

    /// The measure that `text` spells.
    pub fn parse(text: &str, unit: Unit) -> Option<Measure> {
        let written = text.to_owned();
        if let Some((low, high)) = text.split_once("..") {
            let (low, high) = (number(low, unit)?, number(high, unit)?);
            let bounds = (low <= high).then_some((Bound::Included(low), Bound::Included(high)))?;
            return Some(Measure { low: bounds.0, high: bounds.1, written });
        }
        let operators = [">=", "<=", ">", "<"];
        let operator = operators.into_iter().find(|operator| text.starts_with(operator)).unwrap_or("");
        let value = number(text[operator.len()..].trim_start(), unit)?;
        let (low, high) = match operator {
            ">=" => (Bound::Included(value), Bound::None),
            "<=" => (Bound::None, Bound::Included(value)),
            ">" => (Bound::Excluded(value), Bound::None),
            "<" => (Bound::None, Bound::Excluded(value)),
            _ => (Bound::Included(value), Bound::Included(value)),
        };
        Some(Measure { low, high, written })
    }

    /// Whether `value`, a number of events or percents, is within.
    pub fn allows(&self, value: f64) -> bool {
        let above = match self.low {
            Bound::None => true,
            Bound::Included(bound) => value >= bound,
            Bound::Excluded(bound) => value > bound,
        };
        above
            && match self.high {
                Bound::None => true,
                Bound::Included(bound) => value <= bound,
                Bound::Excluded(bound) => value < bound,
            }
    }
}

fn number(text: &str, unit: Unit) -> Option<f64> {
    let text = text.trim();
    let digits = match unit {
        Unit::Events => text,
        Unit::Percent => text.strip_suffix('%')?.trim_end(),
    };
    let (whole, fraction) = match unit {
        Unit::Events => (digits, None),
        Unit::Percent => digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b))),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_digits(whole) && fraction.is_none_or(is_digits) && digits.len() <= 15;
    fits.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_as_written() {
        let allows = |text: &str, unit, value| Measure::parse(text, unit).map(|m| m.allows(value));
        for (text, inside, outside) in [
            ("12", 12.0, 13.0),
            ("180..220", 180.0, 179.0),
            ("180..220", 220.0, 221.0),
            (">=10", 10.0, 9.0),
            ("> 10", 11.0, 10.0),
            ("<=10", 10.0, 11.0),
            ("<10", 9.0, 10.0),
        ] {
            assert_eq!(allows(text, Unit::Events, inside), Some(true), "{text}");
            assert_eq!(allows(text, Unit::Events, outside), Some(false), "{text}");
        }
        assert_eq!(allows(">0.5%", Unit::Percent, 0.5), Some(false));
        assert_eq!(allows("0.5%..2%", Unit::Percent, 0.5), Some(true));
    }

    #[test]
    fn what_is_no_measure_is_refused() {
        for text in ["", "-1", "1.5", "1e3", "3..2", "..", "1..", "=1", "ten", "5%", "9999999999999999"] {
            assert_eq!(Measure::parse(text, Unit::Events), None, "{text}");
        }
        for text in ["5", "%", ".5%", "5.%", "1..2%", ">%"] {
            assert_eq!(Measure::parse(text, Unit::Percent), None, "{text}");
        }
    }
}
