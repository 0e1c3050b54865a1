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

/// Every file that a run reads, by whatever name, and a file that it writes already.
#[cfg(unix)]
#[test]
fn nothing_that_is_read_is_ever_written() {
    let session = Session::new();
    let events = "{\"source\":\"a\"}\n";
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", events);
    session.file("ruleproof.toml", "rules = [\"rules.yaml\"]\nevents = [\"events.ndjson\"]\n");
    std::fs::hard_link(session.path("events.ndjson"), session.path("hard-link")).unwrap();
    std::os::unix::fs::symlink("rules.yaml", session.path("symbolic-link")).unwrap();
    let replay = ["replay", "--rules", "rules.yaml", "--events", "events.ndjson"];
    let bench = ["bench", "--rules", "rules.yaml", "--events", "events.ndjson"];
    let attempts: [(&[&str], &str, &str); 7] = [
        (&replay, "--results", "./rules.yaml"),
        (&replay, "--payloads", "symbolic-link"),
        (&replay, "--payloads", "hard-link"),
        (&["replay"], "--results", "ruleproof.toml"),
        (&bench, "--counts", "rules.yaml"),
        (&bench, "--counts", "hard-link"),
        (&["replay", "--results", "new"], "--payloads", "./new"),
    ];
    let before = ["rules.yaml", "events.ndjson", "ruleproof.toml"].map(|name| session.read(name));
    for (command, option, file) in attempts {
        let ran = session.run(&[command, &[option, file]].concat());
        assert_eq!(ran.code, 2, "{option} {file}: {}", ran.err);
        assert!(ran.err.contains(" is among the ") && ran.err.contains(" elsewhere\n"), "{}", ran.err);
    }
    assert_eq!(["rules.yaml", "events.ndjson", "ruleproof.toml"].map(|name| session.read(name)), before);
}

#[cfg(target_os = "linux")]
#[test]
fn standard_input_that_is_a_file_is_not_written() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", "{\"source\":\"a\"}\n");
    let arguments = ["replay", "--rules", "rules.yaml", "--events", "-", "--results", "events.ndjson"];
    let input = std::fs::File::open(session.path("events.ndjson")).unwrap();
    let output = session.command(&arguments).stdin(input).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(session.read("events.ndjson"), "{\"source\":\"a\"}\n");
}
