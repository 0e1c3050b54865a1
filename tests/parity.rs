//! Which pairs are compared, and what is asked.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::BTreeSet;
use std::sync::Mutex;

use ruleproof::calls::{CallError, CallErrorKind, CallPolicy, CallSettings, Effect};
use ruleproof::conform::Expected;
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::parity::{Asked, Known, Pair, ParityError, Sampler, ask, choose};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::probe::PatternTester;

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::parse(text.as_bytes(), &Limits::service()).unwrap()).collect()
}

fn event(number: usize, source: &str, detail: &str) -> String {
    format!(
        r#"{{"id":"{number}","detail-type":"t","source":"{source}","account":"1","time":"2026-01-02T03:04:05Z","region":"r","detail":{detail}}}"#
    )
}

fn sampled(patterns: &[Pattern], events: impl Iterator<Item = String>, pairs: usize, seed: u64) -> Vec<Pair> {
    let matcher = Matcher::new(patterns, Profile::Service);
    let (mut sampler, mut scratch) = (Sampler::new(patterns.len(), pairs, seed), Scratch::default());
    for event in events {
        let matching: Vec<usize> = matcher
            .matches(event.as_bytes(), &mut scratch)
            .unwrap()
            .iter()
            .map(|rule| rule.0 as usize)
            .collect();
        sampler.offer(event.as_bytes(), &matching);
    }
    let patterns: Vec<&Pattern> = patterns.iter().collect();
    choose(&sampler, &patterns, Profile::Service, pairs, seed)
}

const TEXTS: [&str; 2] =
    [r#"{"source":["a"],"detail":{"n":[{"numeric":["<",10]}],"k":["x"]}}"#, r#"{"source":["b"]}"#];

/// One event in a hundred all but matches the first pattern, one in a thousand matches it.
fn events(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| match number % 1_000 {
        0 => event(number, "a", r#"{"n":5,"k":"x"}"#),
        rest if rest % 100 == 1 => event(number, "a", r#"{"n":50,"k":"x"}"#),
        rest if rest % 2 == 0 => event(number, "b", "{}"),
        _ => event(number, "c", r#"{"n":50}"#),
    })
}

#[test]
fn each_rule_has_matches_and_near_misses_however_rare_they_are() {
    let patterns = patterns(&TEXTS);
    let pairs = sampled(&patterns, events(5_000), 20, 1);
    assert_eq!(pairs.len(), 20);
    let of_first: Vec<&Pair> = pairs.iter().filter(|pair| pair.rule == 0).collect();
    assert_eq!(of_first.iter().filter(|pair| pair.matches()).count(), 5);
    assert!(of_first.iter().any(|pair| !pair.matches() && pair.event.text.contains(r#""n":50,"k":"x""#)));
    let of_second = pairs.iter().filter(|pair| pair.rule == 1);
    assert_eq!(of_second.clone().filter(|pair| pair.matches()).count(), of_second.count() / 2);
    let distinct: BTreeSet<(usize, u64)> = pairs.iter().map(|pair| (pair.rule, pair.event.number)).collect();
    assert_eq!(distinct.len(), pairs.len());
}

#[test]
fn the_seed_decides_what_is_chosen() {
    let patterns = patterns(&TEXTS);
    let chosen = |seed| sampled(&patterns, events(3_000), 30, seed);
    assert_eq!(chosen(1), chosen(1));
    assert_ne!(chosen(1), chosen(2));
}

#[test]
fn few_events_are_compared_with_all_rules_and_incomplete_ones_with_none() {
    let patterns = patterns(&TEXTS);
    let few = [event(1, "a", r#"{"n":5,"k":"x"}"#), event(2, "b", "{}"), r#"{"source":"b"}"#.to_owned()];
    let pairs = sampled(&patterns, few.into_iter(), 100, 1);
    assert_eq!(pairs.len(), 4);
}

/// Says that every pattern matches, and counts.
#[derive(Default)]
struct Yes {
    asked: Mutex<Vec<String>>,
}

impl PatternTester for Yes {
    async fn test(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        self.asked.lock().unwrap().push(format!("{pattern} {event}"));
        let refused = |code: &str, message: &str| CallError {
            service: "EventBridge",
            operation: "TestEventPattern",
            code: code.to_owned(),
            message: message.to_owned(),
            kind: CallErrorKind::Invalid,
            effect: Effect::None,
        };
        match pattern {
            "refused" => Err(refused("InvalidEventPatternException", "Event pattern is not valid.")),
            "bad event" => Err(refused("ValidationException", "Parameter Event is not valid.")),
            "broken" => Err(refused("ValidationException", "something else")),
            _ => Ok(true),
        }
    }
}

async fn answers(
    texts: &[&str],
    pairs: &[Pair],
    known: &mut Known,
) -> (Vec<(Expected, Asked, bool)>, Result<(), ParityError>, usize) {
    let (tester, mut seen) = (Yes::default(), Vec::new());
    let calls = CallPolicy::new(&CallSettings::of_service("EventBridge"), 1);
    let outcome = ask(&tester, &calls, texts, pairs, known, |compared| {
        seen.push((compared.answer.says, compared.answer.asked, compared.agrees()));
        Ok(())
    })
    .await;
    let asked = tester.asked.lock().unwrap().len();
    (seen, outcome, asked)
}

#[tokio::test(start_paused = true)]
async fn what_is_known_is_not_asked_again() {
    let patterns = patterns(&TEXTS);
    let pairs = sampled(&patterns, [event(1, "b", "{}")].into_iter(), 10, 1);
    let mut known = Known::default();
    let (seen, outcome, asked) = answers(&TEXTS, &pairs, &mut known).await;
    assert!(outcome.is_ok());
    assert_eq!(asked, 2);
    let (yes, now) = (Expected::Match, Asked::Now);
    assert_eq!(seen, [(yes, now, false), (yes, now, true)]);
    let (seen, _, asked) = answers(&TEXTS, &pairs, &mut known).await;
    assert_eq!((asked, seen.len(), seen[0]), (0, 2, (yes, Asked::Before, false)));

    let mut recorded = Known::default();
    let case = serde_json::json!({
        "id": "x", "pattern": TEXTS[0], "event": &*pairs[0].event.text, "expect": "no_match", "source": "y",
    });
    recorded.read(&format!("{case}\n\n")).unwrap();
    let (seen, _, asked) = answers(&TEXTS, &pairs, &mut recorded).await;
    assert_eq!((asked, seen[0]), (1, (Expected::NoMatch, Asked::Before, true)));
    assert!(matches!(recorded.read("{}\nnot json"), Err((1, _))));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_answer_and_an_error_is_none() {
    let pairs = sampled(&patterns(&TEXTS), [event(1, "b", "{}")].into_iter(), 10, 1);
    let (seen, outcome, _) = answers(&["refused", "bad event"], &pairs, &mut Known::default()).await;
    assert!(outcome.is_ok());
    let now = Asked::Now;
    assert_eq!(seen, [(Expected::InvalidPattern, now, false), (Expected::InvalidEvent, now, false)]);
    let (seen, outcome, _) = answers(&["refused", "broken"], &pairs, &mut Known::default()).await;
    assert_eq!(seen.len(), 1);
    assert!(matches!(outcome, Err(ParityError::Call(error)) if error.message == "something else"));
}
