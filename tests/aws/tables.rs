//! Runs that are written down in a table of DynamoDB, from `probe up` to `probe down`.

use serde_json::{Value, json};

use super::account::Account;
use super::bed::{BUS, Bed};
use super::ministack::ask;

const TRACKING: [&str; 2] = ["--tracking", "dynamodb://runs"];

fn dynamodb(account: &Account, operation: &str, request: &Value) -> Value {
    ask(&account.number, "dynamodb", &format!("DynamoDB_20120810.{operation}"), request)
}

fn tables(account: &Account) -> Value {
    dynamodb(account, "ListTables", &json!({}))["TableNames"].clone()
}

#[test]
fn a_run_is_written_down_in_a_table_that_up_makes_and_down_removes() {
    let bed = Bed::small(30);
    let account = &bed.account;
    let with_table = |command: &[&str]| account.run(&[command, &TRACKING].concat());
    bed.run(&TRACKING).assert(3, &["there is no such table", "probe up --tracking dynamodb://runs"]);
    let up = ["probe", "up", "--yes", "--rules", "rules.json"];
    with_table(&up).assert(0, &["table runs of DynamoDB", "per million events", "is complete"]);
    let arn = dynamodb(account, "DescribeTable", &json!({"TableName": "runs"}))["Table"]["TableArn"].clone();
    let tags = dynamodb(account, "ListTagsOfResource", &json!({"ResourceArn": arn}))["Tags"].to_string();
    for tag in ["ruleproof:bus", "ruleproof:run", "ruleproof:time"] {
        assert!(tags.contains(tag), "{tag} is not in {tags}");
    }

    let ran = bed.run(&TRACKING);
    ran.assert(0, &["--tracking dynamodb://runs"]);
    assert_eq!(ran.counts(), [20, 10, 0, 0]);
    let run = ran.json()["run"].as_str().unwrap().to_owned();
    with_table(&["probe", "show"]).assert(0, &[&run, "complete"]);
    let shown = with_table(&["probe", "show", &run, "--format", "json"]);
    shown.assert(0, &[]);
    assert_eq!(shown.counts(), [20, 10, 0, 0]);
    let again = with_table(&["probe", "redrive", &run, "--timeout", "2s", "--format", "json"]);
    again.assert(0, &[]);
    assert_eq!((again.counts(), &again.json()["redriven"]), ([20, 10, 0, 0], &json!(0)));

    with_table(&up).assert(0, &["is complete"]);
    with_table(&["probe", "show"]).assert(0, &[&run]);
    with_table(&["probe", "down"])
        .assert(0, &["and the bus itself", "removed table runs with all runs in it"]);
    account.assert_empty(BUS);
    assert_eq!(tables(account), json!([]));
    assert!(!account.path("ruleproof-tracking.db").exists());
    with_table(&["probe", "down"]).assert(0, &["there is no testbed on bus", "there is no table runs"]);
}

#[test]
fn a_table_that_up_did_not_make_stays() {
    let account = Account::new();
    let names = [("partition", "HASH"), ("sort", "RANGE")];
    let keys = names.map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind}));
    let attributes = names.map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"}));
    let made = json!({
        "TableName": "runs", "KeySchema": keys, "AttributeDefinitions": attributes, "BillingMode": "PAY_PER_REQUEST",
    });
    dynamodb(&account, "CreateTable", &made);
    let down = account.run(&[&["probe", "down"][..], &TRACKING].concat());
    down.assert(3, &["lacks the tags of a testbed", "left as it is"]);
    assert_eq!(tables(&account), json!(["runs"]));
    let down = account.run(&["probe", "down", "--tracking", "runs.db"]);
    down.assert(2, &["files are made by `probe run`"]);
}
