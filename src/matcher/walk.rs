//! One walk over an event's structure, which is known to be valid: follows the trie, notes leaves.

use super::access::TextBits;
use super::field_id::FieldId;
use super::fields::{EmptyNames, FieldTrie, TrieNode};
use super::leaves::{ElementId, LeafKind, LeafText, Leaves, NewLeaf};
use super::step::Step;
use super::value_filter::ValueFilter;
use crate::json::structure::StructuralIndex;
use crate::json::text::{LoneSurrogates, decode_into};

/// Walks over `text`, whose structure is `index`, and fills `leaves`.
pub(super) fn walk(text: &[u8], index: &StructuralIndex, trie: &FieldTrie, leaves: &mut Leaves) {
    let mut walk = Walk {
        text,
        starts: index.starts(),
        kinds: index.kinds(),
        partners: index.partners(),
        escapes: index.escapes(),
        trie,
        leaves,
        empty_names: 0,
        name: Vec::new(),
        lengths_deceive: !index.escapes().is_empty(),
        has_exponents: index.has_exponents(),
    };
    walk.object(0, TrieNode::ROOT, ElementId::ROOT);
}

/// Tokens are named by their numbers.
struct Walk<'w> {
    text: &'w [u8],
    starts: &'w [u32],
    kinds: &'w [u8],
    partners: &'w [u32],
    /// Escapes not passed yet.
    escapes: &'w [u32],
    trie: &'w FieldTrie,
    leaves: &'w mut Leaves,
    /// How many members around here have an empty name.
    empty_names: usize,
    /// A decoded member name; kept for its memory.
    name: Vec<u8>,
    /// Whether there are escapes, so that names may be shorter than they are written.
    lengths_deceive: bool,
    /// Whether any number has an exponent, so that its digits do not tell its value.
    has_exponents: bool,
}

/// Names that may lead somewhere, a few at a time.
struct Wanted {
    names: [u32; WANTED_MAX],
    len: usize,
}

const WANTED_MAX: usize = 32;

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { names: [0; WANTED_MAX], len: 0 }
    }
}

impl Wanted {
    fn names(&self) -> &[u32] {
        &self.names[..self.len]
    }
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

/// The last containers of one array that were walked, each of another shape: the same tokens, but for what is
/// inside scalars, the same members in the same order, with the same kinds of values. Two shapes may be taken for
/// different though they are not; numbers have to begin alike.
#[derive(Default)]
struct WalkedShapes {
    /// The opening brackets.
    opens: [usize; SHAPES_MAX],
    len: usize,
}

const SHAPES_MAX: usize = 4;

impl WalkedShapes {
    /// Whether one of them has the shape of the container at `open`; it then comes first.
    #[inline]
    fn has(&mut self, walk: &Walk<'_>, open: usize) -> bool {
        let shape = walk.shape(open);
        let found = (0..self.len).find(|at| {
            let walked = self.opens[*at];
            let last = walk.partners[walked] as usize - walked;
            walk.shape(walked) == shape
                && (1..last)
                    .filter(|at| walk.kinds[open + at + 1] == b':')
                    .all(|at| walk.same_name(walked + at, open + at))
        });
        found.into_iter().for_each(|at| self.opens[..=at].rotate_right(1));
        found.is_some()
    }

    /// Notes a container, in place of the one that was not met for the longest time.
    fn add(&mut self, open: usize) {
        self.len = (self.len + 1).min(SHAPES_MAX);
        self.opens[..self.len].rotate_right(1);
        self.opens[0] = open;
    }
}

impl Walk<'_> {
    #[inline]
    fn start(&self, token: usize) -> usize {
        self.starts[token] as usize
    }

    /// Where a scalar ends: white space before the next token is left out.
    #[inline]
    fn end(&self, token: usize) -> usize {
        let (start, mut end) = (self.start(token), self.start(token + 1));
        while end > start + 1 && matches!(self.text[end - 1], b' ' | b'\n' | b'\r' | b'\t') {
            end -= 1;
        }
        end
    }

    /// The members of the object that `open` opens.
    fn object(&mut self, open: usize, node: TrieNode, element: ElementId) {
        let close = self.partners[open] as usize;
        let mut name = open + 1;
        while name < close {
            let mut wanted = Wanted::default();
            name = self.gather(node, name, close, &mut wanted);
            for name in wanted.names() {
                self.member(*name as usize, node, element);
            }
        }
    }

    /// Gathers the names from `name` on that may lead somewhere; gives the name to go on with. Free of branches
    /// that depend on names and values: which members an event has is what a processor cannot guess.
    #[inline]
    fn gather(&self, node: TrieNode, mut name: usize, close: usize, wanted: &mut Wanted) -> usize {
        let filter = self.trie.filter(node);
        while name < close && wanted.len < WANTED_MAX {
            let (start, colon) = (self.start(name), self.start(name + 1));
            let first = self.text[start + 1];
            let deceives = self.lengths_deceive | (self.text[colon - 1] != b'"');
            let may_lead = filter.admits(first, colon - start - 2) | deceives & filter.admits_first(first);
            wanted.names[wanted.len] = name as u32;
            wanted.len += usize::from(may_lead);
            let value = name + 2;
            let opens = self.kinds[value] | 0x20 == b'{';
            let last = if opens { self.partners[value] as usize } else { value };
            name = last + 2;
        }
        name
    }

    #[inline]
    fn member(&mut self, name: usize, node: TrieNode, element: ElementId) {
        match self.lead(node, name) {
            Lead::To(child, EmptyName::No) => self.value(name + 2, child, element),
            Lead::To(child, EmptyName::Yes) => {
                self.empty_names += 1;
                self.value(name + 2, child, element);
                self.empty_names -= 1;
            }
            Lead::Nowhere => {}
        }
    }

    /// Where the member called `name` leads to.
    #[inline]
    fn lead(&mut self, node: TrieNode, name: usize) -> Lead {
        let trie = self.trie;
        let raw = self.start(name) + 1..self.end(name) - 1;
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

    #[inline]
    fn value(&mut self, value: usize, node: TrieNode, element: ElementId) {
        match self.kinds[value] {
            b'{' if self.trie.has_children(node) => self.object(value, node, element),
            b'{' => {}
            b'[' => self.array(value, node, element),
            kind => self.leaf(value, kind, node, element),
        }
    }

    fn array(&mut self, open: usize, node: TrieNode, around: ElementId) {
        let array = self.leaves.add_array(around);
        let close = self.partners[open] as usize;
        let only_shape_matters = self.trie.only_shape_matters(node);
        let mut walked = WalkedShapes::default();
        let mut value = open + 1;
        // An empty array's closing bracket is what follows; otherwise it is what follows the last comma.
        while value < close {
            if matches!(self.kinds[value], b'{' | b'[') {
                let adds_nothing = only_shape_matters && walked.has(self, value);
                if !adds_nothing {
                    if only_shape_matters {
                        walked.add(value);
                    }
                    let element = self.leaves.add_element(array);
                    self.value(value, node, element);
                }
                value = self.partners[value] as usize + 2;
            } else {
                value = self.scalars(value, close, node, around);
            }
        }
    }

    /// The scalars from `value` on in an array that `close` closes, up to the next container. Gives where that is.
    #[inline]
    fn scalars(&mut self, mut value: usize, close: usize, node: TrieNode, element: ElementId) -> usize {
        let fields = self.trie.fields(node);
        if fields == [None, None] || self.trie.only_shape_matters(node) {
            self.leaf(value, self.kinds[value], node, element);
            return self.next_container(value, close);
        }
        while value < close {
            let kind = self.kinds[value];
            if matches!(kind, b'{' | b'[') {
                break;
            }
            self.scalar(value, kind, fields, element);
            value += 2;
        }
        value
    }

    /// The next container behind the scalar `value` in an array that `close` closes; `close` if there is none.
    fn next_container(&self, value: usize, close: usize) -> usize {
        memchr::memchr2(b'{', b'[', &self.kinds[value..close]).map_or(close, |at| value + at)
    }

    /// The container that begins with `open`, as its tokens' first bytes spell it.
    #[inline]
    fn shape(&self, open: usize) -> Step<'_> {
        Step::new(&self.kinds[open..=self.partners[open] as usize])
    }

    /// Whether the strings at two tokens, which are names, are spelled alike.
    #[inline]
    fn same_name(&self, a: usize, b: usize) -> bool {
        let spelled = |token: usize| Step::new(&self.text[self.start(token)..self.start(token + 1)]);
        spelled(a) == spelled(b)
    }

    #[inline]
    fn leaf(&mut self, value: usize, kind: u8, node: TrieNode, element: ElementId) {
        let fields = self.trie.fields(node);
        if fields == [None, None] {
            return;
        }
        if self.trie.only_shape_matters(node) {
            return self.note_presence(fields, element);
        }
        self.scalar(value, kind, fields, element);
    }

    /// A scalar at fields of which some rule wants to know values.
    #[inline]
    fn scalar(&mut self, value: usize, kind: u8, fields: [Option<FieldId>; 2], element: ElementId) {
        let (start, end) = (self.start(value), self.end(value));
        let text = self.text;
        match kind {
            b'"' if self.has_escape(start + 1, end - 1) => {
                let leaf = self.decode(start + 1, end - 1);
                self.note(fields, element, leaf);
            }
            b'"' => {
                let inside = &text[start + 1..end - 1];
                let mixed = Step::new(inside).mixed();
                let fields = self.admitted(fields, |filter| filter.admits_string(inside, mixed));
                let kind = LeafKind::String(LeafText::InEvent);
                let (start, end) = (start as u32 + 1, end as u32 - 1);
                self.note(fields, element, NewLeaf { kind, start, end, texts: TextBits::of(mixed) });
            }
            b't' | b'f' | b'n' => {
                let kind = match kind {
                    b't' => LeafKind::True,
                    b'f' => LeafKind::False,
                    _ => LeafKind::Null,
                };
                let fields = self.admitted(fields, ValueFilter::admits_literal);
                self.note(fields, element, NewLeaf::no_text(kind, start, end));
            }
            _ => {
                let fields = if self.has_exponents {
                    self.admitted(fields, ValueFilter::admits_any_number)
                } else {
                    self.admitted(fields, |filter| filter.admits_plain_number(&text[start..end]))
                };
                self.note(fields, element, NewLeaf::no_text(LeafKind::Number, start, end));
            }
        }
    }

    /// The fields to which a value can matter.
    #[inline]
    fn admitted(
        &self,
        [seen, skipped]: [Option<FieldId>; 2],
        admits: impl Fn(&ValueFilter) -> bool,
    ) -> [Option<FieldId>; 2] {
        let admitted = |field: Option<FieldId>| match field {
            Some(id) if admits(self.trie.values(id)) => field,
            _ => None,
        };
        [admitted(seen), admitted(skipped)]
    }

    fn decode(&mut self, start: usize, end: usize) -> NewLeaf {
        let decoded = &mut self.leaves.decoded;
        let decoded_start = decoded.len();
        let lone = decode_into(&self.text[start..end], decoded);
        let decoded_end = decoded.len();
        let text = match lone {
            LoneSurrogates::None => LeafText::Decoded,
            LoneSurrogates::Some => {
                self.leaves.mark_lone(decoded_start);
                LeafText::DecodedLone
            }
        };
        let (start, end) = (decoded_start as u32, decoded_end as u32);
        NewLeaf { kind: LeafKind::String(text), start, end, texts: TextBits::ALL }
    }

    /// Notes that there are leaves, the first one in each element.
    #[inline]
    fn note_presence(&mut self, fields: [Option<FieldId>; 2], element: ElementId) {
        let fresh = |field: &FieldId| !self.leaves.last_is_in(*field, element);
        let fresh_fields = fields.map(|field| field.filter(fresh));
        self.note(fresh_fields, element, NewLeaf::no_text(LeafKind::Null, 0, 0));
    }

    #[inline]
    fn note(&mut self, fields: [Option<FieldId>; 2], element: ElementId, leaf: NewLeaf) {
        if let Some(field) = fields[EmptyNames::Seen as usize] {
            self.leaves.add(field, element, leaf);
        }
        if let Some(field) = fields[EmptyNames::Skipped as usize]
            && self.empty_names == 0
        {
            self.leaves.add(field, element, leaf);
        }
    }
}
