//! `probe up`, `probe down` and `probe sweep`.
//!
//! Errors of MiniStack's own: it takes the name of a deleted queue again at once, deletes buses that have rules, and
//! lists the rules of buses that do not exist. Those are shown on a simulated control plane, in `tests/testbed`.

use std::time::Duration;

use serde_json::json;

use super::account::{Account, shipped};
use super::bed::{BUS, Bed, end, wait_for};
use super::ministack::endpoint_url;

#[test]
fn up_makes_what_it_says_and_down_leaves_nothing_behind() {
    let (account, rules) = (Account::new(), shipped(""));
    let up = account.run(&["probe", "up", "--rules", &rules, "--yes"]);
    up.assert(0, &["will be created, tagged for testing", "35 rules", "per million events", "34 mirrors"]);
    let (buses, made, queues) = account.everything(BUS);
    assert!(buses.contains(&BUS.to_owned()) && buses.len() == 2, "{buses:?}");
    assert_eq!(made.len(), 35);
    assert!(up.err.contains(&format!("{} queues", queues.len())), "{up:?}");
    let arn = format!("arn:aws:events:us-east-1:{}:rule/{BUS}/rp-catch-all", account.number);
    let tags = account.events("ListTagsForResource", &json!({"ResourceARN": arn}))["Tags"].to_string();
    for tag in ["ruleproof:bus", "ruleproof:run", "ruleproof:time", "ruleproof:rules"] {
        assert!(tags.contains(tag), "{tag} is not in {tags}");
    }
    account.run(&["probe", "up", "--rules", &rules, "--yes"]).assert(0, &["35 rules and 34 queues already"]);
    account.run(&["probe", "down"]).assert(0, &["35 rules, 34 queues and the bus itself"]);
    account.assert_empty(BUS);
    account.run(&["probe", "down"]).assert(0, &["there is no testbed on bus"]);
}

#[test]
fn a_killed_up_is_resumed_or_taken_down_to_the_last_trace() {
    let (account, rules) = (Account::new(), shipped("orders"));
    let up = ["probe", "up", "--rules", &rules, "--yes"];
    let mut killed = 0;
    for (number, delay_ms) in [150, 250, 350, 500, 700, 1_000].into_iter().enumerate() {
        let mut child = account.command(&up).env("AWS_ENDPOINT_URL", endpoint_url()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        let by_itself = child.wait_with_output().unwrap().status.code() == Some(0);
        killed += usize::from(!by_itself);
        if number % 2 == 0 {
            account.run(&up).assert(0, &["is complete"]);
        }
        account.run(&["probe", "down"]).assert(0, &[]);
        account.assert_empty(BUS);
    }
    assert!(killed > 0, "every command ended before it was killed");
}

#[test]
fn sweep_removes_what_is_old_enough() {
    let (account, rules) = (Account::new(), shipped("security"));
    for bus in ["first", "second"] {
        account.run(&["probe", "up", "--rules", &rules, "--bus", bus, "--yes"]).assert(0, &["is complete"]);
    }
    account
        .run(&["probe", "sweep", "--older-than", "1h", "--yes"])
        .assert(0, &["no testbed in us-east-1 is that old"]);
    std::thread::sleep(Duration::from_secs(2));
    account
        .run(&["probe", "sweep", "--older-than", "1s"])
        .assert(2, &["bus first, made for it", "add --yes"]);
    assert_eq!(account.everything("first").0.len(), 3);
    let swept = account.run(&["probe", "sweep", "--older-than", "1s", "--yes"]);
    swept.assert(0, &["removed of bus first", "removed of bus second"]);
    account.assert_empty("first");
    account.assert_empty("second");
}

#[test]
fn sweep_leaves_a_testbed_alone_that_a_run_uses() {
    let bed = Bed::small(3);
    let sweep = || bed.account.run(&["probe", "sweep", "--older-than", "1s", "--yes"]);
    // Events that no rule matches are waited for to the end.
    let child = bed.run_command(endpoint_url(), &["--timeout", "20s"]).spawn().unwrap();
    let arn = format!("arn:aws:events:us-east-1:{}:rule/{BUS}/rp-catch-all", bed.account.number);
    let tags = || bed.account.events("ListTagsForResource", &json!({"ResourceARN": arn})).to_string();
    wait_for("the mark", || tags().contains("ruleproof:in-use-until-s"));
    std::thread::sleep(Duration::from_secs(2));
    sweep().assert(0, &["bus ruleproof-test is left alone: a run uses its testbed"]);
    let ran = end(child);
    ran.assert(0, &[]);
    assert_eq!(ran.counts(), [2, 1, 0, 0]);
    std::thread::sleep(Duration::from_secs(1));
    sweep().assert(0, &["removed of bus ruleproof-test"]);
    bed.account.assert_empty(BUS);
}

#[test]
fn the_default_bus_and_untagged_ones_are_refused_unless_told_otherwise() {
    let (account, rules) = (Account::new(), shipped("security"));
    let up = |bus, more: &[&str]| {
        account.run(&[&["probe", "up", "--rules", &rules, "--yes", "--bus", bus], more].concat())
    };
    up("default", &[]).assert(2, &["the default bus is no test bus", "--any-bus"]);
    account.events("CreateEventBus", &json!({"Name": "orders"}));
    up("orders", &[])
        .assert(2, &["the bus `orders` exists and is not tagged for testing", "ruleproof:test-bus"]);
    account.assert_empty_but("orders");
    up("orders", &["--any-bus"]).assert(0, &["is complete"]);
    account.run(&["probe", "down", "--bus", "orders"]).assert(0, &["removed of bus orders"]);
    account.assert_empty_but("orders");
}

#[test]
fn nothing_is_made_before_somebody_agrees() {
    let (account, rules) = (Account::new(), shipped("security"));
    account.run(&["probe", "up", "--rules", &rules]).assert(2, &["there is no terminal to ask on", "--yes"]);
    account.assert_empty(BUS);
}

#[test]
fn rules_that_no_bus_takes_are_refused_before_anything_is_made() {
    let account = Account::new();
    let rules: Vec<_> = (0..300)
        .map(|number| json!({"Name": format!("r{number}"), "EventPattern": {"source": [{"wildcard": format!("{number}*")}]}}))
        .collect();
    std::fs::write(account.path("rules.json"), serde_json::Value::from(rules).to_string()).unwrap();
    account
        .run(&["probe", "up", "--rules", "rules.json", "--yes"])
        .assert(2, &["300 mirrors and a catch-all", "300 mirrors have wildcards", "--raised-quotas"]);
    account.assert_empty(BUS);
}
