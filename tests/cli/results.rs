//! `replay --results`: one line of JSON per event.

use serde_json::{Value, json};

use super::session::{Session, TWO_RULES};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_event_has_a_line_with_id_verdict_and_rules() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    session.file(
        "events.ndjson",
        "{\"id\":\"1\",\"source\":\"a\"}\n{\"source\":\"b\",\"id\":\"2 \\\"é\\\"\"}\n\n{\"source\":\"c\"}\n42\n{\"id\":\n",
    );
    let ran = session.run(&[
        "replay",
        "--rules",
        "rules.yaml",
        "--events",
        "events.ndjson",
        "--results",
        "out.ndjson",
    ]);
    assert_eq!(ran.code, 0);
    let found = lines(&session.read("out.ndjson"));
    let input = "events.ndjson";
    assert_eq!(
        found[..3],
        [
            json!({"event_id": "1", "verdict": "delivered", "rules": ["a", "both"], "input": input, "line": 1}),
            json!({"event_id": "2 \"é\"", "verdict": "delivered", "rules": ["both"], "input": input, "line": 2}),
            json!({"event_id": null, "verdict": "unmatched", "rules": [], "input": input, "line": 4}),
        ]
    );
    assert_eq!(found.len(), 5);
    for (line, code, reason, number) in [
        (&found[3], "EVENT_NOT_AN_OBJECT", "expected an object as the event, found a number", 5),
        (&found[4], "SOURCE_BROKEN", "the input ends inside this document", 6),
    ] {
        assert_eq!((&line["verdict"], &line["code"]), (&json!("errored"), &json!(code)));
        assert_eq!((&line["rules"], &line["line"]), (&json!([]), &json!(number)));
        assert!(line["reason"].as_str().unwrap().starts_with(reason), "{line}");
    }
}

#[test]
fn lines_keep_the_order_of_the_events_whatever_the_threads() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    // Several batches of 65,536 events, the first and the last with much more work than the others.
    let event = |n: usize| format!("{{\"id\":\"{n}\",\"source\":\"{}\"}}\n", ["a", "c"][n % 2]);
    let events: String = (0..200_000).map(event).collect();
    let arguments =
        ["replay", "--rules", "rules.yaml", "--events", "-", "--threads", "3", "--results", "out.ndjson"];
    let ran = session.run_with_input(&arguments, events);
    assert_eq!(ran.code, 0);
    let text = session.read("out.ndjson");
    assert_eq!(text.lines().count(), 200_000);
    for (n, line) in text.lines().enumerate() {
        assert!(line.starts_with(&format!("{{\"event_id\":\"{n}\",")), "line {n}: {line}");
    }
}

#[test]
fn results_that_cannot_be_written_end_the_run() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    let arguments = ["replay", "--rules", "rules.yaml", "--events", "-", "--results", "/dev/full"];
    let ran = session.run_with_input(&arguments, "{\"source\":\"a\"}\n".repeat(100_000));
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("/dev/full cannot be written"), "{}", ran.err);
}

#[test]
fn results_never_go_into_the_events_themselves() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    let events = "{\"source\":\"a\"}\n";
    session.file("in/events.ndjson", events);
    session.file("in/old-results.ndjson", "{}\n");
    for (source, results) in
        [("in/events.ndjson", "./in/../in/events.ndjson"), ("in", "in/old-results.ndjson")]
    {
        let ran = session.run(&["replay", "--rules", "rules.yaml", "--events", source, "--results", results]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("is among the events; write the results elsewhere"), "{}", ran.err);
    }
    assert_eq!(session.read("in/events.ndjson"), events);
}
