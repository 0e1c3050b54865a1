//! `ruleproof sample --candidate`: what other rules would do with the same events.

use std::io::Write;
use std::process::{Child, ChildStdin, Stdio};

use serde_json::Value;

use super::interrupt::end;
use super::sample::{counted, events, results, signal, wait_until};
use super::session::{Session, TWO_RULES};

const ARGUMENTS: [&str; 6] = ["sample", "--rules", "rules.yaml", "--candidate", "candidate.yaml", "--events"];

/// Rule `a` wants `b` too, `both` is gone, `c` is new and of `a` a target gets something else.
const CANDIDATE: &str = "\
- Name: a
  EventPattern: {source: [a, b]}
  Targets: [{Id: t, Arn: \"arn:aws:sqs:eu-central-1:111122223333:t\", InputPath: $.id}]
- Name: c
  EventPattern: {source: [c]}
";
const CURRENT: &str = "\
- Name: a
  EventPattern: {source: [a]}
  Targets: [{Id: t, Arn: \"arn:aws:sqs:eu-central-1:111122223333:t\", InputPath: $.source}]
- Name: both
  EventPattern: {source: [a, b]}
";

/// No rule that listens.
const IDLE: &str = "- Name: c\n  State: DISABLED\n  EventPattern: {source: [c]}\n";

fn rule<'j>(shadow: &'j Value, name: &str) -> &'j Value {
    shadow["rules"].as_array().unwrap().iter().find(|rule| rule["name"] == name).unwrap()
}

#[test]
fn differences_of_candidates_are_told_by_rule_with_examples_and_the_reason() {
    let session = Session::new();
    session.file("rules.yaml", CURRENT).file("candidate.yaml", CANDIDATE);
    session.file("events.ndjson", events(0, 300) + "{broken\n");
    let ran = session.run(&[&ARGUMENTS[..], &["events.ndjson", "--format", "json"]].concat());
    let [read, delivered, unmatched, errored, _] = counted(&ran);
    // Verdicts are those of the rules in use.
    assert_eq!((ran.code, read, delivered, unmatched, errored), (0, 301, 200, 100, 1), "{ran:?}");
    let shadow = &ran.json()["shadow"];
    assert_eq!((&shadow["differs"], &shadow["compared"]), (&Value::from(true), &Value::from(300)));
    assert_eq!(
        (&shadow["current"]["unmatched"], &shadow["candidate"]["unmatched"]),
        (&Value::from(100), &Value::from(0))
    );
    let (a, c, both) = (rule(shadow, "a"), rule(shadow, "c"), rule(shadow, "both"));
    let counts = |rule: &Value| {
        ["old_matched", "new_matched"]
            .map(|name| rule[name].as_u64().unwrap())
            .into_iter()
            .chain(["gained", "lost"].map(|name| rule[name]["count"].as_u64().unwrap()))
            .collect::<Vec<u64>>()
    };
    assert_eq!(
        [counts(a), counts(c), counts(both)],
        [[100, 200, 100, 0], [0, 100, 100, 0], [200, 0, 0, 200]]
    );
    assert_eq!(a["gained"]["examples"][0]["id"], "e1");
    assert_eq!(a["gained"]["examples"][0]["place"], "events.ndjson:2");
    assert_eq!(a["gained"]["examples"].as_array().unwrap().len(), 3);
    assert_eq!(a["targets"][0]["bodies"]["count"], 100);
    assert!(a["why"][0].as_str().unwrap().starts_with("the old pattern wants `source` to be"), "{a}");

    let human = session.run(&[&ARGUMENTS[..], &["events.ndjson"]].concat());
    for said in [
        "candidate rules beside those in use: 300 events compared",
        "a  [pattern]",
        "e.g. e1 (events.ndjson:2)",
    ] {
        assert!(human.out.contains(said), "{said}: {human:?}");
    }
    assert!(!human.out.contains("\"source\""), "contents of events are not shown: {human:?}");
    let shown = session.run(&[&ARGUMENTS[..], &["events.ndjson", "--show-events"]].concat());
    assert!(shown.out.contains(r#"{"id":"e1","source":"b"}"#), "{shown:?}");
}

#[test]
fn differences_end_a_run_with_exit_code_1_only_if_none_are_expected() {
    let session = Session::new();
    session.file("rules.yaml", CURRENT).file("candidate.yaml", CANDIDATE).file("same.yaml", CURRENT);
    session.file("events.ndjson", events(0, 30));
    let run = |candidate: &str, more: &[&str]| {
        let arguments =
            ["sample", "--rules", "rules.yaml", "--candidate", candidate, "--events", "events.ndjson"];
        session.run(&[&arguments[..], more].concat())
    };
    assert_eq!(run("candidate.yaml", &[]).code, 0);
    assert_eq!(run("candidate.yaml", &["--expect-no-differences"]).code, 1);
    let same = run("same.yaml", &["--expect-no-differences"]);
    assert!(same.code == 0 && same.out.contains("no event is treated otherwise"), "{same:?}");
    // Of the differences, some are in the sample.
    let few = run("candidate.yaml", &["--rate", "1/3", "--expect-no-differences", "--format", "json"]);
    assert!(few.code == 1 && few.json()["shadow"]["compared"] == few.json()["kept"], "{few:?}");

    session.file("bad.yaml", "- Name: c\n  EventPattern: {source: c}\n").file("idle.yaml", IDLE);
    let bad = run("bad.yaml", &[]);
    assert!(bad.code == 2 && bad.err.contains("bad.yaml"), "{bad:?}");
    let idle = run("idle.yaml", &[]);
    assert!(idle.code == 4 && idle.err.contains("no candidate rule listens"), "{idle:?}");
    let none = session.run(&[
        "sample",
        "--rules",
        "rules.yaml",
        "--events",
        "events.ndjson",
        "--expect-no-differences",
    ]);
    assert!(none.code == 2 && none.err.contains("--candidate"), "{none:?}");
}

fn sampling(session: &Session) -> (Child, ChildStdin) {
    let more = ["-", "--format", "json", "--overload", "wait", "--results", "out.ndjson"];
    let mut child = session.command(&[&ARGUMENTS[..], &more].concat()).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

#[test]
fn changed_candidates_are_compared_from_then_on_and_unusable_ones_are_not() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("candidate.yaml", TWO_RULES);
    let (child, mut stdin) = sampling(&session);
    let mut sent = 0;
    let mut send = |count: usize| {
        stdin.write_all(events(sent, count).as_bytes()).unwrap();
        sent += count;
        wait_until("events are judged", || results(&session).len() == sent);
    };
    send(300);
    // The rules in use are exchanged, while the candidates cannot be.
    session.file("rules.yaml", "- Name: c\n  EventPattern: {source: [c]}\n");
    session.file("candidate.yaml", "- Name: c\n  EventPattern: {source: c}\n");
    signal(&child, "-HUP");
    wait_until("the new rules are used", || {
        send(30);
        results(&session).last().unwrap()["rules"][0] == "c"
    });
    send(300);
    session.file("candidate.yaml", "- Name: c\n  EventPattern: {source: [b]}\n");
    signal(&child, "-HUP");
    std::thread::sleep(std::time::Duration::from_millis(500));
    send(300);
    drop(stdin);
    let ran = end(child);
    assert!(ran.code == 0 && ran.err.contains("the changed candidate rules cannot be used"), "{ran:?}");
    let shadow = &ran.json()["shadow"];
    // Under the rules in use at the end, `c` lost what it matched; before that, differences were those of other rules.
    let c = rule(shadow, "c");
    assert!(
        c["lost"]["count"].as_u64().unwrap() >= 100 && c["gained"]["count"] == c["lost"]["count"],
        "{shadow}"
    );
    assert!(shadow["replaced"].as_u64().unwrap() >= 300, "{shadow}");
    assert!(shadow["compared"].as_u64().unwrap() < sent as u64, "{shadow}");
}

#[test]
fn differences_are_counted_by_rule() {
    let session = Session::new();
    session
        .file("rules.yaml", CURRENT)
        .file("candidate.yaml", CANDIDATE)
        .file("events.ndjson", events(0, 300));
    let ran = session.run(&[&ARGUMENTS[..], &["events.ndjson", "--metrics-emf", "metrics.ndjson"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines = session.read("metrics.ndjson");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let counts: std::collections::BTreeMap<String, f64> = lines
        .filter_map(|line| {
            let count = line["ruleproof_shadow_differences_total"].as_f64()?;
            Some((line["rule"].as_str().unwrap().to_owned(), count))
        })
        .collect();
    // Of `a`, both the events that it gained and those whose body is another.
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [("a".into(), 200.0), ("both".into(), 200.0), ("c".into(), 100.0)]
    );
}
