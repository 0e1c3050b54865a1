//! What a source hands on: one buffer, and items that point into it.
//!
//! Inputs are read straight into the buffer, and the events of plain inputs stay where they were read. Texts
//! that had to be decoded or built are collected beside it and moved behind the rest at the end, so that one
//! kind of range serves for both.

use std::ops::Range;

use super::window::Window;
use super::{Origin, Position, SkipReason, SourceLimits, SourceProblem};

/// Events in the order of reading, with their bytes.
#[derive(Debug, Default)]
pub struct Batch {
    /// Zeroed once, then overwritten; only the first `filled` bytes mean anything.
    bytes: Vec<u8>,
    filled: usize,
    /// The offset of the first byte, see [`Window`].
    start: u64,
    found: Found,
    position: Option<Position>,
    /// It holds what is recorded as a whole or not at all.
    indivisible: bool,
}

/// One document of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// The text of an event, valid JSON or not.
    Event {
        /// Where the text is in the batch.
        bytes: Range<usize>,
        /// Where it stands in the input.
        origin: Origin,
    },
    /// Something that should be an event and cannot be read.
    Broken {
        /// Where it stands in the input.
        origin: Origin,
        /// What is wrong.
        problem: SourceProblem,
    },
    /// Something that is known to be no event.
    Skipped {
        /// Where it stands in the input.
        origin: Origin,
        /// Why.
        reason: SkipReason,
    },
}

impl Item {
    /// Where the item stands in its input.
    pub fn origin(&self) -> Origin {
        match self {
            Item::Event { origin, .. } | Item::Broken { origin, .. } | Item::Skipped { origin, .. } => {
                *origin
            }
        }
    }

    /// The same, with its text further back in the batch.
    fn moved(mut self, by: usize) -> Item {
        self.move_text(by);
        self
    }

    fn move_text(&mut self, by: usize) {
        if let Item::Event { bytes, .. } = self {
            *bytes = bytes.start + by..bytes.end + by;
        }
    }
}

impl Batch {
    /// A batch with room for what a source with these limits usually puts in.
    pub fn with_limits(limits: &SourceLimits) -> Batch {
        Batch { bytes: vec![0; limits.batch_bytes_target + limits.block_bytes], ..Batch::default() }
    }

    /// The items in order.
    pub fn items(&self) -> &[Item] {
        &self.found.items
    }

    /// The text of an event; `range` comes from an item of this batch.
    pub fn event(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// Takes all items out.
    pub fn empty(&mut self) {
        self.begin(0, &[]);
    }

    /// Where reading can go on behind this batch; `None` where it can only go on somewhere else.
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    pub(super) fn set_position(&mut self, position: Option<Position>) {
        self.position = position;
    }

    /// Bytes that items may point at.
    pub fn bytes_len(&self) -> usize {
        self.filled
    }

    /// Moves all of `later`, which was read directly behind this one, to the end.
    pub fn append(&mut self, later: &mut Batch) {
        let by = self.filled;
        self.make_room(later.filled);
        self.bytes[by..by + later.filled].copy_from_slice(&later.bytes[..later.filled]);
        self.filled += later.filled;
        self.found.items.extend(later.found.items.drain(..).map(|item| item.moved(by)));
        self.position = later.position.take();
        self.indivisible |= later.indivisible;
        later.empty();
    }

    /// Whether it holds a part of an input that can be read once only.
    pub(super) fn is_indivisible(&self) -> bool {
        self.indivisible
    }

    pub(super) fn set_indivisible(&mut self) {
        self.indivisible = true;
    }

    /// Leaves out the first items.
    pub(super) fn leave_out(&mut self, count: usize) {
        self.found.items.drain(..count.min(self.found.items.len()));
    }

    /// Leaves out all but the first items.
    pub(super) fn keep_first(&mut self, count: usize) {
        self.found.items.truncate(count);
    }

    /// Empties the batch and puts in `carried`, bytes of an input from offset `start` on.
    pub(super) fn begin(&mut self, start: u64, carried: &[u8]) {
        self.found.clear();
        self.position = None;
        self.indivisible = false;
        self.filled = 0;
        self.start = start;
        self.make_room(carried.len());
        self.bytes[..carried.len()].copy_from_slice(carried);
        self.filled = carried.len();
    }

    /// Reads a block behind what is there.
    pub(super) fn fill<E>(
        &mut self,
        block_bytes: usize,
        read: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        self.make_room(block_bytes);
        let count = read(&mut self.bytes[self.filled..self.filled + block_bytes])?;
        self.filled += count.min(block_bytes);
        Ok(count)
    }

    fn make_room(&mut self, additional: usize) {
        let wanted = self.filled + additional;
        if self.bytes.len() < wanted {
            self.bytes.resize(wanted.max(self.bytes.len().saturating_mul(2).min(wanted + (64 << 20))), 0);
        }
    }

    /// The bytes read so far and, beside them, the place for what is found in them.
    pub(super) fn parts(&mut self) -> (Window<'_>, &mut Found) {
        (Window::new(&self.bytes[..self.filled], self.start), &mut self.found)
    }

    pub(super) fn window(&self) -> Window<'_> {
        Window::new(&self.bytes[..self.filled], self.start)
    }

    pub(super) fn found(&mut self) -> &mut Found {
        &mut self.found
    }

    /// Bytes in the batch, read or made.
    pub(super) fn bytes_held(&self) -> usize {
        self.filled + self.found.made.len()
    }

    /// Forgets the bytes before `keep`. Only for a batch without items, which could point at them.
    pub(super) fn drop_before(&mut self, keep: u64) {
        debug_assert!(self.found.items.is_empty(), "items would point at other bytes");
        let index = self.window().index(keep);
        if index == 0 {
            return;
        }
        self.bytes.copy_within(index..self.filled, 0);
        self.filled -= index;
        self.start += index as u64;
    }

    /// Moves the bytes from `keep` on to `carried` and the texts that were made behind what stays.
    pub(super) fn finish(&mut self, keep: u64, carried: &mut Vec<u8>) {
        let index = self.window().index(keep);
        carried.clear();
        carried.extend_from_slice(&self.bytes[index..self.filled]);
        self.filled = index;
        let made = std::mem::take(&mut self.found.made);
        self.make_room(made.len());
        self.bytes[index..index + made.len()].copy_from_slice(&made);
        self.filled += made.len();
        self.found.move_made(index);
        self.found.made = made;
        self.found.made.clear();
    }
}

/// Items, and the texts that were made for them.
#[derive(Debug, Default)]
pub(super) struct Found {
    items: Vec<Item>,
    made: Vec<u8>,
    /// The indices of the items whose ranges point into `made`.
    made_items: Vec<u32>,
}

impl Found {
    fn clear(&mut self) {
        self.items.clear();
        self.made.clear();
        self.made_items.clear();
    }

    fn move_made(&mut self, by: usize) {
        for index in self.made_items.drain(..) {
            if let Some(item) = self.items.get_mut(index as usize) {
                item.move_text(by);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// An event that stays where it was read.
    pub(super) fn event(&mut self, bytes: Range<usize>, origin: Origin) {
        self.items.push(Item::Event { bytes, origin });
    }

    /// An event whose text is `text`, copied.
    pub(super) fn made_event(&mut self, origin: Origin, text: &[u8]) {
        let start = self.made.len();
        self.made.extend_from_slice(text);
        self.made_items.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.items.push(Item::Event { bytes: start..self.made.len(), origin });
    }

    pub(super) fn broken(&mut self, origin: Origin, problem: SourceProblem) {
        self.items.push(Item::Broken { origin, problem });
    }

    pub(super) fn skipped(&mut self, origin: Origin, reason: SkipReason) {
        self.items.push(Item::Skipped { origin, reason });
    }
}
