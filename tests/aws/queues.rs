//! `replay` of the messages of a queue, on MiniStack: what is recorded is deleted, once, whatever happens to the run.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::fake::Fake;
use super::inputs::{RULES, inputs};

const RESULTS: &str = "results.ndjson";
const KEPT: [&str; 4] = ["--results", RESULTS, "--checkpoint", "checkpoint.json"];

fn account() -> Account {
    let account = Account::new();
    std::fs::write(account.path("rules.yaml"), RULES).unwrap();
    account
}

/// A queue with these bodies; its URL.
fn queue(account: &Account, name: &str, bodies: &[String]) -> String {
    let attributes = if name.ends_with(".fifo") { json!({"FifoQueue": "true"}) } else { json!({}) };
    let made = account.queues("CreateQueue", &json!({"QueueName": name, "Attributes": attributes}));
    let url = made["QueueUrl"].as_str().unwrap().to_owned();
    for (batch, bodies) in bodies.chunks(10).enumerate() {
        let entry = |(at, body): (usize, &String)| {
            let mut entry = json!({"Id": at.to_string(), "MessageBody": body});
            if name.ends_with(".fifo") {
                entry["MessageGroupId"] = json!("all");
                entry["MessageDeduplicationId"] = json!(format!("{batch}-{at}"));
            }
            entry
        };
        let entries: Vec<Value> = bodies.iter().enumerate().map(entry).collect();
        let sent = account.queues("SendMessageBatch", &json!({"QueueUrl": url, "Entries": entries}));
        assert_eq!(sent["Successful"].as_array().unwrap().len(), bodies.len());
    }
    url
}

/// Events in lines, broken ones among them, and a message with several events.
fn bodies(count: usize) -> Vec<String> {
    let (_, plain) = inputs(11, count).swap_remove(0);
    let mut bodies: Vec<String> = String::from_utf8(plain).unwrap().lines().map(str::to_owned).collect();
    let several = format!("[{},{}]", bodies[1], bodies[2]);
    bodies.push(several);
    bodies
}

/// Messages of the queue that are visible, and hidden.
fn left(account: &Account, url: &str) -> [u64; 2] {
    let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
    let found = account.queues("GetQueueAttributes", &json!({"QueueUrl": url, "AttributeNames": names}));
    names.map(|name| found["Attributes"][name].as_str().unwrap().parse().unwrap())
}

/// The lines of the results without what tells messages apart that hold the same, sorted.
fn lines(account: &Account) -> Vec<String> {
    let text = std::fs::read_to_string(account.path(RESULTS)).unwrap();
    let without_input = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line.as_object_mut().unwrap().remove("input").unwrap();
        line.to_string()
    };
    let mut lines: Vec<String> = text.lines().map(without_input).collect();
    lines.sort();
    lines
}

fn summary(ran: &Ran) -> Value {
    let mut summary: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    for name in ["elapsed_s", "events_per_s", "bytes_per_s", "errors", "target_failures"] {
        summary.as_object_mut().unwrap().remove(name);
    }
    summary
}

#[test]
fn a_replay_of_a_queue_that_is_killed_again_and_again_ends_like_one_that_is_not() {
    let account = account();
    let bodies = bodies(400);
    let undisturbed = queue(&account, "undisturbed", &bodies);
    let ran = Ran::of(&mut account.replay("sqs://undisturbed", &KEPT));
    ran.assert(0, &["\"read\":402,"]);
    assert_eq!(left(&account, &undisturbed), [0, 0]);
    let (lines_then, summary_then) = (lines(&account), summary(&ran));
    assert_eq!(lines_then.len(), 402);
    Ran::of(&mut account.replay("sqs://undisturbed", &[&KEPT[..], &["--resume"]].concat()))
        .assert(0, &["nothing is left to do"]);

    std::fs::remove_file(account.path("checkpoint.json")).unwrap();
    let killed = queue(&account, "killed", &bodies);
    let mut random = fastrand::Rng::with_seed(20_261_122);
    let (mut in_the_middle, mut recorded) = (0, 0);
    let more = ["--checkpoint-every", "0s", "--visibility", "2s"];
    for _ in 0..60 {
        let resume: &[&str] = if recorded > 0 { &["--resume"] } else { &[] };
        let mut child = account.replay("sqs://killed", &[&KEPT[..], &more, resume].concat()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(random.u64(100..500)));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
        }
        child.wait().unwrap();
        let Ok(text) = std::fs::read_to_string(account.path("checkpoint.json")) else { continue };
        let checkpoint: Value = serde_json::from_str(&text).unwrap();
        recorded = checkpoint["state"]["written"]["results"].as_u64().unwrap().max(1);
        in_the_middle += usize::from(recorded > 1 && checkpoint["state"]["position"]["input"] == 0);
        if in_the_middle == 12 || checkpoint["state"]["position"]["input"] != 0 {
            break;
        }
    }
    assert!(in_the_middle >= 3, "only {in_the_middle} kills met the middle");
    let ran = Ran::of(&mut account.replay("sqs://killed", &[&KEPT[..], &more, &["--resume"]].concat()));
    ran.assert(0, &["going on behind", "did not record are hidden for up to"]);
    assert_eq!(summary(&ran), summary_then);
    assert_eq!(lines(&account), lines_then, "after {in_the_middle} kills");
    assert_eq!(left(&account, &killed), [0, 0]);
}

#[test]
fn an_interrupted_replay_gives_back_what_it_did_not_record() {
    let account = account();
    let url = queue(&account, "q", &bodies(300));
    let mut child = account.replay("sqs://q", &KEPT).spawn().unwrap();
    while !account.path(RESULTS).exists() || std::fs::read(account.path(RESULTS)).unwrap().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(10));
    }
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    if ran.code == Some(0) {
        // All was read by then.
        return;
    }
    ran.assert(130, &["events are recorded; to go on behind them", "--resume"]);
    let [visible, hidden] = left(&account, &url);
    assert!(visible > 0 && hidden == 0, "{visible} visible, {hidden} hidden");
    Ran::of(&mut account.replay("sqs://q", &[&KEPT[..], &["--resume", "--visibility", "30s"]].concat()))
        .assert(0, &["\"read\":302,"]);
    assert_eq!(left(&account, &url), [0, 0]);
}

#[test]
fn a_queue_that_keeps_its_order_is_emptied_although_checkpoints_are_rare() {
    let account = account();
    let url = queue(&account, "orders.fifo", &bodies(23));
    Ran::of(&mut account.replay("sqs://orders.fifo", &KEPT)).assert(0, &["\"read\":25,"]);
    assert_eq!(left(&account, &url), [0, 0]);
}

#[test]
fn a_limit_leaves_the_rest_in_the_queue() {
    let account = account();
    let url = queue(&account, "q", &bodies(40));
    Ran::of(&mut account.replay("sqs://q", &[&KEPT[..], &["--limit", "7"]].concat()))
        .assert(0, &["\"read\":7,"]);
    assert_eq!(left(&account, &url), [34, 0]);
    // A message is read as a whole.
    let whole = queue(&account, "several", &[format!("[{}]", ["{\"source\":\"shop\"}"; 5].join(","))]);
    std::fs::remove_file(account.path("checkpoint.json")).unwrap();
    Ran::of(&mut account.replay("sqs://several", &[&KEPT[..], &["--limit", "2"]].concat()))
        .assert(0, &["\"read\":5,"]);
    assert_eq!(left(&account, &whole), [0, 0]);
}

#[test]
fn what_cannot_be_taken_out_of_a_queue_is_told_before_anything_is() {
    let account = account();
    let url = queue(&account, "q", &bodies(5));
    Ran::of(&mut account.replay("sqs://q", &[])).assert(2, &["there is none", "--checkpoint FILE"]);
    Ran::of(&mut account.command(&["diff", "rules.yaml", "rules.yaml", "--events", "sqs://q"]))
        .assert(2, &["this command records nothing"]);
    Ran::of(&mut account.replay("sqs://q", &[&KEPT[..], &["--since", "2026-03-04"]].concat()))
        .assert(2, &["--since bound what is fetched"]);
    Ran::of(&mut account.command(&["match", "--pattern", "{\"source\":[\"a\"]}", "sqs://q"]))
        .assert(2, &["`replay` and `diff` do it"]);
    assert_eq!(left(&account, &url), [6, 0]);
    Ran::of(&mut account.replay("sqs://", &KEPT)).assert(2, &["names no queue"]);
    Ran::of(&mut account.replay("sqs://no-such-queue", &KEPT)).assert(2, &["SQS GetQueueUrl:"]);
    assert!(!account.path("checkpoint.json").exists());
    let denied = Fake::answering(403, r#"{"__type":"com.amazonaws.sqs#AccessDenied","message":"not you"}"#);
    let mut command = account.replay("sqs://q", &KEPT);
    Ran::of(command.env("AWS_ENDPOINT_URL", &denied.url))
        .assert(3, &["SQS GetQueueUrl: AccessDenied", "IAM policy"]);
}

#[test]
fn a_queue_that_may_not_be_emptied_ends_the_run_with_what_is_recorded() {
    let account = account();
    let message =
        json!({"Messages": [{"MessageId": "m1", "ReceiptHandle": "r1", "Body": "{\"source\":\"shop\"}"}]});
    let denied =
        (403, r#"{"__type":"com.amazonaws.sqs#AccessDenied","message":"no DeleteMessage"}"#.to_owned());
    let url = (200, json!({"QueueUrl": "http://x/1/q"}).to_string());
    let fake = Fake::answering_in_turn(vec![url, (200, message.to_string()), denied]);
    let mut command = account.replay("sqs://q", &[&KEPT[..], &["--checkpoint-every", "0s"]].concat());
    let ran = Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url));
    ran.assert(3, &["AccessDenied", "IAM policy", "\"read\":1,", "1 events are recorded"]);
}
