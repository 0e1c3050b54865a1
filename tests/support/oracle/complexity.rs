//! The wildcard complexity by which the service refuses patterns: how many positions of a field's wildcards
//! can be active at once, over all inputs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet};

use super::grammar::{Path, Rule};
use super::matchers::{Matcher, StringTest, WildcardToken};

/// Counting stops here; the service refuses above 10.
const CAP: usize = 20;
/// Sets of positions looked at per field, the largest first; a field of which all could not be seen counts as
/// the best found, as in the reference model.
const SETS_MAX: usize = 20_000;

/// The complexity of the pattern with these alternatives, at most 20.
pub fn of(alternatives: &[Rule]) -> usize {
    let rules: Vec<Vec<(&Path, &[Matcher])>> = alternatives
        .iter()
        .map(|rule| rule.iter().map(|(path, matchers)| (path, &**matchers)).collect())
        .collect();
    let mut search = Search { rules: &rules, seen: BTreeSet::new(), most: 0 };
    search.together(&(0..rules.len()).collect(), 0);
    search.most.min(CAP)
}

struct Search<'a> {
    rules: &'a [Vec<(&'a Path, &'a [Matcher])>],
    seen: BTreeSet<(BTreeSet<usize>, usize)>,
    most: usize,
}

/// What leads alternatives on to their next fields together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Way<'a> {
    Shared(&'a Matcher),
    /// A wildcard with text after its first star leads each alternative to a place of its own.
    Own(&'a Matcher, usize),
}

impl Search<'_> {
    /// Evaluates field number `at` of the alternatives `ids`, which came here by the same way, and goes on.
    fn together(&mut self, ids: &BTreeSet<usize>, at: usize) {
        if self.most >= CAP || !self.seen.insert((ids.clone(), at)) {
            return;
        }
        let mut by_field: BTreeMap<&Path, BTreeSet<usize>> = BTreeMap::new();
        for id in ids {
            if let Some((path, _)) = self.rules[*id].get(at) {
                by_field.entry(path).or_default().insert(*id);
            }
        }
        for ids in by_field.into_values() {
            self.field(&ids, at);
        }
    }

    fn field(&mut self, ids: &BTreeSet<usize>, at: usize) {
        let mut copies: BTreeMap<&Matcher, usize> = BTreeMap::new();
        let mut ways: BTreeMap<Way<'_>, BTreeSet<usize>> = BTreeMap::new();
        for id in ids {
            for matcher in self.rules[*id][at].1 {
                let wildcards = wildcards(matcher);
                if wildcards.is_some() {
                    *copies.entry(matcher).or_default() += 1;
                }
                let own = wildcards.is_some_and(|all| all.iter().any(|tokens| goes_on_after_star(tokens)));
                let way = if own { Way::Own(matcher, *id) } else { Way::Shared(matcher) };
                if *matcher != Matcher::Absent {
                    ways.entry(way).or_default().insert(*id);
                }
            }
        }
        self.most = self.most.max(most_active(&copies));
        let next: BTreeSet<BTreeSet<usize>> = ways.into_values().collect();
        for ids in &next {
            self.together(ids, at + 1);
        }
    }
}

/// The wildcards of a matcher; `None` if it is of another kind.
fn wildcards(matcher: &Matcher) -> Option<Vec<&[WildcardToken]>> {
    match matcher {
        Matcher::String(StringTest::Wildcard(tokens)) => Some(vec![tokens]),
        Matcher::AnythingBut(tests) => {
            let tokens: Vec<&[WildcardToken]> = tests
                .iter()
                .filter_map(|test| match test {
                    StringTest::Wildcard(tokens) => Some(&tokens[..]),
                    _ => None,
                })
                .collect();
            (!tokens.is_empty()).then_some(tokens)
        }
        _ => None,
    }
}

fn goes_on_after_star(tokens: &[WildcardToken]) -> bool {
    tokens.iter().position(|token| *token == WildcardToken::Star).is_some_and(|star| star + 1 < tokens.len())
}

/// The byte automaton of one field's wildcards. A position is what has been read of some wildcard.
#[derive(Default)]
struct Automaton {
    positions: Vec<Position>,
}

#[derive(Default)]
struct Position {
    on_byte: BTreeMap<u8, BTreeSet<usize>>,
    /// The star that follows, active together with this position.
    star: Option<usize>,
    is_star: bool,
}

/// A set of positions, one bit for each.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Active(Vec<u64>);

impl Active {
    fn none(positions: usize) -> Active {
        Active(vec![0; positions.div_ceil(64)])
    }

    fn insert(&mut self, position: usize) {
        self.0[position / 64] |= 1 << (position % 64);
    }

    fn add(&mut self, other: &Active) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    fn and(&self, other: &Active) -> Active {
        Active(self.0.iter().zip(&other.0).map(|(word, other)| word & other).collect())
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn positions(&self) -> impl Iterator<Item = usize> {
        let bits = |word: u64| (0..64).filter(move |bit| word >> bit & 1 == 1);
        self.0.iter().enumerate().flat_map(move |(at, word)| bits(*word).map(move |bit| at * 64 + bit))
    }
}

impl Automaton {
    fn add(&mut self) -> usize {
        self.positions.push(Position::default());
        self.positions.len() - 1
    }

    fn literal(&mut self, from: usize, byte: u8) -> usize {
        let to = self.add();
        self.link(from, byte, to);
        to
    }

    fn link(&mut self, from: usize, byte: u8, to: usize) {
        self.positions[from].on_byte.entry(byte).or_default().insert(to);
    }

    fn star(&mut self, from: usize) -> usize {
        let star = self.add();
        self.positions[star].is_star = true;
        self.positions[from].star = Some(star);
        star
    }

    /// Adds one distinct matcher and returns its start, the opening quote. Its wildcards share positions up
    /// to and including the first star and the closing quote; `copies` of it share no more than that.
    fn matcher(&mut self, wildcards: &[&[WildcardToken]], copies: usize) -> usize {
        let start = self.add();
        let closing = self.add();
        let mut shared: BTreeMap<Vec<u8>, usize> = BTreeMap::from([(Vec::new(), start)]);
        for tokens in wildcards {
            let first_star = tokens.iter().position(|token| *token == WildcardToken::Star);
            let before =
                self.shared_start(&mut shared, &bytes(&tokens[..first_star.unwrap_or(tokens.len())]));
            let Some(first_star) = first_star else {
                self.link(before, b'"', closing);
                continue;
            };
            let star = self.positions[before].star.unwrap_or_else(|| self.star(before));
            for _ in 0..copies {
                let end = self.own_rest(star, &tokens[first_star + 1..]);
                self.link(end, b'"', closing);
            }
        }
        start
    }

    fn shared_start(&mut self, shared: &mut BTreeMap<Vec<u8>, usize>, text: &[u8]) -> usize {
        let mut at = shared[&[][..]];
        for len in 1..=text.len() {
            at = match shared.get(&text[..len]) {
                Some(next) => *next,
                None => {
                    let next = self.literal(at, text[len - 1]);
                    shared.insert(text[..len].to_vec(), next);
                    next
                }
            };
        }
        at
    }

    fn own_rest(&mut self, from: usize, rest: &[WildcardToken]) -> usize {
        rest.iter().fold(from, |at, token| match token {
            WildcardToken::Star => self.star(at),
            WildcardToken::Literal(_) => {
                bytes(&[*token]).into_iter().fold(at, |at, byte| self.literal(at, byte))
            }
        })
    }

    fn active_with(&self, positions: impl Iterator<Item = usize>) -> Active {
        let mut active = Active::none(self.positions.len());
        for position in positions {
            active.insert(position);
            self.positions[position].star.iter().for_each(|star| active.insert(*star));
        }
        active
    }

    /// What becomes active on each byte, position by position.
    fn steps(&self) -> Vec<BTreeMap<u8, Active>> {
        let step = |position: &Position| {
            let reached = |next: &BTreeSet<usize>| self.active_with(next.iter().copied());
            position.on_byte.iter().map(|(byte, next)| (*byte, reached(next))).collect()
        };
        self.positions.iter().map(step).collect()
    }
}

/// Every set of positions that one more byte of input can lead to.
fn successors(steps: &[BTreeMap<u8, Active>], active: &Active, stars: &Active) -> Vec<Active> {
    // A star stays active whatever is read; a byte that no wildcard names leaves only the stars.
    let staying = active.and(stars);
    let mut on_byte: BTreeMap<u8, Active> = BTreeMap::new();
    for (byte, next) in active.positions().flat_map(|position| &steps[position]) {
        on_byte.entry(*byte).or_insert_with(|| staying.clone()).add(next);
    }
    on_byte.into_values().chain([staying]).collect()
}

fn bytes(tokens: &[WildcardToken]) -> Vec<u8> {
    let literal = |token: &WildcardToken| match token {
        WildcardToken::Literal(character) => Some(*character),
        WildcardToken::Star => None,
    };
    tokens.iter().filter_map(literal).collect::<String>().into_bytes()
}

/// The size of the largest reachable set of positions.
fn most_active(copies: &BTreeMap<&Matcher, usize>) -> usize {
    if copies.is_empty() {
        return 0;
    }
    let mut automaton = Automaton::default();
    let roots: Vec<usize> = copies
        .iter()
        .map(|(matcher, copies)| automaton.matcher(&wildcards(matcher).unwrap_or_default(), *copies))
        .collect();
    let steps = automaton.steps();
    let mut stars = Active::none(automaton.positions.len());
    (0..automaton.positions.len())
        .filter(|at| automaton.positions[*at].is_star)
        .for_each(|at| stars.insert(at));
    let start = automaton.active_with(roots.into_iter());
    let mut most = start.len();
    let mut seen = HashSet::from([start.clone()]);
    let mut waiting = BinaryHeap::from([(start.len(), Reverse(0), start)]);
    while let Some((_, _, active)) = waiting.pop() {
        for next in successors(&steps, &active, &stars) {
            if seen.insert(next.clone()) {
                most = most.max(next.len());
                waiting.push((next.len(), Reverse(seen.len()), next));
            }
        }
        if most >= CAP || seen.len() > SETS_MAX {
            break;
        }
    }
    most
}
