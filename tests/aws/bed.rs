//! A testbed for runs, with two rules unless told otherwise.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::account::{Account, Ran};
use super::ministack::endpoint_url;

pub(crate) const BUS: &str = "ruleproof-test";

/// How long anything may take, on busy machines.
const PATIENCE: Duration = Duration::from_secs(90);

/// Rule `paid` shapes its body, rule `all` hands on the event.
const RULES: &str = r#"[
    {"Name": "paid", "EventPattern": {"source": ["shop"], "detail": {"paid": [true]}}, "Targets": [
        {"Id": "mail", "Arn": "arn:aws:sqs:us-east-1:1:mail", "InputTransformer": {
            "InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": "{\"order\": <n>}"}}]},
    {"Name": "all", "EventPattern": {"source": ["shop"]}, "Targets": [
        {"Id": "log", "Arn": "arn:aws:sqs:us-east-1:1:log"}]}
]"#;

pub(crate) struct Bed {
    pub(crate) account: Account,
}

/// An event of `source`.
pub(crate) fn event(source: &str, detail: &Value) -> String {
    json!({"id": format!("{source}-{detail}"), "source": source, "detail-type": "Test", "detail": detail})
        .to_string()
}

impl Bed {
    /// An account in which `probe up` has been for two small rules, with a third of `count` events for both rules, one and none.
    pub(crate) fn small(count: usize) -> Bed {
        let bed = Bed { account: Account::new() };
        bed.write("rules.json", RULES);
        let events: Vec<String> = (0..count)
            .map(|n| event(if n % 3 == 2 { "other" } else { "shop" }, &json!({"n": n, "paid": n % 3 == 0})))
            .collect();
        bed.write("events.ndjson", &events.join("\n"));
        bed.account.run(&["probe", "up", "--yes", "--rules", "rules.json"]).assert(0, &["is complete"]);
        bed
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.account.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// `probe run` over the small rules, at `url`.
    pub(crate) fn run_command(&self, url: &str, more: &[&str]) -> Command {
        let usual = [["--events", "events.ndjson"], ["--timeout", "2s"], ["--format", "json"]].into_iter();
        let usual: Vec<&str> = usual.filter(|[name, _]| !more.contains(name)).flatten().collect();
        let mut command =
            self.account.command(&[&["probe", "run", "--rules", "rules.json"], &usual[..], more].concat());
        command.env("AWS_ENDPOINT_URL", url);
        command
    }

    /// The same at MiniStack, to its end.
    pub(crate) fn run(&self, more: &[&str]) -> Ran {
        Ran::from(self.run_command(endpoint_url(), more).output().unwrap())
    }

    /// `probe redrive` of the only run.
    pub(crate) fn redrive(&self) -> Ran {
        let run = self.only_run();
        self.account.run(&["probe", "redrive", &run, "--timeout", "2s", "--format", "json"])
    }

    /// The name of the only run.
    pub(crate) fn only_run(&self) -> String {
        let shown = self.account.run(&["probe", "show", "--format", "json"]);
        let runs: Value = serde_json::from_str(&shown.out).unwrap();
        assert_eq!(runs["runs"].as_array().map(Vec::len), Some(1), "{shown:?}");
        runs["runs"][0]["run"].as_str().unwrap().to_owned()
    }

    /// The name of the mirror of `rule` on the bus.
    pub(crate) fn mirror(&self, rule: &str) -> String {
        let rules = self.account.events("ListRules", &json!({"EventBusName": BUS}));
        let names = rules["Rules"].as_array().unwrap().iter().map(|rule| rule["Name"].as_str().unwrap());
        let named = |name: &&str| name.splitn(3, '-').nth(2) == Some(rule);
        names.filter(|name| name.starts_with("rp-0")).find(named).unwrap().to_owned()
    }

    /// The URL of the testbed's queue that ends so.
    pub(crate) fn queue(&self, end: &str) -> String {
        let name = format!("ruleproof-{BUS}-{end}");
        let url = self.account.queues("GetQueueUrl", &json!({"QueueName": name}));
        url["QueueUrl"].as_str().unwrap().to_owned()
    }
}

/// Waits until `condition` holds.
pub(crate) fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < PATIENCE, "{what} takes too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits for the end, but not for ever.
pub(crate) fn end(mut child: Child) -> Ran {
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("still running: {:?}", Ran::from(child.wait_with_output().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ran::from(child.wait_with_output().unwrap())
}

impl Ran {
    /// Standard output as one JSON value.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `delivered`, `unmatched`, `errored` and `open` of a summary, whose sum is checked.
    pub(crate) fn counts(&self) -> [u64; 4] {
        let json = self.json();
        let counts = ["delivered", "unmatched", "errored", "open"]
            .map(|name| json[name].as_u64().unwrap_or_else(|| panic!("{name} in {json}")));
        assert_eq!(json["events"].as_u64(), Some(counts.iter().sum()), "{json}");
        counts
    }
}
