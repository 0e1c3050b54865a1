//! Some rules and an event: rules do not disturb each other, their order and the JSON's spelling do not matter,
//! explanations agree with verdicts, and verdicts with the naive model.
//!
//! Input that begins with `{` is text: patterns, then an event, with NUL between. Anything else chooses a
//! case from the grammar.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use ruleproof::json::{Node, tree};
use ruleproof::matcher::{Explanation, MatchError, Matcher, RuleIndex, Scratch, explain};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof_fuzz::grammar::{self, Case};
use ruleproof_fuzz::model::{self, Event, Rule, Scalar};
use ruleproof_fuzz::respell::respell;
use ruleproof_fuzz::units;

/// Patterns of one input that are looked at.
const PATTERNS_MAX: usize = 6;

/// Ways through `$or`s for which a pattern is worth the model's time.
const ALTERNATIVES_MAX: usize = 64;

thread_local! {
    /// Used for every matcher and event, to see that nothing of them is left behind.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

fuzz_target!(|bytes: &[u8]| {
    if bytes.first() == Some(&b'{') {
        let mut parts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
        let event = parts.pop().unwrap_or_default();
        judge_in_each_profile(&parts, event);
    } else {
        let Case { patterns, event } = grammar::case(bytes);
        let patterns: Vec<&[u8]> = patterns.iter().map(|pattern| pattern.as_bytes()).collect();
        judge_in_each_profile(&patterns, event.as_bytes());
    }
});

fn judge_in_each_profile(patterns: &[&[u8]], event: &[u8]) {
    let rules: Vec<(Pattern, Vec<Rule>)> =
        patterns.iter().take(PATTERNS_MAX).filter_map(|pattern| rule(pattern)).collect();
    let (patterns, models): (Vec<Pattern>, Vec<Vec<Rule>>) = rules.into_iter().unzip();
    let Ok(node) = tree::parse(event) else { return };
    if patterns.is_empty() || node.as_object().is_none() {
        return;
    }
    for profile in [Profile::Engine, Profile::Service] {
        let model_event = Event::new(event, &node, profile);
        let matcher = Matcher::new(&patterns, profile);
        let judged =
            Judged { patterns: &patterns, models: &models, matcher, event, node: &node, model_event };
        judged.check(profile);
    }
}

fn rule(text: &[u8]) -> Option<(Pattern, Vec<Rule>)> {
    let pattern = Pattern::parse(text, &Limits::engine()).ok()?;
    if pattern.alternatives().len() > ALTERNATIVES_MAX {
        return None;
    }
    let model = model::compile(text, Profile::Engine).expect("the model accepts what the parser accepts");
    Some((pattern, model))
}

struct Judged<'j> {
    patterns: &'j [Pattern],
    models: &'j [Vec<Rule>],
    /// All rules together.
    matcher: Matcher,
    event: &'j [u8],
    node: &'j Node,
    model_event: Event,
}

impl Judged<'_> {
    fn check(&self, profile: Profile) {
        // A refusal for too many choices is an answer that nothing else can be held against.
        let Ok(together) = matched(&self.matcher, self.event) else { return };
        self.model_agrees(&together);
        // Profiles differ in how numbers are read; whatever else can go wrong shows in one of them.
        if profile == Profile::Engine {
            self.fresh_memory(&together);
            self.each_alone(&together);
            self.one_explained(&together);
            self.in_other_orders(&together);
            self.in_other_spellings(&together);
            self.with_ids(&together);
        }
    }

    fn model_agrees(&self, together: &[RuleIndex]) {
        for (index, model) in self.models.iter().enumerate() {
            if let Ok(expected) = model::matches(model, &self.model_event) {
                let matches = together.contains(&RuleIndex(index as u32));
                assert_eq!(matches, expected, "{}", self.patterns[index]);
            }
        }
    }

    fn fresh_memory(&self, together: &[RuleIndex]) {
        let mut scratch = Scratch::default();
        assert_eq!(self.matcher.matches(self.event, &mut scratch), Ok(together), "with fresh memory");
    }

    fn each_alone(&self, together: &[RuleIndex]) {
        for (index, pattern) in self.patterns.iter().enumerate() {
            let expected = together.contains(&RuleIndex(index as u32));
            if let Ok(alone) = matched(&Matcher::new([pattern], Profile::Engine), self.event) {
                assert_eq!(!alone.is_empty(), expected, "{pattern} alone");
            }
        }
    }

    /// Explaining is slow; one pattern per event is enough.
    fn one_explained(&self, together: &[RuleIndex]) {
        let index = self.event.len() % self.patterns.len();
        let pattern = &self.patterns[index];
        if let Ok(explanation) = explain(pattern, self.event, Profile::Engine) {
            explained(pattern, &explanation, together.contains(&RuleIndex(index as u32)));
        }
    }

    fn in_other_orders(&self, together: &[RuleIndex]) {
        let rules = self.patterns.len();
        for shift in [0, rules / 2] {
            let order: Vec<usize> = (0..rules).map(|index| (shift + rules - index) % rules).collect();
            let shuffled = Matcher::new(order.iter().map(|index| &self.patterns[*index]), Profile::Engine);
            if let Ok(matched) = matched(&shuffled, self.event) {
                let mut back: Vec<RuleIndex> =
                    matched.iter().map(|rule| RuleIndex(order[rule.0 as usize] as u32)).collect();
                back.sort_unstable();
                assert_eq!(back, together, "in the order {order:?}");
            }
        }
    }

    fn in_other_spellings(&self, together: &[RuleIndex]) {
        for seed in 0..2 {
            let mut event = respell(self.event, self.node, seed + self.event.len() as u64);
            // What follows the closing brace is ignored.
            event.extend([&b"} \xff\"{"[..], b"\\\"{"][seed as usize]);
            let shown = String::from_utf8_lossy(&event);
            assert_eq!(matched(&self.matcher, &event).as_deref(), Ok(together), "{shown}");
        }
    }

    fn with_ids(&self, together: &[RuleIndex]) {
        let matcher = Matcher::noting_event_ids(self.patterns, Profile::Engine);
        let mut scratch = Scratch::default();
        assert_eq!(matcher.matches(self.event, &mut scratch), Ok(together), "with ids noted");
        let ids = self.model_event.leaves().get(&units::of("id"));
        let expected = match ids.and_then(|ids| ids.last()).map(|leaf| &leaf.value) {
            Some(Scalar::String(id)) => String::from_utf16(id).ok(),
            _ => None,
        };
        assert_eq!(matcher.event_id(self.event, &scratch), expected.as_deref());
    }
}

/// The rules that match, decided in memory that was used before.
fn matched(matcher: &Matcher, event: &[u8]) -> Result<Vec<RuleIndex>, MatchError> {
    SCRATCH.with_borrow_mut(|scratch| matcher.matches(event, scratch).map(<[_]>::to_vec))
}

fn explained(pattern: &Pattern, explanation: &Explanation, expected: bool) {
    assert_eq!(explanation.matched, expected, "{pattern} explained");
    assert!(!explanation.conditions.is_empty());
    let all_hold = explanation.conditions.iter().all(|condition| condition.holds);
    assert!(expected || !all_hold || explanation.elements_disagree, "{pattern}: no reason is given");
}
