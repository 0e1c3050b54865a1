//! `ruleproof bench`.

use serde_json::Value;

use super::session::{Session, TWO_RULES};

/// The last one cannot be judged.
const EVENTS: &str = "{\"source\":\"a\"}\n{\"source\":\"z\"}\n{\"source\":\"a\"}\n42\n";

#[test]
fn each_source_of_rules_is_timed_and_counted() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("one.tsv", "r\t{\"source\":[\"z\"]}\n");
    session.file("events.ndjson", EVENTS);
    let ran = session.run(&[
        "bench",
        "--rules",
        "rules.yaml",
        "one.tsv",
        "--events",
        "events.ndjson",
        "--passes",
        "3",
        "--format",
        "json",
        "--counts",
        "counts.tsv",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let field = |name: &str| lines.iter().map(|line| line[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("rules"), ["rules.yaml", "one.tsv"]);
    assert_eq!(field("nrules"), [2, 1]);
    assert_eq!(field("errored"), [1, 1]);
    assert!(lines.iter().all(|line| line["secs"].as_array().unwrap().len() == 3));
    assert!(lines.iter().all(|line| line["rule_mem_mb"].as_f64().unwrap() > 0.0));
    let counts: Vec<u64> = session
        .read("counts.tsv")
        .lines()
        .map(|line| line.split_once('\t').unwrap().1.parse().unwrap())
        .collect();
    assert_eq!(counts.len(), 3);
    assert_eq!(counts[2], 1);
    assert_eq!(field("matches"), [counts[0] + counts[1], counts[2]]);
}

#[test]
fn threads_share_the_events_and_a_limit_cuts_them() {
    let session = Session::new();
    session.file("one.tsv", "r\t{\"source\":[\"a\"]}\n").file("events.ndjson", EVENTS);
    for (options, events, matches) in [(["--threads", "3"], 4, 2), (["--limit", "2"], 2, 1)] {
        let command = ["bench", "--rules", "one.tsv", "--events", "events.ndjson", "--format", "json"];
        let ran = session.run(&[&command[..], &options].concat());
        let line: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((line["events"].as_u64(), line["matches"].as_u64()), (Some(events), Some(matches)));
    }
}

#[test]
fn what_cannot_be_timed_is_said_and_the_rest_is_timed() {
    let session = Session::new();
    session.file("one.tsv", "r\t{\"source\":[\"a\"]}\n").file("events.ndjson", EVENTS).file("broken", "{\n");
    session.file("broken.tsv", "r\t{\"source\":1}\n");
    let bench = |rules: &[&str], events: &str| {
        session.run(&[&["bench", "--passes", "1", "--events", events, "--rules"], rules].concat())
    };
    let ran = bench(&["broken.tsv", "one.tsv"], "events.ndjson");
    assert_eq!(ran.code, 2);
    assert!(ran.out.starts_with("one.tsv: 1 rule\n"), "{}", ran.out);
    assert_eq!(bench(&["one.tsv"], "broken").code, 2);
    assert_eq!(bench(&["one.tsv"], "no-such-file").code, 2);
}
