//! Full batches of entries.

use crate::probe::sendable::ENTRIES_BYTES_MAX;

/// Entries that one `PutEvents` call may have. Recorded.
pub(super) const ENTRIES_MAX: usize = 10;

/// Whether another entry of `bytes` fits behind `entries` others of together `total` bytes.
fn fits(entries: usize, total: usize, bytes: usize) -> bool {
    entries < ENTRIES_MAX && total + bytes <= ENTRIES_BYTES_MAX
}

/// Collects things to send until a call is full, by count and by bytes.
#[derive(Debug)]
pub(super) struct Filling<T> {
    entries: Vec<T>,
    bytes: usize,
}

impl<T> Default for Filling<T> {
    fn default() -> Filling<T> {
        Filling { entries: Vec::with_capacity(ENTRIES_MAX), bytes: 0 }
    }
}

impl<T> Filling<T> {
    /// Adds an entry of `bytes`; what was full without it comes out first.
    pub(super) fn add(&mut self, entry: T, bytes: usize) -> Option<Vec<T>> {
        let full = (!fits(self.entries.len(), self.bytes, bytes)).then(|| self.take());
        self.entries.push(entry);
        self.bytes += bytes;
        full.filter(|batch| !batch.is_empty())
    }

    /// Whether no further entry fits, whatever its size.
    pub(super) fn is_full(&self) -> bool {
        !fits(self.entries.len(), self.bytes, 1)
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is in it, as it is.
    pub(super) fn take(&mut self) -> Vec<T> {
        self.bytes = 0;
        std::mem::replace(&mut self.entries, Vec::with_capacity(ENTRIES_MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn batches_keep_order_and_limits_and_are_full(sizes in prop::collection::vec(1..=ENTRIES_BYTES_MAX, 0..80)) {
            let mut filling = Filling::default();
            let mut batches: Vec<Vec<usize>> = Vec::new();
            for size in &sizes {
                batches.extend(filling.add(*size, *size));
            }
            let rest = filling.take();
            if !rest.is_empty() {
                batches.push(rest);
            }
            prop_assert_eq!(batches.concat(), sizes);
            for (batch, next) in batches.iter().zip(batches.iter().skip(1)) {
                let bytes: usize = batch.iter().sum();
                prop_assert!(batch.len() <= ENTRIES_MAX && bytes <= ENTRIES_BYTES_MAX);
                prop_assert!(!fits(batch.len(), bytes, next[0]), "another one had room");
            }
        }
    }
}
