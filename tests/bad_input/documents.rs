//! JSON that is broken, or is no event.

use super::replayed::{GOOD, fault, faults, replay};

const CUT_OFF: &str = "the input ends inside this document; it was cut off while being written or copied";

#[test]
fn bad_json_in_the_middle_of_lines() {
    for (broken, reason) in [
        (r#"{"source":}"#, "not JSON: expected a value (byte 10)"),
        (r#"{"source":"a""#, "not JSON: the JSON text ends too early (byte 13)"),
        (r#"{"source":"a"#, "not JSON: the JSON text ends too early (byte 12)"),
        ("hello", "not JSON: neither a number nor `true`, `false` or `null` (byte 0)"),
    ] {
        let ran = replay("e.ndjson", format!("{GOOD}\n{broken}\n{GOOD}\n{GOOD}\n"));
        assert_eq!(ran.counts(), (0, [4, 3, 0, 1]), "{broken}");
        assert_eq!(faults(&ran), [fault("INVALID_EVENT_JSON", 1, "e.ndjson:2", reason)], "{broken}");
    }
}

#[test]
fn bad_json_in_the_middle_of_an_array() {
    for (between, after) in [(",", ""), (",\n", "\n"), (",\n  ", "\n")] {
        let elements = [GOOD, r#"{"source":"a"b"}"#, GOOD, r#"{"source":tru}"#, GOOD].join(between);
        let ran = replay("e.json", format!("[{elements}{after}]"));
        assert_eq!(ran.counts(), (0, [5, 3, 0, 2]), "{between:?}");
        let faults = faults(&ran);
        assert_eq!((faults.len(), faults[0].count), (1, 2));
        let line = if between == "," { 1 } else { 2 };
        assert_eq!(faults[0].first_at, format!("e.json:{line}"), "{between:?}");
    }
}

#[test]
fn bad_json_between_documents_back_to_back() {
    for broken in [r#"{"source":"a"b"}"#, r#"{"source":["a"}"#, r#"{"source":"a""#, r#"{"source" "a"}"#] {
        let ran = replay("e.json", format!("{GOOD}{broken}{GOOD}{GOOD}"));
        assert_eq!(ran.counts(), (0, [4, 3, 0, 1]), "{broken}");
        let faults = faults(&ran);
        assert_eq!(
            (faults[0].code.as_str(), faults[0].first_at.as_str()),
            ("INVALID_EVENT_JSON", "e.json:1")
        );
        assert!(faults[0].reason.starts_with("not JSON: "), "{faults:?}");
    }
}

#[test]
fn input_that_ends_inside_an_event() {
    for text in [format!("{GOOD}\n{{\"source\":\"a"), format!("{GOOD}\n{{\"source\":")] {
        let ran = replay("e.ndjson", text);
        assert_eq!(ran.counts(), (0, [2, 1, 0, 1]));
        assert_eq!(faults(&ran), [fault("SOURCE_BROKEN", 1, "e.ndjson:2", CUT_OFF)]);
    }
    let ran = replay("e.json", format!("[{GOOD},\n{GOOD},\n"));
    assert_eq!(ran.counts(), (0, [3, 2, 0, 1]));
    let reason = "the list breaks off here, without its `]`; elements may be missing";
    assert_eq!(faults(&ran)[0].reason, reason);
}

#[test]
fn invalid_utf_8() {
    let text = [GOOD.as_bytes(), b"\n{\"source\":\"\xff\"}\n{\"\xc3\x28\":1}\n", GOOD.as_bytes()].concat();
    let ran = replay("e.ndjson", text);
    assert_eq!(ran.counts(), (0, [4, 2, 0, 2]));
    let faults = faults(&ran);
    assert_eq!((faults.len(), faults[0].count, faults[0].first_at.as_str()), (1, 2, "e.ndjson:2"));
    assert!(faults[0].reason.starts_with("not JSON: not valid UTF-8"), "{faults:?}");
}

#[test]
fn nesting_10_000_deep() {
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let arrays = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let open = "{\"a\":".repeat(10_000);
    let ran = replay("e.ndjson", [GOOD, &objects, GOOD, &arrays, &open, GOOD].join("\n"));
    assert_eq!(ran.counts(), (0, [6, 3, 0, 3]));
    let faults = faults(&ran);
    assert_eq!((faults[0].code.as_str(), faults[0].first_at.as_str()), ("INVALID_EVENT_JSON", "e.ndjson:2"));
    assert!(faults[0].reason.contains("nested"), "{faults:?}");
}

#[test]
fn events_that_are_no_objects() {
    let ran = replay("e.ndjson", format!("42\n{GOOD}\n\"a\"\nnull\ntrue\n-1e3\n{GOOD}\n"));
    assert_eq!(ran.counts(), (0, [7, 2, 0, 5]));
    let reason = "expected an object as the event, found a number";
    assert_eq!(faults(&ran), [fault("EVENT_NOT_AN_OBJECT", 5, "e.ndjson:1", reason)]);
}

#[test]
fn broken_elements_of_wrappers() {
    let good = r#"{"Body":"{\"source\":\"a\"}"}"#;
    let elements =
        [good, "{\"MessageId\":\"1\"}", "7", "{\"Body\":{}}", "{\"Body\":\"{\"}", good].join(",\n");
    let ran = replay("sqs.json", format!("{{\"Messages\":[\n{elements}\n]}}"));
    assert_eq!(ran.counts(), (0, [6, 2, 0, 4]));
    let faults = faults(&ran);
    let no_body = "this element of `Messages` has no `Body`, so it holds no event";
    assert!(faults.iter().any(|f| f.first_at == "sqs.json:3" && f.reason == no_body), "{faults:?}");
    assert!(faults.iter().all(|f| f.first_at != "sqs.json:2" && f.first_at != "sqs.json:7"), "{faults:?}");
    let records = r#"{"Records":[{"Data":"%%%","PartitionKey":"a"},{"Data":"eyJzb3VyY2UiOiJhIn0=","PartitionKey":"a"}]}"#;
    let ran = replay("kinesis.json", records);
    assert_eq!(ran.counts(), (0, [2, 1, 0, 1]));
    assert_eq!(
        self::faults(&ran),
        [fault("SOURCE_BROKEN", 1, "kinesis.json:1", "`Data` is not valid base64")]
    );
}

#[test]
fn a_wrapper_that_breaks_off_leaves_the_next_line_alone() {
    let good = r#"{"Messages":[{"Body":"{\"source\":\"a\"}"}"#;
    let ran = replay("sqs.ndjson", format!("{good}\n{GOOD}\n{good}]}}\n"));
    assert_eq!(ran.counts(), (0, [4, 3, 0, 1]));
    assert_eq!(faults(&ran)[0].code, "SOURCE_BROKEN");
}

#[test]
fn control_bytes_and_text_that_is_no_json() {
    let text = [GOOD.as_bytes(), b"\n\0\0\0\n\x01\x02\n{\"source\":\"\x07\"}\n", GOOD.as_bytes()].concat();
    let ran = replay("e.ndjson", text);
    let (code, [read, delivered, unmatched, errored]) = ran.counts();
    assert_eq!((code, delivered, unmatched), (0, 2, 0));
    assert_eq!((read, errored), (5, 3));
}
