//! What goes wrong with `probe run`, each with its message and exit code, and what a redrive makes of it.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::account::{Account, Ran};
use super::bed::{BUS, Bed, end, wait_for};
use super::fake::Fake;
use super::ministack::endpoint_url;
use super::proxy::{Fate, Proxy};

const PUT_EVENTS: &str = "AWSEvents.PutEvents";

fn error(code: &str, message: &str) -> Fate {
    let status = if code == "InvalidSignatureException" { 403 } else { 400 };
    Fate::Answer(status, json!({"__type": code, "message": message}).to_string())
}

/// A run of six events whose `PutEvents` is answered with this error; then the way is free and it is redriven.
fn refused(code: &'static str, message: &'static str, says: &[&str]) {
    let bed = Bed::small(6);
    let proxy = Proxy::start(
        move |request| {
            if request.target == PUT_EVENTS { error(code, message) } else { Fate::Pass }
        },
    );
    let ran = Ran::from(bed.run_command(&proxy.url, &[]).output().unwrap());
    ran.assert(3, &[&["nothing is lost; `ruleproof probe redrive 2"], says].concat());
    assert_eq!((ran.counts(), &ran.json()["end"]), ([0, 0, 0, 6], &json!("incomplete")));
    let redriven = bed.redrive();
    redriven.assert(0, &[]);
    assert_eq!(redriven.counts(), [4, 2, 0, 0]);
}

#[test]
fn access_denied() {
    refused(
        "AccessDeniedException",
        "User: x is not authorized to perform: events:PutEvents",
        &[
            "EventBridge PutEvents: AccessDeniedException: User: x",
            "hint: allow the operation in the IAM policy",
        ],
    );
}

#[test]
fn clock_skew() {
    refused(
        "InvalidSignatureException",
        "Signature expired: 20261122T100000Z is now earlier than 20261122T103000Z",
        &["Signature expired", "hint: set this machine's clock"],
    );
}

#[test]
fn no_credentials_and_endpoints_that_nobody_listens_on() {
    let bed = Bed::small(3);
    let run = ["probe", "run", "--rules", "rules.json", "--events", "events.ndjson", "--region", "us-east-1"];
    let files = ["--results", "results.ndjson", "--latency-log", "times.hlog"];
    let run = [&run[..], &files].concat();
    let ran = Ran::from(bed.account.bare_command(&run).output().unwrap());
    ran.assert(3, &["no AWS credentials in the environment", "hint: give --profile or AWS_PROFILE"]);
    let ran = Ran::from(bed.run_command("http://127.0.0.1:1", &[]).output().unwrap());
    ran.assert(3, &["no connection to EventBridge in us-east-1 at http://127.0.0.1:1", "check --region"]);
    // Nothing was begun, and nothing is left behind.
    assert!(!files.iter().any(|file| bed.account.path(file).exists()));
    bed.account.run(&["probe", "show"]).assert(2, &["ruleproof-tracking.db: there is no such file"]);
}

#[test]
fn a_wrong_region_and_a_bus_that_is_missing_incomplete_or_of_other_rules() {
    let bed = Bed::small(3);
    // Names below `.invalid` exist nowhere, and nobody is asked for them.
    let elsewhere = ["--region", "eu-nowhere-9"];
    let ran = bed.run_command("https://events.eu-nowhere-9.invalid", &elsewhere).output().unwrap();
    Ran::from(ran).assert(3, &["no connection to EventBridge in eu-nowhere-9", "check --region"]);
    let fake = Fake::answering(400, r#"{"__type": "ResourceNotFoundException", "message": "no bus"}"#);
    let ran = bed.run_command(&fake.url, &["--region", "eu-west-1"]).output().unwrap();
    let missing = "there is no event bus `ruleproof-test` in eu-west-1";
    Ran::from(ran).assert(2, &[missing, "set it up with `ruleproof probe up`", "check --region"]);
    bed.write("rules.json", r#"[{"Name": "x", "EventPattern": {"source": ["x"]}}]"#);
    bed.run(&[]).assert(2, &["mirrors other rules than these", "`ruleproof probe up`"]);
    bed.account.events("DeleteRule", &json!({"EventBusName": "ruleproof-test", "Name": "rp-catch-all"}));
    bed.run(&[]).assert(2, &["is not there, or a part of it only"]);
}

#[test]
fn mirrors_that_somebody_changed_or_removed_are_named() {
    let bed = Bed::small(3);
    bed.account.events("DisableRule", &json!({"EventBusName": BUS, "Name": bed.mirror("paid")}));
    bed.run(&[]).assert(1, &["the mirrors of paid are disabled or have other patterns", "probe up"]);
    let mirror = bed.mirror("paid");
    let request = json!({"EventBusName": BUS, "Rule": mirror});
    let targets = bed.account.events("ListTargetsByRule", &request)["Targets"].clone();
    let ids: Vec<_> = targets.as_array().unwrap().iter().map(|target| target["Id"].clone()).collect();
    bed.account.events("RemoveTargets", &json!({"EventBusName": BUS, "Rule": mirror, "Ids": ids}));
    bed.account.events("DeleteRule", &json!({"EventBusName": BUS, "Name": mirror}));
    bed.run(&[])
        .assert(2, &["the mirrors of paid are gone from bus `ruleproof-test`", "`ruleproof probe up`"]);
    bed.account.run(&["probe", "up", "--yes", "--rules", "rules.json"]).assert(0, &["is complete"]);
    bed.run(&[]).assert(0, &[]);
}

#[test]
fn a_queue_that_is_deleted_in_the_middle() {
    let bed = Bed::small(6);
    let proxy = Proxy::start(|_| Fate::Pass);
    let child = bed.run_command(&proxy.url, &["--timeout", "60s"]).spawn().unwrap();
    wait_for("PutEvents", || !proxy.requests(PUT_EVENTS).is_empty());
    bed.account.queues("DeleteQueue", &json!({"QueueUrl": bed.queue("receipts")}));
    let ran = end(child);
    ran.assert(3, &["something of the testbed is gone", "`ruleproof probe up`", "probe redrive 2"]);
    bed.account.run(&["probe", "up", "--yes", "--rules", "rules.json"]).assert(0, &["is complete"]);
    let redriven = bed.redrive();
    assert_eq!(redriven.counts()[3], 0, "{redriven:?}");
}

#[test]
fn throttling_slows_a_run_and_does_not_end_it() {
    let bed = Bed::small(30);
    let count = AtomicUsize::new(0);
    let proxy = Proxy::start(move |request| {
        let throttled = request.target == PUT_EVENTS && count.fetch_add(1, Ordering::Relaxed) < 5;
        if throttled { error("ThrottlingException", "Rate exceeded") } else { Fate::Pass }
    });
    let ran = Ran::from(bed.run_command(&proxy.url, &["--rate", "100/s"]).output().unwrap());
    ran.assert(0, &[]);
    assert_eq!(ran.counts(), [20, 10, 0, 0]);
}

#[test]
fn connections_that_break_after_the_call_took_effect_double_nothing() {
    let bed = Bed::small(9);
    let count = AtomicUsize::new(0);
    let proxy = Proxy::start(move |request| {
        let lost = request.target == PUT_EVENTS && count.fetch_add(1, Ordering::Relaxed) < 2;
        if lost {
            // MiniStack takes the events, and its answer cannot be read.
            return Fate::Change(request.body.clone(), Box::new(|_| "<html>Bad Gateway</html>".to_owned()));
        }
        if request.target.ends_with("DeleteMessageBatch") && count.fetch_add(1, Ordering::Relaxed) < 4 {
            return Fate::HangUp;
        }
        Fate::Pass
    });
    let ran = Ran::from(bed.run_command(&proxy.url, &["--timeout", "4s"]).output().unwrap());
    ran.assert(0, &[]);
    assert_eq!(ran.counts(), [6, 3, 0, 0]);
    assert!(ran.json()["messages"]["duplicate"].as_u64() > Some(0), "{ran:?}");
}

#[test]
fn events_that_cannot_be_sent_and_what_is_no_event() {
    let bed = Bed::small(3);
    let large = json!({"source": "shop", "detail-type": "T", "detail": {"t": "x".repeat(1 << 20)}});
    bed.write(
        "large.ndjson",
        &format!("{large}\n{{\"source\":\"other\",\"detail-type\":\"T\",\"detail\":{{}}}}\n"),
    );
    let ran = bed.run(&["--events", "large.ndjson", "--format", "human"]);
    ran.assert(
        1,
        &["large.ndjson:1: event 0: errored", "EVENT_TOO_LARGE: as an entry it has", "1  unmatched"],
    );
    bed.write("garbage.txt", "this is\nno event at all\n");
    let ran = bed.run(&["--events", "garbage.txt", "--format", "human"]);
    ran.assert(2, &["not one event could be sent", "garbage.txt:1"]);
    bed.write("empty.ndjson", "");
    bed.run(&["--events", "empty.ndjson"]).assert(4, &["no events were read"]);
    bed.run(&["--events", "missing.ndjson"]).assert(2, &["missing.ndjson"]);
}

#[test]
fn tracking_files_that_cannot_be_used() {
    let bed = Bed::small(3);
    bed.write(
        "notes.txt",
        "not a database, but long enough to be taken for something else by a hasty reader",
    );
    bed.run(&["--tracking", "notes.txt"])
        .assert(2, &["notes.txt", "is no tracking store", "name another file"]);
    bed.run(&["--tracking", "no/such/folder.db"]).assert(2, &["no/such/folder.db", "cannot be opened"]);
    bed.run(&["--tracking", "events.ndjson"]).assert(2, &["events.ndjson", "is no tracking store"]);
    bed.run(&["--tracking", "dynamodb://"]).assert(2, &["a table is named like dynamodb://runs"]);
    bed.run(&["--tracking", "dynamodb://nothing"]).assert(3, &["there is no such table"]);
    bed.run(&["--results", "events.ndjson"]).assert(2, &["events.ndjson is among the events"]);
}

#[test]
fn a_start_that_fails_leaves_no_tracking_file() {
    let bed = Bed::small(3);
    let files = || {
        let names = std::fs::read_dir(bed.account.path("")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains("tracking")).collect::<Vec<_>>()
    };
    bed.run(&["--bus", "nowhere"]).assert(2, &["there is no event bus `nowhere`"]);
    assert_eq!(files(), Vec::<String>::new());
    bed.run(&[]).assert(0, &[]);
    let made = files();
    bed.run(&["--bus", "nowhere"]).assert(2, &["there is no event bus `nowhere`"]);
    assert_eq!(files(), made);
    bed.only_run();
}

#[test]
fn two_runs_at_once_share_neither_a_file_nor_a_testbed() {
    let bed = Bed::small(3);
    let proxy = Proxy::start(|_| Fate::Pass);
    let first = bed.run_command(&proxy.url, &[]).spawn().unwrap();
    wait_for("PutEvents", || !proxy.requests(PUT_EVENTS).is_empty());
    bed.run(&[]).assert(2, &["another `probe run` or `probe redrive` works with it", "--tracking"]);
    let other = ["--tracking", "other.db", "--results", "other.ndjson"];
    bed.run(&other).assert(2, &["is marked as in use by run 2", "ruleproof probe redrive 2", "--take-over"]);
    assert!(other.iter().all(|file| !bed.account.path(file).exists()));
    // To look at it is allowed.
    bed.account.run(&["probe", "show"]).assert(0, &["not finished", "can be redriven"]);
    end(first).assert(0, &[]);
}

#[test]
fn the_testbed_of_a_run_that_was_killed_is_taken_over_by_whoever_knows_that() {
    let bed = Bed::small(3);
    let proxy = Proxy::start(|_| Fate::Pass);
    let mut first = bed.run_command(&proxy.url, &[]).spawn().unwrap();
    wait_for("PutEvents", || !proxy.requests(PUT_EVENTS).is_empty());
    first.kill().unwrap();
    first.wait().unwrap();
    // Until nothing more goes to what it had asked for.
    std::thread::sleep(Duration::from_secs(3));
    bed.run(&["--tracking", "other.db"]).assert(2, &["is marked as in use by run 2"]);
    let ran = bed.run(&["--tracking", "other.db", "--take-over"]);
    ran.assert(0, &[]);
    assert_eq!(ran.counts(), [2, 1, 0, 0]);
    // It has let go.
    bed.run(&["--tracking", "third.db"]).assert(0, &[]);
}

fn interrupt(id: u32) {
    assert!(Command::new("kill").args(["-INT", &id.to_string()]).status().unwrap().success());
}

#[test]
fn an_interrupted_run_is_redriven() {
    let bed = Bed::small(30);
    let proxy = Proxy::start(|_| Fate::Pass);
    let child = bed.run_command(&proxy.url, &["--rate", "10/s"]).spawn().unwrap();
    wait_for("PutEvents", || proxy.requests(PUT_EVENTS).len() > 3);
    interrupt(child.id());
    let ran = end(child);
    ran.assert(130, &["interrupted; `ruleproof probe redrive 2"]);
    assert_eq!(ran.json()["end"], "interrupted");
    assert!(ran.counts()[3] > 0, "{ran:?}");
    bed.account.run(&["probe", "show"]).assert(0, &["interrupted; can be redriven"]);
    let redriven = bed.redrive();
    redriven.assert(0, &[]);
    assert_eq!(redriven.counts(), [20, 10, 0, 0]);
}

#[test]
fn a_silent_standard_input_is_interrupted_and_cannot_be_read_again() {
    let bed = Bed::small(3);
    let mut command = bed.run_command(endpoint_url(), &["--events", "-"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _stdin = child.stdin.take();
    wait_for("the run's record", || {
        let shown = bed.account.run(&["probe", "show"]);
        shown.code == Some(0)
    });
    interrupt(child.id());
    end(child).assert(130, &[]);
    let run = bed.only_run();
    let again = bed.account.run(&["probe", "redrive", &run]);
    again.assert(2, &["cannot be read again; nothing has been sent", "hint: begin a new run"]);
}

#[test]
fn runs_that_are_not_there_and_rules_that_have_changed() {
    let bed = Bed::small(3);
    bed.run(&[]).assert(0, &[]);
    let unknown = "20261122T164500Z-3f9a01bc";
    for command in ["redrive", "show"] {
        bed.account
            .run(&["probe", command, unknown])
            .assert(2, &["there is no run 20261122T164500Z-3f9a01bc"]);
        bed.account.run(&["probe", command, "last"]).assert(2, &["`last` names no run"]);
        let elsewhere = ["probe", command, unknown, "--tracking", "other.db"];
        bed.account.run(&elsewhere).assert(2, &["other.db: there is no such file"]);
    }
    let run = bed.only_run();
    bed.write("rules.json", r#"[{"Name": "x", "EventPattern": {"source": ["x"]}}]"#);
    let again = bed.account.run(&["probe", "redrive", &run]);
    again.assert(2, &["the rules have changed since run", "begin a new run"]);
}

#[test]
fn another_account_is_not_taken_for_that_of_the_run() {
    let (bed, other) = (Bed::small(3), Account::new());
    bed.run(&[]).assert(0, &[]);
    let run = bed.only_run();
    let again = || {
        let mut command = bed.account.command(&["probe", "redrive", &run]);
        command.env("AWS_ACCESS_KEY_ID", &other.number).env("AWS_ENDPOINT_URL", endpoint_url());
        Ran::from(command.output().unwrap())
    };
    again().assert(2, &["there is no event bus `ruleproof-test`"]);
    let rules = bed.account.path("rules.json").display().to_string();
    other.run(&["probe", "up", "--yes", "--rules", &rules]).assert(0, &[]);
    again().assert(2, &["the run is of arn:aws:events", "these credentials lead to", "hint: give --profile"]);
}
