//! Numeric ranges.

use std::hash::{Hash, Hasher};

/// One end of a range: a comparable number, with the spelling it had.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The value; finite, and 0 for -0.
    pub value: f64,
    /// The JSON number as it was written.
    pub spelling: Box<str>,
    /// Whether the value itself belongs to the range.
    pub inclusive: bool,
}

impl PartialEq for Bound {
    fn eq(&self, other: &Bound) -> bool {
        self.value == other.value && self.inclusive == other.inclusive
    }
}

impl Eq for Bound {}

impl Hash for Bound {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.value.to_bits(), self.inclusive).hash(state);
    }
}

/// The numbers that a `numeric` test accepts. At least one end is given; equal ends mean one number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumericRange {
    /// The lower end; `None` is unbounded.
    pub lower: Option<Bound>,
    /// The upper end; `None` is unbounded.
    pub upper: Option<Bound>,
}

impl NumericRange {
    /// Whether `value` lies inside.
    pub fn contains(&self, value: f64) -> bool {
        let above = self.lower.as_ref().is_none_or(|b| value > b.value || (b.inclusive && value == b.value));
        let below = self.upper.as_ref().is_none_or(|b| value < b.value || (b.inclusive && value == b.value));
        above && below
    }

    /// Whether anything from `least` to `most` may lie inside; ends count as inside.
    pub fn touches(&self, least: f64, most: f64) -> bool {
        let above = self.lower.as_ref().is_none_or(|bound| most >= bound.value);
        let below = self.upper.as_ref().is_none_or(|bound| least <= bound.value);
        above && below
    }

    /// The one number that the range holds, if it is such a range (`["=", n]`).
    pub fn single(&self) -> Option<&Bound> {
        match (&self.lower, &self.upper) {
            (Some(lower), Some(upper)) if lower == upper => Some(lower),
            _ => None,
        }
    }
}
