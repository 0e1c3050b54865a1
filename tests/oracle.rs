//! The reference matcher against everything that is known of AWS's answers.

mod support;

use std::path::Path;

use serde_json::Value;
use support::generate;
use support::oracle::{self, Answer, Profile};
use support::rng::Rng;

fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/data").join(file);
    let packed = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = zstd::stream::decode_all(&packed[..]).expect("zstd");
    let lines = std::str::from_utf8(&text).expect("UTF-8").lines();
    lines.map(|line| serde_json::from_str(line).expect("a case per line")).collect()
}

fn field<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("no {name} in {case}"))
}

fn profile(case: &Value) -> Profile {
    match field(case, "profile") {
        "engine" => Profile::Engine,
        "service" => Profile::Service,
        other => panic!("profile {other}"),
    }
}

/// The disagreements, and how many cases there were.
fn disagreements(file: &str, agrees: impl Fn(&Value) -> Result<(), String>) -> (Vec<String>, usize) {
    let cases = cases(file);
    let wrong = cases.iter().filter_map(|case| {
        agrees(case).err().map(|ours| format!("{}: {ours}, expected {case}", field(case, "id")))
    });
    (wrong.collect(), cases.len())
}

fn assert_patterns_agree(file: &str, count: usize) {
    let (wrong, cases) = disagreements(file, |case| {
        let (pattern, event) = (field(case, "pattern"), field(case, "event"));
        let ours = oracle::answer(pattern.as_bytes(), event.as_bytes(), profile(case));
        if ours.as_str() == field(case, "expect") { Ok(()) } else { Err(ours.as_str().to_owned()) }
    });
    assert!(wrong.is_empty(), "{} disagree, first: {}", wrong.len(), wrong[0]);
    assert_eq!(cases, count);
}

#[test]
fn answers_recorded_from_aws_agree() {
    assert_patterns_agree("patterns_aws.jsonl.zst", 555);
}

#[test]
fn the_test_suite_of_event_ruler_agrees() {
    assert_patterns_agree("patterns_suite.jsonl.zst", 4_722);
}

#[test]
fn generated_cases_answered_by_event_ruler_agree() {
    assert_patterns_agree("patterns_generated.jsonl.zst", 19_999);
}

#[test]
fn complexities_agree() {
    let (wrong, cases) = disagreements("complexity.jsonl.zst", |case| {
        let ours = oracle::complexity(field(case, "pattern").as_bytes());
        if ours.map(|n| n as u64) == case["complexity"].as_u64() { Ok(()) } else { Err(format!("{ours:?}")) }
    });
    assert!(wrong.is_empty(), "{} disagree, first: {}", wrong.len(), wrong[0]);
    assert_eq!(cases, 2_015);
}

fn engine(pattern: &str, event: &str) -> Answer {
    oracle::answer(pattern.as_bytes(), event.as_bytes(), Profile::Engine)
}

/// The cases that no recorded case decides, and what the specification and event-ruler's code say to them.
#[test]
fn a_bare_address_follows_the_rules_of_cidr() {
    let pattern = r#"{"a":["18.52.86.120"]}"#;
    assert_eq!(engine(pattern, r#"{"a":12345678}"#), Answer::Match);
    assert_eq!(engine(pattern, r#"{"a":"1234:5678::"}"#), Answer::Match);
    assert_eq!(engine(pattern, r#"{"a":12345679}"#), Answer::NoMatch);
    assert_eq!(engine(r#"{"a":["18.52.86.120",1]}"#, r#"{"a":12345678}"#), Answer::NoMatch);
}

#[test]
fn anything_but_knows_no_addresses() {
    let pattern = r#"{"a":[{"anything-but":["::1"]}]}"#;
    assert_eq!(engine(pattern, r#"{"a":"0:0:0:0:0:0:0:1"}"#), Answer::Match);
    assert_eq!(engine(pattern, r#"{"a":"::1"}"#), Answer::NoMatch);
}

#[test]
fn several_rules_give_the_union_of_what_each_gives() {
    let rules =
        [("b", r#"{"a":[1]}"#), ("a", r#"{"a":[{"exists":true}]}"#), ("c", r#"{"a":[2]}"#), ("d", "{}")];
    assert_eq!(oracle::several(&rules, br#"{"a":1}"#), ["a", "b"]);
    assert!(oracle::several(&rules, b"[]").is_empty());
}

#[test]
fn the_service_wants_a_timestamp() {
    let answer = |time: &str| {
        let event = format!(
            r#"{{"id":"1","detail-type":"t","source":"s","account":"1","region":"r","time":{time}}}"#
        );
        oracle::answer(br#"{"source":["s"]}"#, event.as_bytes(), Profile::Service)
    };
    for time in ["2026-11-22T07:00:00Z", "2026-11-22T07:00:00.123Z", "2026-11-22T07:00:00+01:00"] {
        assert_eq!(answer(&format!("{time:?}")), Answer::Match, "{time}");
    }
    for time in ["", "yesterday", "2026-11-22", "2026-11-22 07:00:00Z", "2026-13-22T07:00:00Z"] {
        assert_eq!(answer(&format!("{time:?}")), Answer::InvalidEvent, "{time}");
    }
    assert_eq!(answer("1700000000"), Answer::InvalidEvent);
}

/// 798725235158264.25 is as near to ...264.3 as to ...264.2. The even digit makes the number comparable again.
#[test]
fn the_service_rerenders_halfway_floats_to_the_even_digit() {
    let event = r#"{"id":"1","detail-type":"t","source":"s","account":"1","region":"r",
        "time":"2026-11-22T07:00:00Z","detail":798725235158264.25}"#;
    let answer = |pattern: &str| oracle::answer(pattern.as_bytes(), event.as_bytes(), Profile::Service);
    assert_eq!(answer(r#"{"detail":[{"numeric":[">",1]}]}"#), Answer::Match);
    assert_eq!(answer(r#"{"detail":[798725235158264.2]}"#), Answer::Match);
    assert_eq!(answer(r#"{"detail":[798725235158264.3]}"#), Answer::NoMatch);
}

/// How often each answer comes up among generated pairs, in percent.
fn answers_to_generated_pairs(profile: Profile, seed: u64) -> impl Fn(Answer) -> usize {
    const PAIRS: usize = 5_000;
    let mut rng = Rng::new(seed);
    let answers: Vec<Answer> = (0..PAIRS)
        .map(|_| generate::pair(&mut rng, profile))
        .map(|(pattern, event)| oracle::answer(pattern.as_bytes(), event.as_bytes(), profile))
        .collect();
    move |wanted| answers.iter().filter(|answer| **answer == wanted).count() * 100 / PAIRS
}

#[test]
fn generated_pairs_get_every_answer_and_match_often() {
    for profile in [Profile::Engine, Profile::Service] {
        let percent = answers_to_generated_pairs(profile, 1);
        assert!((30..=60).contains(&percent(Answer::Match)), "{}", percent(Answer::Match));
        assert!((30..=60).contains(&percent(Answer::NoMatch)), "{}", percent(Answer::NoMatch));
        assert!((2..=25).contains(&percent(Answer::InvalidPattern)), "{}", percent(Answer::InvalidPattern));
        assert!((1..=15).contains(&percent(Answer::InvalidEvent)), "{}", percent(Answer::InvalidEvent));
    }
}

#[test]
fn a_seed_means_the_same_pairs_again() {
    let pairs = |seed| {
        let mut rng = Rng::new(seed);
        (0..50).map(|_| generate::pair(&mut rng, Profile::Service)).collect::<Vec<_>>()
    };
    assert_eq!(pairs(7), pairs(7));
    assert_ne!(pairs(7), pairs(8));
}

#[test]
fn events_for_a_set_of_rules_match_some_of_them() {
    let mut rng = Rng::new(3);
    let (mut none, mut some, mut several) = (0, 0, 0);
    for _ in 0..300 {
        let rules = generate::rule_set(&mut rng, 8);
        let event = generate::event_for(&mut rng, &rules, Profile::Engine);
        match oracle::several(&rules, event.as_bytes()).len() {
            0 => none += 1,
            1 => some += 1,
            _ => several += 1,
        }
    }
    assert!(none > 30 && some > 60 && several > 30, "{none} {some} {several}");
}
