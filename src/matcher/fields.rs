//! The trie of field paths that rules name.

use foldhash::HashMap;

use super::byte_set::ByteSet;
use super::field_id::FieldId;
use super::step::{Ends, Step};
use super::value_filter::ValueFilter;
use crate::json::HeapBytes;
use crate::json::heap::vec_bytes;
use crate::pattern::FieldPath;

/// Whether a rule sees event members whose name is empty. It does if one of its own paths asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum EmptyNames {
    Seen,
    Skipped,
}

/// A place in the trie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TrieNode(u32);

impl TrieNode {
    /// Above all fields.
    pub(super) const ROOT: TrieNode = TrieNode(0);
}

/// What is known of a place in the trie.
#[derive(Debug, Clone)]
struct Node {
    /// The field that ends here, for rules that do not see empty names and for those that do.
    fields: [Option<FieldId>; 2],
    /// First slot of this node's hash table in [`FieldTrie::slots`].
    table: u32,
    /// Slots in the table minus one; a power of two minus one.
    table_mask: u32,
    filter: NameFilter,
    has_children: bool,
    only_shape_matters: bool,
}

/// What the names that lead to a child of a node have in common: a quick way to say no to most.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NameFilter {
    /// What can follow the opening quote.
    first_bytes: ByteSet,
    /// Likewise if there is a dot in the name.
    first_bytes_of_dotted: ByteSet,
    /// The lengths of names without dots, modulo 64.
    lengths: u64,
}

impl NameFilter {
    /// Whether a name can lead to a child if it begins with `first`, or ends at once if that is a quote.
    #[inline]
    pub(super) fn admits_first(&self, first: u8) -> bool {
        self.first_bytes.contains(first)
    }

    /// The same for a name of which it is known that it has `len` bytes without escapes.
    #[inline]
    pub(super) fn admits(&self, first: u8, len: usize) -> bool {
        let fits = self.lengths >> (len % 64) & 1 == 1;
        self.first_bytes.contains(first) & (fits | self.first_bytes_of_dotted.contains(first))
    }

    /// Admits the names that lead to a child by `step`.
    fn admit(&mut self, step: &[u8], child_has_children: bool) {
        for first in first_bytes(step) {
            self.first_bytes.insert(first);
            if child_has_children {
                self.first_bytes_of_dotted.insert(first);
            }
        }
        self.lengths |= 1 << (step.len() % 64);
    }
}

/// Whether any rule looks at the values of a field, or all of them only at whether it has any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    Presence,
    Values,
}

/// One slot of a hash table; empty ones have no child.
#[derive(Debug, Clone, Default)]
struct Slot {
    ends: Ends,
    child: Option<u32>,
    step: Box<[u8]>,
}

/// The trie. Steps are what stands between the dots of paths.
#[derive(Debug)]
pub(super) struct FieldTrie {
    nodes: Vec<Node>,
    slots: Vec<Slot>,
    /// Of each field.
    filters: Vec<ValueFilter>,
}

impl HeapBytes for FieldTrie {
    fn heap_bytes(&self) -> usize {
        vec_bytes(&self.nodes) + self.slots.heap_bytes() + self.filters.heap_bytes()
    }
}

impl HeapBytes for Slot {
    fn heap_bytes(&self) -> usize {
        self.step.heap_bytes()
    }
}

impl FieldTrie {
    /// Whether anything lies below `node`.
    #[inline]
    pub(super) fn has_children(&self, node: TrieNode) -> bool {
        self.nodes[node.0 as usize].has_children
    }

    /// Whether rules ask only for the presence of the fields at `node` and below.
    #[inline]
    pub(super) fn only_shape_matters(&self, node: TrieNode) -> bool {
        self.nodes[node.0 as usize].only_shape_matters
    }

    /// The fields that end at `node`.
    #[inline]
    pub(super) fn fields(&self, node: TrieNode) -> [Option<FieldId>; 2] {
        self.nodes[node.0 as usize].fields
    }

    /// Which values of a field matter.
    #[inline]
    pub(super) fn values(&self, field: FieldId) -> &ValueFilter {
        &self.filters[field.0 as usize]
    }

    /// The child of `node` by one step without dots.
    #[inline]
    fn child(&self, node: TrieNode, step: Step<'_>) -> Option<TrieNode> {
        let node = &self.nodes[node.0 as usize];
        let mut at = step.hash() & node.table_mask;
        loop {
            let slot = &self.slots[(node.table + at) as usize];
            let child = slot.child?;
            if step.is(&slot.step, slot.ends) {
                return Some(TrieNode(child));
            }
            at = (at + 1) & node.table_mask;
        }
    }

    /// What names that lead on from `node` have in common.
    #[inline]
    pub(super) fn filter(&self, node: TrieNode) -> &NameFilter {
        &self.nodes[node.0 as usize].filter
    }

    /// The place that a member called `name` leads to. Dots in names are steps.
    #[inline]
    pub(super) fn member(&self, node: TrieNode, name: &[u8]) -> Option<TrieNode> {
        match self.child(node, Step::new(name)) {
            Some(child) => Some(child),
            None => self.dotted_member(node, name),
        }
    }

    #[inline]
    fn dotted_member(&self, node: TrieNode, name: &[u8]) -> Option<TrieNode> {
        if !self.nodes[node.0 as usize].filter.first_bytes_of_dotted.contains(*name.first()?) {
            return None;
        }
        memchr::memchr(b'.', name)?;
        name.split(|byte| *byte == b'.').try_fold(node, |node, step| self.child(node, Step::new(step)))
    }
}

/// What can follow the opening quote of a name that begins with `step`: the step's first byte; for an empty
/// step, the closing quote or the dot that ends the step.
fn first_bytes(step: &[u8]) -> [u8; 2] {
    match step.first() {
        Some(first) => [*first; 2],
        None => *b"\".",
    }
}

/// Numbers fields while rules are compiled, then builds the trie.
#[derive(Debug, Default)]
pub(super) struct FieldTable {
    numbers: HashMap<(Box<[u8]>, EmptyNames), FieldId>,
}

impl FieldTable {
    /// The number of a field.
    pub(super) fn number(&mut self, path: &FieldPath, empty_names: EmptyNames) -> FieldId {
        let next = FieldId(self.numbers.len() as u32);
        *self.numbers.entry((path.as_bytes().into(), empty_names)).or_insert(next)
    }

    /// How many fields there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The trie over all fields so far; of each field, what rules want to know and which values matter.
    pub(super) fn trie(&self, interests: &[Interest], filters: Vec<ValueFilter>) -> FieldTrie {
        let mut nodes = vec![Unfinished::default()];
        for ((path, empty_names), field) in &self.numbers {
            let interest = interests[field.0 as usize];
            let mut at = 0;
            nodes[at].interest(interest);
            for step in path.split(|byte| *byte == b'.') {
                let fresh = nodes.len() as u32;
                at = *nodes[at].children.entry(step.into()).or_insert(fresh) as usize;
                if at == nodes.len() {
                    nodes.push(Unfinished::default());
                }
                nodes[at].interest(interest);
            }
            nodes[at].fields[*empty_names as usize] = Some(*field);
        }
        let mut trie = FieldTrie { nodes: Vec::with_capacity(nodes.len()), slots: Vec::new(), filters };
        let inner: Vec<bool> = nodes.iter().map(|node| !node.children.is_empty()).collect();
        nodes.into_iter().for_each(|node| trie.finish(node, |child| inner[child as usize]));
        trie
    }
}

#[derive(Default)]
struct Unfinished {
    fields: [Option<FieldId>; 2],
    children: HashMap<Box<[u8]>, u32>,
    values_matter: bool,
}

impl Unfinished {
    fn interest(&mut self, interest: Interest) {
        self.values_matter |= interest == Interest::Values;
    }
}

impl FieldTrie {
    fn finish(&mut self, node: Unfinished, has_children: impl Fn(u32) -> bool) {
        // At most half full, so that a search for an absent name soon meets an empty slot.
        let slots = (node.children.len() * 2).max(1).next_power_of_two();
        let (table, table_mask) = (self.slots.len() as u32, slots as u32 - 1);
        self.slots.resize(self.slots.len() + slots, Slot::default());
        let mut finished = Node {
            fields: node.fields,
            table,
            table_mask,
            filter: NameFilter::default(),
            has_children: !node.children.is_empty(),
            only_shape_matters: !node.values_matter,
        };
        // An escape may spell anything.
        finished.filter.first_bytes.insert(b'\\');
        for (bytes, child) in node.children {
            finished.filter.admit(&bytes, has_children(child));
            let step = Step::new(&bytes);
            let (ends, mut at) = (step.ends(), step.hash() & table_mask);
            while self.slots[(table + at) as usize].child.is_some() {
                at = (at + 1) & table_mask;
            }
            self.slots[(table + at) as usize] = Slot { ends, child: Some(child), step: bytes };
        }
        self.nodes.push(finished);
    }
}
