//! Which values of a field can matter to any rule: a quick way to say no to most, before a leaf is noted.
//!
//! A condition that accepts only values that can be looked up holds because of such a value or not at all; how many
//! others its field has changes nothing. So if all conditions on a field are of that kind, a value that none of
//! them can accept is as good as absent. Filters err by letting values through.

use super::access_key::AccessKey;
use super::byte_set::ByteSet;
use super::step::Step;
use crate::json::heap::vec_bytes;
use crate::json::{Estimate, HeapBytes};

/// What is known of the values of one field that matter.
#[derive(Debug, Default)]
pub(super) struct ValueFilter {
    strings: Admitted,
    numbers: Admitted,
    /// Whether true, false or null matters.
    literals: bool,
    texts: WordSet,
    first_bytes_of_prefixes: ByteSet,
    last_bytes_of_suffixes: ByteSet,
    /// The first eight bytes of what spells a number without an exponent.
    number_starts: WordSet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Admitted {
    /// What is in the sets.
    #[default]
    Some,
    All,
}

/// Bytes of a number that are compared; shorter ones are let through.
const NUMBER_START_BYTES: usize = 8;

/// Doubles below this may differ much, relatively, from a decimal number that they are nearest to.
const SMALLEST_FILTERED: f64 = 1e-290;

impl HeapBytes for ValueFilter {
    fn heap_bytes(&self) -> usize {
        vec_bytes(&self.texts.words) + vec_bytes(&self.number_starts.words)
    }
}

impl ValueFilter {
    /// Lets all values through.
    pub(super) fn all() -> ValueFilter {
        let mut filter = ValueFilter::default();
        filter.admit_all();
        filter
    }

    /// From the keys of each condition on the field; a condition without keys can depend on any value.
    pub(super) fn of<'k>(conditions: impl Iterator<Item = &'k [AccessKey]> + Clone) -> ValueFilter {
        let keys = || conditions.clone().flatten();
        let mut filter = ValueFilter {
            texts: WordSet::with_room(keys().filter(|key| matches!(key, AccessKey::Text(_))).count()),
            number_starts: WordSet::with_room(
                3 * keys().filter(|key| matches!(key, AccessKey::Number(_))).count(),
            ),
            ..ValueFilter::default()
        };
        if conditions.clone().any(<[_]>::is_empty) {
            filter.admit_all();
        }
        keys().for_each(|key| filter.admit(key));
        filter
    }

    fn admit_all(&mut self) {
        (self.strings, self.numbers, self.literals) = (Admitted::All, Admitted::All, true);
    }

    fn admit(&mut self, key: &AccessKey) {
        match key {
            AccessKey::Text(text) => self.texts.insert(Step::new(text).mixed()),
            AccessKey::Prefix(prefix) => {
                prefix.first().into_iter().for_each(|first| self.first_bytes_of_prefixes.insert(*first));
            }
            AccessKey::Suffix(suffix) => {
                suffix.last().into_iter().for_each(|last| self.last_bytes_of_suffixes.insert(*last));
            }
            AccessKey::Number(bits) => self.admit_number(f64::from_bits(*bits)),
            AccessKey::Spelling(_) => self.numbers = Admitted::All,
            AccessKey::Address(_) => {
                (self.strings, self.numbers) = (Admitted::All, Admitted::All);
            }
            AccessKey::True | AccessKey::False | AccessKey::Null => self.literals = true,
            AccessKey::Present => self.admit_all(),
        }
    }

    /// A spelling without an exponent whose nearest double is `number` begins as a decimal number in between these
    /// ends does. They are so close that at most one change of the first bytes lies between them.
    fn admit_number(&mut self, number: f64) {
        if number.abs() < SMALLEST_FILTERED {
            self.numbers = Admitted::All;
            return;
        }
        let margin = number.abs() * Estimate::MARGIN;
        for end in [number - margin, number, number + margin] {
            // So many digits that rounding the last one does not reach the first ones.
            let spelled = format!("{end:.40}");
            let start = spelled.as_bytes().first_chunk::<NUMBER_START_BYTES>();
            start.into_iter().for_each(|start| self.number_starts.insert(mixed_start(start)));
        }
    }

    /// Whether a string without escapes may matter, whose [`Step::mixed`] is `mixed`.
    #[inline]
    pub(super) fn admits_string(&self, text: &[u8], mixed: u64) -> bool {
        self.strings == Admitted::All
            || text.first().is_some_and(|first| self.first_bytes_of_prefixes.contains(*first))
            || text.last().is_some_and(|last| self.last_bytes_of_suffixes.contains(*last))
            || self.texts.may_hold(mixed)
    }

    /// Whether a number may matter that is spelled without an exponent.
    #[inline]
    pub(super) fn admits_plain_number(&self, spelling: &[u8]) -> bool {
        self.numbers == Admitted::All
            || !self.number_starts.is_empty()
                && spelling
                    .first_chunk::<NUMBER_START_BYTES>()
                    .is_none_or(|start| self.number_starts.may_hold(mixed_start(start)))
    }

    /// Whether a number may matter, however it is spelled.
    #[inline]
    pub(super) fn admits_any_number(&self) -> bool {
        self.numbers == Admitted::All || !self.number_starts.is_empty()
    }

    /// Whether true, false or null may matter.
    #[inline]
    pub(super) fn admits_literal(&self) -> bool {
        self.literals
    }
}

#[inline]
fn mixed_start(start: &[u8; NUMBER_START_BYTES]) -> u64 {
    u64::from_le_bytes(*start).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set of well-mixed words that takes some others for members, too: a Bloom filter whose bits for one member lie
/// in one word (Putze, Sanders and Singler, 2007), so that a question costs one cache line.
#[derive(Debug, Default)]
struct WordSet {
    /// A power of two of them; none if the set is empty.
    words: Vec<u64>,
}

/// About one word in a hundred is let through by mistake.
const BITS_PER_MEMBER: usize = 16;

impl WordSet {
    fn with_room(members: usize) -> WordSet {
        let words = (members * BITS_PER_MEMBER).div_ceil(64);
        WordSet { words: if members == 0 { Vec::new() } else { vec![0; words.next_power_of_two()] } }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The bits of a member: from its highest bits, which multiplications mix best.
    #[inline]
    fn bits(mixed: u64) -> u64 {
        1 << (mixed >> 58) | 1 << (mixed >> 52 & 63) | 1 << (mixed >> 46 & 63)
    }

    fn insert(&mut self, mixed: u64) {
        let last = self.words.len() - 1;
        self.words[(mixed >> 20) as usize & last] |= WordSet::bits(mixed);
    }

    #[inline]
    fn may_hold(&self, mixed: u64) -> bool {
        let Some(last) = self.words.len().checked_sub(1) else { return false };
        !self.words[(mixed >> 20) as usize & last] & WordSet::bits(mixed) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(keys: &[AccessKey]) -> ValueFilter {
        ValueFilter::of([keys].into_iter())
    }

    fn admits(filter: &ValueFilter, text: &[u8]) -> bool {
        filter.admits_string(text, Step::new(text).mixed())
    }

    #[test]
    fn what_can_be_accepted_is_let_through_and_most_else_is_not() {
        let text = |number: u32| format!("arn:aws:s3:::bucket-{number}");
        let keys: Vec<AccessKey> =
            (0..1000).map(|number| AccessKey::Text(text(number).into_bytes().into())).collect();
        let filter = filter(&keys);
        assert!((0..1000).all(|number| admits(&filter, text(number).as_bytes())));
        let mistaken = (1000..11_000).filter(|number| admits(&filter, text(*number).as_bytes())).count();
        assert!(mistaken < 500, "{mistaken}");
        assert!(!filter.admits_any_number() && !filter.admits_literal());
    }

    #[test]
    fn prefixes_and_suffixes_let_their_ends_through() {
        let filter = filter(&[AccessKey::Prefix((*b"ab").into()), AccessKey::Suffix((*b"yz").into())]);
        assert!(admits(&filter, b"a") && admits(&filter, b"z") && !admits(&filter, b"b"));
        assert!(!admits(&filter, b""));
    }

    #[test]
    fn a_condition_that_any_value_can_decide_lets_all_through() {
        let text = [AccessKey::Text((*b"a").into())];
        for other in [&[][..], &[AccessKey::Present]] {
            let filter = ValueFilter::of([&text[..], other].into_iter());
            assert!(
                admits(&filter, b"x") && filter.admits_plain_number(b"123456789") && filter.admits_literal()
            );
        }
    }

    /// All spellings, long and short, with the same nearest double.
    #[test]
    fn numbers_are_let_through_however_they_are_spelled() {
        let mut state = 88_172_645_463_325_252_u64;
        for round in 0..100_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let digits = (state % 10_u64.pow(1 + round % 19)).to_string();
            let point = (state >> 40) as usize % digits.len();
            let text = match point {
                0 => digits,
                _ => format!("-{}.{}", digits[..point].parse::<u64>().unwrap(), &digits[point..]),
            };
            let value: f64 = text.parse().unwrap();
            let filter = filter(&[AccessKey::Number((value + 0.0).to_bits())]);
            let exact = format!("{value:.60}");
            for spelled in [
                &text,
                &exact,
                &format!("{value}"),
                &format!("{text}{}", if point == 0 { ".0000000" } else { "0000000" }),
            ] {
                assert!(filter.admits_plain_number(spelled.as_bytes()), "{text} as {spelled}");
            }
        }
        let filter = filter(&[AccessKey::Number(37.80780792169409_f64.to_bits())]);
        assert!(
            filter.admits_plain_number(b"37.807807921694090") && !filter.admits_plain_number(b"37.80690792")
        );
        for edge in ["1.0000000", "0.9999999999999999999999", "10000000", "9999999.99999999999999999"] {
            let value: f64 = edge.parse().unwrap();
            assert!(
                super::tests::filter(&[AccessKey::Number(value.to_bits())])
                    .admits_plain_number(edge.as_bytes())
            );
        }
    }
}
