//! The grammar of numbers, for all numbers of a block at once.
//!
//! Whatever begins with a digit or a minus is taken for a number; what begins with another byte is somebody
//! else's matter (`grammar` knows the three literals), but must not be called a fault here if it is one of
//! those three.

use super::blocks::NumberMasks;

/// What the numbers of one block tell the next: 1 or 0 each, for its last byte.
#[derive(Default)]
pub(super) struct NumberCarry {
    digit: u64,
    point: u64,
    leading_minus: u64,
    exponent: u64,
    exponent_sign: u64,
    leading_zero: u64,
    letter: u64,
    /// A digit in a run of digits behind a point.
    fraction: u64,
    /// Likewise behind an exponent.
    power: u64,
}

/// Bits moved to the place behind them, with the last one of the block before.
#[inline(always)]
fn behind(mask: u64, carry: &mut u64) -> u64 {
    let moved = mask << 1 | *carry;
    *carry = mask >> 63;
    moved
}

/// The places behind the runs of `digits` that begin at `starts`, or that go on if `carry` is 1.
#[inline(always)]
fn ends_of_runs(digits: u64, starts: u64, carry: &mut u64) -> u64 {
    let (sum, over) = digits.overflowing_add(starts & digits);
    let (sum, over_too) = sum.overflowing_add(*carry);
    *carry = u64::from(over | over_too);
    sum & !digits
}

impl NumberCarry {
    /// Whether a number may go on behind the block before.
    #[inline(always)]
    pub(super) fn is_open(&self) -> bool {
        self.digit | self.point | self.leading_minus | self.exponent | self.exponent_sign | self.letter != 0
    }

    /// Faults of the numbers in a block; not each at its place, but none if there are none. `scalar` has the
    /// bytes of all scalars other than strings, `starts` the first of each.
    #[inline(always)]
    pub(super) fn faults(&mut self, masks: &NumberMasks, scalar: u64, starts: u64) -> u64 {
        let digit = masks.digit & scalar;
        let point = masks.point & scalar;
        let minus = masks.minus & scalar;
        let sign = minus | masks.plus & scalar;
        let letter_e = masks.exponent & scalar;
        let letter = scalar & !(digit | point | sign | letter_e);
        let behind_letter = behind(letter, &mut self.letter);
        // The `e` of a literal follows a letter, that of a number never.
        let exponent = letter_e & !behind_letter;

        let leading_minus = minus & starts;
        let behind_minus = behind(leading_minus, &mut self.leading_minus);
        let behind_exponent = behind(exponent, &mut self.exponent);
        let exponent_sign = sign & behind_exponent;
        let behind_exponent_sign = behind(exponent_sign, &mut self.exponent_sign);
        let behind_point = behind(point, &mut self.point);
        let behind_digit = behind(digit, &mut self.digit);
        let leading_zero = masks.zero & (starts | behind_minus) & digit;

        // Where a digit has to be.
        let wanting = behind_minus | behind_point | behind_exponent_sign | behind_exponent & !exponent_sign;
        let after_fraction = ends_of_runs(digit, behind_point, &mut self.fraction);
        let powers = behind_exponent | behind_exponent_sign;
        let after_power = ends_of_runs(digit, powers, &mut self.power);

        wanting & !digit
            | (point | exponent) & !behind_digit
            | sign & !(leading_minus | exponent_sign)
            | letter & !(starts | behind_letter)
            | behind(leading_zero, &mut self.leading_zero) & digit
            | (after_fraction | after_power) & point
            | after_power & exponent
    }
}
