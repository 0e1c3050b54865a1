//! Which texts a list of tests accepts, as a language of the automaton.

use super::automaton::{Automaton, Label, Language, Position};
use super::tests::TestList;
use crate::json::Text;
use crate::pattern::{AnythingBut, ExactString, FieldTest, FoldedText, Scalar, Wildcard};

/// What to do with tests that no language describes: those of addresses in any spelling, and bare lone surrogates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// Hold every text that the list accepts, perhaps more.
    Above,
    /// Hold only texts that the list accepts, perhaps not all.
    Below,
}

/// Whatever spells an address is made of these.
const ADDRESS_CHARS: &str = "0123456789abcdefABCDEF.:";

/// The language of `tests`.
pub(super) fn language_of(tests: &TestList<'_>, bound: Bound, automaton: &mut Automaton) -> Language {
    let mut language = Language::default();
    let first = automaton.len();
    for test in &tests.tests {
        match test {
            FieldTest::Present => language.everything = true,
            FieldTest::AnythingBut(AnythingBut::Numbers(_)) => language.everything = true,
            FieldTest::AnythingBut(_) => {}
            _ => Texts { automaton: &mut *automaton, bound }.add(test),
        }
    }
    language.positive = first..automaton.len();
    for test in &tests.tests {
        let FieldTest::AnythingBut(excluded) = test else { continue };
        let first = automaton.len();
        Texts { automaton: &mut *automaton, bound }.add_excluded(excluded);
        language.negative.push(first..automaton.len());
    }
    if language.everything {
        language.negative.clear();
    }
    language
}

/// The language of texts over `parts`, each one of some characters.
pub(super) fn language_of_format(parts: &[&'static str], last: Last, automaton: &mut Automaton) -> Language {
    let first = automaton.len();
    let start = automaton.start();
    let end = automaton.chain(start, parts.iter().map(|chars| Label::OneOf(chars)));
    if let (Last::Repeats, Some(chars)) = (last, parts.last()) {
        automaton.edge(end, Label::OneOf(chars), end);
    }
    automaton.accept(end);
    Language { positive: first..automaton.len(), ..Language::default() }
}

/// How often the last part of a format stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Once,
    Repeats,
}

struct Texts<'a> {
    automaton: &'a mut Automaton,
    bound: Bound,
}

impl Texts<'_> {
    fn add(&mut self, test: &FieldTest) {
        match test {
            FieldTest::Equals(Scalar::String(exact)) => self.bare(exact),
            FieldTest::Exactly(text) => self.original(text),
            FieldTest::EqualsIgnoreCase(folded) => self.equal_ignoring_case(folded),
            FieldTest::Prefix(text) => self.prefix(&marked(text)),
            FieldTest::PrefixIgnoreCase(folded) => self.prefix(&units(folded)),
            FieldTest::Suffix(text) => self.suffix(&marked(text)),
            FieldTest::SuffixIgnoreCase(folded) => self.suffix(&units(folded)),
            FieldTest::Wildcard(wildcard) => self.wildcard(wildcard),
            FieldTest::Cidr { .. } => self.addresses(),
            // Those accept no text, or are not this one's matter.
            FieldTest::Equals(_)
            | FieldTest::Numeric(_)
            | FieldTest::Present
            | FieldTest::Absent
            | FieldTest::AnythingBut(_) => {}
        }
    }

    fn add_excluded(&mut self, excluded: &AnythingBut) {
        match excluded {
            AnythingBut::Numbers(_) => {}
            AnythingBut::Strings(texts) => texts.iter().for_each(|text| self.equal(&marked(text))),
            AnythingBut::Prefixes(texts) => texts.iter().for_each(|text| self.prefix(&marked(text))),
            AnythingBut::Suffixes(texts) => texts.iter().for_each(|text| self.suffix(&marked(text))),
            AnythingBut::EqualsIgnoreCase(texts) => {
                texts.iter().for_each(|folded| self.equal_ignoring_case(folded));
            }
            AnythingBut::Wildcards(wildcards) => wildcards.iter().for_each(|one| self.wildcard(one)),
        }
    }

    fn bare(&mut self, exact: &ExactString) {
        self.original(&exact.text);
        if exact.address.is_some() {
            self.addresses();
        }
    }

    fn original(&mut self, text: &Text) {
        let Some(text) = text.as_str() else { return self.whatever() };
        let start = self.automaton.start();
        let end = self.automaton.chain(start, text.chars().map(Label::Original));
        self.automaton.accept(end);
    }

    /// A text of which nothing is known; only an upper bound holds any.
    fn whatever(&mut self) {
        if self.bound == Bound::Above {
            let start = self.automaton.start();
            self.automaton.anything_at(start);
            self.automaton.accept(start);
        }
    }

    fn addresses(&mut self) {
        if self.bound == Bound::Above {
            let start = self.automaton.start();
            let some = self.automaton.chain(start, [Label::OneOf(ADDRESS_CHARS)]);
            self.automaton.edge(some, Label::OneOf(ADDRESS_CHARS), some);
            self.automaton.accept(some);
        }
    }

    fn equal(&mut self, units: &[Unit]) {
        let start = self.automaton.start();
        let end = self.read(start, units);
        self.automaton.accept(end);
    }

    fn equal_ignoring_case(&mut self, folded: &FoldedText) {
        self.equal(&units(folded));
    }

    /// The closing quote leaks: a prefix may end with it.
    fn prefix(&mut self, units: &[Unit]) {
        let start = self.automaton.start();
        let end = self.read(start, units);
        self.automaton.anything_at(end);
        self.automaton.accept(end);
        if let Some((last, before)) = units.split_last()
            && last.is_quote()
        {
            self.equal(before);
        }
    }

    /// The opening quote leaks: a suffix may begin with it.
    fn suffix(&mut self, units: &[Unit]) {
        let start = self.automaton.start();
        self.automaton.anything_at(start);
        let end = self.read(start, units);
        self.automaton.accept(end);
        if let Some((first, behind)) = units.split_first()
            && first.is_quote()
        {
            self.equal(behind);
        }
    }

    fn wildcard(&mut self, wildcard: &Wildcard) {
        let mut at = self.automaton.start();
        for (index, piece) in wildcard.pieces().iter().enumerate() {
            if index > 0 {
                self.automaton.anything_at(at);
            }
            let text = String::from_utf8_lossy(piece);
            at = self.automaton.chain(at, text.chars().map(Label::Char));
        }
        self.automaton.accept(at);
    }

    fn read(&mut self, from: Position, units: &[Unit]) -> Position {
        units.iter().fold(from, |from, unit| {
            let to = self.automaton.position();
            self.spelling(from, &unit.lower, to);
            if unit.upper != unit.lower {
                self.spelling(from, &unit.upper, to);
            }
            to
        })
    }

    fn spelling(&mut self, from: Position, chars: &[char], to: Position) {
        let Some((last, before)) = chars.split_last() else { return };
        let at = self.automaton.chain(from, before.iter().copied().map(Label::Char));
        self.automaton.edge(at, Label::Char(*last), to);
    }
}

/// One unit of a text and the ways to spell it.
struct Unit {
    lower: Vec<char>,
    upper: Vec<char>,
}

impl Unit {
    fn is_quote(&self) -> bool {
        self.lower == ['"'] && self.upper == ['"']
    }
}

/// The characters of a text that has no variants.
fn marked(text: &Text) -> Vec<Unit> {
    let chars = text.with_question_marks();
    chars.chars().map(|c| Unit { lower: vec![c], upper: vec![c] }).collect()
}

fn units(folded: &FoldedText) -> Vec<Unit> {
    folded
        .spellings()
        .map(|(lower, upper)| Unit { lower: lower.chars().collect(), upper: upper.chars().collect() })
        .collect()
}
