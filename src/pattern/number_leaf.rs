//! Numbers in events.

use std::borrow::Cow;
use std::cell::Cell;

use super::NumericRange;
use super::limits::Profile;
use crate::json::{Estimate, number};

/// A number in an event, as the profile sees it: the service re-renders numbers with a fraction or an
/// exponent from their doubles.
///
/// Its exact value is found only when a quick estimate does not decide a question, and then once.
#[derive(Debug, Clone)]
pub struct NumberLeaf<'a> {
    /// A JSON number, so it is ASCII.
    written: &'a [u8],
    profile: Profile,
    known: Cell<KnownNumber>,
}

/// What has been found out about a number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum KnownNumber {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The value lies within [`Estimate::MARGIN`] of this, relatively, if the number is comparable at all.
    Near(f64),
    /// Its value.
    Comparable(f64),
    /// It has no value to compare.
    NotComparable,
}

impl<'a> NumberLeaf<'a> {
    /// A leaf for a JSON number.
    pub fn new(written: &'a str, profile: Profile) -> NumberLeaf<'a> {
        NumberLeaf::with_known(written.as_bytes(), profile, KnownNumber::Nothing)
    }

    /// A leaf for a JSON number of which `known` was found out before.
    #[inline]
    pub fn with_known(written: &'a [u8], profile: Profile, known: KnownNumber) -> NumberLeaf<'a> {
        NumberLeaf { written, profile, known: Cell::new(known) }
    }

    /// What has been found out by now.
    #[inline]
    pub fn known(&self) -> KnownNumber {
        self.known.get()
    }

    /// The number's text.
    pub fn spelling(&self) -> Cow<'a, str> {
        let written = self.written();
        match self.profile {
            Profile::Engine => Cow::Borrowed(written),
            Profile::Service => number::rerendered(written).map_or(Cow::Borrowed(written), Cow::Owned),
        }
    }

    fn written(&self) -> &'a str {
        std::str::from_utf8(self.written).unwrap_or_default()
    }

    /// The value if the number is comparable.
    pub fn value(&self) -> Option<f64> {
        match self.estimated() {
            KnownNumber::Comparable(value) => return Some(value),
            KnownNumber::NotComparable => return None,
            KnownNumber::Nothing | KnownNumber::Near(_) => {}
        }
        let value = match self.profile {
            Profile::Engine => number::comparable(self.written()),
            Profile::Service => number::rerendered_value(self.written()),
        };
        self.known.set(value.map_or(KnownNumber::NotComparable, KnownNumber::Comparable));
        value
    }

    /// What is known once the number has been looked at quickly.
    #[inline]
    pub fn estimated(&self) -> KnownNumber {
        if self.known.get() == KnownNumber::Nothing {
            match Estimate::of(self.written) {
                Some(Estimate::Exact(value)) => self.known.set(KnownNumber::Comparable(value)),
                Some(Estimate::Near(value)) => self.known.set(KnownNumber::Near(value)),
                None => {}
            }
        }
        self.known.get()
    }

    /// Whether the number is comparable and has this value.
    pub fn equals(&self, value: f64) -> bool {
        let surely_not = match self.estimated() {
            KnownNumber::Near(near) => (near - value).abs() > near.abs() * Estimate::MARGIN,
            _ => false,
        };
        !surely_not && self.value() == Some(value)
    }

    /// Whether the number is comparable and lies in `range`.
    pub fn is_within(&self, range: &NumericRange) -> bool {
        let surely_not = match self.estimated() {
            KnownNumber::Near(near) => {
                let margin = near.abs() * Estimate::MARGIN;
                !range.touches(near - margin, near + margin)
            }
            _ => false,
        };
        !surely_not && self.value().is_some_and(|value| range.contains(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Bound;

    fn from(value: f64) -> NumericRange {
        let bound = Bound { value, spelling: value.to_string().into(), inclusive: true };
        NumericRange { lower: Some(bound), upper: None }
    }

    #[test]
    fn an_estimate_decides_only_what_it_can_decide() {
        let leaf = |profile| NumberLeaf::new("36.999999999999999", profile);
        // 17 digits that no double has as its shortest form; the service sees 37.0.
        assert!(!leaf(Profile::Engine).equals(37.0));
        assert!(leaf(Profile::Service).equals(37.0));
        assert!(!leaf(Profile::Engine).is_within(&from(37.0)));
        assert!(leaf(Profile::Service).is_within(&from(37.0)));
    }

    #[test]
    fn far_values_are_told_apart_without_the_exact_value() {
        let leaf = NumberLeaf::new("-122.42916360922355", Profile::Engine);
        assert!(!leaf.equals(-122.42916360922));
        assert!(!leaf.is_within(&from(-122.0)));
        assert!(matches!(leaf.known(), KnownNumber::Near(_)));
        assert!(leaf.equals(-122.42916360922355));
        assert_eq!(leaf.known(), KnownNumber::Comparable(-122.42916360922355));
    }
}
