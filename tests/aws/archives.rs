//! `replay` of an archive, on MiniStack: with a rule and a queue of its own, of which nothing is left. MiniStack replays in
//! no time and does not know `FilterArns`, so that it is sent is seen by a server of our own.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::fake::Fake;

const RULES: &str = r#"[{"Name": "placed", "EventPattern": {"source": ["shop"], "detail": {"n": [{"numeric": [">=", 10]}]}}}]"#;
const RESULTS: &str = "results.ndjson";
const KEPT: [&str; 4] = ["--results", RESULTS, "--checkpoint", "checkpoint.json"];

/// An account with the bus `orders`, whose archive `kept` holds so many events.
fn account(events: usize) -> Account {
    let account = Account::new();
    std::fs::write(account.path("rules.yaml"), RULES).unwrap();
    let bus = account.events("CreateEventBus", &json!({"Name": "orders"}));
    account.events("CreateArchive", &json!({"ArchiveName": "kept", "EventSourceArn": bus["EventBusArn"]}));
    let numbers: Vec<usize> = (0..events).collect();
    for numbers in numbers.chunks(10) {
        let entries: Vec<Value> = numbers
            .iter()
            .map(|n| {
                let detail = json!({"n": n}).to_string();
                json!({"EventBusName": "orders", "Source": "shop", "DetailType": "Placed", "Detail": detail})
            })
            .collect();
        account.events("PutEvents", &json!({"Entries": entries}));
    }
    account
}

/// The ids of events in the results, each of which is there once.
fn ids(account: &Account) -> usize {
    let text = std::fs::read_to_string(account.path(RESULTS)).unwrap();
    let id =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["event_id"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = text.lines().map(id).collect();
    let lines = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), lines);
    lines
}

#[test]
fn an_archive_is_replayed_and_nothing_is_left_of_it() {
    let account = account(45);
    let ran = Ran::of(&mut account.replay("archive://kept", &["--results", RESULTS]));
    ran.assert(0, &["\"read\":45,", "\"delivered\":35,"]);
    assert_eq!(ids(&account), 45);
    account.assert_empty_but("orders");
    Ran::of(&mut account.replay("archive://kept", &KEPT)).assert(0, &["\"read\":45,"]);
    account.assert_empty_but("orders");
    Ran::of(&mut account.replay("archive://kept", &["--limit", "20"])).assert(0, &["\"read\":20,"]);
    account.assert_empty_but("orders");
    Ran::of(&mut account.replay("archive://kept", &["--until", "2001-01-01"]))
        .assert(4, &["no events were read"]);
    account.assert_empty_but("orders");
}

#[test]
fn a_replay_of_an_archive_that_was_killed_goes_on_with_the_same_queue() {
    let account = account(300);
    let more = ["--checkpoint-every", "0s", "--visibility", "2s"];
    let mut child = account.replay("archive://kept", &[&KEPT[..], &more].concat()).spawn().unwrap();
    let began = Instant::now();
    while std::fs::read(account.path(RESULTS)).unwrap_or_default().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (_, rules, queues) = account.everything("orders");
    assert!(rules.iter().any(|rule| rule.starts_with("rp-replay-")), "{rules:?}");
    assert_eq!(queues.len(), 1);
    let ran = Ran::of(&mut account.replay("archive://kept", &[&KEPT[..], &more, &["--resume"]].concat()));
    ran.assert(0, &["\"read\":300,"]);
    assert_eq!(ids(&account), 300);
    account.assert_empty_but("orders");
}

#[test]
fn what_a_killed_replay_left_is_swept() {
    let account = account(300);
    let mut child = account.replay("archive://kept", &["--results", RESULTS]).spawn().unwrap();
    let began = Instant::now();
    while account.everything("orders").2.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
    }
    // Until the rule is there as well.
    std::thread::sleep(Duration::from_millis(500));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(account.everything("orders").2.len(), 1);
    std::thread::sleep(Duration::from_millis(1_100));
    // Nobody can tell that it is not running any more, before its mark is over.
    sweep(&account).assert(0, &["bus orders is left alone: a run uses its testbed"]);
    let rule = account.everything("orders").1.remove(0);
    let arn = format!("arn:aws:events:us-east-1:{}:rule/orders/{rule}", account.number);
    let over = json!([{"Key": "ruleproof:in-use-until-s", "Value": "1"}]);
    account.events("TagResource", &json!({"ResourceARN": arn, "Tags": over}));
    sweep(&account).assert(0, &["1 rules and 1 queues"]);
    account.assert_empty_but("orders");
}

fn sweep(account: &Account) -> Ran {
    account.run(&["probe", "sweep", "--older-than", "0s", "--yes"])
}

#[test]
fn what_an_interrupted_replay_leaves_for_the_next_one_is_swept_at_once() {
    let account = account(300);
    let more = [&KEPT[..], &["--checkpoint-every", "0s"]].concat();
    let child = account.replay("archive://kept", &more).spawn().unwrap();
    let began = Instant::now();
    while std::fs::read(account.path(RESULTS)).unwrap_or_default().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    ran.assert(130, &["the temporary rule and queue stay until then"]);
    assert_eq!(account.everything("orders").2.len(), 1);
    std::thread::sleep(Duration::from_millis(1_100));
    sweep(&account).assert(0, &["1 rules and 1 queues"]);
    let resumed = [&more[..], &["--resume"]].concat();
    Ran::of(&mut account.replay("archive://kept", &resumed)).assert(2, &["is gone"]);
}

#[test]
fn an_interrupt_removes_what_was_made_for_the_replay() {
    let account = account(300);
    let child = account.replay("archive://kept", &["--results", RESULTS]).spawn().unwrap();
    let began = Instant::now();
    while std::fs::read(account.path(RESULTS)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    Ran::from(child.wait_with_output().unwrap()).assert(130, &[]);
    account.assert_empty_but("orders");
}

/// What EventBridge and SQS say while a replay is set up.
fn set_up_answers() -> Vec<(u16, String)> {
    let bus = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
    let archive =
        json!({"ArchiveArn": "arn:aws:events:us-east-1:123456789012:archive/kept", "EventSourceArn": bus});
    let rule = json!({"RuleArn": "arn:aws:events:us-east-1:123456789012:rule/orders/ours"});
    [archive, json!({"QueueUrl": "http://x/1/q"}), rule, json!({"FailedEntryCount": 0, "FailedEntries": []})]
        .map(|answer| (200, answer.to_string()))
        .into()
}

#[test]
fn nothing_is_made_for_a_replay_that_cannot_begin_here() {
    let account = account(0);
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let kept = ["--results", RESULTS, "--checkpoint", "none/checkpoint.json"];
    for (more, says) in [
        (&["--results", "none/results.ndjson"][..], "none/results.ndjson cannot be written"),
        (&["--results", "rules.yaml"], "rules.yaml is among the rules"),
        (&["--metrics-listen", &taken], &*taken),
        (&kept, "none/checkpoint.json cannot be written"),
    ] {
        let fake = Fake::answering_in_turn(set_up_answers());
        let ran = Ran::of(account.replay("archive://kept", more).env("AWS_ENDPOINT_URL", &fake.url));
        ran.assert(2, &[says]);
        assert_eq!(fake.requests(), 0, "{more:?}");
    }
}

#[test]
fn an_interrupt_while_a_replay_is_set_up_removes_what_is_there_by_then() {
    let account = account(0);
    for more in [&["--results", RESULTS][..], &KEPT] {
        let mut answers = set_up_answers();
        // From the third request on, things are removed.
        answers.truncate(2);
        answers.push((200, "{}".to_owned()));
        let fake = Fake::answering_slowly(answers, Duration::from_millis(700));
        let child =
            account.replay("archive://kept", more).env("AWS_ENDPOINT_URL", &fake.url).spawn().unwrap();
        let began = Instant::now();
        while fake.requests() < 2 {
            assert!(began.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let ran = Ran::from(child.wait_with_output().unwrap());
        ran.assert(130, &["`archive://kept`: interrupted before it was open"]);
        let bodies: Vec<Value> =
            fake.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
        // CancelReplay, RemoveTargets, DeleteRule, DeleteQueue.
        assert_eq!(bodies.len(), 6, "{bodies:?}");
        assert_eq!(bodies[5]["QueueUrl"], "http://x/1/q");
        assert!(!account.path("checkpoint.json").exists());
    }
}

#[test]
fn only_the_rule_of_the_replay_is_reached_and_a_replay_that_is_refused_leaves_nothing() {
    let account = account(0);
    let denied = (400, r#"{"__type":"AccessDeniedException","message":"no StartReplay"}"#.to_owned());
    let fine = (200, "{}".to_owned());
    let fake = Fake::answering_in_turn([set_up_answers(), vec![denied, fine]].concat());
    let times = ["--since", "2026-03-04T05:00:00Z", "--until", "2026-03-04T06:00:00Z"];
    let mut command = account.replay("archive://kept", &times);
    Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url))
        .assert(3, &["StartReplay: AccessDeniedException", "IAM policy"]);
    let bodies: Vec<Value> = fake.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let start = &bodies[4];
    assert_eq!(
        start["Destination"]["FilterArns"],
        json!(["arn:aws:events:us-east-1:123456789012:rule/orders/ours"])
    );
    assert_eq!(start["Destination"]["Arn"], "arn:aws:events:us-east-1:123456789012:event-bus/orders");
    let seconds =
        [&start["EventStartTime"], &start["EventEndTime"]].map(|time| time.as_f64().unwrap() as u64);
    assert_eq!(seconds, [1_772_600_400, 1_772_603_999]);
    let pattern: Value = serde_json::from_str(bodies[2]["EventPattern"].as_str().unwrap()).unwrap();
    assert_eq!(pattern, json!({"replay-name": [start["ReplayName"]]}));
    // CancelReplay, RemoveTargets, DeleteRule, DeleteQueue.
    assert_eq!(bodies.len(), 9);
    assert_eq!((&bodies[5]["ReplayName"], &bodies[7]["Name"]), (&start["ReplayName"], &start["ReplayName"]));
    assert_eq!(bodies[8]["QueueUrl"], "http://x/1/q");
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let account = account(0);
    Ran::of(&mut account.replay("archive://no-such-archive", &[]))
        .assert(2, &["EventBridge DescribeArchive: ResourceNotFoundException"]);
    Ran::of(&mut account.replay("archive://", &[])).assert(2, &["names no archive"]);
    let denied = Fake::answering(400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let mut command = account.replay("archive://kept", &[]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &denied.url))
        .assert(3, &["DescribeArchive: AccessDeniedException"]);
}
