//! A hash table from texts to what hangs on them.

use super::conditions::Posting;
use super::step::{Ends, Step};
use crate::json::HeapBytes;

/// Built once, then only asked. Most values of events are in no table, so what counts is a quick no: one hash of
/// two words, and mostly one slot.
#[derive(Debug, Default)]
pub(super) struct TextTable {
    /// A power of two of them, at most half of them taken; none if the table is empty.
    slots: Vec<Slot>,
    taken: usize,
}

#[derive(Debug, Clone, Default)]
struct Slot {
    ends: Ends,
    /// `None` in a free slot.
    text: Option<Box<[u8]>>,
    posting: Posting,
}

impl HeapBytes for TextTable {
    fn heap_bytes(&self) -> usize {
        self.slots.heap_bytes()
    }
}

impl HeapBytes for Slot {
    fn heap_bytes(&self) -> usize {
        self.text.heap_bytes()
    }
}

impl TextTable {
    /// Adds a text that is not in the table.
    pub(super) fn insert(&mut self, text: Box<[u8]>, posting: Posting) {
        self.taken += 1;
        if self.taken * 2 > self.slots.len() {
            let doubled = (self.slots.len() * 2).max(4);
            let before = std::mem::replace(&mut self.slots, vec![Slot::default(); doubled]);
            for slot in before {
                if let Some(text) = slot.text {
                    self.place(text, slot.posting);
                }
            }
        }
        self.place(text, posting);
    }

    fn place(&mut self, text: Box<[u8]>, posting: Posting) {
        let step = Step::new(&text);
        let (ends, mut at) = (step.ends(), step.hash() as usize & (self.slots.len() - 1));
        while self.slots[at].text.is_some() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Slot { ends, text: Some(text), posting };
    }

    /// What hangs on `text`.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<&Posting> {
        let mask = self.slots.len().checked_sub(1)?;
        let step = Step::new(text);
        let mut at = step.hash() as usize & mask;
        loop {
            let slot = &self.slots[at];
            if step.is(slot.text.as_ref()?, slot.ends) {
                return Some(&slot.posting);
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_inserted_is_found_and_nothing_else() {
        let mut table = TextTable::default();
        assert_eq!(table.get(b""), None);
        let name = |number: u32| format!("arn:aws:s3:::bucket-{number}-of-the-same-owner").into_bytes();
        for number in 0..1000 {
            table.insert(name(number).into(), number..number + 1);
        }
        table.insert(Box::default(), 5000..5001);
        for number in 0..1000 {
            assert_eq!(table.get(&name(number)), Some(&(number..number + 1)));
            assert_eq!(table.get(&name(number + 1000)), None);
        }
        assert_eq!(table.get(b""), Some(&(5000..5001)));
    }
}
