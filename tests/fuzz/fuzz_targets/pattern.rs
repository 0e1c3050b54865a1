//! Any bytes as a pattern: what is accepted prints and parses to the same, what is refused says where and why,
//! and the naive model accepts and refuses the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ruleproof::json::tree;
use ruleproof::pattern::{
    Limits, Pattern, PatternError, PatternProblemKind as Kind, PatternWarning, Profile,
};
use ruleproof_fuzz::model::{self, Refused};
use ruleproof_fuzz::respell::respell;

/// Alternatives for which every field's place in the text is looked up.
const ALTERNATIVES_PLACED: usize = 50;

fuzz_target!(|text: &[u8]| {
    // Writing out the 20,000 combinations that the engine's profile takes needs seconds, and shows nothing more.
    let engine_limits = Limits { combinations_max: 1_000, ..Limits::engine() };
    let engine = Pattern::parse(text, &engine_limits);
    let service = Pattern::parse(text, &Limits::service());
    check(text, &engine_limits, &engine);
    check(text, &Limits::service(), &service);
    if let Ok(service) = &service {
        let engine = engine.expect("what the service accepts the engine accepts");
        assert_eq!(*service, engine);
        assert_eq!(service.alternatives(), engine.alternatives());
    }
});

fn check(text: &[u8], limits: &Limits, outcome: &Result<Pattern, PatternError>) {
    match outcome {
        Ok(pattern) => {
            prints_and_parses(text, pattern, limits);
            places_are_known(text, pattern);
            warns_when_long(text, pattern, limits);
        }
        Err(error) => problems_have_places(text, error),
    }
    model_agrees(text, limits.profile, outcome);
}

fn prints_and_parses(text: &[u8], pattern: &Pattern, limits: &Limits) {
    // Print has its own spelling of escapes, and a pattern may be longer in it than is accepted.
    let any_length = Limits { chars_max: None, ..limits.clone() };
    same_as(pattern, pattern.to_string().as_bytes(), &any_length);
    let node = tree::parse(text).expect("an accepted pattern is JSON");
    same_as(pattern, &respell(text, &node, text.len() as u64), &any_length);
}

fn same_as(pattern: &Pattern, text: &[u8], limits: &Limits) {
    let shown = String::from_utf8_lossy(text);
    let again = Pattern::parse(text, limits).unwrap_or_else(|error| panic!("{shown} is refused: {error}"));
    assert_eq!(again, *pattern, "{shown}");
    assert_eq!(again.alternatives(), pattern.alternatives(), "{shown}");
    assert_eq!(again.to_string(), pattern.to_string(), "{shown}");
}

/// Each condition's tests stand in the text where they say, and have a pointer.
fn places_are_known(text: &[u8], pattern: &Pattern) {
    for condition in pattern.alternatives().iter().take(ALTERNATIVES_PLACED).flat_map(|a| &a.conditions) {
        let place = &condition.tests.place.0;
        let list = tree::parse(&text[place.start as usize..place.end as usize]).expect("a list of tests");
        assert_eq!(list.as_array().map(<[_]>::len), Some(condition.tests.tests.len()));
        assert!(!pattern.pointer_of(&condition.tests).is_empty(), "{} has no pointer", condition.path);
    }
}

fn warns_when_long(text: &[u8], pattern: &Pattern, limits: &Limits) {
    let end = tree::parse(text).expect("an accepted pattern is JSON").span.end;
    let chars = String::from_utf8_lossy(&text[..end]).chars().count();
    let long = limits.chars_warned.is_some_and(|chars_warned| chars > chars_warned);
    let warned = pattern.warnings().iter().any(|warning| matches!(warning, PatternWarning::Long { .. }));
    assert_eq!(warned, long);
}

fn problems_have_places(text: &[u8], error: &PatternError) {
    assert!(!error.problems().is_empty());
    assert!(error.problems().is_sorted_by_key(|problem| (problem.span.start, problem.span.end)));
    for problem in error.problems() {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        // A syntax error at the end of the text stands on the byte that is missing.
        assert!(start <= end && start <= text.len() && end <= text.len() + 1, "{problem:?}");
        assert!(problem.place.line >= 1 && problem.place.column >= 1);
    }
    assert!(!error.to_string().is_empty());
}

fn model_agrees(text: &[u8], profile: Profile, outcome: &Result<Pattern, PatternError>) {
    let beyond_the_model = |kind: &Kind| {
        matches!(kind, Kind::TooComplex { .. } | Kind::TooLong { .. } | Kind::TooManyCombinations { .. })
    };
    if let Err(error) = outcome
        && error.problems().iter().all(|problem| beyond_the_model(&problem.kind))
    {
        return;
    }
    match model::compile(text, profile) {
        Ok(rules) => {
            let pattern = outcome.as_ref().unwrap_or_else(|error| panic!("the model accepts, but {error}"));
            assert_eq!(pattern.alternatives().len(), rules.len());
        }
        Err(Refused::Invalid) => assert!(outcome.is_err(), "the model refuses, but the parser accepts"),
        Err(Refused::TooManyRules) => {}
    }
}
