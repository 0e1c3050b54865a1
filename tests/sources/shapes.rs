//! Every shape in which events are stored. The files come with the reference; each holds the order events 1 to
//! 3 of `firehose_newline.json`, or what is said here.

use serde_json::{Value, json};

use super::common::{contents, data, gzip, items, items_in_steps, tiny};

const O1: &str = r#"{"version":"0","id":"11111111-2222-4333-8444-555555555551","detail-type":"Order Placed","source":"shop.orders","account":"123456789012","time":"2026-03-04T05:06:01Z","region":"eu-west-1","resources":[],"detail":{"id":"o-1","total":10}}"#;

fn order(number: u32) -> String {
    O1.replace("555551\"", &format!("55555{number}\""))
        .replace("06:01Z", &format!("06:0{number}Z"))
        .replace("o-1", &format!("o-{number}"))
        .replace(":10}", &format!(":{number}0}}"))
}

/// The files whose events are plain order events, with what they hold and where it stands.
const SHAPES: [(&str, &[&str]); 16] = [
    ("firehose_newline.json", &["0:1 event o1", "236:2 event o2", "472:3 event o3"]),
    ("firehose_concatenated.json", &["0:1 event o1", "235:1 event o2", "470:1 event o3"]),
    ("firehose_concatenated.json.gz", &["0:1 event o1", "235:1 event o2", "470:1 event o3"]),
    ("logs_export_000000.txt", &["0:1 event o1", "261:2 event o2", "522:3 event o3"]),
    ("logs_export_000000.gz", &["0:1 event o1", "261:2 event o2", "522:3 event o3"]),
    ("logs_filter_log_events.json", &["17:3 event o1"]),
    ("logs_get_log_events.json", &["17:3 event o1"]),
    ("logs_subscription_decoded.json", &["205:10 event o1"]),
    ("logs_subscription_lambda.json", &["0:1 event o1"]),
    (
        "logs_subscription_firehose.gz",
        &["179:1 event o1", "514:1 skipped a control message of a Logs subscription"],
    ),
    ("kinesis_record.json", &["18:3 event o1"]),
    ("sns_to_sqs_body.json", &["0:1 event o1"]),
    ("sqs_receive_message.json", &["19:3 event o1"]),
    ("sqs_dlq_retries_exhausted.json", &["19:3 event o1"]),
    ("sqs_dlq_message.json", &[r#"19:3 event {"v":"{"a":1}"}"#]),
    ("stepfunctions_start_input.json", &["0:1 event o1"]),
];

#[test]
fn order_events_come_out_of_every_shape() {
    let named = |item: &&str| {
        (1..=3).fold((*item).to_owned(), |item, number| {
            item.replace(&format!("event o{number}"), &format!("event {}", order(number)))
        })
    };
    for (name, expected) in SHAPES {
        let expected: Vec<String> = expected.iter().map(named).map(|item| item.to_string()).collect();
        assert_eq!(items(&data(name)), expected, "{name}");
        assert_eq!(items_in_steps(&data(name), 1, tiny()), expected, "{name}, byte by byte");
    }
}

fn event_value(text: &[u8]) -> Value {
    let contents = contents(text);
    let [item] = &contents[..] else { panic!("one item, not {contents:?}") };
    serde_json::from_str(item.strip_prefix("event ").expect("an event")).expect("valid JSON")
}

#[test]
fn a_v2_envelope_gives_its_data() {
    assert_eq!(event_value(&data("v2_with_metadata.json")), json_of(O1));
    let batch = [b"[".to_vec(), data("v2_with_metadata.json"), b",".to_vec(), data("v2_with_metadata.json")];
    assert_eq!(contents(&[batch.concat(), b"]".to_vec()].concat()).len(), 2);
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("valid JSON")
}

#[test]
fn a_cloudtrail_record_becomes_the_event_that_a_rule_sees() {
    let mut expected = json_of(&String::from_utf8(data("cloudtrail_wrapped.json")).expect("UTF-8"));
    expected["id"] = json!("d28a7a84-07b0-8ef3-aa5b-1a38cc7b1c58");
    let mut actual = event_value(&data("cloudtrail_log.json"));
    let id = actual["id"].take();
    assert_eq!(event_value(&data("cloudtrail_log.json"))["id"], id, "the id is always the same");
    let id = id.as_str().expect("a string").to_owned();
    assert_eq!((id.len(), &id[14..15]), (36, "8"), "{id}");
    actual["id"] = expected["id"].clone();
    assert_eq!(actual, expected);
}

#[test]
fn cloudtrail_records_get_the_detail_type_of_their_type() {
    for (fields, detail_type) in [
        (r#""eventType":"AwsApiCall""#, "AWS API Call via CloudTrail"),
        (r#""eventType":"AwsConsoleSignIn""#, "AWS Console Sign In via CloudTrail"),
        (r#""eventType":"AwsServiceEvent""#, "AWS Service Event via CloudTrail"),
        (r#""eventType":"AwsConsoleAction""#, "AWS Console Action via CloudTrail"),
        (r#""eventType":"AwsVpceEvent""#, "AWS Network Activity Event via CloudTrail"),
        (r#""eventType":"AwsCloudTrailInsight","eventCategory":"Insight""#, "AWS Insight via CloudTrail"),
    ] {
        let record =
            format!(r#"{{"eventVersion":"1.0","eventSource":"sts.amazonaws.com","eventName":"A",{fields}}}"#);
        let event = event_value(format!(r#"{{"Records":[{record}]}}"#).as_bytes());
        assert_eq!(event["detail-type"], detail_type);
        assert_eq!(event["source"], "aws.sts");
        assert_eq!(event["detail"], json_of(&record));
        assert_eq!(event["account"], ruleproof::sources::ACCOUNT_DEFAULT);
    }
    let odd = br#"{"eventVersion":"1.0","eventSource":"a.b","eventName":"A","eventType":"AwsNews"}"#;
    assert_eq!(contents(odd), ["broken CloudTrail records of type `AwsNews` have no known detail-type"]);
}

#[test]
fn put_events_entries_become_events() {
    let mut event = event_value(&data("put_events_entries.json"));
    assert!(event["id"].take().is_string());
    assert_eq!(
        event,
        json!({
            "version": "0", "id": null, "detail-type": "Order Placed", "source": "shop.orders",
            "account": "123456789012", "time": "2026-03-04T05:06:01Z", "region": "us-east-1",
            "resources": [], "detail": {"id": "o-1", "total": 10}
        })
    );
    let request = br#"{"Entries":[{"Source":"a","DetailType":"b","Detail":"{}","Time":"x"},
        {"Source":"a","DetailType":"b","Detail":"[]"},{"Source":"a","DetailType":"b"},
        {"Source":"a","DetailType":"b","Detail":"{}"},{"Source":"a","DetailType":"b","Detail":"{}"}]}"#;
    let answers = contents(request);
    assert_eq!(
        answers[..3],
        [
            "broken `Time` is neither an RFC 3339 time nor seconds since 1970",
            "broken `Detail` is malformed; it must be a string that holds one JSON object",
            "broken `Detail` is required in a PutEvents entry",
        ]
    );
    assert_eq!(answers.len(), 5);
    assert_ne!(answers[3], answers[4], "equal entries are different events");
}

#[test]
fn what_is_no_event_is_left_out_visibly() {
    let digest = br#"{"awsAccountId":"1","digestS3Bucket":"b","digestS3Object":"o","logFiles":[{"a":1}]}"#;
    assert_eq!(contents(digest), ["skipped a CloudTrail digest file"]);
    assert_eq!(contents(br#"{"Messages":[]}"#), ["skipped a list without elements"]);
    assert_eq!(contents(b" [ ] "), ["skipped a list without elements"]);
    let confirmation = br#"{"Type":"SubscriptionConfirmation","TopicArn":"t","Message":"You have chosen.."}"#;
    assert_eq!(contents(confirmation), ["skipped an SNS message about a subscription"]);
    let sorted = br#"{"logEvents":[{"id":"","message":"CWL CONTROL MESSAGE: Checking","timestamp":1}],
        "messageType":"CONTROL_MESSAGE"}"#;
    assert_eq!(contents(sorted), ["skipped a control message of a Logs subscription"]);
}

#[test]
fn wrappers_in_wrappers_are_opened() {
    let sns = String::from_utf8(data("sns_to_sqs_body.json")).expect("UTF-8");
    let sqs = json!({"Messages": [{"MessageId": "1", "Body": sns}]}).to_string();
    assert_eq!(contents(sqs.as_bytes()), [format!("event {O1}")]);
    let lambda = json!({"Records": [
        {"messageId": "1", "body": O1, "eventSource": "aws:sqs"},
        {"EventSource": "aws:sns", "Sns": json_of(&sns)},
        {"kinesis": {"data": base64(O1.as_bytes())}, "eventSource": "aws:kinesis"},
        {"kinesis": {"data": base64(&gzip(&data("logs_subscription_decoded.json")))}},
    ]});
    assert_eq!(contents(lambda.to_string().as_bytes()), vec![format!("event {O1}"); 4]);
    let history = json!({"events": [
        {"timestamp": 1, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
         "executionStartedEventDetails": {"input": O1}},
        {"timestamp": 2, "type": "PassStateEntered", "id": 2, "previousEventId": 0},
    ]});
    assert_eq!(
        contents(history.to_string().as_bytes()),
        [
            format!("event {O1}"),
            "skipped an entry of an execution's history that is not its start".to_owned()
        ]
    );
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn events_with_members_like_those_of_wrappers_stay_events() {
    for event in [
        r#"{"version":"0","Records":[{"a":1}],"detail":{}}"#,
        r#"{"source":"a","Type":"Notification","Message":"{}","TopicArn":"t"}"#,
        r#"{"Body":"{}","detail-type":"x"}"#,
        r#"{"Data":"e30="}"#,
        r#"{"orders":[{"id":1}]}"#,
        r#"{"Message":"{}"}"#,
    ] {
        assert_eq!(items(event.as_bytes()), [format!("0:1 event {event}")]);
    }
}

#[test]
fn lists_hold_whole_events_too() {
    let list = br#"{"events":[{"id":"1","detail-type":"a"},{"message":"{\"id\":\"2\"}"}]}"#;
    assert_eq!(contents(list), [r#"event {"id":"1","detail-type":"a"}"#, r#"event {"id":"2"}"#]);
}

#[test]
fn messages_of_several_lines_stay_together_in_exported_logs() {
    let text = b"2026-03-04T05:06:01.000Z {\n  \"a\": 1\n}\n2026-03-04T05:06:02.000Z START x\n\
        2026-03-04T05:06:03.000Z \r\n2026-03-04T05:06:04.000Z {\"b\":\n";
    let expected = ["0:1 event {\n  \"a\": 1\n}", "38:4 event START x", "71:5 event ", "98:6 event {\"b\":"];
    assert_eq!(items(text), expected);
    assert_eq!(items_in_steps(text, 1, tiny()), expected);
    let tail = b"2026-03-04T05:06:01.123456+00:00 stream/a {\"a\":1}\n";
    assert_eq!(contents(tail), [r#"event {"a":1}"#]);
}
