//! One automaton for the texts that many lists of tests accept, walked through all at once.
//!
//! Every test of text is a regular language: a literal, a beginning, an end, a wildcard, their forms that ignore
//! case, and what `anything-but` leaves of them. So whether a text exists that some lists accept and others do not
//! is decided, not guessed: all lists read the same text side by side, and the sets of positions that can be reached
//! are searched, shortest texts first.
//!
//! Rejected: rules for each pair of operators (does this prefix imply that wildcard?). Thirteen operators and lists
//! of them make hundreds of cases, and the oddities of the engine (quotes that leak, folding, lone surrogates) would
//! have to be right in each.

use std::collections::HashMap;
use std::ops::Range;

use crate::json::Text;

/// A character of a text as patterns see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Char(char),
    /// Half of a surrogate pair: `?` to operators, and nothing that a bare string spells.
    LoneSurrogate,
}

/// What leads from one position to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// This character, as operators see it.
    Char(char),
    /// This character, as bare strings and `exactly` see it.
    Original(char),
    /// One of these.
    OneOf(&'static str),
    Any,
}

impl Label {
    fn reads(self, symbol: Symbol) -> bool {
        match (self, symbol) {
            (Label::Any, _) => true,
            (Label::Char(wanted) | Label::Original(wanted), Symbol::Char(found)) => wanted == found,
            (Label::Char(wanted), Symbol::LoneSurrogate) => wanted == '?',
            (Label::OneOf(chars), Symbol::Char(found)) => chars.contains(found),
            (Label::Original(_) | Label::OneOf(_), Symbol::LoneSurrogate) => false,
        }
    }
}

/// A place in one of the languages.
pub(super) type Position = u32;

/// The positions of all lists, side by side.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    edges: Vec<Vec<(Label, Position)>>,
    starts: Vec<Position>,
    accepting: Vec<bool>,
}

impl Automaton {
    pub(super) fn position(&mut self) -> Position {
        self.edges.push(Vec::new());
        self.accepting.push(false);
        self.edges.len() as Position - 1
    }

    pub(super) fn start(&mut self) -> Position {
        let start = self.position();
        self.starts.push(start);
        start
    }

    pub(super) fn edge(&mut self, from: Position, label: Label, to: Position) {
        self.edges[from as usize].push((label, to));
    }

    pub(super) fn accept(&mut self, position: Position) {
        self.accepting[position as usize] = true;
    }

    /// Reads `labels` one after the other.
    pub(super) fn chain(&mut self, from: Position, labels: impl IntoIterator<Item = Label>) -> Position {
        labels.into_iter().fold(from, |from, label| {
            let to = self.position();
            self.edge(from, label, to);
            to
        })
    }

    /// Whatever follows `position` is read there.
    pub(super) fn anything_at(&mut self, position: Position) {
        self.edge(position, Label::Any, position);
    }

    /// The number of the next position.
    pub(super) fn len(&self) -> Position {
        self.edges.len() as Position
    }

    /// Whether a text that got here is accepted whatever follows.
    fn is_final(&self, position: usize) -> bool {
        self.accepting[position] && self.edges[position].contains(&(Label::Any, position as Position))
    }
}

/// The texts that one list of tests accepts: those of `positive`, and all but those of each of `negative`.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub(super) positive: Range<Position>,
    pub(super) negative: Vec<Range<Position>>,
    /// Accepts every text.
    pub(super) everything: bool,
}

/// Sets of positions that are looked at before a search gives up.
const SETS_MAX: usize = 4_000;

/// Longest text that is made.
const SYMBOLS_MAX: usize = 5_000;

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    Found(Text),
    /// There is no such text.
    Exhausted,
    /// There are texts that may be meant and were not taken, or too many ways.
    Open,
}

/// Looks for a text that all languages of `all` and none of `none` accept, and that `takes` takes. `takes` may refuse
/// where a language holds more than its list of tests accepts.
pub(super) fn search(
    automaton: &Automaton,
    all: &[Language],
    none: &[Language],
    takes: impl FnMut(&Text) -> bool,
) -> Search {
    if none.iter().any(|language| language.everything) {
        return Search::Exhausted;
    }
    let words = (automaton.len() as usize).div_ceil(64);
    let mut accepting = vec![0; words];
    let mut finals = vec![0; words];
    for position in 0..automaton.edges.len() {
        put(&mut accepting, position, automaton.accepting[position]);
        put(&mut finals, position, automaton.is_final(position));
    }
    let walk = Walk { automaton, all, none, accepting, finals };
    walk.run(takes)
}

/// A set of positions, 64 to a word.
type Set = Box<[u64]>;

fn put(set: &mut [u64], position: usize, member: bool) {
    set[position / 64] |= u64::from(member) << (position % 64);
}

/// Whether `a` and `b` have a member in common within `range`.
fn meet(a: &[u64], b: &[u64], range: &Range<Position>) -> bool {
    let (start, end) = (range.start as usize, range.end as usize);
    if start >= end {
        return false;
    }
    let (first, last) = (start / 64, (end - 1) / 64);
    (first..=last).any(|word| {
        let mut mask = u64::MAX;
        if word == first {
            mask &= u64::MAX << (start % 64);
        }
        if word == last {
            mask &= u64::MAX >> (63 - (end - 1) % 64);
        }
        a[word] & b[word] & mask != 0
    })
}

struct Walk<'a> {
    automaton: &'a Automaton,
    all: &'a [Language],
    none: &'a [Language],
    accepting: Vec<u64>,
    finals: Vec<u64>,
}

impl Walk<'_> {
    fn run(&self, mut takes: impl FnMut(&Text) -> bool) -> Search {
        let mut start = vec![0; self.accepting.len()];
        self.automaton.starts.iter().for_each(|position| put(&mut start, *position as usize, true));
        let mut seen: HashMap<Set, ()> = HashMap::from([(start.clone().into(), ())]);
        // Each with the one before it and the symbol between.
        let mut queue: Vec<(Set, usize, Symbol, usize)> = vec![(start.into(), 0, Symbol::LoneSurrogate, 0)];
        let mut open = false;
        let mut next = 0;
        while let Some((set, _, _, len)) = queue.get(next) {
            let (set, len) = (set.clone(), *len);
            if self.all.iter().all(|language| self.accepts(language, &set))
                && !self.none.iter().any(|language| self.accepts(language, &set))
            {
                let text = text_of(&queue, next);
                if takes(&text) {
                    return Search::Found(text);
                }
                open = true;
            }
            if len >= SYMBOLS_MAX {
                return Search::Open;
            }
            for symbol in self.symbols(&set) {
                let after = self.step(&set, symbol);
                if self.is_hopeless(&after) || seen.insert(after.clone(), ()).is_some() {
                    continue;
                }
                if seen.len() > SETS_MAX {
                    return Search::Open;
                }
                queue.push((after, next, symbol, len + 1));
            }
            next += 1;
        }
        if open { Search::Open } else { Search::Exhausted }
    }

    fn accepts(&self, language: &Language, set: &[u64]) -> bool {
        language.everything
            || meet(set, &self.accepting, &language.positive)
            || language.negative.iter().any(|negative| !meet(set, &self.accepting, negative))
    }

    /// Whether nothing that follows can be found.
    fn is_hopeless(&self, set: &[u64]) -> bool {
        self.all.iter().any(|language| self.never_accepts_again(language, set))
            || self.none.iter().any(|language| self.always_accepts(language, set))
    }

    fn never_accepts_again(&self, language: &Language, set: &[u64]) -> bool {
        !language.everything
            && !meet(set, set, &language.positive)
            && language.negative.iter().all(|negative| meet(set, &self.finals, negative))
    }

    fn always_accepts(&self, language: &Language, set: &[u64]) -> bool {
        meet(set, &self.finals, &language.positive)
            || language.negative.iter().any(|negative| !meet(set, set, negative))
    }

    fn members<'s>(&self, set: &'s [u64]) -> impl Iterator<Item = usize> + use<'s> {
        set.iter().enumerate().flat_map(|(word, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(word * 64 + bit)
            })
        })
    }

    fn step(&self, set: &[u64], symbol: Symbol) -> Set {
        let mut after = vec![0; set.len()];
        for position in self.members(set) {
            for (label, to) in &self.automaton.edges[position] {
                put(&mut after, *to as usize, label.reads(symbol));
            }
        }
        after.into()
    }

    /// One symbol of each kind that makes a difference here.
    fn symbols(&self, set: &[u64]) -> Vec<Symbol> {
        let mut chars = Vec::new();
        for position in self.members(set) {
            for (label, _) in &self.automaton.edges[position] {
                match label {
                    Label::Char(c) | Label::Original(c) => chars.push(*c),
                    Label::OneOf(several) => chars.extend(several.chars()),
                    Label::Any => {}
                }
            }
        }
        let mut known = Vec::with_capacity(chars.len());
        for c in chars {
            if !known.contains(&c) {
                known.push(c);
            }
        }
        let lone = known.contains(&'?').then_some(Symbol::LoneSurrogate);
        let other = plain_chars().find(|c| !known.contains(c)).map(Symbol::Char);
        known.into_iter().map(Symbol::Char).chain(other).chain(lone).collect()
    }
}

/// All characters, those that people like to read first.
fn plain_chars() -> impl Iterator<Item = char> {
    ('x'..='z').chain('a'..='w').chain('0'..='9').chain('A'..='Z').chain('\u{100}'..='\u{d7ff}')
}

/// The symbols that led to `queue[at]`.
fn text_of(queue: &[(Set, usize, Symbol, usize)], mut at: usize) -> Text {
    let mut symbols = Vec::new();
    while at != 0 {
        let (_, before, symbol, _) = &queue[at];
        symbols.push(*symbol);
        at = *before;
    }
    let mut raw = Vec::new();
    for symbol in symbols.iter().rev() {
        match symbol {
            Symbol::Char(c) => push_raw(*c, &mut raw),
            Symbol::LoneSurrogate => raw.extend_from_slice(b"\\udc00"),
        }
    }
    Text::decode(&raw)
}

/// As it stands inside a JSON string.
fn push_raw(c: char, raw: &mut Vec<u8>) {
    if matches!(c, '"' | '\\') {
        raw.push(b'\\');
    }
    let mut buffer = [0; 4];
    raw.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
}
