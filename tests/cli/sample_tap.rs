//! `ruleproof sample --tap`: examples of events that may be shown, as tests.

use std::collections::BTreeSet;
use std::fs;

use super::session::{Ran, Session};

const RULES: &str = "\
- Name: big-orders
  EventPattern:
    source: [shop.orders]
    detail: {total: [{numeric: [\">=\", 100]}], customer: {email: [{exists: true}]}}
  Targets:
    - Id: t
      Arn: arn:aws:sqs:eu-central-1:111122223333:t
      InputTransformer: {InputPathsMap: {who: $.detail.customer.name}, InputTemplate: '{\"who\": \"<who>\"}'}
- Name: dutch
  EventPattern: {source: [shop.orders], detail: {customer: {country: [NL]}}}
";

/// Texts of which none may be in what is written.
const SECRETS: [&str; 8] =
    ["Lovelace", "shop.example", "198.51.100", "4111 1111", "111122223333", "c-00017", "27.3", "2026-03-04"];

fn order(id: u32, total: u32, country: &str, more: &str) -> String {
    format!(
        r#"{{"version":"0","id":"0000{id:04}-aaaa-4bbb-8ccc-dddddddddddd","detail-type":"Order Placed","source":"shop.orders","account":"111122223333","time":"2026-03-04T05:06:07Z","region":"eu-central-1","resources":[],"detail":{{"total":{total},"customer":{{"id":"c-00017","name":"Ada Lovelace","email":"ada{id}@shop.example","country":"{country}"}},"items":[{{"price":27.3,"sku":"S-{id}"}}],"ip":"198.51.100.7","card":"4111 1111 1111 1111"{more}}}}}"#
    ) + "\n"
}

/// Four kinds of events in many copies: what is different decides about the verdict or the shape.
fn orders() -> String {
    (0..50)
        .map(|id| {
            order(id, 50, "NL", "")
                + &order(id, 200, "NL", "")
                + &order(id, 200, "DE", "")
                + &order(id, 50, "DE", r#","gift":{"from":"Ada Lovelace"}"#)
        })
        .collect()
}

fn session() -> Session {
    let session = Session::new();
    session
        .file("rules/rules.yaml", RULES)
        .file("events.ndjson", orders())
        .file("key", "a key of some length");
    session
}

fn tap(session: &Session, more: &[&str]) -> Ran {
    let arguments = ["sample", "--rules", "rules", "--events", "events.ndjson", "--format", "json"];
    session.run(&[&arguments[..], more].concat())
}

/// All that was written, as one text.
fn written(session: &Session, folder: &str) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(session.path(folder)).unwrap() {
        all += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    all
}

#[test]
fn examples_are_tests_that_pass_hold_no_secret_and_notice_a_changed_rule() {
    let session = session();
    let ran = tap(&session, &["--tap", "tap", "--threads", "2"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let tap = &ran.json()["tap"];
    assert_eq!(tap.to_string(), r#"{"changed":0,"examples":4,"no_room":0,"outdated":0,"too_long":0}"#);
    let (test_file, events) = (session.read("tap/sample.test.yaml"), written(&session, "tap/events"));
    let original = orders();
    for secret in SECRETS {
        assert!(original.contains(secret), "{secret}");
        assert!(!test_file.contains(secret) && !events.contains(secret), "{secret}: {events}");
    }
    // What conditions compare, and what kind of event it is, is there.
    for kept in [r#""total": 200"#, r#""country": "NL""#, "Order Placed", "shop.orders", "eu-central-1"] {
        assert!(events.contains(kept), "{kept}: {events}");
    }
    assert!(
        ran.err.contains("unless --tap-field says otherwise: detail.customer.country, detail.total"),
        "{ran:?}"
    );
    assert!(test_file.contains("../rules"), "{test_file}");
    let passed = session.run(&["test", "tap"]);
    assert!(passed.code == 0 && passed.out.contains("4 passed"), "{passed:?}");

    // A bound moved past the examples, and a condition dropped.
    session.file("rules/rules.yaml", RULES.replace("100]", "500]"));
    let red = session.run(&["test", "tap"]);
    assert!(red.code == 1 && red.out.contains("big-orders"), "{red:?}");
    session.file("rules/rules.yaml", RULES.replace("country: [NL]", "id: [{exists: true}]"));
    assert_eq!(session.run(&["test", "tap"]).code, 1);
}

#[test]
fn pseudonyms_are_stable_with_a_key_and_rules_for_fields_win() {
    let session = session();
    let fields = [
        "--tap-field",
        "/detail/card=drop",
        "--tap-field",
        "/detail/items/*/sku=keep",
        "--tap-field",
        "/region=pseudonym",
    ];
    for name in ["one.test.yaml", "two.test.yaml"] {
        let ran = tap(&session, &[&["--tap", name, "--tap-key", "key"], &fields[..]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(session.run(&["test", name]).code, 0);
    }
    let (one, two) = (written(&session, "one.events"), written(&session, "two.events"));
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(lines(&one), lines(&two));
    assert!(
        one.contains(r#""sku": "S-0""#) && !one.contains("card") && !one.contains("eu-central-1"),
        "{one}"
    );
    tap(&session, &["--tap", "three"]);
    assert_ne!(lines(&one), lines(&written(&session, "three/events")));
}

#[test]
fn examples_are_bounded_and_what_does_not_fit_is_counted() {
    let session = session();
    let ran = tap(&session, &["--tap", "tap", "--tap-max", "2"]);
    let tapped = &ran.json()["tap"];
    assert_eq!((&tapped["examples"], &tapped["no_room"]), (&2.into(), &100.into()), "{ran:?}");
    assert_eq!(fs::read_dir(session.path("tap/events")).unwrap().count(), 2);

    // Without its card an order is another one to this rule.
    session.file("rules/rules.yaml", "- Name: cards\n  EventPattern: {detail: {card: [{exists: true}]}}\n");
    let ran = tap(&session, &["--tap", "none", "--tap-field", "/detail/card=drop"]);
    assert!(ran.code == 0 && ran.json()["tap"]["changed"] == 2, "{ran:?}");
    assert!(
        ran.err.contains("no example of an event was kept")
            && !session.path("none/sample.test.yaml").exists()
    );
}

#[test]
fn what_cannot_be_used_is_said_and_an_earlier_test_file_is_left_alone() {
    let session = session();
    session.file("short", "123").file("tap/sample.test.yaml", "mine");
    for (more, said) in [
        (&["--tap", "tap"][..], "--tap-force writes over it"),
        (&["--tap", "x", "--tap-field", "/detail=hide"], "keep, drop or pseudonym"),
        (&["--tap", "x", "--tap-key", "short"], "less than 16 bytes"),
        (&["--tap-field", "/detail=keep"], "--tap <FILE|DIR>"),
        (&["--tap", "rules/rules.yaml", "--tap-force"], "among the rules"),
        (&["--tap", "y", "--tap-key", "key", "--results", "key"], "key is among the keys"),
    ] {
        let ran = tap(&session, more);
        assert!(ran.code == 2 && ran.err.contains(said), "{more:?}: {ran:?}");
    }
    assert!(!session.path("x").exists() && !session.read("key").is_empty());
    assert_eq!(session.read("tap/sample.test.yaml"), "mine");
    assert_eq!(tap(&session, &["--tap", "tap", "--tap-force"]).code, 0);
    assert_eq!(session.run(&["test", "tap"]).code, 0);
}
