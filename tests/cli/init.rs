//! `init`: a first test file for rules that have none.

use crate::session::{Session, assert_snapshot, repository};

const TEMPLATE: &str = r#"
Parameters: {Stage: {Type: String}}
Resources:
  BigOrders:
    Type: AWS::Events::Rule
    Properties:
      Name: big-orders
      EventPattern:
        source: [shop.orders]
        detail-type: [Order Paid]
        detail: {stage: [!Ref Stage], total: [{numeric: [">=", 100]}]}
      Targets:
        - Id: chat
          Arn: arn:aws:sqs:eu-west-1:123456789012:chat
          InputTransformer:
            InputPathsMap: {order: $.detail.order, total: $.detail.total}
            InputTemplate: '"order <order>: <total>"'
        - Id: all
          Arn: arn:aws:sqs:eu-west-1:123456789012:all
  Either:
    Type: AWS::Events::Rule
    Properties:
      Name: either
      EventPattern: {$or: [{source: [a]}, {detail: {"on": ["yes"], "no": [{exists: false}]}}]}
  Never:
    Type: AWS::Events::Rule
    Properties: {Name: never, EventPattern: {source: [{exists: false}]}}
"#;

const EVENTS: &str = r#"{"version":"0","id":"e1","detail-type":"Order Paid","source":"shop.orders","account":"111122223333","time":"2026-03-04T05:06:07Z","region":"eu-west-1","resources":[],"detail":{"order":"A \"1\"","stage":"dev","total":250.50}}
{"version":"0","id":"e2","detail-type":"Order Paid","source":"shop.orders","account":"111122223333","time":"2026-03-04T05:06:07Z","region":"eu-west-1","resources":[],"detail":{"order":"A-2","stage":"dev","total":100}}
"#;

fn session() -> Session {
    let session = Session::new();
    session.file("infra/template.yaml", TEMPLATE).file("events.ndjson", EVENTS);
    session
}

const INIT: [&str; 6] = ["init", "infra/template.yaml", "--events", "events.ndjson", "--param", "Stage=dev"];

#[test]
fn a_test_file_is_written_beside_the_template_and_passes() {
    let session = session();
    let ran = session.run(&INIT);
    assert_eq!((ran.code, &*ran.out), (0, "infra/template.test.yaml: 4 tests for 3 rules\n"), "{}", ran.err);
    assert!(ran.err.contains("rule never has no test"), "{}", ran.err);
    assert_snapshot("init.test.yaml", &session.read("infra/template.test.yaml"));
    let tested = session.run(&["test", "infra"]);
    assert_eq!(tested.code, 0, "{}", tested.out);
}

#[test]
fn nothing_is_written_over_unless_it_is_said() {
    let session = session();
    session.file("infra/template.test.yaml", "mine");
    let ran = session.run(&INIT);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("infra/template.test.yaml is there already"), "{}", ran.err);
    assert_eq!(session.read("infra/template.test.yaml"), "mine");
    assert_eq!(session.run(&[&INIT[..], &["--force"]].concat()).code, 0);
    assert!(session.read("infra/template.test.yaml").starts_with("# A first test file"));
    // The rules themselves are safe even so.
    let ran = session.run(&[&INIT[..], &["--force", "--output", "infra/template.yaml"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is among the rules"), "{}", ran.err);
    assert_eq!(session.read("infra/template.yaml"), TEMPLATE);
}

#[test]
fn rules_are_named_from_where_the_test_file_is() {
    let session = session();
    session.file("tests/.keep", "");
    let ran = session.run(&[&INIT[..], &["--output", "tests/first.test.yaml"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = session.read("tests/first.test.yaml");
    assert!(text.contains("\nrules: [\"../infra/template.yaml\"]\n"), "{text}");
    assert!(text.contains("# Recorded: ../events.ndjson:1."), "{text}");
    assert_eq!(session.run(&["test", "tests"]).code, 0);
    let printed = session.run(&[&INIT[..], &["--output", "-"]].concat());
    assert!(printed.out.contains("\nrules: [infra/template.yaml]\n"), "{}", printed.out);
}

#[test]
fn events_that_yaml_cannot_say_are_made_instead() {
    let session = session();
    session.file(
        "events.ndjson",
        EVENTS.replace("\"stage\":\"dev\"", "\"stage\":\"dev\",\"x\":1,\"x\":\"\\ud800\""),
    );
    assert_eq!(session.run(&INIT).code, 0);
    assert!(session.read("infra/template.test.yaml").contains("# Made from the pattern"));
}

#[test]
fn the_shipped_rules_get_a_test_file_that_passes() {
    let rules = repository().join("rules");
    let sample = rules.join("events/sample.ndjson.zst").to_str().unwrap().to_owned();
    let session = Session::new();
    for (source, rules_in_it) in
        [("orders/template.yaml", 8), ("platform/template.json", 8), ("security", 12), ("delivery", 6)]
    {
        let path = rules.join(source);
        let arguments =
            ["init", path.to_str().unwrap(), "--events", &sample, "--output", "all.test.yaml", "--force"];
        let ran = session.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.out, format!("all.test.yaml: {} tests for {rules_in_it} rules\n", rules_in_it * 2));
    }
}

#[test]
fn without_rules_there_is_nothing_to_test() {
    let session = session();
    assert_eq!(session.run(&["init"]).code, 4);
    session.file("clock.yaml", "- Name: a\n  ScheduleExpression: rate(1 day)\n");
    assert_eq!(session.run(&["init", "clock.yaml"]).code, 4);
    assert_eq!(session.run(&["init", "nowhere.yaml"]).code, 2);
}
