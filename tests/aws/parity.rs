//! `parity` against MiniStack's `TestEventPattern`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::account::{Account, Ran, shipped};
use super::fake::Fake;

const QUICK: [&str; 2] = ["--rate", "2000/s"];

fn parity(account: &Account, more: &[&str]) -> Ran {
    let (rules, events) = (shipped(""), shipped("events"));
    let arguments = ["parity", "--rules", &rules, "--events", &events, "--format", "json"];
    account.run(&[&arguments, &QUICK[..], more].concat())
}

#[test]
fn the_shipped_rules_agree_and_answers_are_kept_for_conform() {
    let account = Account::new();
    let first = parity(&account, &["--sample", "340", "--record", "answers.jsonl"]);
    let summary: Value = serde_json::from_str(&first.assert(0, &[]).out).unwrap();
    let counts =
        |summary: &Value| ["pairs", "asked", "known", "agree"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts(&summary), [340, 340, 0, 340], "{summary}");
    let answers = std::fs::read_to_string(account.path("answers.jsonl")).unwrap();
    let cases: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let with = |expect: &str| cases.iter().filter(|case| case["expect"] == expect).count();
    assert_eq!((cases.len(), with("match") + with("no_match")), (340, 340));
    assert!(with("match") > 100 && with("no_match") > 100, "{} match", with("match"));
    let patterns: BTreeSet<&str> = cases.iter().map(|case| case["pattern"].as_str().unwrap()).collect();
    assert!(patterns.len() >= 30, "{} patterns", patterns.len());
    account.run(&["conform", "answers.jsonl"]).assert(0, &["340 cases, 340 agree, 0 disagree"]);

    // The same pairs cost nothing; more pairs cost what is new.
    let again = parity(&account, &["--sample", "340", "--record", "answers.jsonl"]);
    assert_eq!(counts(&serde_json::from_str(&again.assert(0, &[]).out).unwrap()), [340, 0, 340, 340]);
    assert_eq!(std::fs::read_to_string(account.path("answers.jsonl")).unwrap(), answers);
    let other = parity(&account, &["--sample", "100", "--seed", "2", "--record", "answers.jsonl"]);
    let other: Value = serde_json::from_str(&other.assert(0, &[]).out).unwrap();
    assert!(other["asked"].as_u64().unwrap() > 0, "{other}");
    let added = std::fs::read_to_string(account.path("answers.jsonl")).unwrap();
    assert!(added.starts_with(&answers) && added.len() > answers.len());
    assert!(!account.path("ruleproof-disagreements.jsonl").exists());
}

#[test]
fn disagreements_are_named_kept_and_end_with_their_own_exit_code() {
    let (account, fake) = (Account::new(), Fake::answering(200, r#"{"Result": true}"#));
    let (rules, events) = (shipped("orders"), shipped("events"));
    let arguments =
        ["parity", "--rules", &rules, "--events", &events, "--sample", "20", "--bundle", "bundle.jsonl"];
    let ran = account.command(&[&arguments, &QUICK[..]].concat()).env("AWS_ENDPOINT_URL", &fake.url).output();
    let ran = Ran::from(ran.unwrap());
    ran.assert(5, &["AWS says match, we say no_match", "bundle.jsonl has the patterns and events"]);
    assert_eq!(fake.requests(), 20);
    let bundle = std::fs::read_to_string(account.path("bundle.jsonl")).unwrap();
    let case: Value = serde_json::from_str(bundle.lines().next().unwrap()).unwrap();
    assert_eq!((&case["expect"], &case["answered"]), (&Value::from("match"), &Value::from("no_match")));
    assert_eq!(case["ruleproof"], env!("CARGO_PKG_VERSION"));
    // The id of a disagreement in the report is that of its case; contents of events are in the bundle only.
    let id = case["id"].as_str().unwrap();
    assert!(ran.out.contains(id) && !ran.out.contains("\"detail\""), "{ran:?}");
    account.run(&["conform", "bundle.jsonl"]).assert(1, &[id]);
}

#[test]
fn a_back_end_that_fails_leaves_what_was_answered() {
    let (account, fake) =
        (Account::new(), Fake::answering(400, r#"{"__type": "AccessDeniedException", "message": "no"}"#));
    let (rules, events) = (shipped("orders"), shipped("events"));
    let arguments = ["parity", "--rules", &rules, "--events", &events, "--record", "answers.jsonl"];
    let ran = account.command(&arguments).env("AWS_ENDPOINT_URL", &fake.url).output().unwrap();
    Ran::from(ran)
        .assert(3, &["500 pairs are open", "EventBridge TestEventPattern: AccessDeniedException: no"]);
}

#[test]
fn answers_are_not_written_over_what_is_read() {
    let account = Account::new();
    let events = std::fs::read_dir(shipped("events")).unwrap().next().unwrap().unwrap().path();
    std::fs::copy(events, account.path("events")).unwrap();
    let rules = shipped("orders");
    let ran = account.run(&["parity", "--rules", &rules, "--events", "events", "--record", "events"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn a_sample_is_cross_checked_and_disagreements_end_it_with_their_own_exit_code() {
    let account = Account::new();
    let (rules, events) = (shipped(""), shipped("events"));
    let arguments = ["sample", "--rules", &rules, "--events", &events, "--format", "json"];
    let check =
        ["--cross-check", "5%", "--cross-check-rate", "2000/s", "--cross-check-bundle", "bundle.jsonl"];
    let arguments = [&arguments[..], &check].concat();
    let ran = account.run(&arguments);
    let summary: Value = serde_json::from_str(&ran.assert(0, &[]).out).unwrap();
    let counts = |summary: &Value| {
        ["agreed", "disagreed", "failed"].map(|name| summary["cross_check"][name].as_u64().unwrap())
    };
    let [agreed, disagreed, failed] = counts(&summary);
    assert!(agreed >= 10 && disagreed + failed == 0, "{summary}");
    assert!(!account.path("bundle.jsonl").exists());

    // A service that finds that everything matches.
    let fake = Fake::answering(200, r#"{"Result": true}"#);
    let ran = account.command(&arguments).env("AWS_ENDPOINT_URL", &fake.url).output().unwrap();
    let ran = Ran::from(ran);
    let summary: Value = serde_json::from_str(&ran.assert(5, &[]).out).unwrap();
    let disagreed = counts(&summary)[1];
    assert!(disagreed > 0 && fake.requests() as u64 >= disagreed, "{summary}");
    assert!(!ran.out.contains("\"detail\""), "contents of events are in the bundle only");
    account.run(&["conform", "bundle.jsonl"]).assert(1, &["disagree"]);

    // One that answers nobody.
    let fake = Fake::answering(400, r#"{"__type": "AccessDeniedException", "message": "no"}"#);
    let ran = account.command(&arguments).env("AWS_ENDPOINT_URL", &fake.url).output().unwrap();
    Ran::from(ran).assert(3, &["AccessDeniedException: no"]);
}
