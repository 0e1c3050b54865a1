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

/// Minutes with 300 events each, of which 3 % are large; from the `renamed`th on, `amount` is called `total`.
fn thin_minutes(minutes: usize, renamed: usize) -> String {
    (0..minutes * 300)
        .map(|number| {
            let (minute, second) = (number / 300, number % 60);
            let name = if minute < renamed { "amount" } else { "total" };
            // 7,919 is prime: values come in no order, and each once in a hundred.
            let value = number * 7_919 % 100 * 10;
            format!(
                "{{\"id\":\"{number}\",\"source\":\"shop\",\"detail-type\":\"Order\",\
                 \"time\":\"2026-01-02T{:02}:{:02}:{second:02}Z\",\"detail\":{{\"{name}\":{value}}}}}\n",
                minute / 60,
                minute % 60
            )
        })
        .collect()
}

const THIN_RULES: &str = "\
- Name: large
  EventPattern: {source: [shop], detail: {amount: [{numeric: [\">=\", 970]}]}}
- Name: none
  EventPattern: {source: [elsewhere]}
";

#[test]
fn drift_of_a_rule_with_few_matches_in_thin_windows_fails_the_expectation() {
    let session = Session::new();
    session.file("rules.yaml", THIN_RULES).file("thin.ndjson", thin_minutes(90, 60));
    let arguments = ["--expect-no-drift", "--baseline-windows", "30"];
    let ran = watched(&session, "thin.ndjson", &arguments);
    assert_eq!(ran.code, 1, "{ran:?}");
    let drift = &ran.json()["drift"];
    assert_eq!(drift["dropped"].to_string(), "[\"large\"]", "{drift}");
    assert_eq!(drift["changes"][0]["cause"]["new_name"], "/detail/total", "{drift}");
    assert_eq!((&drift["rules_compared"], &drift["too_rare"][0]["rule"]), (&1.into(), &"none".into()));
    assert!(ran.err.contains("rule none: too rare to tell whether it matches less"), "{ran:?}");

    session.file("quiet.ndjson", thin_minutes(90, 90));
    let quiet = watched(&session, "quiet.ndjson", &arguments);
    assert_eq!(quiet.code, 0, "{quiet:?}");
}

#[test]
fn an_expectation_of_no_drift_is_not_met_by_comparing_nothing() {
    let session = session();
    session.file("short.ndjson", thin_minutes(2, 2));
    let ran = watched(&session, "short.ndjson", &["--expect-no-drift"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(
        ran.err.contains("no match rates were compared") && ran.err.contains("--baseline-windows"),
        "{ran:?}"
    );
    // Without the expectation nothing was promised.
    assert_eq!(watched(&session, "short.ndjson", &[]).code, 0);
    // Who learns a baseline got one, and is told that it is all.
    let learning = ["--expect-no-drift", "--baseline", "learned.json", "--baseline-windows", "2"];
    let learned = watched(&session, "short.ndjson", &learning);
    assert!(learned.code == 0 && learned.err.contains("no match rates were compared"), "{learned:?}");
    assert!(session.read("learned.json").contains("large"));
}

#[test]
fn windows_that_make_no_sense_are_refused_with_what_would() {
    let session = session();
    for window in ["0s", "999ms", "8days", "99999999999d", "often"] {
        let ran =
            session.run(&["sample", "--rules", "rules.yaml", "--events", "quiet.ndjson", "--window", window]);
        assert_eq!(ran.code, 2, "{window}: {ran:?}");
        assert!(ran.err.contains("1s to 7days"), "{window}: {ran:?}");
    }
}
