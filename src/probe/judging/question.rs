//! Asking AWS of many patterns in few calls.
//!
//! `TestEventPattern` takes one pattern and shares a quota of 50 calls per second with all other control-plane APIs. An
//! event that nothing is foreseen of has to be held against every rule, so patterns are packed: `{"$or": [P1, P2, ..]}`
//! matches if one of them does. Almost always none does, and one call per pack is enough; if one does, the pack is
//! halved until it is found.

use std::collections::{BTreeMap, VecDeque};

use super::case::Answer;
use crate::pattern::{Limits, Pattern};
use crate::probe::{Layout, MirrorIndex};

/// What has to be asked of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether each of these mirrors matches.
    Some(Vec<MirrorIndex>),
    /// Whether any mirror does.
    All,
}

/// The patterns of a layout, packed.
#[derive(Debug, Clone)]
pub(crate) struct Questions {
    /// Each pattern once, with the mirrors that have it.
    patterns: Vec<(String, Vec<MirrorIndex>)>,
    packs: Vec<Vec<usize>>,
}

/// What is asked of one event, step by step.
#[derive(Debug, Clone)]
pub(crate) struct Asking<'q> {
    questions: &'q Questions,
    open: VecDeque<Vec<usize>>,
    answers: BTreeMap<MirrorIndex, Answer>,
}

impl Questions {
    /// Packs the patterns of `layout` into as few as our own limits let pass.
    pub(crate) fn of(layout: &Layout) -> Questions {
        let mut by_text: BTreeMap<&str, usize> = BTreeMap::new();
        let mut patterns: Vec<(String, Vec<MirrorIndex>)> = Vec::new();
        for (mirror, index) in layout.mirrors().iter().zip(0..) {
            let at = *by_text.entry(&mirror.pattern).or_insert(patterns.len());
            if at == patterns.len() {
                patterns.push((mirror.pattern.clone(), Vec::new()));
            }
            patterns[at].1.push(MirrorIndex(index));
        }
        let packs = packs(&patterns);
        Questions { patterns, packs }
    }

    /// Begins to ask.
    pub(crate) fn ask(&self, question: &Question) -> Asking<'_> {
        let open = match question {
            Question::All => self.packs.iter().cloned().collect(),
            Question::Some(mirrors) => {
                let asked =
                    |(_, own): &(String, Vec<MirrorIndex>)| own.iter().any(|mirror| mirrors.contains(mirror));
                let places = self.patterns.iter().enumerate().filter(|(_, pattern)| asked(pattern));
                places.map(|(place, _)| vec![place]).collect()
            }
        };
        Asking { questions: self, open, answers: BTreeMap::new() }
    }
}

impl Asking<'_> {
    /// The pattern to ask next; `None` when all is answered.
    pub(crate) fn pattern(&self) -> Option<String> {
        self.open.front().map(|pack| text(&self.questions.patterns, pack))
    }

    /// What AWS answered of [`Asking::pattern`].
    pub(crate) fn answer(&mut self, answer: Answer) {
        let Some(pack) = self.open.pop_front() else { return };
        match (pack.as_slice(), answer) {
            (_, Answer::Matches(false)) => self.settle(&pack, &Answer::Matches(false)),
            ([_], answer) => self.settle(&pack, &answer),
            // It is one of them; or AWS takes each of them, but not all together.
            (_, Answer::Matches(true) | Answer::Refused(..)) => {
                let (first, second) = pack.split_at(pack.len() / 2);
                self.open.push_front(second.to_vec());
                self.open.push_front(first.to_vec());
            }
        }
    }

    fn settle(&mut self, pack: &[usize], answer: &Answer) {
        for mirror in pack.iter().flat_map(|pattern| &self.questions.patterns[*pattern].1) {
            self.answers.insert(*mirror, answer.clone());
        }
    }

    /// The answers, of each mirror that was asked of.
    pub(crate) fn into_answers(self) -> BTreeMap<MirrorIndex, Answer> {
        self.answers
    }
}

/// Patterns in their order, as many together as our own parser takes.
fn packs(patterns: &[(String, Vec<MirrorIndex>)]) -> Vec<Vec<usize>> {
    let limits = Limits::service();
    let mut packs: Vec<Vec<usize>> = Vec::new();
    for pattern in 0..patterns.len() {
        let mut grown = packs.last().cloned().unwrap_or_default();
        grown.push(pattern);
        let packed = text(patterns, &grown);
        let short = limits.chars_max.is_none_or(|most| packed.len() <= most);
        match packs.last_mut() {
            Some(last) if short && Pattern::parse(packed.as_bytes(), &limits).is_ok() => *last = grown,
            _ => packs.push(vec![pattern]),
        }
    }
    packs
}

fn text(patterns: &[(String, Vec<MirrorIndex>)], pack: &[usize]) -> String {
    match pack {
        [one] => patterns[*one].0.clone(),
        many => {
            let branches: Vec<&str> = many.iter().map(|pattern| patterns[*pattern].0.as_str()).collect();
            format!("{{\"$or\":[{}]}}", branches.join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn questions(patterns: impl IntoIterator<Item = String>) -> Questions {
        let patterns: Vec<_> = patterns
            .into_iter()
            .zip(0..)
            .map(|(pattern, index)| (pattern, vec![MirrorIndex(index)]))
            .collect();
        let packs = packs(&patterns);
        Questions { patterns, packs }
    }

    fn rules(count: usize) -> Questions {
        questions(
            (0..count).map(|rule| format!(r#"{{"source":["shop"],"detail":{{"id":["order-{rule}"]}}}}"#)),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_answer_is_found_however_packs_are_answered(
            matching in prop::collection::vec(any::<bool>(), 1..120),
            refuses_packs_over in 1..200_usize,
        ) {
            let questions = rules(matching.len());
            let mut asking = questions.ask(&Question::All);
            let mut calls = 0;
            while let Some(pattern) = asking.pattern() {
                calls += 1;
                let members: Vec<usize> = (0..matching.len())
                    .filter(|rule| pattern.contains(&format!("\"order-{rule}\"")))
                    .collect();
                asking.answer(if members.len() > refuses_packs_over {
                    Answer::Refused("InvalidEventPatternException".to_owned(), String::new())
                } else {
                    Answer::Matches(members.iter().any(|rule| matching[*rule]))
                });
            }
            let answers = asking.into_answers();
            let expected: BTreeMap<MirrorIndex, Answer> = matching
                .iter()
                .zip(0..)
                .map(|(matches, rule)| (MirrorIndex(rule), Answer::Matches(*matches)))
                .collect();
            prop_assert_eq!(answers, expected);
            if matching.iter().all(|matches| !matches) && refuses_packs_over >= matching.len() {
                prop_assert_eq!(calls, questions.packs.len());
            }
        }
    }

    #[test]
    fn packs_are_patterns_that_aws_takes_and_as_full_as_they_can_be() {
        let questions = rules(300);
        assert!(questions.packs.len() < 6, "{}", questions.packs.len());
        for pack in &questions.packs {
            let packed = text(&questions.patterns, pack);
            assert!(Pattern::parse(packed.as_bytes(), &Limits::service()).is_ok(), "{packed}");
        }
    }

    #[test]
    fn wildcards_that_are_too_complex_together_are_asked_apart() {
        let stars = r#"{"a":[{"wildcard":"*aaa*"}]}"#;
        let questions = questions((0..6).map(|rule| stars.replace("*\"", &format!("*{rule}\""))));
        assert!(questions.packs.len() > 1 && questions.packs.len() < 6, "{}", questions.packs.len());
    }

    #[test]
    fn one_pattern_that_is_refused_is_known_by_its_code() {
        let questions = rules(3);
        let mut asking = questions.ask(&Question::Some(vec![MirrorIndex(1)]));
        assert_eq!(asking.pattern().unwrap(), questions.patterns[1].0);
        asking.answer(Answer::Refused("X".to_owned(), "y".to_owned()));
        assert_eq!(asking.pattern(), None);
        let answers = asking.into_answers();
        assert_eq!(answers.get(&MirrorIndex(1)), Some(&Answer::Refused("X".to_owned(), "y".to_owned())));
        assert_eq!(answers.len(), 1);
    }
}
