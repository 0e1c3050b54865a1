//! The grammar of numbers, for all numbers of a block at once.
//!
//! Whatever begins with a digit or a minus is taken for a number; what begins with another byte is somebody
//! else's matter (`grammar` knows the three literals), but must not be called a fault here if it is one of
//! those three.

use super::blocks::{Block, BlockReader, RareNumberMasks};

/// What the numbers of one block tell the next: 1 or 0 each, for its last byte.
#[derive(Default)]
pub(super) struct NumberCarry {
    digit: u64,
    point: u64,
    leading_minus: u64,
    leading_zero: u64,
    /// A digit in a run of digits behind a point.
    fraction: u64,
    rare: RareCarry,
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
        self.digit | self.point | self.leading_minus != 0 || !self.rare.is_empty()
    }

    /// Whether any number so far has an exponent.
    pub(super) fn has_exponents(&self) -> bool {
        self.rare.exponents != 0
    }

    /// Faults of the numbers in a block; not each at its place, but none if there are none. `scalar` has the
    /// bytes of all scalars other than strings, `starts` the first of each.
    #[inline(always)]
    pub(super) fn faults(
        &mut self,
        reader: impl BlockReader,
        block: &Block,
        scalar: u64,
        starts: u64,
    ) -> u64 {
        let masks = reader.number_masks(block);
        let digit = masks.digit & scalar;
        let point = masks.point & scalar;
        let minus = masks.minus & scalar;
        let leading_minus = minus & starts;
        let behind_minus = behind(leading_minus, &mut self.leading_minus);
        let behind_point = behind(point, &mut self.point);
        let behind_digit = behind(digit, &mut self.digit);
        let leading_zero = masks.zero & (starts | behind_minus);
        let behind_zero = behind(leading_zero, &mut self.leading_zero);
        let after_fraction = ends_of_runs(digit, behind_point, &mut self.fraction);
        let faults = (behind_minus | behind_point) & !digit
            | point & !behind_digit
            | behind_zero & digit
            | after_fraction & point;
        let rest = scalar & !(digit | point | leading_minus);
        if rest == 0 && self.rare.is_empty() {
            return faults;
        }
        let masks = reader.rare_number_masks(block);
        faults | self.rare.faults(&masks, rest, starts, Digits { digit, behind_digit, point })
    }
}

/// What few numbers have: exponents. And literals, which have letters.
#[derive(Default)]
struct RareCarry {
    exponent: u64,
    exponent_sign: u64,
    letter: u64,
    /// A digit in a run of digits behind an exponent.
    power: u64,
    /// Of all blocks so far, the sum of the exponents' masks.
    exponents: u64,
}

/// What is known of the digits of a block.
struct Digits {
    digit: u64,
    behind_digit: u64,
    point: u64,
}

impl RareCarry {
    #[inline(always)]
    fn is_empty(&self) -> bool {
        self.exponent | self.exponent_sign | self.letter | self.power == 0
    }

    /// Faults in the `rest`, all that is no digit, point or leading minus.
    #[inline(always)]
    fn faults(&mut self, masks: &RareNumberMasks, rest: u64, starts: u64, digits: Digits) -> u64 {
        let Digits { digit, behind_digit, point } = digits;
        let sign = masks.sign & rest;
        let letter_e = masks.exponent & rest;
        let letter = rest & !(sign | letter_e);
        let behind_letter = behind(letter, &mut self.letter);
        // The `e` of a literal follows a letter, that of a number never.
        let exponent = letter_e & !behind_letter;
        self.exponents |= exponent;
        let behind_exponent = behind(exponent, &mut self.exponent);
        let exponent_sign = sign & behind_exponent;
        let behind_sign = behind(exponent_sign, &mut self.exponent_sign);
        let after_power = ends_of_runs(digit, behind_exponent | behind_sign, &mut self.power);
        // Where a digit has to be.
        let wanting = behind_sign | behind_exponent & !exponent_sign;
        wanting & !digit
            | exponent & !behind_digit
            | sign & !exponent_sign
            | letter & !(starts | behind_letter)
            | after_power & (point | exponent)
    }
}
