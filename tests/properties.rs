//! Properties of patterns and matcher, held against the independent reference matcher in `support`.
//!
//! Each property draws a seed; the generators make everything else from it, so a failing seed is the case.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use ruleproof::event::check_envelope;
use ruleproof::json::structure::InstructionSet;
use ruleproof::json::tree;
use ruleproof::matcher::{Matcher, Scratch, explain};
use ruleproof::pattern::{Limits, Pattern, Profile};
use support::generate;
use support::oracle::{self, Answer};
use support::rng::Rng;

/// Pairs made from each seed.
const PAIRS_PER_SEED: usize = 8;

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn ours_of(profile: oracle::Profile) -> Profile {
    match profile {
        oracle::Profile::Engine => Profile::Engine,
        oracle::Profile::Service => Profile::Service,
    }
}

/// The project's answer, with the given instructions.
fn answer(pattern: &str, event: &str, profile: Profile, scratch: &mut Scratch) -> Answer {
    let Ok(pattern) = Pattern::parse(pattern.as_bytes(), &Limits::of(profile)) else {
        return Answer::InvalidPattern;
    };
    let matched = Matcher::new([&pattern], profile).matches(event.as_bytes(), scratch).map(<[_]>::len);
    let envelope_is_fine = || tree::parse(event.as_bytes()).is_ok_and(|node| check_envelope(&node).is_ok());
    match matched {
        Err(_) => Answer::InvalidEvent,
        Ok(_) if profile == Profile::Service && !envelope_is_fine() => Answer::InvalidEvent,
        Ok(0) => Answer::NoMatch,
        Ok(_) => Answer::Match,
    }
}

fn scratches() -> Vec<Scratch> {
    InstructionSet::available().map(Scratch::with_instructions).collect()
}

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    fn the_matcher_answers_what_the_reference_matcher_answers(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let mut scratches = scratches();
        for profile in [oracle::Profile::Engine, oracle::Profile::Service] {
            for _ in 0..PAIRS_PER_SEED {
                let (pattern, event) = generate::pair(&mut rng, profile);
                let expected = oracle::answer(pattern.as_bytes(), event.as_bytes(), profile);
                for scratch in &mut scratches {
                    let ours = answer(&pattern, &event, ours_of(profile), scratch);
                    prop_assert_eq!(ours, expected, "{:?}\n{}\n{}", profile, &pattern, &event);
                }
            }
        }
    }

    #[test]
    fn many_rules_together_answer_what_each_answers_alone(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let count = rng.between(2, 30);
        let rules = generate::rule_set(&mut rng, count);
        let valid: Vec<(&String, Pattern)> = rules
            .iter()
            .filter_map(|(name, text)| Some((name, Pattern::parse(text.as_bytes(), &Limits::engine()).ok()?)))
            .collect();
        let together = Matcher::new(valid.iter().map(|(_, pattern)| pattern), Profile::Engine);
        let mut scratch = Scratch::default();
        for _ in 0..PAIRS_PER_SEED {
            let event = generate::event_for(&mut rng, &rules, oracle::Profile::Engine);
            let mut names: Vec<String> = together
                .matches(event.as_bytes(), &mut scratch)
                .unwrap_or_default()
                .iter()
                .map(|rule| valid[rule.0 as usize].0.clone())
                .collect();
            names.sort();
            prop_assert_eq!(names, oracle::several(&rules, event.as_bytes()), "{:?}\n{}", &rules, &event);
        }
    }

    #[test]
    fn a_printed_pattern_parses_to_itself(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        for profile in [oracle::Profile::Engine, oracle::Profile::Service] {
            let limits = Limits::of(ours_of(profile));
            let (text, _) = generate::pair(&mut rng, profile);
            let Ok(pattern) = Pattern::parse(text.as_bytes(), &limits) else { continue };
            let printed = pattern.to_string();
            let again = Pattern::parse(printed.as_bytes(), &limits);
            prop_assert!(again.is_ok(), "{}\n{}", text, printed);
            let again = again.unwrap();
            prop_assert_eq!(again.alternatives(), pattern.alternatives());
            prop_assert_eq!(again.to_string(), printed);
            prop_assert_eq!(again, pattern);
        }
    }

    #[test]
    fn an_explanation_never_contradicts_the_verdict(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let (pattern, event) = generate::pair(&mut rng, oracle::Profile::Engine);
        let expected = oracle::answer(pattern.as_bytes(), event.as_bytes(), oracle::Profile::Engine);
        let Ok(pattern) = Pattern::parse(pattern.as_bytes(), &Limits::engine()) else { return Ok(()) };
        match explain(&pattern, event.as_bytes(), Profile::Engine) {
            Err(_) => prop_assert_eq!(expected, Answer::InvalidEvent),
            Ok(explanation) => {
                prop_assert_eq!(explanation.matched, expected == Answer::Match);
                // A miss has a reason: a condition that does not hold, or elements that disagree.
                let all_hold = explanation.conditions.iter().all(|condition| condition.holds);
                prop_assert_eq!(explanation.elements_disagree, !explanation.matched && all_hold);
            }
        }
    }
}
