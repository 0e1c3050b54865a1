//! Names of members and steps of paths, made quick to compare.

use std::hash::BuildHasher;

/// A name, with its first and its last bytes as words. Two words decide on names of up to 16 bytes, which
/// most are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'n> {
    bytes: &'n [u8],
    ends: Ends,
}

/// The first eight bytes and the last eight, which overlap in a short name; or, below eight bytes, all of
/// them and nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ends([u64; 2]);

/// Spreads words over their upper bits; the golden ratio's digits.
const WEIGHT: u64 = 0x9e37_79b9_7f4a_7c15;

impl PartialEq for Step<'_> {
    #[inline]
    fn eq(&self, other: &Step<'_>) -> bool {
        self.is(other.bytes, other.ends)
    }
}

impl<'n> Step<'n> {
    #[inline]
    pub(super) fn new(bytes: &'n [u8]) -> Step<'n> {
        let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [short_word(bytes), 0],
        };
        Step { bytes, ends: Ends(ends) }
    }

    /// Names of up to 16 bytes differ in their words. Of longer ones many may share them, as ARNs do.
    #[inline]
    pub(super) fn hash(&self) -> u32 {
        let mixed = match self.bytes.len() {
            ..=16 => self.mixed(),
            _ => foldhash::fast::FixedState::with_seed(0).hash_one(self.bytes),
        };
        (mixed >> 32) as u32
    }

    /// A word in which names with other ends or another length mostly differ.
    #[inline]
    pub(super) fn mixed(&self) -> u64 {
        let Ends([first, last]) = self.ends;
        (first ^ last.rotate_left(23) ^ self.bytes.len() as u64).wrapping_mul(WEIGHT)
    }

    #[inline]
    pub(super) fn ends(&self) -> Ends {
        self.ends
    }

    /// Whether this is the step `bytes`, whose ends are `ends`.
    #[inline]
    pub(super) fn is(&self, bytes: &[u8], ends: Ends) -> bool {
        self.ends == ends
            && self.bytes.len() == bytes.len()
            && (bytes.len() <= 16 || self.bytes[8..] == bytes[8..])
    }
}

/// Up to seven bytes, put together from overlapping pieces: a loop would be mispredicted.
#[inline]
fn short_word(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => match bytes {
            [] => 0,
            _ => {
                let middle = bytes[bytes.len() / 2];
                u64::from(bytes[0]) | u64::from(middle) << 8 | u64::from(bytes[bytes.len() - 1]) << 16
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_equal_if_their_bytes_are() {
        let text = b"abcdefghijklmnopqrstuvwxyz";
        for a in 0..=text.len() {
            for b in 0..=text.len() {
                let (x, y) = (Step::new(&text[..a]), Step::new(&text[..b]));
                assert_eq!(x.is(y.bytes, y.ends()), a == b);
            }
            for at in 0..a {
                let mut other = text[..a].to_vec();
                other[at] = b'-';
                let other = Step::new(&other);
                assert!(!Step::new(&text[..a]).is(other.bytes, other.ends()), "{a} {at}");
            }
        }
    }
}
