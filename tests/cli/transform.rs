//! `transform`: bodies, and the reasons that there are none.

use serde_json::json;

use super::session::{Session, assert_snapshot};

const RULES: &str = "\
- Name: orders
  EventPattern: {source: [shop]}
  Targets:
    - Id: queue
      Arn: arn:aws:sqs:eu-west-1:123456789012:orders
      InputTransformer:
        InputPathsMap: {id: $.detail.id, items: $.detail.items}
        InputTemplate: '{\"id\": <id>, \"text\": \"items <items>\", \"rule\": <aws.events.rule-arn>}'
    - Id: all
      Arn: arn:aws:lambda:eu-west-1:123456789012:function:all
- Name: idle
  State: DISABLED
  EventPattern: {source: [shop]}
- Name: clock
  ScheduleExpression: rate(1 hour)
- Name: lonely
  EventPattern: {source: [shop]}
";

const EVENT: &str = r#"{"source": "shop", "detail": {"id": "A \"1\"", "items": 3}}"#;

fn session() -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES);
    session
}

#[test]
fn one_target_gives_its_exact_body() {
    let arguments =
        ["transform", "--rules", "rules.yaml", "--rule", "orders", "--target", "queue", "--event", EVENT];
    let parameters =
        ["--param", "AWS::Partition=aws", "--param", "AWS::Region=eu-west-1", "--param", "AWS::AccountId=1"];
    let ran = session().run(&[&arguments[..], &parameters[..]].concat());
    let body = r#"{"id": "A \"1\"", "text": "items 3", "rule": "arn:aws:events:eu-west-1:1:rule/orders"}"#;
    assert_eq!((ran.code, ran.out, ran.err.as_str()), (0, format!("{body}\n"), ""));
}

#[test]
fn several_targets_are_labelled_and_unknown_parts_are_named() {
    let session = session();
    session.file("event.json", EVENT);
    let ran =
        session.run(&["transform", "--rules", "rules.yaml", "--rule", "orders", "--event", "event.json"]);
    let expected = "target queue:\n\
        {\"id\": \"A \\\"1\\\"\", \"text\": \"items 3\", \"rule\": \"arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/orders\"}\n\
        \ntarget all:\n\
        {\"source\":\"shop\",\"detail\":{\"id\":\"A \\\"1\\\"\",\"items\":3}}\n";
    assert_eq!((ran.code, ran.out.as_str()), (0, expected));
    assert!(ran.err.starts_with("note: the rule's ARN is not known"), "{}", ran.err);
}

#[test]
fn a_broken_body_is_shown_with_the_code_and_the_place() {
    let event = EVENT.replace('3', "[\"x\"]");
    let ran = session().run(&[
        "transform",
        "--rules",
        "rules.yaml",
        "--rule",
        "orders",
        "--target",
        "queue",
        "--event",
        &event,
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with(r#"{"id": "A \"1\"", "text": "items ["x"]", "#), "{}", ran.out);
    let error = "error: rule orders, target queue: INVALID_JSON: Invalid input for target. \
        (line 1, column 36 of the body: expected `,` or `}`)\n";
    assert!(ran.err.starts_with(error), "{}", ran.err);
}

#[test]
fn json_has_every_target_with_its_body() {
    let ran = session().run_with_input(
        &["transform", "--rules", "rules.yaml", "--rule", "orders", "--event", "-", "--format", "json"],
        EVENT.replace('3', "{}").replace("\"A", "\"<items>"),
    );
    let json = ran.json();
    assert_eq!((ran.code, &json["verdict"], &json["rule"]), (0, &json!("delivered"), &json!("orders")));
    let ids: Vec<_> = json["targets"].as_array().unwrap().iter().map(|target| &target["target"]).collect();
    assert_eq!(ids, ["queue", "all"]);
    let body = json["targets"][0]["body"].as_str().unwrap();
    assert!(body.starts_with(r#"{"id": "<items> \"1\"", "text": "items {}""#), "{body}");
    assert_eq!(json["targets"][0].get("code"), None);
}

#[test]
fn an_event_that_the_rule_does_not_want_says_which_condition_fails() {
    let ran = session().run(&[
        "transform",
        "--rules",
        "rules.yaml",
        "--rule",
        "orders",
        "--event",
        "{\"source\":\"x\"}",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(
        ran.err,
        "error: rule orders does not match this event, its targets get nothing\n  source: expected [\"shop\"], found \"x\"\n"
    );
}

#[test]
fn rules_targets_and_events_that_are_not_there() {
    let session = session();
    session.file("two.ndjson", format!("{EVENT}\n{EVENT}\n")).file("none.ndjson", "");
    for (arguments, code, message) in [
        (["orderz", "queue", EVENT], 2, "error: no rule is called `orderz`\n  hint: did you mean `orders`?"),
        (
            ["orders", "quue", EVENT],
            2,
            "error: rule orders has no target `quue`; its targets: `queue`, `all`",
        ),
        (["orders", "queue", "no-such-file"], 2, "error: `no-such-file` does not exist"),
        (["orders", "queue", "two.ndjson"], 2, "error: two.ndjson:2: a second event; give one"),
        (["orders", "queue", "none.ndjson"], 2, "error: none.ndjson holds no event"),
        (["orders", "queue", "{\"source\":"], 2, "error: event:1: the input ends inside this document"),
        (
            ["idle", "queue", EVENT],
            4,
            "note: rules.yaml:11:3: rule idle: it is disabled and matches no event",
        ),
        (["clock", "queue", EVENT], 4, "note: rules.yaml:14:3: rule clock: it runs on a schedule"),
        (["lonely", "queue", EVENT], 2, "error: rule lonely has no target `queue`; its targets: none"),
    ] {
        let [rule, target, event] = arguments;
        let ran = session.run(&[
            "transform",
            "--rules",
            "rules.yaml",
            "--rule",
            rule,
            "--target",
            target,
            "--event",
            event,
        ]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?} {ran:?}");
        assert!(ran.err.starts_with(message), "{arguments:?} {}", ran.err);
    }
    let ran = session.run(&["transform", "--rules", "rules.yaml", "--rule", "lonely", "--event", EVENT]);
    assert_eq!((ran.code, ran.err.as_str()), (4, "error: rule lonely has no targets\n"));
}

#[test]
fn targets_that_aws_would_refuse_are_refused_with_place_and_message() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        "- Name: orders
  EventPattern: {source: [shop]}
  Targets:
    - Id: both
      Arn: arn:aws:sqs:eu-west-1:1:q
      InputPath: $.detail['x']
      InputTransformer:
        InputPathsMap: {order: $.detail.id}
        InputTemplate: |
          {
            \"id\": <oder>,
            \"event\": \"<aws.events.event>\"
          }
    - Id: log
      Arn: arn:aws:logs:eu-west-1:1:log-group:/x
      InputTransformer:
        InputTemplate: '{\"message\": 1}'
    - Id: bus
      Arn: arn:aws:events:eu-west-1:1:event-bus/x
      Input: nope
",
    );
    let ran = session.run_with_input(&["replay", "--rules", "rules.yaml", "--events", "-"], "{}");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_snapshot("refused_targets.txt", &ran.err);
}

#[test]
fn what_a_log_group_cannot_store_is_errored_and_says_what_is_missing() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        "- Name: log
  EventPattern: {source: [shop]}
  Targets:
    - Id: log
      Arn: arn:aws:logs:eu-west-1:1:log-group:/x
      InputTransformer:
        InputPathsMap: {time: $.time, text: $.detail.text}
        InputTemplate: '{\"timestamp\": <time>, \"message\": <text>}'
",
    );
    let events = [
        r#"{"source":"shop","time":"2026-03-04T05:06:07Z","detail":{"text":"fine"}}"#,
        r#"{"source":"shop","detail":{"text":"x"}}"#,
        r#"{"source":"shop","time":"yesterday","detail":{"text":5}}"#,
        r#"{"source":"shop","time":5,"detail":{"text":5}}"#,
    ];
    let arguments = ["replay", "--rules", "rules.yaml", "--events", "-", "--results", "results.ndjson"];
    let ran = session.run_with_input(&arguments, events.join("\n"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let results = session.read("results.ndjson");
    let results: Vec<serde_json::Value> =
        results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<_> = results.iter().map(|result| result["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["delivered", "errored", "errored", "errored"]);
    for (result, reason) in
        results[1..].iter().zip(["`timestamp` is empty", "neither a time", "is not a text"])
    {
        assert_eq!(result["code"], "INVALID_LOG_EVENT", "{result}");
        assert!(result["reason"].as_str().unwrap().contains(reason), "{result}");
    }
}

#[test]
fn a_broken_event_has_a_code_and_a_reason_in_json_too() {
    let arguments = ["transform", "--rules", "rules.yaml", "--rule", "orders", "--format", "json"];
    let ran = session().run(&[&arguments[..], &["--event", "{\"source\": nope}"]].concat());
    let json = ran.json();
    assert_eq!(
        (ran.code, &json["verdict"], &json["code"]),
        (2, &json!("errored"), &json!("INVALID_EVENT_JSON"))
    );
    assert!(json["reason"].as_str().unwrap().starts_with("not JSON"), "{json}");
    assert!(ran.err.starts_with("error: INVALID_EVENT_JSON: not JSON"), "{}", ran.err);
}

#[test]
fn what_is_unknown_is_named_and_what_is_not_is_checked() {
    let template = |arn: &str, inputs: &str| {
        format!(
            "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {{FifoQueue: true}}\n  Rule:\n    \
             Type: AWS::Events::Rule\n    Properties:\n      Name: a\n      EventPattern: {{source: [shop]}}\n      \
             Targets:\n        - Id: t\n          Arn: {arn}\n{inputs}"
        )
    };
    let queue = "arn:aws:sqs:eu-west-1:1:q";
    let log = "arn:aws:logs:eu-west-1:1:log-group:/x";
    let whole = "          InputTransformer: !Ref Stage\n";
    let map = "          InputTransformer:\n            InputPathsMap: !If [Unknown, {a: $.a}, {b: $.b}]\n            \
               InputTemplate: '{}'\n";
    let two = "          InputPath: !Ref Stage\n          Input: '{}'\n";
    let path = "          InputPath: !Ref Stage\n";
    let null = "          InputTransformer:\n            InputPathsMap: {a: null}\n            InputTemplate: '{}'\n";
    for (arn, inputs, code, message) in [
        (queue, whole, 0, "its input is not known without `Ref: Stage`"),
        (queue, map, 0, "its input is not known without"),
        (queue, two, 2, "only one of Input, InputPath and InputTransformer is allowed"),
        (log, path, 2, "a log group takes no InputPath"),
        (queue, null, 2, "`a` has to be a string, not nothing"),
        ("!GetAtt Q.Arn", "", 2, "a FIFO queue needs SqsParameters.MessageGroupId"),
    ] {
        let session = Session::new();
        session.file("template.yaml", template(arn, inputs));
        let ran = session.run_with_input(&["replay", "--rules", "template.yaml", "--events", "-"], EVENT);
        assert_eq!(ran.code, code, "{inputs} {ran:?}");
        assert!(ran.err.contains(message), "{inputs} {}", ran.err);
    }
}

#[test]
fn a_typed_event_is_read_as_a_file_is() {
    let session = session();
    let two = format!("{EVENT}\n{EVENT}\n");
    let garbage = format!("{EVENT} nonsense");
    session.file("two.json", &two).file("garbage.json", &garbage).file("one.json", EVENT);
    for (typed, file, bytes_max) in
        [(two.as_str(), "two.json", "1000"), (&garbage, "garbage.json", "1000"), (EVENT, "one.json", "10")]
    {
        let run = |event: &str| {
            let arguments = ["transform", "--rules", "rules.yaml", "--rule", "orders", "--event", event];
            session.run(&[&arguments[..], &["--event-bytes-max", bytes_max]].concat())
        };
        let (typed, of_file) = (run(typed), run(file));
        assert_eq!((typed.code, of_file.code), (2, 2), "{typed:?} {of_file:?}");
        assert_eq!(typed.err, of_file.err.replace(file, "event"));
    }
}
