//! `ruleproof sample --baseline`: a rule that matches less than it used to, and why.

use serde_json::Value;

use super::session::{Ran, Session};

const RULES: &str = "\
- Name: large
  EventPattern: {source: [shop], detail: {payment: {amount: [{numeric: [\">\", 7]}]}}}
- Name: all
  EventPattern: {source: [shop]}
";

/// Ten minutes with 600 events each, of which one in five is large; `amount` is what the field is called.
fn minutes(amount: impl Fn(usize) -> &'static str) -> String {
    (0..6_000)
        .map(|number| {
            let (minute, second, name) = (number / 600, number % 60, amount(number / 600));
            let value = number * 7 % 10;
            format!(
                "{{\"id\":\"{number}\",\"source\":\"shop\",\"detail-type\":\"Order\",\"time\":\"2026-01-02T03:{minute:02}:{second:02}Z\",\
                 \"detail\":{{\"payment\":{{\"{name}\":{value},\"currency\":\"EUR\"}}}}}}\n"
            )
        })
        .collect()
}

fn watched(session: &Session, events: &str, more: &[&str]) -> Ran {
    let arguments =
        ["sample", "--rules", "rules.yaml", "--events", events, "--window", "1m", "--format", "json"];
    session.run(&[&arguments[..], more].concat())
}

fn session() -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES).file("quiet.ndjson", minutes(|_| "amount"));
    session.file("renamed.ndjson", minutes(|minute| if minute < 7 { "amount" } else { "total" }));
    session
}

#[test]
fn a_renamed_field_is_named_within_two_windows() {
    let session = session();
    let ran = watched(&session, "renamed.ndjson", &["--metrics-emf", "metrics.log"]);
    assert_eq!(ran.code, 0, "a drop is told, and no failure unless it is asked for: {ran:?}");
    let drift = &ran.json()["drift"];
    assert_eq!(drift["dropped"].to_string(), "[\"large\"]");
    let change = &drift["changes"][0];
    let minute = change["window"].as_i64().unwrap() % 60;
    assert!((7..=8).contains(&minute), "{drift}");
    let cause = &change["cause"];
    assert_eq!(cause["kind"], "condition", "{drift}");
    assert_eq!(
        (&cause["vanished"], &cause["new_name"]),
        (&Value::from("/detail/payment/amount"), &Value::from("/detail/payment/total"))
    );
    assert!(ran.err.contains("rule large matches less"), "{ran:?}");
    assert!(
        session.read("metrics.log").contains("\"ruleproof_drift_alarm\":1"),
        "{}",
        session.read("metrics.log")
    );

    let expected = watched(&session, "renamed.ndjson", &["--expect-no-drift"]);
    assert_eq!(expected.code, 1, "{expected:?}");
    let quiet = watched(&session, "quiet.ndjson", &["--expect-no-drift"]);
    assert!(quiet.code == 0 && quiet.json()["drift"]["changes"] == Value::Array(Vec::new()), "{quiet:?}");
}

#[test]
fn a_baseline_is_written_once_and_later_runs_are_held_to_it() {
    let session = session();
    let baseline = ["--baseline", "baseline.json", "--expect-no-drift"];
    let first = watched(&session, "quiet.ndjson", &baseline);
    assert_eq!(first.code, 0, "{first:?}");
    let written = session.read("baseline.json");
    assert!(serde_json::from_str::<Value>(&written).unwrap().to_string().contains("large"), "{written}");
    // From the first window on: nothing has to be learned.
    session.file("total.ndjson", minutes(|_| "total"));
    let second = watched(&session, "total.ndjson", &baseline);
    let change = &second.json()["drift"]["changes"][0];
    assert!(
        second.code == 1 && change["rule"] == "large" && change["window"].as_i64().unwrap() % 60 <= 1,
        "{second:?}"
    );
    assert_eq!(change["cause"]["new_name"], "/detail/payment/total", "{change}");
    assert_eq!(session.read("baseline.json"), written, "a baseline is not learned from what drifted");
    // Without it, what has always been so is quiet.
    assert_eq!(watched(&session, "total.ndjson", &["--expect-no-drift"]).code, 0);

    session.file("baseline.json", "{}\n");
    let broken = watched(&session, "quiet.ndjson", &baseline);
    assert!(
        broken.code == 2 && broken.err.contains("baseline.json is no baseline of match rates"),
        "{broken:?}"
    );
    assert_eq!(session.read("baseline.json"), "{}\n");
}
