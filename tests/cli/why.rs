//! `why`: explanations, nearest misses, hints and fixes.

use serde_json::json;

use super::session::{Session, assert_snapshot};

const TEMPLATE: &str = "\
Resources:
  FraudRule:
    Type: AWS::Events::Rule
    Properties:
      Name: fraud
      EventPattern:
        source: [shop.orders]
        detail-type: [Order Placed]
        detail:
          state: [PAID]
          total:
            - numeric: ['>', 100]
          items:
            category: [books]
            quantity: [{numeric: ['>=', 2]}]
  BillingRule:
    Type: AWS::Events::Rule
    Properties:
      Name: billing
      EventPattern: '{\"source\": [\"shop.orders\"], \"detail\": {\"$or\": [{\"currency\": [\"EUR\"]}, {\"vat\": [{\"exists\": true}]}]}}'
  AllRule:
    Type: AWS::Events::Rule
    Properties:
      Name: all
      EventPattern: {source: [{prefix: shop.}], missing: [{exists: false}]}
  OtherRule:
    Type: AWS::Events::Rule
    Properties:
      Name: other
      EventPattern: {source: [aws.ec2], detail: {state: [running], instance-id: [{prefix: i-}]}}
  AnotherRule:
    Type: AWS::Events::Rule
    Properties:
      Name: another
      EventPattern: {source: [aws.s3], detail-type: [x], account: ['1'], region: [y]}
  OffRule:
    Type: AWS::Events::Rule
    Properties: {Name: 'off', State: DISABLED, EventPattern: {source: [a]}}
";

const EVENT: &str = r#"{"version":"0","id":"1","source":"shop.orders","detail-type":"Order Placed","detail":{"state":"paid",
"total":120,"vat":{"rate":19},"items":[{"category":"books","quantity":1},{"category":"toys","quantity":3}]}}"#;

fn session() -> Session {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE).file("event.json", EVENT);
    session
}

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["why", "--rules", "template.yaml", "--event", "event.json"], more].concat()
}

#[test]
fn one_rule_is_explained_condition_by_condition() {
    let ran = session().run(&arguments(&["--rule", "fraud", "--fix"]));
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_snapshot("why_rule.txt", &ran.out);
}

#[test]
fn all_rules_come_nearest_miss_first() {
    let ran = session().run(&arguments(&[]));
    assert_eq!((ran.code, ran.err.contains("disabled")), (1, true), "{ran:?}");
    assert_snapshot("why_all.txt", &ran.out);
    let all = session().run(&arguments(&["--all"]));
    assert!(all.out.contains("another (") && !all.out.contains("--all"), "{all:?}");
}

#[test]
fn a_match_is_explained_too() {
    let ran = session().run(&arguments(&["--rule", "all", "--fix"]));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_snapshot("why_match.txt", &ran.out);
}

#[test]
fn machines_get_a_json_patch() {
    let ran = session().run(&arguments(&["--rule", "billing", "--fix", "--format", "json"]));
    assert_eq!(ran.code, 1);
    let json = ran.json();
    assert_eq!(json["misses_left_out"], 0);
    let rule = &json["rules"][0];
    assert_eq!(
        (&rule["rule"], &rule["matches"], &rule["alternatives"]),
        (&json!("billing"), &json!(false), &json!(2))
    );
    let condition = &rule["conditions"][0];
    assert_eq!(condition["path"], "detail.currency");
    assert_eq!(condition["pattern_pointer"], "/detail/$or/0/currency");
    assert_eq!(condition["place"], json!({"file": "template.yaml", "line": 20, "column": 82}));
    assert_eq!(condition["expected"], json!(["EUR"]));
    assert_eq!(rule["fix"]["patch"], json!([{"op": "add", "path": "/detail/currency", "value": "EUR"}]));
    assert_eq!(
        (&rule["fix"]["matches"], &rule["fix"]["event"]["detail"]["currency"]),
        (&json!(true), &json!("EUR"))
    );
}

#[test]
fn hints_have_names() {
    let pattern = r#"{"detail":{"vat":[{"exists":true}]}}"#;
    let ran = session().run(&["why", "--pattern", pattern, "--event", "event.json", "--format", "json"]);
    let hint = &ran.json()["rules"][0]["conditions"][0]["hints"][0];
    assert_eq!(hint["trap"], "exists-on-container");
    assert!(hint["text"].as_str().unwrap().contains("/detail/vat"), "{hint}");
}

#[test]
fn a_pattern_is_explained_without_rules() {
    let session = session();
    session.file("pattern.json", "{\n  \"source\": [\"shop.orders\"]\n}");
    let ran = session.run_with_input(&["why", "--pattern", "pattern.json", "--event", "-"], EVENT);
    let expected = "the pattern (pattern.json:1:1) matches: its condition holds\n  ✓ /source  \"shop.orders\" fits \"shop.orders\"  pattern.json:2:13\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, expected, ""));
    let ran = session.run(&["why", "--pattern", r#"{"a":[1]}"#, "--event", r#"{"b":1}"#]);
    let expected = "the pattern (pattern:1:1) does not match: 0 of 1 conditions hold\n  ✗ /a  wanted 1, got nothing  pattern:1:6\n";
    assert_eq!((ran.code, ran.out.as_str()), (1, expected));
}

#[test]
fn a_fix_that_cannot_be_is_said_not_to_be() {
    let pattern = r#"{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}"#;
    let ran = session().run(&["why", "--pattern", pattern, "--event", r#"{"a":1}"#, "--fix"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.ends_with("  no fix: no event is known that the pattern matches\n"), "{}", ran.out);
}

#[test]
fn unusable_input_is_refused() {
    let session = session();
    for (arguments, complaint) in [
        (arguments(&["--rule", "frau"]), "no rule is called `frau`\n  hint: did you mean `fraud`?"),
        (vec!["why", "--pattern", r#"{"a":1}"#, "--event", "event.json"], "expected a list of values"),
        (vec!["why", "--pattern", "missing.json", "--event", "event.json"], "neither a readable file nor"),
        (vec!["why", "--pattern", r#"{"a":[1]}"#, "--event", "{"], "event:1: "),
        (vec!["why", "--pattern", r#"{"a":[1]}"#, "--event", "missing.json"], "missing.json"),
        (vec!["why", "--rules", "missing.yaml", "--event", "event.json"], "missing.yaml"),
        (
            vec!["why", "--pattern", r#"{"a":[1]}"#, "--rule", "x", "--event", "event.json"],
            "cannot be used with",
        ),
        (vec!["why", "--pattern", r#"{"a":[1]}"#], "--event"),
    ] {
        let ran = session.run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {ran:?}");
        assert!(ran.err.contains(complaint), "{arguments:?} {ran:?}");
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let ran = session.run(&["why", "--event", "event.json"]);
    assert_eq!((ran.code, ran.err.contains("give --rules or --pattern")), (4, true), "{ran:?}");
    let ran = session.run(&arguments(&["--rule", "off"]));
    assert_eq!((ran.code, ran.err.contains("disabled")), (4, true), "{ran:?}");
}

#[test]
fn texts_that_look_alike_are_spelled_out() {
    let session = session();
    for (wanted, actual, hint) in [
        ("caf\u{e9}", "cafe\u{301}", r#"the pattern has "caf\u00e9", the event "cafe\u0301""#),
        ("a", "\u{430}", ""),
        ("paid", "p\u{430}id", r#"the pattern has "paid", the event "p\u0430id""#),
        ("paid", "paid\u{200b}", r#"the pattern has "paid", the event "paid\u200b""#),
    ] {
        let pattern = format!(r#"{{"detail":{{"x":["{wanted}"]}}}}"#);
        let event = format!(r#"{{"detail":{{"x":"{actual}"}}}}"#);
        let ran = session.run(&["why", "--pattern", &pattern, "--event", &event]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(hint) && ran.out.contains("looks alike") != hint.is_empty(), "{ran:?}");
    }
}

#[test]
fn a_typed_list_of_events_is_no_glob() {
    let ran = session().run(&["why", "--pattern", r#"{"a":[1]}"#, "--event", r#"[{"a":1},{"a":2}]"#]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("second event"), "{ran:?}");
}
