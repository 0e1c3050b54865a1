//! Sets of conditions of one alternative: one bit each, in the order in which they are checked.

/// A set of up to `64 * W` conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mask<const W: usize>([u64; W]);

impl<const W: usize> Default for Mask<W> {
    fn default() -> Self {
        Mask([0; W])
    }
}

impl<const W: usize> Mask<W> {
    /// How many conditions fit.
    pub(super) const BITS: usize = 64 * W;

    pub(super) fn insert(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    pub(super) fn contains(&self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; W]
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.without(other).is_empty()
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// The lowest bit.
    pub(super) fn first(&self) -> Option<usize> {
        self.0
            .iter()
            .enumerate()
            .find(|(_, word)| **word != 0)
            .map(|(i, word)| i * 64 + word.trailing_zeros() as usize)
    }

    /// All conditions before the last one in the set.
    pub(super) fn below_last(&self) -> Self {
        let mut below = Mask::default();
        let last = self.0.iter().rposition(|word| *word != 0);
        if let Some(last) = last {
            below.0[..last].fill(u64::MAX);
            below.0[last] = (1 << (63 - self.0[last].leading_zeros())) - 1;
        }
        below
    }

    fn zip(&self, other: &Self, combine: fn(u64, u64) -> u64) -> Self {
        Mask(std::array::from_fn(|i| combine(self.0[i], other.0[i])))
    }
}
