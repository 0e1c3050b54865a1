//! What the walk notes of one event: leaves at named fields, and the array elements around them.

use std::cell::Cell;

use super::access::TextBits;
use super::field_id::FieldId;
use crate::json::text::replace_lone_surrogates;
use crate::pattern::{KnownNumber, Leaf, NumberLeaf, Profile, StringLeaf};

/// An array element that holds a leaf, or [`ElementId::ROOT`] for leaves outside all arrays.
///
/// Numbered in the order in which elements begin, so an element's number is above that of the element
/// around it. A scalar in an array is no element: it belongs to what is around that array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ElementId(pub(super) u32);

impl ElementId {
    /// Outside all arrays.
    pub(super) const ROOT: ElementId = ElementId(0);
}

/// An array of the event; each of its elements that is an object or an array is an element of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ArrayId(pub(super) u32);

/// Where the text of a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafText {
    /// A scalar other than a string, or a string without escapes between its quotes: in the event.
    InEvent,
    /// A string with escapes: in [`Leaves::decoded`].
    Decoded,
    /// Likewise, with lone surrogates. Behind it are the length of the text with `?` for them, four bytes with
    /// the lowest first, and that text.
    DecodedLone,
}

/// What kind of value a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    String(LeafText),
    Number,
    True,
    False,
    Null,
}

/// What is to be noted of a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewLeaf {
    pub(super) kind: LeafKind,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) texts: TextBits,
}

impl NewLeaf {
    /// A leaf in the event that is no text.
    #[inline]
    pub(super) fn no_text(kind: LeafKind, start: usize, end: usize) -> NewLeaf {
        NewLeaf { kind, start: start as u32, end: end as u32, texts: TextBits::ALL }
    }
}

/// A leaf at a named field.
#[derive(Debug, Clone)]
pub(super) struct LeafSlot {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) element: ElementId,
    /// The next leaf of the same field; `u32::MAX` ends the chain.
    next: u32,
    pub(super) field: FieldId,
    pub(super) kind: LeafKind,
    /// If it is a number, its place in [`Leaves::numbers`].
    number: u32,
}

const NONE: u32 = u32::MAX;

/// Bytes of the length of a text with question marks.
const LENGTH_BYTES: usize = 4;

fn marked_behind(text: &[u8]) -> &[u8] {
    match text.split_first_chunk::<LENGTH_BYTES>() {
        Some((length, marked)) => &marked[..u32::from_le_bytes(*length) as usize],
        None => &[],
    }
}

/// The leaves of one field, as a chain through [`Leaves::slots`]; of this event if `epoch` is.
#[derive(Debug, Clone, Copy, Default)]
struct Chain {
    epoch: u32,
    first: u32,
    last: u32,
    texts: TextBits,
}

/// All that was noted of one event.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) slots: Vec<LeafSlot>,
    chains: Vec<Chain>,
    epoch: u32,
    /// Of each element, the array that it belongs to. Index 0 is [`ElementId::ROOT`], which belongs to none.
    pub(super) arrays_of_elements: Vec<ArrayId>,
    /// Of each array, the element around it.
    pub(super) elements_around: Vec<ElementId>,
    pub(super) decoded: Vec<u8>,
    /// What has been found out about the leaves that are numbers.
    numbers: Vec<Cell<KnownNumber>>,
}

impl Leaves {
    /// Forgets the event before. `fields` is how many fields the rules name.
    pub(super) fn start(&mut self, fields: usize) {
        self.slots.clear();
        self.decoded.clear();
        self.numbers.clear();
        self.elements_around.clear();
        self.arrays_of_elements.clear();
        self.arrays_of_elements.push(ArrayId(NONE));
        if self.chains.len() != fields || self.epoch == u32::MAX {
            self.chains.clear();
            self.chains.resize(fields, Chain::default());
            self.epoch = 0;
        }
        self.epoch += 1;
    }

    /// Begins an array inside `around`.
    pub(super) fn add_array(&mut self, around: ElementId) -> ArrayId {
        self.elements_around.push(around);
        ArrayId(self.elements_around.len() as u32 - 1)
    }

    /// Begins an element of `array`.
    pub(super) fn add_element(&mut self, array: ArrayId) -> ElementId {
        self.arrays_of_elements.push(array);
        ElementId(self.arrays_of_elements.len() as u32 - 1)
    }

    /// Notes a leaf.
    #[inline]
    pub(super) fn add(&mut self, field: FieldId, element: ElementId, value: NewLeaf) {
        let NewLeaf { kind, start, end, texts } = value;
        let index = self.slots.len() as u32;
        let chain = &mut self.chains[field.0 as usize];
        if chain.epoch == self.epoch {
            self.slots[chain.last as usize].next = index;
            chain.last = index;
            chain.texts = chain.texts.or(texts);
        } else {
            *chain = Chain { epoch: self.epoch, first: index, last: index, texts };
        }
        let number = self.numbers.len() as u32;
        if kind == LeafKind::Number {
            self.numbers.push(Cell::default());
        }
        self.slots.push(LeafSlot { start, end, element, next: NONE, field, kind, number });
    }

    /// The value of a leaf of `event`.
    #[inline]
    pub(super) fn value<'e>(&'e self, slot: &LeafSlot, event: &'e [u8], profile: Profile) -> Leaf<'e> {
        let range = slot.start as usize..slot.end as usize;
        match slot.kind {
            LeafKind::Null => Leaf::Null,
            LeafKind::True => Leaf::Bool(true),
            LeafKind::False => Leaf::Bool(false),
            LeafKind::Number => {
                let known = self.numbers[slot.number as usize].get();
                Leaf::Number(NumberLeaf::with_known(&event[range], profile, known))
            }
            LeafKind::String(LeafText::InEvent) => {
                let text = &event[range];
                Leaf::String(StringLeaf { text, marked: text })
            }
            LeafKind::String(LeafText::Decoded) => {
                let text = &self.decoded[range];
                Leaf::String(StringLeaf { text, marked: text })
            }
            LeafKind::String(LeafText::DecodedLone) => {
                let marked = marked_behind(&self.decoded[range.end..]);
                Leaf::String(StringLeaf { text: &self.decoded[range], marked })
            }
        }
    }

    /// Keeps what has been found out about a number.
    #[inline]
    pub(super) fn remember(&self, slot: &LeafSlot, leaf: &Leaf<'_>) {
        if let Leaf::Number(number) = leaf {
            self.numbers[slot.number as usize].set(number.known());
        }
    }

    /// Notes the text with `?` for lone surrogates behind the decoded text that has them.
    pub(super) fn mark_lone(&mut self, decoded_start: usize) {
        let original = self.decoded[decoded_start..].to_vec();
        let length_at = self.decoded.len();
        self.decoded.extend([0; LENGTH_BYTES]);
        replace_lone_surrogates(&original, &mut self.decoded);
        let length = (self.decoded.len() - length_at - LENGTH_BYTES) as u32;
        self.decoded[length_at..][..LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
    }

    /// The bits of the texts of a field, and perhaps more; all if it has leaves that are no text, as these may be
    /// what something else than a text asks for.
    #[inline]
    pub(super) fn texts(&self, field: FieldId) -> TextBits {
        let chain = self.chains[field.0 as usize];
        if chain.epoch == self.epoch { chain.texts } else { TextBits::default() }
    }

    /// The leaves of a field, in the order of the event.
    #[inline]
    pub(super) fn of(&self, field: FieldId) -> LeavesOf<'_> {
        let chain = self.chains[field.0 as usize];
        LeavesOf { slots: &self.slots, next: if chain.epoch == self.epoch { chain.first } else { NONE } }
    }

    /// Whether the last leaf of a field lies in `element`.
    #[inline]
    pub(super) fn last_is_in(&self, field: FieldId, element: ElementId) -> bool {
        let chain = self.chains[field.0 as usize];
        chain.epoch == self.epoch && self.slots[chain.last as usize].element == element
    }

    /// Whether this is the first leaf of its field.
    #[inline]
    pub(super) fn is_first(&self, index: usize) -> bool {
        let chain = self.chains[self.slots[index].field.0 as usize];
        chain.first as usize == index
    }
}

/// The leaves of one field.
#[derive(Clone)]
pub(super) struct LeavesOf<'a> {
    slots: &'a [LeafSlot],
    next: u32,
}

impl<'a> Iterator for LeavesOf<'a> {
    type Item = &'a LeafSlot;

    #[inline]
    fn next(&mut self) -> Option<&'a LeafSlot> {
        let slot = self.slots.get(self.next as usize)?;
        self.next = slot.next;
        Some(slot)
    }
}
