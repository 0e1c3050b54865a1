//! Numbers that stand for all that tests cannot tell apart.
//!
//! Tests compare numbers with the values written in them, so between two neighbouring written values all numbers
//! that a double holds are alike; one of each stretch and each written value stand for all of them. Numbers that no
//! double holds are compared by spelling; one that nobody wrote stands for all others.

use super::tests::TestList;
use crate::pattern::{AnythingBut, ExactNumber, FieldTest, Scalar};

/// Spellings of numbers; every number is treated by `lists` as one of these is, unless it is taken for an address.
pub(super) fn representatives(lists: &[&TestList<'_>]) -> Vec<String> {
    let mut written = Written::default();
    lists.iter().flat_map(|list| &list.tests).for_each(|test| written.note(test));
    written.representatives()
}

#[derive(Default)]
struct Written {
    values: Vec<f64>,
    /// Of numbers that no double holds.
    spellings: Vec<String>,
}

impl Written {
    fn note(&mut self, test: &FieldTest) {
        match test {
            FieldTest::Equals(Scalar::Number(number)) => self.note_number(number),
            FieldTest::AnythingBut(AnythingBut::Numbers(numbers)) => {
                numbers.iter().for_each(|number| self.note_number(number));
            }
            FieldTest::Numeric(range) => {
                self.values
                    .extend([&range.lower, &range.upper].into_iter().flatten().map(|bound| bound.value));
            }
            _ => {}
        }
    }

    fn note_number(&mut self, number: &ExactNumber) {
        match number.value {
            Some(value) => self.values.push(value),
            None => self.spellings.push(number.spelling.to_string()),
        }
    }

    fn representatives(mut self) -> Vec<String> {
        self.values.sort_by(f64::total_cmp);
        self.values.dedup();
        let mut found: Vec<f64> = self.values.clone();
        let ends = [vec![f64::NEG_INFINITY], self.values, vec![f64::INFINITY]].concat();
        found.extend(ends.windows(2).filter_map(|pair| between(pair[0], pair[1])));
        // Small and whole numbers are read most easily.
        found.sort_by(|a, b| {
            (a.fract() != 0.0, a.abs())
                .partial_cmp(&(b.fract() != 0.0, b.abs()))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let unwritten = (0..).map(|step: u64| (9_007_199_254_740_993 + 2 * step).to_string());
        let other = unwritten.into_iter().find(|spelling| !self.spellings.contains(spelling));
        found.into_iter().map(spelled).chain(self.spellings).chain(other).collect()
    }
}

/// A finite double strictly between two, the plainest that is easily found; `None` if there is none.
fn between(low: f64, high: f64) -> Option<f64> {
    let (least, most) = (low.next_up(), high.next_down());
    if least > most {
        return None;
    }
    if least <= 0.0 && 0.0 <= most {
        return Some(0.0);
    }
    let near = if least > 0.0 { least.ceil() } else { most.floor() };
    if near.is_finite() && least <= near && near <= most {
        return Some(near);
    }
    let middle = low / 2.0 + high / 2.0;
    Some(if middle.is_finite() && least <= middle && middle <= most { middle } else { least })
}

/// As JSON; the shortest decimal form, so that a double holds it.
fn spelled(value: f64) -> String {
    // Adding 0 turns -0 into 0.
    let value = value + 0.0;
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => format!("{value:.0}"),
        false => zmij::Buffer::new().format_finite(value).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::number::comparable;

    #[test]
    fn a_stretch_has_a_number_if_a_double_lies_in_it() {
        assert_eq!(between(1.0, 2.0), Some(1.5));
        assert_eq!(between(1.0, 3.0), Some(2.0));
        assert_eq!(between(1.0, 1.0_f64.next_up()), None);
        assert_eq!(between(f64::NEG_INFINITY, -5.0), Some(-6.0));
        assert_eq!(between(5.0, f64::INFINITY), Some(6.0));
        assert_eq!(between(f64::MAX, f64::INFINITY), None);
        assert_eq!(between(f64::MAX.next_down(), f64::INFINITY), Some(f64::MAX));
        assert_eq!(between(0.0, f64::from_bits(1)), None);
    }

    #[test]
    fn spellings_are_json_that_a_double_holds() {
        for value in [0.0, -0.0, 1.5, 1e15, 1e22, 1e-7, f64::MAX, f64::from_bits(1), 0.1 + 0.2, -3.0] {
            assert_eq!(comparable(&spelled(value)), Some(value + 0.0), "{value}");
        }
    }
}
