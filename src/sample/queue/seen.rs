//! The ids of messages that are recorded.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// A bounded window of ids; the oldest ones are forgotten.
#[derive(Debug)]
pub struct SeenIds {
    order: VecDeque<Arc<str>>,
    ids: HashSet<Arc<str>>,
    max: usize,
}

impl SeenIds {
    /// With room for `max` ids.
    pub fn new(max: usize) -> SeenIds {
        SeenIds { order: VecDeque::new(), ids: HashSet::new(), max }
    }

    /// Notes an id.
    pub fn note(&mut self, id: &str) {
        let id: Arc<str> = Arc::from(id);
        if !self.ids.insert(Arc::clone(&id)) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > self.max {
            self.order.pop_front().iter().for_each(|oldest| {
                self.ids.remove(oldest);
            });
        }
    }

    /// Whether it was noted, and is not forgotten.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let mut seen = SeenIds::new(2);
        ["a", "a", "b", "c"].iter().for_each(|id| seen.note(id));
        assert_eq!(["a", "b", "c"].map(|id| seen.contains(id)), [false, true, true]);
    }
}
