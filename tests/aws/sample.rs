//! `sample` on a queue: from the bus to metrics, and killed in the middle of its work.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::account::Account;
use super::ministack::endpoint_url;

/// How long anything may take, on busy machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// Rule `paid` wants a part of what rule `all` wants.
const RULES: &str = r#"[
    {"Name": "paid", "EventPattern": {"source": ["shop"], "detail": {"paid": [true]}}},
    {"Name": "all", "EventPattern": {"source": ["shop"]}}
]"#;

struct Sampled {
    account: Account,
    url: String,
}

impl Sampled {
    /// An account with the queue `sampled`.
    fn new() -> Sampled {
        let account = Account::new();
        std::fs::write(account.path("rules.json"), RULES).unwrap();
        let made = account.queues("CreateQueue", &json!({"QueueName": "sampled"}));
        Sampled { url: made["QueueUrl"].as_str().unwrap().to_owned(), account }
    }

    /// Puts bodies into the queue; the ids of their messages.
    fn send(&self, bodies: &[String]) -> Vec<String> {
        let mut ids = Vec::new();
        for bodies in bodies.chunks(10) {
            let entry = |(at, body): (usize, &String)| json!({"Id": at.to_string(), "MessageBody": body});
            let entries: Vec<Value> = bodies.iter().enumerate().map(entry).collect();
            let sent =
                self.account.queues("SendMessageBatch", &json!({"QueueUrl": self.url, "Entries": entries}));
            let sent = sent["Successful"].as_array().unwrap();
            assert_eq!(sent.len(), bodies.len());
            ids.extend(sent.iter().map(|sent| sent["MessageId"].as_str().unwrap().to_owned()));
        }
        ids
    }

    /// `sample` with results and messages that are set aside.
    fn command(&self, more: &[&str]) -> Command {
        let usual = ["sample", "--rules", "rules.json", "--events", "sqs://sampled", "--format", "json"];
        let files = ["--results", "out.ndjson", "--set-aside", "aside.ndjson", "--event-bytes-max", "5000"];
        let mut command = self.account.command(&[&usual[..], &files, more].concat());
        command.env("AWS_ENDPOINT_URL", endpoint_url());
        command
    }

    fn lines(&self, file: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.account.path(file)).unwrap_or_default();
        // The last line may be on its way.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The ids of messages in the results, each with how often it is there.
    fn recorded(&self) -> BTreeMap<String, usize> {
        let mut recorded = BTreeMap::new();
        for line in self.lines("out.ndjson") {
            let id = line["input"].as_str().unwrap().strip_prefix("sqs://sampled/").unwrap().to_owned();
            *recorded.entry(id).or_default() += 1;
        }
        recorded
    }

    /// Messages of the queue, hidden ones too.
    fn left(&self) -> u64 {
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
        let request = json!({"QueueUrl": self.url, "AttributeNames": names});
        let found = self.account.queues("GetQueueAttributes", &request);
        names.iter().map(|name| found["Attributes"][*name].as_str().unwrap().parse::<u64>().unwrap()).sum()
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// `/metrics` of a program that has just been started.
fn metrics_of(child: &mut Child) -> impl FnMut() -> String + use<> {
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening at http://") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it does not listen");
    }
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    // What it says later has to go somewhere.
    std::thread::spawn(move || drop(said.read_to_end(&mut Vec::new())));
    move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn what_a_sampling_rule_puts_into_a_queue_becomes_metrics() {
    let sampled = Sampled::new();
    let account = &sampled.account;
    account.events("CreateEventBus", &json!({"Name": "orders"}));
    let pattern = r#"{"source": [{"prefix": ""}]}"#;
    account
        .events("PutRule", &json!({"Name": "sampling", "EventBusName": "orders", "EventPattern": pattern}));
    let arn = format!("arn:aws:sqs:us-east-1:{}:sampled", account.number);
    let target = json!({"Rule": "sampling", "EventBusName": "orders", "Targets": [{"Id": "q", "Arn": arn}]});
    account.events("PutTargets", &target);
    for from in (0..30).step_by(10) {
        let entry = |n: usize| {
            let (source, detail) =
                (["shop", "shop", "other"][n % 3], json!({"n": n, "paid": n.is_multiple_of(3)}));
            json!({"EventBusName": "orders", "Source": source, "DetailType": "Test", "Detail": detail.to_string()})
        };
        let entries: Vec<Value> = (from..from + 10).map(entry).collect();
        account.events("PutEvents", &json!({"Entries": entries}));
    }
    let event =
        json!({"id": "sns", "source": "shop", "detail-type": "Test", "detail": {"paid": false}}).to_string();
    let wrapped = json!({"Type": "Notification", "MessageId": "n", "TopicArn": "arn:aws:sns:us-east-1:1:t",
        "Message": event, "Timestamp": "2026-01-01T00:00:00Z"});
    let large = json!({"id": "large", "detail": "x".repeat(6_000)});
    sampled.send(&["{\"id\":".to_owned(), "no JSON".to_owned(), large.to_string(), wrapped.to_string()]);

    let mut child = sampled.command(&["--metrics-listen", "0"]).spawn().unwrap();
    let mut metrics = metrics_of(&mut child);
    wait_until("all is judged and deleted", || sampled.recorded().len() == 31 && sampled.left() == 0);
    let text = metrics();
    for line in [
        "ruleproof_events_read_total 31",
        "ruleproof_events_total{verdict=\"delivered\"} 21",
        "ruleproof_events_total{verdict=\"unmatched\"} 10",
        "ruleproof_events_total{verdict=\"errored\"} 0",
        "ruleproof_rule_matches_total{rule=\"all\"} 21",
        "ruleproof_rule_matches_total{rule=\"paid\"} 10",
        "ruleproof_messages_set_aside_total{reason=\"oversized\"} 1",
        "ruleproof_messages_set_aside_total{reason=\"unreadable\"} 2",
        "ruleproof_messages_duplicate_total 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }
    let reasons: Vec<String> = sampled
        .lines("aside.ndjson")
        .iter()
        .map(|line| line["reason"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(reasons.iter().filter(|reason| *reason == "unreadable").count(), 2, "{reasons:?}");
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    // The long poll does not hold up the end.
    let told = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&summary["read"], &summary["delivered"]), (&json!(31), &json!(21)));
}

/// Kills of one queue's work.
const KILLS: u64 = 20;
const MESSAGES: usize = 2_000;

#[test]
fn whenever_it_is_killed_each_message_ends_recorded_or_back_in_the_queue() {
    let sampled = Sampled::new();
    let body = |n| json!({"id": format!("e{n}"), "source": "shop", "detail": {"n": n}}).to_string();
    let mut bodies: Vec<String> = (0..MESSAGES).map(body).collect();
    [100, 200, 300].iter().for_each(|at| bodies.insert(*at, format!("broken {at}")));
    let ids = sampled.send(&bodies);
    // What a process held when it was killed comes again after two seconds.
    let short = ["--visibility", "2s", "--until-empty"];
    let (mut in_the_middle, mut random) = (0, fastrand::Rng::with_seed(7));
    for kill in 0..KILLS {
        let before = sampled.lines("out.ndjson").len();
        let more = random.usize(0..20);
        let mut child = sampled.command(&short).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        while sampled.lines("out.ndjson").len() < before + more && child.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < PATIENCE, "kill {kill}");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(random.u64(0..30_000)));
        child.kill().unwrap();
        in_the_middle += usize::from(child.wait().unwrap().code().is_none());
        // Nothing is lost meanwhile.
        let aside = sampled.lines("aside.ndjson").len();
        let kept = sampled.recorded().len() + aside;
        assert!(kept as u64 + sampled.left() >= ids.len() as u64, "kill {kill}");
    }
    assert!(in_the_middle >= 15, "{in_the_middle}");
    assert!(sampled.left() > 0, "all was done before the last kill");
    let ran = sampled.command(&short).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_eq!(sampled.left(), 0);
    let mut places = sampled.recorded();
    for line in sampled.lines("aside.ndjson") {
        *places.entry(line["message_id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    // Each once: those that had been recorded and not deleted were recognised.
    assert_eq!(places, ids.into_iter().map(|id| (id, 1)).collect());
    assert_eq!(sampled.lines("aside.ndjson").len(), 3);
}

#[test]
fn a_message_that_an_earlier_run_recorded_is_not_judged_again() {
    let sampled = Sampled::new();
    let ids = sampled.send(
        &["{\"id\":\"1\",\"source\":\"shop\"}", "{\"id\":\"2\",\"source\":\"shop\"}"].map(str::to_owned),
    );
    let recorded = json!({"input": format!("sqs://sampled/{}", ids[0]), "verdict": "delivered"});
    // And a line that broke off.
    let text = format!("{recorded}\n{{\"input\":\"sqs://sampled/{}", ids[1]);
    std::fs::write(sampled.account.path("out.ndjson"), text).unwrap();
    let ran = sampled.command(&["--until-empty"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    let err = String::from_utf8(ran.stderr).unwrap();
    assert!(err.contains("1 messages came again and were not judged again"), "{err}");
    assert_eq!(sampled.recorded(), ids.into_iter().map(|id| (id, 1)).collect());
    assert_eq!(sampled.left(), 0);
}

#[test]
fn queues_that_are_not_there_and_services_that_are_not_there() {
    let sampled = Sampled::new();
    let none = ["sample", "--rules", "rules.json", "--events", "sqs://nowhere"];
    sampled.account.run(&none).assert(2, &["NonExistentQueue"]);
    // Found, and then gone.
    let mut command = sampled.account.command(&["sample", "--rules", "rules.json", "--events"]);
    let away = "sqs://http://127.0.0.1:9/000000000000/sampled";
    let ran = command.args([away, "--endpoint-url", "http://127.0.0.1:9"]).output().unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(3), "{err}");
    assert!(err.contains("still in the queue"), "{err}");
}
