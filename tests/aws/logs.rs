//! `replay` of the events of a log group, on MiniStack. Its FilterLogEvents has neither pages nor ids of events: pages come
//! from a server of our own.

use std::path::Path;

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::fake::Fake;
use super::inputs::{RULES, inputs};
use super::ministack::{ask, endpoint_url};
use super::resumed::{CHECKPOINT, PAYLOADS, RESULTS, survives_kills};

fn account() -> Account {
    let account = Account::new();
    std::fs::write(account.path("rules.yaml"), RULES).unwrap();
    account
}

fn logs(account: &Account, operation: &str, request: &Value) -> Value {
    ask(&account.number, "logs", &format!("Logs_20140328.{operation}"), request)
}

/// A log group with these messages in two streams, four at each time; the time of the first.
fn group(account: &Account, name: &str, messages: &[String]) -> u64 {
    let now_ms =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
    let begin = now_ms - 3_600_000;
    logs(account, "CreateLogGroup", &json!({"logGroupName": name}));
    for stream in ["a", "b"] {
        let named = json!({"logGroupName": name, "logStreamName": stream});
        logs(account, "CreateLogStream", &named);
        let events: Vec<Value> = messages
            .iter()
            .enumerate()
            .filter(|(at, _)| (at % 2 == 0) == (stream == "a"))
            .map(|(at, message)| json!({"timestamp": begin + at as u64 / 4 * 10, "message": message}))
            .collect();
        for events in events.chunks(500) {
            let mut request = named.clone();
            request["logEvents"] = json!(events);
            logs(account, "PutLogEvents", &request);
        }
    }
    begin
}

fn messages(count: usize) -> Vec<String> {
    let (_, plain) = inputs(3, count).swap_remove(0);
    String::from_utf8(plain).unwrap().lines().map(str::to_owned).collect()
}

fn rfc_3339(ms: u64) -> String {
    humantime::format_rfc3339_millis(std::time::UNIX_EPOCH + std::time::Duration::from_millis(ms)).to_string()
}

#[test]
fn a_replay_of_a_log_group_that_is_killed_anywhere_ends_like_one_that_is_not() {
    let account = account();
    group(&account, "/aws/events/all", &messages(8_000));
    let folder = account.path("");
    survives_kills(20_261_124, 8, Path::new(&folder), |more| {
        let files = ["--results", RESULTS, "--payloads", PAYLOADS];
        account.replay("logs:///aws/events/all", &[&files[..], more].concat())
    });
}

#[test]
fn times_bound_what_is_read() {
    let account = account();
    let begin = group(&account, "shop", &messages(100));
    let read = |since: Option<u64>, until: Option<u64>| {
        let (since, until) = (since.map(|ms| rfc_3339(begin + ms)), until.map(|ms| rfc_3339(begin + ms)));
        let mut more = vec!["--results", RESULTS];
        more.extend(since.iter().flat_map(|time| ["--since", time]));
        more.extend(until.iter().flat_map(|time| ["--until", time]));
        let ran = Ran::of(&mut account.replay("logs://shop", &more));
        ran.assert(0, &[]);
        serde_json::from_str::<Value>(&ran.out).unwrap()["read"].as_u64().unwrap()
    };
    assert_eq!(read(None, None), 100);
    assert_eq!(read(Some(10), None), 96);
    assert_eq!(read(Some(10), Some(30)), 8);
    assert_eq!(read(None, Some(10)), 4);
    let named = std::fs::read_to_string(account.path(RESULTS)).unwrap();
    assert!(
        named.contains(r#""input":"logs://shop/a/"#) && named.contains(r#""input":"logs://shop/b/"#),
        "{named}"
    );
    let none = ["--until", "2001-01-01"];
    Ran::of(&mut account.replay("logs://shop", &none)).assert(4, &["no events were read"]);
    Ran::of(
        account
            .command(&["diff", "rules.yaml", "rules.yaml", "--events", "logs://shop"])
            .env("AWS_ENDPOINT_URL", endpoint_url()),
    )
    .assert(0, &["100 events"]);
}

fn page(events: &[(u64, &str, &str)], next: Option<&str>) -> (u16, String) {
    let events: Vec<Value> = events
        .iter()
        .map(|(at, id, message)| json!({"timestamp": at, "eventId": id, "logStreamName": "s", "message": message}))
        .collect();
    (200, json!({"events": events, "nextToken": next}).to_string())
}

#[test]
fn pages_may_be_empty_and_out_of_order() {
    let account = account();
    let event = |n: u32| format!("{{\"source\":\"shop\",\"n\":{n}}}");
    let (one, two, three) = (event(1), event(2), event(3));
    let fake = Fake::answering_in_turn(vec![
        page(&[], Some("look")),
        page(&[], Some("t1")),
        page(&[(9, "c", &three), (5, "b", &two)], Some("t2")),
        page(&[], Some("t3")),
        page(&[(5, "a", &one), (5, "b", &two)], None),
    ]);
    let mut command = account
        .replay("logs://g", &["--results", RESULTS, "--checkpoint", CHECKPOINT, "--until", "2026-01-01"]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url)).assert(0, &["\"read\":3,"]);
    let results = std::fs::read_to_string(account.path(RESULTS)).unwrap();
    let inputs: Vec<String> = results
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["input"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(inputs, ["logs://g/s/a", "logs://g/s/b", "logs://g/s/c"]);
    let tokens: Vec<Value> = fake
        .bodies()
        .iter()
        .map(|body| serde_json::from_str::<Value>(body).unwrap()["nextToken"].clone())
        .collect();
    assert_eq!(tokens, [json!(null), json!(null), json!("t1"), json!("t2"), json!("t3")]);
}

#[test]
fn an_event_that_is_gone_since_the_checkpoint_is_named() {
    let account = account();
    group(&account, "shop", &messages(40));
    let kept = ["--results", RESULTS, "--checkpoint", CHECKPOINT];
    Ran::of(&mut account.replay("logs://shop", &kept)).assert(0, &[]);
    let mut checkpoint: Value =
        serde_json::from_str(&std::fs::read_to_string(account.path(CHECKPOINT)).unwrap()).unwrap();
    let place = json!({"at_ms": 7, "stream": "a", "id": "x", "last_ms": 9}).to_string();
    checkpoint["state"]["position"] = json!({"input": 0, "place": place, "items": 1});
    std::fs::write(account.path(CHECKPOINT), checkpoint.to_string()).unwrap();
    Ran::of(&mut account.replay("logs://shop", &[&kept[..], &["--resume"]].concat()))
        .assert(2, &["event x was being read at the checkpoint and is gone"]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let account = account();
    Ran::of(&mut account.replay("logs://no-such-group", &[]))
        .assert(2, &["CloudWatch Logs FilterLogEvents: ResourceNotFoundException"]);
    Ran::of(&mut account.replay("logs://", &[])).assert(2, &["names no log group"]);
    let denied = (400, r#"{"__type":"AccessDeniedException","message":"no"}"#.to_owned());
    let fake = Fake::answering_in_turn(vec![denied.clone()]);
    let mut command = account.replay("logs://g", &[]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url))
        .assert(3, &["FilterLogEvents: AccessDeniedException", "IAM policy"]);
    let fake = Fake::answering_in_turn(vec![page(&[], None), page(&[], Some("t")), denied]);
    let mut command = account.replay("logs://g", &["--checkpoint", CHECKPOINT]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url))
        .assert(3, &["AccessDeniedException", "\"read\":0,", "--resume"]);
}
