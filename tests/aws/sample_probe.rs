//! `sample --probe`: a part of the sample goes through a testbed on MiniStack.

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::bed::{BUS, Bed};

/// `sample` of all events, all of which go through the testbed.
fn sample(account: &Account, more: &[&str]) -> Ran {
    let sample = ["sample", "--rules", "rules.json", "--events", "events.ndjson", "--format", "json"];
    let probe = ["--probe", "100%", "--probe-rate", "1000/s", "--probe-timeout", "2s"];
    account.run(&[&sample[..], &probe, more].concat())
}

fn probed(ran: &Ran) -> Value {
    serde_json::from_str::<Value>(&ran.out).unwrap()["probed"].take()
}

fn counts(probed: &Value) -> [u64; 4] {
    ["delivered", "unmatched", "errored", "disagreed"].map(|name| probed[name].as_u64().unwrap())
}

#[test]
fn verdicts_of_the_bus_stand_beside_our_own() {
    let bed = Bed::small(30);
    let ran = sample(&bed.account, &["--probe-results", "probed.ndjson"]);
    let probed = probed(ran.assert(0, &["waiting for what is on its way"]));
    assert_eq!(counts(&probed), [20, 10, 0, 0], "{probed}");
    for none in ["refused", "stale", "dropped", "open"] {
        assert_eq!(probed[none], 0, "{probed}");
    }
    let lines = std::fs::read_to_string(bed.account.path("probed.ndjson")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let delivered = lines.iter().filter(|line| line["verdict"] == "delivered").count();
    assert_eq!((lines.len(), delivered), (30, 20));
    assert!(lines.iter().all(|line| line["event_id"].is_string()), "{lines:?}");
    // The next one finds the queues empty.
    let again = self::probed(sample(&bed.account, &[]).assert(0, &[]));
    assert_eq!(counts(&again), [20, 10, 0, 0], "{again}");
}

#[test]
fn what_no_target_gets_is_told_by_code_and_a_disagreement_has_its_own_exit_code() {
    let bed = Bed::small(30);
    let request = json!({"EventBusName": BUS, "Rule": bed.mirror("all"), "Ids": ["target-0"]});
    bed.account.events("RemoveTargets", &request);
    let probed = probed(sample(&bed.account, &[]).assert(0, &[]));
    assert_eq!(counts(&probed), [0, 10, 20, 0], "{probed}");
    let code = &probed["codes"][0];
    assert_eq!((&code["code"], &code["events"]), (&json!("TIMED_OUT_MATCHED"), &json!(20)), "{probed}");

    let wider = json!({"source": ["shop", "other"]}).to_string();
    let request = json!({"EventBusName": BUS, "Name": bed.mirror("paid"), "EventPattern": wider});
    bed.account.events("PutRule", &request);
    let ran = sample(&bed.account, &[]);
    let probed = self::probed(ran.assert(5, &[]));
    assert!(counts(&probed)[3] >= 10, "{probed}");
    assert!(!ran.out.contains("\"detail\""), "contents of events are private");
}

#[test]
fn without_a_testbed_for_these_rules_nothing_begins() {
    let bed = Bed::small(3);
    sample(&bed.account, &["--probe-bus", "elsewhere"]).assert(2, &["probe up", "elsewhere"]);
    bed.write("rules.json", r#"[{"Name": "other", "EventPattern": {"source": ["other"]}}]"#);
    sample(&bed.account, &[]).assert(2, &["mirrors other rules than these"]);
}
