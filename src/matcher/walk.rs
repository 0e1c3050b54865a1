//! One walk over an event's structure: checks its grammar, follows the trie, notes leaves.

use super::fields::{EmptyNames, FieldTrie, TrieNode};
use super::leaves::{ElementId, LeafKind, LeafText, Leaves};
use crate::json::structure::StructuralIndex;
use crate::json::text::{LoneSurrogates, decode_into, replace_lone_surrogates};
use crate::json::{DEPTH_MAX, number};

/// The event is not a JSON object. Why not is found by reading it again, plainly; that is rare.
#[derive(Debug)]
pub(super) struct NotAnEvent;

/// Walks over `text`, whose structure is `index`, and fills `leaves`.
pub(super) fn walk(
    text: &[u8],
    index: &StructuralIndex,
    trie: &FieldTrie,
    leaves: &mut Leaves,
) -> Result<(), NotAnEvent> {
    let mut walk = Walk {
        text,
        starts: index.starts(),
        at: 0,
        escapes: index.escapes(),
        trie,
        leaves,
        depth: 0,
        empty_names: 0,
        name: Vec::new(),
    };
    let (_, first) = walk.next();
    if first != b'{' {
        return Err(NotAnEvent);
    }
    let end = walk.object(TrieNode::ROOT, ElementId::ROOT)?;
    // What follows the closing brace is ignored, faults too.
    match index.fault() {
        Some(fault) if (fault as usize) < end => Err(NotAnEvent),
        _ => Ok(()),
    }
}

struct Walk<'w> {
    text: &'w [u8],
    starts: &'w [u32],
    /// The next place in `starts`.
    at: usize,
    /// Escapes not passed yet.
    escapes: &'w [u32],
    trie: &'w FieldTrie,
    leaves: &'w mut Leaves,
    depth: usize,
    /// How many members around here have an empty name.
    empty_names: usize,
    /// A decoded member name; kept for its memory.
    name: Vec<u8>,
}

/// Where a member's name leads.
enum Lead {
    To(TrieNode, EmptyName),
    Nowhere,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EmptyName {
    Yes,
    No,
}

impl Walk<'_> {
    /// The next token: its place and its first byte; byte 0 at the end, which fits nowhere.
    #[inline]
    fn next(&mut self) -> (usize, u8) {
        let place = self.peek_place();
        self.at += 1;
        (place, self.text.get(place).copied().unwrap_or(0))
    }

    /// Where the next token begins; at the end the text's length.
    #[inline]
    fn peek_place(&self) -> usize {
        self.starts.get(self.at).map_or(self.text.len(), |place| *place as usize)
    }

    /// Where the token before the next one ends: white space before the next one is left out.
    #[inline]
    fn end_of_token(&self, start: usize) -> usize {
        let mut end = self.peek_place();
        while end > start + 1 && matches!(self.text[end - 1], b' ' | b'\n' | b'\r' | b'\t') {
            end -= 1;
        }
        end
    }

    fn enter(&mut self) -> Result<(), NotAnEvent> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(NotAnEvent) } else { Ok(()) }
    }

    /// Behind the opening brace. Returns where the object ends.
    fn object(&mut self, node: TrieNode, element: ElementId) -> Result<usize, NotAnEvent> {
        self.enter()?;
        let (mut place, mut byte) = self.next();
        if byte == b'}' {
            self.depth -= 1;
            return Ok(place + 1);
        }
        loop {
            if byte != b'"' {
                return Err(NotAnEvent);
            }
            let lead = self.lead(node, place);
            if self.next().1 != b':' {
                return Err(NotAnEvent);
            }
            match lead {
                Lead::To(child, EmptyName::No) => self.value(child, element)?,
                Lead::To(child, EmptyName::Yes) => {
                    self.empty_names += 1;
                    self.value(child, element)?;
                    self.empty_names -= 1;
                }
                Lead::Nowhere => self.skip_value()?,
            }
            match self.next() {
                (_, b',') => (place, byte) = self.next(),
                (end, b'}') => {
                    self.depth -= 1;
                    return Ok(end + 1);
                }
                _ => return Err(NotAnEvent),
            }
        }
    }

    /// Where the member whose name begins at `place` leads to.
    #[inline]
    fn lead(&mut self, node: TrieNode, place: usize) -> Lead {
        let raw = place + 1..self.end_of_token(place) - 1;
        if raw.end < raw.start {
            return Lead::Nowhere;
        }
        let trie = self.trie;
        let (child, empty) = if self.has_escape(raw.start, raw.end) {
            let mut name = std::mem::take(&mut self.name);
            name.clear();
            decode_into(&self.text[raw], &mut name);
            let found = (trie.member(node, &name), name.is_empty());
            self.name = name;
            found
        } else {
            (trie.member(node, &self.text[raw.clone()]), raw.is_empty())
        };
        match child {
            Some(child) => Lead::To(child, if empty { EmptyName::Yes } else { EmptyName::No }),
            None => Lead::Nowhere,
        }
    }

    /// Whether an escape begins in `start..end`. Escapes before `start` are passed for good.
    #[inline]
    fn has_escape(&mut self, start: usize, end: usize) -> bool {
        while let [first, rest @ ..] = self.escapes {
            if (*first as usize) >= start {
                return (*first as usize) < end;
            }
            self.escapes = rest;
        }
        false
    }

    fn value(&mut self, node: TrieNode, element: ElementId) -> Result<(), NotAnEvent> {
        let (place, byte) = self.next();
        self.value_from(place, byte, node, element)
    }

    fn value_from(
        &mut self,
        place: usize,
        byte: u8,
        node: TrieNode,
        element: ElementId,
    ) -> Result<(), NotAnEvent> {
        match byte {
            b'{' if self.trie.has_children(node) => self.object(node, element).map(|_| ()),
            b'{' => self.skip_container(byte),
            b'[' => self.array(node, element),
            b'"' => self.string(place, node, element),
            _ => self.scalar(place, byte, node, element),
        }
    }

    /// Behind the opening bracket.
    fn array(&mut self, node: TrieNode, around: ElementId) -> Result<(), NotAnEvent> {
        self.enter()?;
        let array = self.leaves.add_array(around);
        let (mut place, mut byte) = self.next();
        if byte == b']' {
            self.depth -= 1;
            return Ok(());
        }
        loop {
            let element = match byte {
                b'{' | b'[' => self.leaves.add_element(array),
                _ => around,
            };
            self.value_from(place, byte, node, element)?;
            match self.next().1 {
                b',' => (place, byte) = self.next(),
                b']' => {
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(NotAnEvent),
            }
        }
    }

    fn string(&mut self, place: usize, node: TrieNode, element: ElementId) -> Result<(), NotAnEvent> {
        let fields = self.trie.fields(node);
        if fields == [None, None] {
            return Ok(());
        }
        let (start, end) = (place + 1, self.end_of_token(place) - 1);
        if end < start {
            return Err(NotAnEvent);
        }
        let (text, start, end) = match self.has_escape(start, end) {
            false => (LeafText::InEvent, start as u32, end as u32),
            true => self.decode(start, end),
        };
        self.note(fields, element, LeafKind::String(text), start, end);
        Ok(())
    }

    fn decode(&mut self, start: usize, end: usize) -> (LeafText, u32, u32) {
        let decoded = &mut self.leaves.decoded;
        let decoded_start = decoded.len();
        let lone = decode_into(&self.text[start..end], decoded);
        let decoded_end = decoded.len();
        let text = match lone {
            LoneSurrogates::None => LeafText::Decoded,
            LoneSurrogates::Some => {
                let original = decoded[decoded_start..].to_vec();
                replace_lone_surrogates(&original, decoded);
                LeafText::DecodedLone { marked_end: decoded.len() as u32 }
            }
        };
        (text, decoded_start as u32, decoded_end as u32)
    }

    fn scalar(
        &mut self,
        place: usize,
        byte: u8,
        node: TrieNode,
        element: ElementId,
    ) -> Result<(), NotAnEvent> {
        let end = self.end_of_token(place);
        let kind = scalar_kind(&self.text[place..end], byte)?;
        self.note(self.trie.fields(node), element, kind, place as u32, end as u32);
        Ok(())
    }

    #[inline]
    fn note(
        &mut self,
        fields: [Option<super::fields::FieldId>; 2],
        element: ElementId,
        kind: LeafKind,
        start: u32,
        end: u32,
    ) {
        if let Some(field) = fields[EmptyNames::Seen as usize] {
            self.leaves.add(field, element, kind, start, end);
        }
        if let Some(field) = fields[EmptyNames::Skipped as usize]
            && self.empty_names == 0
        {
            self.leaves.add(field, element, kind, start, end);
        }
    }

    #[inline]
    fn skip_value(&mut self) -> Result<(), NotAnEvent> {
        let (place, byte) = self.next();
        self.skip_from(place, byte)
    }

    #[inline]
    fn skip_from(&mut self, place: usize, byte: u8) -> Result<(), NotAnEvent> {
        match byte {
            b'"' => Ok(()),
            b'{' | b'[' => self.skip_container(byte),
            _ => scalar_kind(&self.text[place..self.end_of_token(place)], byte).map(|_| ()),
        }
    }

    /// Steps over a container, checking its grammar; the opening bracket is passed.
    fn skip_container(&mut self, opening: u8) -> Result<(), NotAnEvent> {
        let outside = self.depth;
        let mut open = OpenContainers::default();
        let mut container = opening;
        open.push(container);
        self.enter()?;
        let mut fresh = true;
        loop {
            let (mut place, mut byte) = self.next();
            let closes_fresh = fresh && byte == closing(container);
            if !closes_fresh {
                if container == b'{' {
                    if byte != b'"' || self.next().1 != b':' {
                        return Err(NotAnEvent);
                    }
                    (place, byte) = self.next();
                }
                match byte {
                    b'"' => {}
                    b'{' | b'[' => {
                        container = byte;
                        open.push(container);
                        self.enter()?;
                        fresh = true;
                        continue;
                    }
                    _ => scalar_kind(&self.text[place..self.end_of_token(place)], byte).map(|_| ())?,
                }
                byte = self.next().1;
            }
            loop {
                if byte == b',' {
                    fresh = false;
                    break;
                }
                if byte != closing(container) {
                    return Err(NotAnEvent);
                }
                self.depth -= 1;
                if self.depth == outside {
                    return Ok(());
                }
                container = open.pop();
                byte = self.next().1;
            }
        }
    }
}

fn closing(opening: u8) -> u8 {
    if opening == b'{' { b'}' } else { b']' }
}

/// One bit per open container: whether it is an object.
struct OpenContainers {
    objects: [u64; DEPTH_MAX.div_ceil(64) + 1],
    len: usize,
}

impl Default for OpenContainers {
    fn default() -> Self {
        OpenContainers { objects: [0; _], len: 0 }
    }
}

impl OpenContainers {
    #[inline]
    fn push(&mut self, opening: u8) {
        let (word, bit) = (self.len / 64, self.len % 64);
        if let Some(objects) = self.objects.get_mut(word) {
            *objects = *objects & !(1 << bit) | u64::from(opening == b'{') << bit;
        }
        self.len += 1;
    }

    /// Closes the innermost; returns what is around it.
    #[inline]
    fn pop(&mut self) -> u8 {
        self.len = self.len.saturating_sub(1);
        let around = self.len.saturating_sub(1);
        let object = self.objects.get(around / 64).is_some_and(|objects| objects >> (around % 64) & 1 == 1);
        if object { b'{' } else { b'[' }
    }
}

/// What a scalar other than a string is; `text` is all of it.
#[inline]
fn scalar_kind(text: &[u8], first: u8) -> Result<LeafKind, NotAnEvent> {
    let kind = match first {
        b't' if text == b"true" => LeafKind::True,
        b'f' if text == b"false" => LeafKind::False,
        b'n' if text == b"null" => LeafKind::Null,
        b'-' | b'0'..=b'9' if number::number_len(text) == Some(text.len()) => LeafKind::Number,
        _ => return Err(NotAnEvent),
    };
    Ok(kind)
}
