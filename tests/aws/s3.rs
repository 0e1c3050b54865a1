//! Events in objects of S3, on MiniStack. Not shown there: requests that are throttled, keys and codes of archived
//! objects.

use std::path::Path;

use super::account::{Account, Ran};
use super::fake::Fake;
use super::inputs::{RULES, inputs};
use super::ministack::put_object;
use super::resumed::{CHECKPOINT, PAYLOADS, RESULTS, survives_kills};

fn bucket(account: &Account, events_each: usize) -> String {
    let bucket = format!("events-{}", account.number);
    put_object(&account.number, &bucket, "", b"");
    for (name, content) in inputs(5, events_each) {
        put_object(&account.number, &bucket, &format!("2026/{name}"), &content);
    }
    put_object(&account.number, &bucket, "2026/folder/", b"");
    put_object(&account.number, &bucket, "2026/aws-logs-write-test", b"Permission Check Successful");
    put_object(&account.number, &bucket, "other/x.json", b"{}");
    bucket
}

fn account() -> Account {
    let account = Account::new();
    std::fs::write(account.path("rules.yaml"), RULES).unwrap();
    account
}

/// Of a line of the results, all but the name of the input.
fn without_input(text: &str, prefix: &str) -> String {
    text.replace(prefix, "")
}

#[test]
fn objects_are_read_like_files() {
    let account = account();
    let bucket = bucket(&account, 400);
    for (name, content) in inputs(5, 400) {
        let path = account.path("files/2026").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let from_s3 = Ran::of(&mut account.replay(&format!("s3://{bucket}/2026/"), &["--results", "a.ndjson"]));
    from_s3.assert(0, &["\"read\":"]);
    Ran::of(&mut account.replay("files/2026", &["--results", "b.ndjson"])).assert(0, &[]);
    let read = |name: &str| std::fs::read_to_string(account.path(name)).unwrap();
    let (a, b) = (
        without_input(&read("a.ndjson"), &format!("s3://{bucket}/")),
        without_input(&read("b.ndjson"), "files/"),
    );
    assert!(a.lines().count() > 2_000);
    assert!(a == b);
}

#[test]
fn a_replay_of_objects_that_is_killed_anywhere_ends_like_one_that_is_not() {
    let account = account();
    let bucket = bucket(&account, 12_000);
    let events = format!("s3://{bucket}/2026/");
    let folder = account.path("");
    survives_kills(20_261_123, 20, Path::new(&folder), |more| {
        account.replay(&events, &[&["--results", RESULTS, "--payloads", PAYLOADS], more].concat())
    });
}

#[test]
fn listings_of_many_pages_are_read_to_the_end_and_limits_stop_them() {
    let account = account();
    let bucket = format!("many-{}", account.number);
    put_object(&account.number, &bucket, "", b"");
    for number in 0..1_050 {
        put_object(&account.number, &bucket, &format!("{number:05}"), b"{\"source\":\"shop\"}");
    }
    let events = format!("s3://{bucket}/");
    let ran = Ran::of(&mut account.replay(&events, &[]));
    ran.assert(0, &["\"read\":1050,"]);
    Ran::of(&mut account.replay(&events, &["--limit", "7"])).assert(0, &["\"read\":7,"]);
    Ran::of(&mut account.replay(&events, &["--until", "2020-01-01"])).assert(4, &["no events were read"]);
    Ran::of(&mut account.replay(&events, &["--since", "2020-01-01"])).assert(0, &["\"read\":1050,"]);
    Ran::of(&mut account.replay(&format!("s3://{bucket}/none/"), &[])).assert(4, &["no events were read"]);
}

#[test]
fn an_object_that_changed_since_the_checkpoint_is_named() {
    let account = account();
    let bucket = bucket(&account, 50);
    let events = format!("s3://{bucket}/2026/");
    let kept = ["--results", RESULTS, "--checkpoint", CHECKPOINT];
    Ran::of(&mut account.replay(&events, &kept)).assert(0, &[]);
    let mut checkpoint: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(account.path(CHECKPOINT)).unwrap()).unwrap();
    let place = serde_json::json!({"key": "2026/b-members.gz", "etag": "\"0\""}).to_string();
    checkpoint["state"]["position"] = serde_json::json!({"input": 0, "place": place, "items": 3});
    std::fs::write(account.path(CHECKPOINT), checkpoint.to_string()).unwrap();
    Ran::of(&mut account.replay(&events, &[&kept[..], &["--resume"]].concat()))
        .assert(2, &["2026/b-members.gz has changed since the checkpoint"]);
}

#[test]
fn a_line_of_fifty_megabytes_is_one_broken_item() {
    let account = account();
    let bucket = format!("large-{}", account.number);
    put_object(&account.number, &bucket, "", b"");
    let mut object = b"{\"source\":\"".to_vec();
    object.resize(50 << 20, b'x');
    object.extend_from_slice(b"\"}\n{\"source\":\"shop\"}\n");
    put_object(&account.number, &bucket, "line", &object);
    let ran = Ran::of(&mut account.replay(&format!("s3://{bucket}/"), &[]));
    ran.assert(0, &["\"read\":2,", "EVENT_TOO_LARGE"]);
}

#[test]
fn what_cannot_be_listed_is_told() {
    let account = account();
    Ran::of(&mut account.replay("s3://no-such-bucket-anywhere/x", &[])).assert(2, &["NoSuchBucket"]);
    Ran::of(&mut account.replay("s3:///x", &[]))
        .assert(2, &["names no bucket; it is written s3://BUCKET/PREFIX"]);
    let mut nobody = account.bare_command(&["replay", "--rules", "rules.yaml", "--events", "s3://events/x"]);
    nobody.env("AWS_REGION", "us-east-1");
    Ran::of(&mut nobody).assert(3, &["no AWS credentials", "AWS_PROFILE"]);
    let denied = Fake::answering(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
    let mut command = account.replay("s3://events/x", &[]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &denied.url))
        .assert(3, &["S3 ListObjectsV2: AccessDenied", "IAM policy"]);
    let ran = Ran::of(&mut account.command(&["match", "--pattern", "{\"source\":[\"a\"]}", "s3://events/x"]));
    ran.assert(2, &["`replay` and `diff` do it", "aws s3 sync"]);
}

fn listing(objects: &[(&str, usize)]) -> (u16, String) {
    let contents: String = objects
        .iter()
        .map(|(key, size)| {
            format!(
                "<Contents><Key>{key}</Key><ETag>\"e\"</ETag><Size>{size}</Size>\
                 <LastModified>2026-03-04T05:06:07.000Z</LastModified></Contents>"
            )
        })
        .collect();
    (200, format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"))
}

#[test]
fn an_object_that_may_not_be_read_is_a_broken_item_and_a_service_that_is_gone_is_the_end() {
    let account = account();
    let denied = (403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".to_owned());
    let fake = Fake::answering_in_turn(vec![listing(&[("a", 18)]), denied]);
    let mut command = account.replay("s3://events/x", &[]);
    let ran = Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url));
    ran.assert(2, &["S3 GetObject: AccessDenied", "SOURCE_BROKEN", "not one event could be judged"]);

    let expired = (403, "<Error><Code>ExpiredToken</Code><Message>late</Message></Error>".to_owned());
    let fake = Fake::answering_in_turn(vec![listing(&[("a", 18)]), expired]);
    let mut command = account.replay("s3://events/x", &["--checkpoint", CHECKPOINT]);
    let ran = Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url));
    ran.assert(3, &["ExpiredToken", "\"read\":0,", "0 events are recorded", "--resume"]);
}

#[test]
fn a_part_that_breaks_off_is_fetched_again() {
    let account = account();
    let event = "{\"source\":\"shop\"}\n";
    let short = (206, event[..5].to_owned());
    let whole = (206, event.to_owned());
    let fake = Fake::answering_in_turn(vec![listing(&[("a", event.len())]), short, whole]);
    let mut command = account.replay("s3://events/x", &[]);
    Ran::of(command.env("AWS_ENDPOINT_URL", &fake.url)).assert(0, &["\"read\":1,", "\"errored\":0,"]);
    assert_eq!(fake.requests(), 3);
}
