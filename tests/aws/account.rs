//! An AWS account of its own for each test, and the program run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::ministack::{ask, endpoint_url};

/// MiniStack takes an access key of twelve digits for the number of an account.
pub(crate) struct Account {
    pub(crate) number: String,
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Account {
    pub(crate) fn new() -> Account {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let number = format!("{:012}", COUNT.fetch_add(1, Ordering::Relaxed));
        Account { number, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with nothing of this machine's AWS settings, in a folder of its own.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ruleproof"));
        command.args(arguments).current_dir(self.folder.path()).env("HOME", self.folder.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The program with credentials of this account, in us-east-1.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command.env("AWS_ACCESS_KEY_ID", &self.number).env("AWS_SECRET_ACCESS_KEY", "secret");
        command.env("AWS_REGION", "us-east-1");
        command
    }

    /// The program in this account of MiniStack.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).env("AWS_ENDPOINT_URL", endpoint_url()).output().unwrap())
    }

    /// `replay` of `events` against `rules.yaml`, with a summary as JSON, in this account of MiniStack.
    pub(crate) fn replay(&self, events: &str, more: &[&str]) -> Command {
        let arguments = ["replay", "--rules", "rules.yaml", "--events", events, "--format", "json"];
        let mut command = self.command(&[&arguments[..], more].concat());
        command.env("AWS_ENDPOINT_URL", endpoint_url());
        command
    }

    /// Asks EventBridge.
    pub(crate) fn events(&self, operation: &str, request: &Value) -> Value {
        ask(&self.number, "events", &format!("AWSEvents.{operation}"), request)
    }

    /// Asks SQS.
    pub(crate) fn queues(&self, operation: &str, request: &Value) -> Value {
        ask(&self.number, "sqs", &format!("AmazonSQS.{operation}"), request)
    }

    /// The names of all buses, of all rules on `bus`, and of all queues.
    pub(crate) fn everything(&self, bus: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let names = |list: &Value| -> Vec<String> {
            let names = list.as_array().into_iter().flatten();
            names.map(|item| item["Name"].as_str().unwrap_or_default().to_owned()).collect()
        };
        let buses = names(&self.events("ListEventBuses", &json!({}))["EventBuses"]);
        let rules = names(&self.events("ListRules", &json!({"EventBusName": bus}))["Rules"]);
        let queues = self.queues("ListQueues", &json!({}))["QueueUrls"].clone();
        let queues = queues.as_array().into_iter().flatten();
        let last = |url: &Value| url.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (buses, rules, queues.map(last).collect())
    }

    /// Fails if anything is there but the default bus and this one.
    pub(crate) fn assert_empty_but(&self, bus: &str) {
        let (buses, rules, queues) = self.everything(bus);
        assert_eq!((rules, queues), (Vec::new(), Vec::new()));
        assert!(buses.iter().all(|name| name == "default" || name == bus), "{buses:?}");
        assert!(buses.iter().any(|name| name == bus), "{buses:?}");
    }

    /// Fails if anything is there but the default bus.
    pub(crate) fn assert_empty(&self, bus: &str) {
        let (buses, rules, queues) = self.everything(bus);
        assert_eq!((rules, queues), (Vec::new(), Vec::new()));
        assert!(buses.iter().all(|bus| bus == "default"), "{buses:?}");
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Ran {
        Ran::from(command.output().unwrap())
    }

    /// Fails unless it ended with this exit code and said all this.
    pub(crate) fn assert(&self, code: i32, says: &[&str]) -> &Ran {
        assert_eq!(self.code, Some(code), "{self:?}");
        for text in says {
            assert!(self.out.contains(text) || self.err.contains(text), "{text:?} is not in {self:?}");
        }
        self
    }
}

/// The shipped rules.
pub(crate) fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(path).display().to_string()
}
