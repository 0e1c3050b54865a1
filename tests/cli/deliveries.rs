//! `replay` with targets: the third verdict, counts per target, and bodies.

use serde_json::{Value, json};

use super::session::Session;

const RULES: &str = "\
- Name: orders
  EventPattern: {source: [shop]}
  Targets:
    - Id: line
      Arn: arn:aws:sqs:eu-west-1:123456789012:lines
      InputTransformer:
        InputPathsMap: {note: $.detail.note}
        InputTemplate: '\"note <note>\"'
    - Id: bare
      Arn: arn:aws:sqs:eu-west-1:123456789012:bare
      InputTransformer:
        InputPathsMap: {count: $.detail.count}
        InputTemplate: <count>
- Name: everything
  EventPattern: {source: [shop, other]}
  Targets:
    - Id: all
      Arn: arn:aws:lambda:eu-west-1:123456789012:function:all
";

const EVENTS: &str = r#"{"id":"1","source":"shop","detail":{"note":"fine","count":1}}
{"id":"2","source":"shop","detail":{"note":"say \"no\"","count":1}}
{"id":"3","source":"other"}
{"id":"4","source":"shop","detail":{"note":"a\nb"}}
{"id":"5","source":"none"}
"#;

fn session() -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES).file("events.ndjson", EVENTS);
    session
}

const REPLAY: [&str; 5] = ["replay", "--rules", "rules.yaml", "--events", "events.ndjson"];

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn events_that_a_target_does_not_get_are_errored_and_counted_per_target() {
    let ran = session().run(&[&REPLAY[..], &["--format", "json"]].concat());
    assert_eq!(ran.counts(), (0, [5, 2, 1, 2]));
    let json = ran.json();
    assert_eq!(
        json["target_failures"],
        json!([
            {"rule": "orders", "target": "line", "code": "INVALID_JSON", "count": 2, "first_at": "events.ndjson:2"},
            {"rule": "orders", "target": "bare", "code": "EMPTY_INPUT", "count": 1, "first_at": "events.ndjson:4"}
        ])
    );
    assert_eq!(
        json["errors"],
        json!([{
            "code": "INVALID_JSON", "count": 2, "first_at": "events.ndjson:2",
            "reason": "rule orders, target line: Invalid input for target."
        }])
    );
    assert_eq!(
        json["rules"],
        json!([{"name": "orders", "matched": 3}, {"name": "everything", "matched": 4}])
    );
}

#[test]
fn people_see_which_target_fails_and_where_first() {
    let ran = session().run(&REPLAY);
    let expected = "
rule, target   failed  code               first at
orders, line        2  INVALID_JSON       events.ndjson:2
orders, bare        1  EMPTY_INPUT        events.ndjson:4

2 INVALID_JSON
  first at events.ndjson:2: rule orders, target line: Invalid input for target.
";
    assert!(ran.out.contains(expected), "{}", ran.out);
}

#[test]
fn results_name_the_targets_that_fail() {
    let session = session();
    session.run(&[&REPLAY[..], &["--results", "out.ndjson"]].concat());
    let found = lines(&session.read("out.ndjson"));
    assert_eq!(
        found[3],
        json!({
            "event_id": "4", "verdict": "errored", "rules": ["orders", "everything"], "code": "INVALID_JSON",
            "reason": "rule orders, target line: Invalid input for target.",
            "failed": [
                {"rule": "orders", "target": "line", "code": "INVALID_JSON"},
                {"rule": "orders", "target": "bare", "code": "EMPTY_INPUT"}
            ],
            "input": "events.ndjson", "line": 4
        })
    );
    let verdicts: Vec<&Value> = found.iter().map(|line| &line["verdict"]).collect();
    assert_eq!(verdicts, ["delivered", "errored", "delivered", "errored", "unmatched"]);
}

#[test]
fn payloads_are_the_exact_bodies_in_the_order_of_the_events() {
    let session = session();
    let ran = session.run(&[&REPLAY[..], &["--payloads", "bodies.ndjson", "--threads", "2"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = lines(&session.read("bodies.ndjson"));
    let brief: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or("-");
            (text("event_id"), text("target"), text("code"))
        })
        .collect();
    assert_eq!(
        brief,
        [
            ("1", "line", "-"),
            ("1", "bare", "-"),
            ("1", "all", "-"),
            ("2", "line", "INVALID_JSON"),
            ("2", "bare", "-"),
            ("2", "all", "-"),
            ("3", "all", "-"),
            ("4", "line", "INVALID_JSON"),
            ("4", "bare", "EMPTY_INPUT"),
            ("4", "all", "-"),
        ]
    );
    assert_eq!(found[3]["body"], "\"note say \"no\"\"");
    assert_eq!(found[8]["body"], "");
    assert_eq!(found[6]["body"], r#"{"id":"3","source":"other"}"#);
}

#[test]
fn payloads_never_overwrite_the_events_or_the_results() {
    let session = session();
    let ran = session.run(&[&REPLAY[..], &["--payloads", "./events.ndjson"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is among the events; write the payloads elsewhere"), "{}", ran.err);
    assert_eq!(session.read("events.ndjson"), EVENTS);
    let ran = session.run(&[&REPLAY[..], &["--payloads", "x", "--results", "x"]].concat());
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "error: x is among the files to write; write the payloads elsewhere\n")
    );
    let ran = session.run(&[&REPLAY[..], &["--payloads", "/dev/full"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/dev/full cannot be written"), "{}", ran.err);
}

#[test]
fn inputs_that_are_not_known_are_named_and_taken_to_be_delivered() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        "Name: orders\nEventPattern: {source: [shop]}\nTargets:\n  - Id: open\n    Arn: !GetAtt Queue.Arn\n    \
         Input: !Sub '{\"bucket\": \"${Bucket}\"}'\n",
    );
    let arguments = ["replay", "--rules", "rules.yaml", "--events", "-", "--format", "json"];
    let ran = session.run_with_input(&arguments, "{\"source\":\"shop\"}");
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
    assert_eq!(
        ran.err,
        "note: rules.yaml:4:5: rule orders, target open: its input is not known without `Ref: Bucket`; it is taken \
         to get its events\n"
    );
}
