//! Wildcard complexity, by which the service refuses patterns that its engine would find costly.
//!
//! The measure is that of event-ruler's own evaluator on a machine that holds only this pattern: build the
//! byte automaton of one field's wildcards; the complexity is the largest number of its positions that can
//! be active at once, over all inputs; of several fields the largest counts. 198 of 198 acceptances and
//! refusals recorded from AWS follow it.
//!
//! What is active together depends on how the engine chains fields: later fields are evaluated together
//! only for alternatives that reach them through the same test, which [`Chains`] follows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

use super::field_test::{AnythingBut, FieldTest, Scalar};
use super::ir::{Alternative, Condition};
use super::limits::COMPLEXITY_CAP;
use super::wildcard::Wildcard;

/// Sets of active positions looked at per automaton before the answer so far is taken, which bounds the
/// time for hostile patterns. Richest sets are looked at first; no recorded case comes near.
const ACTIVE_SETS_MAX: usize = 20_000;

/// Groups of alternatives looked at per pattern, likewise.
const GROUPS_MAX: usize = 20_000;

/// The wildcard complexity of a pattern's alternatives, capped at [`COMPLEXITY_CAP`].
pub fn wildcard_complexity(alternatives: &[Alternative]) -> u32 {
    let no_wildcards = alternatives
        .iter()
        .flat_map(|a| &a.conditions)
        .all(|condition| condition.tests.tests.iter().all(|placed| wildcards_of(&placed.test).is_none()));
    if no_wildcards {
        return 0;
    }
    let mut chains = Chains { alternatives, identities: HashMap::new(), seen: HashSet::new(), largest: 0 };
    chains.follow((0..alternatives.len()).collect(), 0);
    chains.largest.min(COMPLEXITY_CAP)
}

fn wildcards_of(test: &FieldTest) -> Option<&[Wildcard]> {
    match test {
        FieldTest::Wildcard(wildcard) => Some(std::slice::from_ref(wildcard)),
        FieldTest::AnythingBut(AnythingBut::Wildcards(wildcards)) => Some(wildcards),
        _ => None,
    }
}

/// Follows groups of alternatives from field to field.
struct Chains<'a> {
    alternatives: &'a [Alternative],
    identities: HashMap<String, usize>,
    seen: HashSet<(BTreeSet<usize>, usize)>,
    largest: u32,
}

/// What leads to the same place: equal tests do, but copies of a wildcard with text behind its first star
/// each lead to a place of their own.
type Lead = (usize, Option<usize>);

impl Chains<'_> {
    /// Looks at the condition number `at` of the alternatives in `group`, and at what comes after it.
    fn follow(&mut self, group: BTreeSet<usize>, at: usize) {
        if self.largest >= COMPLEXITY_CAP
            || self.seen.len() >= GROUPS_MAX
            || !self.seen.insert((group.clone(), at))
        {
            return;
        }
        let mut by_field: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for alternative in group {
            if let Some(condition) = self.alternatives[alternative].conditions.get(at) {
                by_field.entry(condition.path.as_bytes()).or_default().push(alternative);
            }
        }
        for members in by_field.into_values() {
            let next = self.field(&members, at);
            next.into_iter().for_each(|group| self.follow(group, at + 1));
        }
    }

    /// Measures one field for the alternatives that reach it together; returns the groups that go on.
    fn field(&mut self, members: &[usize], at: usize) -> BTreeSet<BTreeSet<usize>> {
        let alternatives = self.alternatives;
        let mut automaton_tests: BTreeMap<usize, (&[Wildcard], usize)> = BTreeMap::new();
        let mut next: HashMap<Lead, BTreeSet<usize>> = HashMap::new();
        for &member in members {
            for test in tests_of(&alternatives[member].conditions[at]) {
                let identity = self.identity(test);
                let wildcards = wildcards_of(test);
                if let Some(wildcards) = wildcards {
                    automaton_tests.entry(identity).or_insert((wildcards, 0)).1 += 1;
                }
                if *test != FieldTest::Absent {
                    let apart = wildcards.is_some_and(|wildcards| wildcards.iter().any(has_text_after_star));
                    next.entry((identity, apart.then_some(member))).or_default().insert(member);
                }
            }
        }
        let automaton = Automaton::build(automaton_tests.into_values());
        self.largest = self.largest.max(automaton.active_max());
        next.into_values().collect()
    }

    fn identity(&mut self, test: &FieldTest) -> usize {
        let fresh = self.identities.len();
        *self.identities.entry(identity_text(test)).or_insert(fresh)
    }
}

fn tests_of(condition: &Condition) -> impl Iterator<Item = &FieldTest> {
    condition.tests.tests.iter().map(|placed| &placed.test)
}

fn has_text_after_star(wildcard: &Wildcard) -> bool {
    match wildcard.pieces() {
        [_, first, rest @ ..] => !first.is_empty() || !rest.is_empty(),
        _ => false,
    }
}

/// Equal for tests that are the same to the engine: the same range, number or set.
fn identity_text(test: &FieldTest) -> String {
    let set = |mut items: Vec<String>| {
        items.sort();
        items.dedup();
        items.join(",")
    };
    match test {
        FieldTest::Equals(Scalar::Number(number)) => match number.value {
            Some(value) => single_number(value),
            None => format!("spelling {}", number.spelling),
        },
        FieldTest::Numeric(range) => match range.single() {
            Some(bound) => single_number(bound.value),
            None => format!("range {:?} {:?}", end(&range.lower), end(&range.upper)),
        },
        FieldTest::Cidr { range, .. } => format!("cidr {:?}", range.ends()),
        FieldTest::AnythingBut(AnythingBut::Strings(texts)) => {
            format!("but {}", set(texts.iter().map(|text| format!("{:?}", text.as_bytes())).collect()))
        }
        FieldTest::AnythingBut(AnythingBut::Numbers(numbers)) => {
            format!("but {}", set(numbers.iter().map(|number| format!("{:?}", number.value)).collect()))
        }
        FieldTest::AnythingBut(AnythingBut::Prefixes(texts)) => {
            format!("but prefix {}", set(texts.iter().map(|text| format!("{:?}", text.as_bytes())).collect()))
        }
        FieldTest::AnythingBut(AnythingBut::Suffixes(texts)) => {
            format!("but suffix {}", set(texts.iter().map(|text| format!("{:?}", text.as_bytes())).collect()))
        }
        FieldTest::AnythingBut(AnythingBut::EqualsIgnoreCase(texts)) => {
            format!(
                "but folded {}",
                set(texts.iter().map(|t| format!("{:?}", t.source().as_bytes())).collect())
            )
        }
        FieldTest::AnythingBut(AnythingBut::Wildcards(wildcards)) => {
            format!(
                "but wildcard {}",
                set(wildcards.iter().map(|w| format!("{:?}", w.source().as_bytes())).collect())
            )
        }
        other => other.to_string(),
    }
}

fn single_number(value: f64) -> String {
    format!("number {value:?}")
}

fn end(bound: &Option<super::Bound>) -> Option<(f64, bool)> {
    bound.as_ref().map(|bound| (bound.value, bound.inclusive))
}

/// A position of the automaton: which bytes lead on from it, and the star that it also activates.
#[derive(Default)]
struct Position {
    steps: Vec<(u8, usize)>,
    star: Option<usize>,
    is_star: bool,
}

/// The byte automaton of one field's wildcards, each behind its opening quote.
#[derive(Default)]
struct Automaton {
    positions: Vec<Position>,
    starts: Vec<usize>,
}

impl Automaton {
    /// From the distinct tests of a field, each with its number of copies.
    fn build<'a>(tests: impl Iterator<Item = (&'a [Wildcard], usize)>) -> Automaton {
        let mut automaton = Automaton::default();
        for (wildcards, copies) in tests {
            let start = automaton.add_position();
            automaton.starts.push(start);
            let mut test = OneTest { end: None, shared: HashMap::new(), start };
            let distinct: BTreeSet<&[Box<[u8]>]> = wildcards.iter().map(Wildcard::pieces).collect();
            distinct.into_iter().for_each(|pieces| automaton.add_wildcard(&mut test, pieces, copies));
        }
        automaton
    }

    fn add_position(&mut self) -> usize {
        self.positions.push(Position::default());
        self.positions.len() - 1
    }

    /// The wildcards of one test share positions up to and including the first star, and the closing quote;
    /// copies of the test share no more than that either.
    fn add_wildcard(&mut self, test: &mut OneTest, pieces: &[Box<[u8]>], copies: usize) {
        let Some((prefix, rest)) = pieces.split_first() else { return };
        let mut position = test.start;
        for byte in prefix.iter() {
            position = self.shared_step(test, position, *byte);
        }
        if rest.is_empty() {
            self.close(test, position);
            return;
        }
        let star = self.star_at(position);
        for _ in 0..copies {
            let mut position = star;
            for (index, piece) in rest.iter().enumerate() {
                if index > 0 {
                    position = self.fresh_star_at(position);
                }
                for byte in piece.iter() {
                    position = self.fresh_step(position, *byte);
                }
            }
            self.close(test, position);
        }
    }

    fn shared_step(&mut self, test: &mut OneTest, from: usize, byte: u8) -> usize {
        if let Some(known) = test.shared.get(&(from, byte)) {
            return *known;
        }
        let to = self.fresh_step(from, byte);
        test.shared.insert((from, byte), to);
        to
    }

    fn fresh_step(&mut self, from: usize, byte: u8) -> usize {
        let to = self.add_position();
        self.positions[from].steps.push((byte, to));
        to
    }

    fn star_at(&mut self, position: usize) -> usize {
        match self.positions[position].star {
            Some(star) => star,
            None => self.fresh_star_at(position),
        }
    }

    fn fresh_star_at(&mut self, position: usize) -> usize {
        let star = self.add_position();
        self.positions[star].is_star = true;
        self.positions[position].star = Some(star);
        star
    }

    fn close(&mut self, test: &mut OneTest, position: usize) {
        let end = *test.end.get_or_insert_with(|| {
            self.positions.push(Position::default());
            self.positions.len() - 1
        });
        if !self.positions[position].steps.contains(&(b'"', end)) {
            self.positions[position].steps.push((b'"', end));
        }
    }

    /// The largest number of positions active at once over all inputs, as far as [`COMPLEXITY_CAP`].
    fn active_max(&self) -> u32 {
        let first: ActiveSet = self.starts.iter().flat_map(|start| self.activated(*start)).collect();
        let mut largest = first.len();
        let mut seen = HashSet::from([first.clone()]);
        let mut waiting = BinaryHeap::from([(first.len(), Reverse(0), first)]);
        while let Some((_, _, active)) = waiting.pop() {
            for next in self.successors(&active) {
                if seen.contains(&next) {
                    continue;
                }
                largest = largest.max(next.len());
                if largest >= COMPLEXITY_CAP as usize {
                    return COMPLEXITY_CAP;
                }
                seen.insert(next.clone());
                waiting.push((next.len(), Reverse(seen.len()), next));
            }
            if seen.len() > ACTIVE_SETS_MAX {
                break;
            }
        }
        largest as u32
    }

    fn activated(&self, position: usize) -> impl Iterator<Item = usize> {
        std::iter::once(position).chain(self.positions[position].star)
    }

    /// The sets that any one byte can lead to; the last is for bytes that nothing waits for.
    fn successors(&self, active: &ActiveSet) -> Vec<ActiveSet> {
        let staying: ActiveSet = active.iter().copied().filter(|at| self.positions[*at].is_star).collect();
        let mut by_byte: BTreeMap<u8, ActiveSet> = BTreeMap::new();
        for (byte, to) in active.iter().flat_map(|at| &self.positions[*at].steps) {
            by_byte.entry(*byte).or_insert_with(|| staying.clone()).extend(self.activated(*to));
        }
        by_byte.into_values().chain([staying]).collect()
    }
}

/// Positions active at once; fewer than [`COMPLEXITY_CAP`] of them.
type ActiveSet = BTreeSet<usize>;

/// What the wildcards of one test have in common.
struct OneTest {
    start: usize,
    end: Option<usize>,
    shared: HashMap<(usize, u8), usize>,
}
