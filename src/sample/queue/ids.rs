//! Remembers messages.

use std::collections::{HashSet, VecDeque};

use xxhash_rust::xxh3::xxh3_128;

/// Messages that are remembered; some 5 MB.
pub const IDS_REMEMBERED: usize = 100_000;

/// The messages that were seen last, by a hash of their ids.
#[derive(Debug, Default)]
pub(super) struct SeenIds {
    known: HashSet<u128, foldhash::fast::FixedState>,
    order: VecDeque<u128>,
}

impl SeenIds {
    /// Notes a message; whether it was not known.
    pub(super) fn is_new(&mut self, id: &str) -> bool {
        let id = xxh3_128(id.as_bytes());
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > IDS_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}
