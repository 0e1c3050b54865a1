//! `rules pull`, and `live://REGION/BUS` wherever rules are given.

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::fake::Fake;

/// A bus `orders` with rules, more than one page of them.
fn with_rules(count: usize) -> Account {
    let account = Account::new();
    account.events("CreateEventBus", &json!({"Name": "orders"}));
    for number in 0..count {
        let pattern = json!({"source": ["shop.orders"], "detail": {"number": [number]}}).to_string();
        account.events(
            "PutRule",
            &json!({"EventBusName": "orders", "Name": format!("rule-{number:03}"), "EventPattern": pattern}),
        );
    }
    account
}

fn put_target(account: &Account, rule: &str, input: &Value) {
    let mut target = json!({
        "Id": "queue",
        "Arn": "arn:aws:sqs:us-east-1:123456789012:q",
        "RetryPolicy": {"MaximumRetryAttempts": 3},
        "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"},
    });
    target.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
    account.events("PutTargets", &json!({"EventBusName": "orders", "Rule": rule, "Targets": [target]}));
}

const EVENTS: &str = r#"{"version":"0","id":"1","detail-type":"Order","source":"shop.orders","account":"1","time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":[],"detail":{"number":7,"name":"x"}}
{"version":"0","id":"2","detail-type":"Order","source":"shop.orders","account":"1","time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":[],"detail":{"number":999}}
"#;

#[test]
fn all_pages_are_pulled_and_read_back_as_the_same_rules() {
    let account = with_rules(130);
    let paths = json!({"b": "$.detail.number", "a": "$.detail.name", "d": "$.id", "c": "$.time"});
    let template = r#"{"n": <b>, "m": "<a>", "i": <d>, "t": <c>}"#;
    put_target(
        &account,
        "rule-007",
        &json!({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}),
    );
    put_target(&account, "rule-008", &json!({"InputPath": "$.detail"}));
    account.run(&["rules", "pull", "orders"]).assert(0, &["rules/orders.json: 130 rules of bus orders"]);
    let pulled = std::fs::read_to_string(account.path("rules/orders.json")).unwrap();
    assert!(pulled.contains("\"MaximumRetryAttempts\":3"), "{pulled}");
    account
        .run(&["rules", "show", "rule-007", "rules"])
        .assert(0, &[template, "<b> $.detail.number", "orders"]);

    // Again it is the same file, to the last byte.
    account.run(&["rules", "pull", "orders"]).assert(0, &[]);
    assert_eq!(std::fs::read_to_string(account.path("rules/orders.json")).unwrap(), pulled);

    std::fs::write(account.path("events.ndjson"), EVENTS).unwrap();
    let replayed = |rules: &str| {
        let ran = account.run(&["replay", "--rules", rules, "--events", "events.ndjson", "--format", "json"]);
        let mut summary: Value = serde_json::from_str(&ran.assert(0, &[]).out).unwrap();
        for name in ["elapsed_s", "events_per_s", "bytes_per_s"] {
            summary.as_object_mut().unwrap().remove(name);
        }
        summary
    };
    let summary = replayed("live://us-east-1/orders");
    assert_eq!(
        (summary["delivered"].as_u64(), summary["unmatched"].as_u64()),
        (Some(1), Some(1)),
        "{summary}"
    );
    assert_eq!(summary, replayed("rules/orders.json"));
}

#[test]
fn every_command_reads_live_buses() {
    let account = with_rules(9);
    let live = "live://us-east-1/orders";
    let event = EVENTS.lines().next().unwrap();
    std::fs::write(account.path("events.ndjson"), EVENTS).unwrap();
    std::fs::write(account.path("rules.yaml"), "Name: rule-007\nEventPattern: {source: [other]}\n").unwrap();
    let test = format!(
        "version: 1\nrules: [{live}]\ntests:\n  - name: seven\n    event: {event}\n    expect: {{matches: [rule-007]}}\n"
    );
    std::fs::write(account.path("live.test.yaml"), test).unwrap();
    account.run(&["rules", "list", live]).assert(0, &["rule-000", "live://us-east-1/orders:"]);
    account.run(&["rules", "export", live]).assert(0, &["\"EventBusName\": \"orders\""]);
    account.run(&["lint", live]).assert(0, &[]);
    account.run(&["test", "live.test.yaml"]).assert(0, &["1 passed"]);
    account.run(&["why", "--rules", live, "--rule", "rule-007", "--event", event]).assert(0, &["matches"]);
    account.run(&["diff", live, "rules.yaml", "--events", "events.ndjson"]).assert(0, &["rule-007"]);
    std::fs::write(
        account.path("ruleproof.toml"),
        format!("rules = [\"{live}\"]\nevents = [\"events.ndjson\"]\n"),
    )
    .unwrap();
    account.run(&["replay"]).assert(0, &["1  delivered"]);
}

#[test]
fn a_file_that_holds_something_else_is_not_replaced_unless_told_so() {
    let account = with_rules(1);
    std::fs::create_dir(account.path("rules")).unwrap();
    let own = "[{\"Name\": \"own\", \"EventPattern\": {\"source\": [\"a\"]}}]";
    std::fs::write(account.path("rules/orders.json"), own).unwrap();
    account.run(&["rules", "pull", "orders"]).assert(2, &["holds something else", "--force"]);
    assert_eq!(std::fs::read_to_string(account.path("rules/orders.json")).unwrap(), own);
    account.run(&["rules", "pull", "orders", "--force"]).assert(0, &["1 rules of bus orders"]);
    // Rules that are gone from the bus go from the file too.
    account.events("DeleteRule", &json!({"EventBusName": "orders", "Name": "rule-000"}));
    account.run(&["rules", "pull", "orders"]).assert(4, &["0 rules of bus orders"]);
}

#[test]
fn a_bus_that_does_not_exist_is_an_unusable_argument() {
    let account = Account::new();
    account
        .run(&["rules", "pull", "nowhere"])
        .assert(2, &["EventBridge DescribeEventBus: ResourceNotFoundException"]);
    account
        .run(&["lint", "live://us-east-1/nowhere"])
        .assert(2, &["live://us-east-1/nowhere", "ResourceNotFound"]);
    account
        .run(&["lint", "live://us-east-1"])
        .assert(2, &["not of the form live://REGION/BUS", "such as live://"]);
    account.run(&["lint", "live://US/orders"]).assert(2, &["`US` is no region"]);
}

#[test]
fn a_back_end_that_fails_is_not_taken_for_wrong_rules() {
    let account = Account::new();
    let fake = Fake::answering(400, r#"{"__type": "AccessDeniedException", "message": "no"}"#);
    let (live, event) = ("live://us-east-1/x", r#"{"source": "s", "detail-type": "T", "detail": {}}"#);
    std::fs::write(account.path("events.ndjson"), event).unwrap();
    let test = format!(
        "version: 1\nrules: [{live}]\ntests:\n  - name: t\n    event: {event}\n    expect: unmatched\n"
    );
    std::fs::write(account.path("live.test.yaml"), test).unwrap();
    for command in [
        &["rules", "pull"][..],
        &["lint", live],
        &["rules", "list", live],
        &["test", "live.test.yaml"],
        &["replay", "--rules", live, "--events", "events.ndjson"],
        &["diff", live, live, "--events", "events.ndjson"],
        &["bench", "--rules", live, "--events", "events.ndjson"],
        &["why", "--rules", live, "--event", event],
        &["transform", "--rules", live, "--rule", "r", "--event", event],
    ] {
        let ran = account.command(command).env("AWS_ENDPOINT_URL", &fake.url).output().unwrap();
        Ran::from(ran).assert(3, &["AccessDeniedException: no", "hint: allow the operation"]);
        let ran = Ran::from(account.bare_command(command).env("AWS_REGION", "us-east-1").output().unwrap());
        ran.assert(3, &["no AWS credentials"]);
    }
}
