//! Tracking in a table of DynamoDB. What needs credentials runs in processes of its own, as those come from the
//! environment.

use std::cell::Cell;
use std::process::Command;

use proptest::test_runner::{Config, TestRunner};
use ruleproof::aws::{Aws, AwsOptions, DynamoDbStore, DynamoDbTable};
use ruleproof::probe::{Marks, Tags};
use ruleproof::rules::BusName;
use ruleproof::tracking::{Record, RecordKey, Slot, SlotKind, TrackingStore};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::account::Account;
use super::fake::Fake;
use super::ministack::{ask, endpoint_url};
use crate::contract;
use crate::half_done::failures_leave_a_beginning_and_can_be_repeated;
use crate::model::{behaves_as_a_map, operations};
use crate::samples::{event, of_run, record, run};

const TABLE: &str = "ruleproof-tracking";

/// Runs the test of this name below, in `account` at `url`.
fn run_there(test: &str, account: &Account, url: &str) {
    let here = account.command(&[]);
    let mut there = Command::new(std::env::current_exe().unwrap());
    there.args(["--exact", &format!("tracking::there::{test}"), "--ignored", "--nocapture"]);
    for (name, value) in here.get_envs() {
        match value {
            Some(value) => there.env(name, value),
            None => there.env_remove(name),
        };
    }
    let output = there.env("AWS_ENDPOINT_URL", url).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

fn asked(account: &Account, operation: &str, request: &Value) -> Value {
    ask(&account.number, "dynamodb", &format!("DynamoDB_20120810.{operation}"), request)
}

#[test]
fn the_store_in_dynamodb_keeps_the_contract() {
    run_there("keeps_the_contract", &Account::new(), endpoint_url());
}

#[test]
fn the_store_in_dynamodb_survives_failures_at_any_step() {
    run_there("survives_failures", &Account::new(), endpoint_url());
}

#[test]
fn the_store_in_dynamodb_behaves_as_a_map() {
    run_there("behaves_as_a_map", &Account::new(), endpoint_url());
}

#[test]
fn a_table_is_made_with_tags_and_expiry_and_removed() {
    let account = Account::new();
    run_there("is_made", &account, endpoint_url());
    let table = &asked(&account, "DescribeTable", &json!({"TableName": TABLE}))["Table"];
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST", "{table}");
    let expiry = asked(&account, "DescribeTimeToLive", &json!({"TableName": TABLE}));
    assert_eq!(expiry["TimeToLiveDescription"]["AttributeName"], "expires_s", "{expiry}");
    let tags = asked(&account, "ListTagsOfResource", &json!({"ResourceArn": table["TableArn"]}));
    for tag in ["ruleproof:bus", "ruleproof:run", "ruleproof:time"] {
        assert!(tags.to_string().contains(tag), "{tags}");
    }

    run_there("is_removed", &account, endpoint_url());
    assert_eq!(asked(&account, "ListTables", &json!({}))["TableNames"], json!([]));
}

#[test]
fn tables_of_others_are_refused_and_left_as_they_are() {
    let account = Account::new();
    let key = json!([{"AttributeName": "id", "KeyType": "HASH"}]);
    let attribute = json!([{"AttributeName": "id", "AttributeType": "S"}]);
    let made = json!({
        "TableName": TABLE, "KeySchema": key, "AttributeDefinitions": attribute, "BillingMode": "PAY_PER_REQUEST",
    });
    asked(&account, "CreateTable", &made);
    run_there("is_somebody_elses", &account, endpoint_url());
    assert_eq!(asked(&account, "ListTables", &json!({}))["TableNames"], json!([TABLE]));
}

#[test]
fn a_table_that_does_not_exist_says_how_to_make_it() {
    run_there("is_missing", &Account::new(), endpoint_url());
}

#[test]
fn a_piece_that_is_gone_is_damage() {
    let account = Account::new();
    run_there("a_large_record_is_written", &account, endpoint_url());
    let found = asked(&account, "Scan", &json!({"TableName": TABLE}));
    let items = found["Items"].as_array().unwrap();
    let is_piece = |item: &&Value| item["partition"]["S"].as_str().unwrap().contains("/pieces/");
    let pieces: Vec<&Value> = items.iter().filter(is_piece).collect();
    assert_eq!((pieces.len(), items.len()), (3, 5));
    let key = json!({"partition": pieces[1]["partition"], "sort": pieces[1]["sort"]});
    asked(&account, "DeleteItem", &json!({"TableName": TABLE, "Key": key}));
    run_there("a_piece_is_gone", &account, endpoint_url());
}

/// The description of a table of ours.
fn described() -> (u16, String) {
    let keys = json!([
        {"AttributeName": "partition", "KeyType": "HASH"}, {"AttributeName": "sort", "KeyType": "RANGE"}
    ]);
    (200, json!({"Table": {"TableName": TABLE, "TableStatus": "ACTIVE", "KeySchema": keys}}).to_string())
}

#[test]
fn what_a_batch_leaves_out_is_written_again_and_nothing_else() {
    let left = |numbers: &[u64]| {
        let puts: Vec<Value> = numbers
            .iter()
            .map(|number| json!({"PutRequest": {"Item": {"sort": {"S": format!("planned/{number:012}")}}}}))
            .collect();
        (200, json!({"UnprocessedItems": {TABLE: puts}}).to_string())
    };
    let busy = (400, json!({"__type": "ThrottlingException", "message": "slow down"}).to_string());
    let fake =
        Fake::answering_in_turn(vec![described(), left(&[1, 2]), busy, left(&[2]), (200, "{}".to_owned())]);
    run_there("writes_three", &Account::new(), &fake.url);
    let written: Vec<usize> =
        fake.bodies()[1..].iter().map(|body| body.matches("PutRequest").count()).collect();
    assert_eq!(written, [3, 2, 2, 1]);
    assert!(fake.bodies()[4].contains("planned/000000000002"), "{:?}", fake.bodies()[4]);
}

#[test]
fn what_a_batch_leaves_out_is_read_again() {
    let of = |number: u64| {
        json!({
            "partition": {"S": format!("{}/planned/{number}", run(1))}, "sort": {"S": format!("planned/{number:012}")},
            "version": {"N": "1"}, "content": {"S": "{}"}, "expires_s": {"N": "4000000000"},
        })
    };
    let answer = |found: &[u64], left: &[u64]| {
        let found: Vec<Value> = found.iter().map(|number| of(*number)).collect();
        let left: Vec<Value> = left.iter().map(|number| of(*number)).collect();
        let left = if left.is_empty() { json!({}) } else { json!({TABLE: {"Keys": left}}) };
        (200, json!({"Responses": {TABLE: found}, "UnprocessedKeys": left}).to_string())
    };
    let fake = Fake::answering_in_turn(vec![
        described(),
        answer(&[1], &[0, 2]),
        answer(&[], &[0, 2]),
        answer(&[2, 0], &[]),
    ]);
    run_there("reads_three", &Account::new(), &fake.url);
    assert_eq!(fake.requests(), 4);
}

/// Each runs in a process of its own, started by a test above.
mod there {
    use super::*;

    async fn table() -> DynamoDbTable {
        Aws::connect(&AwsOptions::default()).await.unwrap().tracking_table(TABLE, 1)
    }

    fn tags() -> Tags {
        Marks { bus: BusName::parse("a-bus").unwrap(), run: run(1) }.tags()
    }

    async fn store() -> DynamoDbStore {
        DynamoDbStore::open(table().await).await.unwrap()
    }

    fn planned(number: u64) -> Record {
        record(run(1), Slot::Planned(event(number)), "{}")
    }

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[tokio::test]
    #[ignore = "run by the_store_in_dynamodb_keeps_the_contract"]
    async fn keeps_the_contract() {
        table().await.create(&tags()).await.unwrap();
        contract::holds(&store().await).await;
    }

    #[tokio::test]
    #[ignore = "run by the_store_in_dynamodb_survives_failures_at_any_step"]
    async fn survives_failures() {
        table().await.create(&tags()).await.unwrap();
        failures_leave_a_beginning_and_can_be_repeated(async || {
            let store = store().await;
            store.delete(run(1)).await.unwrap();
            store
        })
        .await;
    }

    #[test]
    #[ignore = "run by the_store_in_dynamodb_behaves_as_a_map"]
    fn behaves_as_a_map() {
        let runtime = runtime();
        runtime.block_on(async { table().await.create(&tags()).await.unwrap() });
        let outcome = TestRunner::new(Config::with_cases(12)).run(&operations(), |operations| {
            runtime.block_on(async {
                let store = store().await;
                for number in 1..4 {
                    store.delete(run(number)).await.unwrap();
                }
                let first = Cell::new(Some(store));
                super::behaves_as_a_map(operations, |before| before.or_else(|| first.take()).unwrap()).await
            })
        });
        outcome.unwrap();
    }

    #[tokio::test]
    #[ignore = "run by a_table_is_made_with_tags_and_expiry_and_removed"]
    async fn is_made() {
        table().await.create(&tags()).await.unwrap();
        table().await.create(&tags()).await.unwrap();
        store().await.write(vec![of_run(run(1))]).await.unwrap();
    }

    #[tokio::test]
    #[ignore = "run by a_table_is_made_with_tags_and_expiry_and_removed"]
    async fn is_removed() {
        assert!(table().await.remove().await.unwrap());
        assert!(!table().await.remove().await.unwrap());
    }

    #[tokio::test]
    #[ignore = "run by tables_of_others_are_refused_and_left_as_they_are"]
    async fn is_somebody_elses() {
        let table = table().await;
        for error in [table.create(&tags()).await, table.remove().await.map(drop), table.check().await] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains("its keys are not `partition` and `sort`"), "{error}");
        }
    }

    #[tokio::test]
    #[ignore = "run by a_table_that_does_not_exist_says_how_to_make_it"]
    async fn is_missing() {
        let error = DynamoDbStore::open(table().await).await.unwrap_err();
        assert!(error.to_string().contains("table ruleproof-tracking of DynamoDB in us-east-1"), "{error}");
        assert!(error.hint().unwrap().contains("ruleproof probe up"), "{error:?}");
    }

    fn large() -> Record {
        record(run(1), Slot::Planned(event(1)), &format!("\"{}\"", "x".repeat(900_000)))
    }

    #[tokio::test]
    #[ignore = "run by a_piece_that_is_gone_is_damage"]
    async fn a_large_record_is_written() {
        table().await.create(&tags()).await.unwrap();
        store().await.write(vec![large(), of_run(run(1))]).await.unwrap();
        assert_eq!(store().await.read(&[large().key]).await.unwrap(), [large()]);
    }

    #[tokio::test]
    #[ignore = "run by a_piece_that_is_gone_is_damage"]
    async fn a_piece_is_gone() {
        let store = store().await;
        let error = store.read(&[large().key]).await.unwrap_err().to_string();
        assert!(error.contains("a piece of its content is missing"), "{error}");
        assert!(!error.contains("xxx"), "contents are not in errors");
        assert!(store.scan(run(1), SlotKind::Planned, None, 10).await.is_err());
        assert_eq!(store.read(&[RecordKey::new(run(1), Slot::Run)]).await.unwrap(), [of_run(run(1))]);
    }

    #[tokio::test]
    #[ignore = "run by what_a_batch_leaves_out_is_written_again_and_nothing_else"]
    async fn writes_three() {
        store().await.write((0..3).map(planned).collect()).await.unwrap();
    }

    #[tokio::test]
    #[ignore = "run by what_a_batch_leaves_out_is_read_again"]
    async fn reads_three() {
        let keys: Vec<RecordKey> = (0..4).map(|number| planned(number).key).collect();
        let found = store().await.read(&keys).await.unwrap();
        assert_eq!(found, (0..3).map(planned).collect::<Vec<_>>());
    }
}
