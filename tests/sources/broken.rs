//! Broken input: every fault is an item in its place, and what stands behind it is read.

use super::common::{contents, items, items_in_steps, tiny};

/// Reads `text` whole and byte by byte; both must give the same items.
fn check(text: &str, expected: &[&str]) {
    assert_eq!(items(text.as_bytes()), expected, "{text}");
    assert_eq!(items_in_steps(text.as_bytes(), 1, tiny()), expected, "byte by byte: {text}");
}

#[test]
fn a_broken_line_leaves_its_neighbours_alone() {
    for broken in [
        r#"{"id":"2","x":tru}"#,
        r#"{"id":"2","x":{"y":1}"#,
        r#"{"id":"2","x":"#,
        r#"{"id":"2","x":["#,
        r#"{"id":"2","x":[1,"#,
        r#"{"id":"2","x":"abc"#,
        r#"{"id":"2","x":"abc\"#,
        r#"{"id":"2","x":"a"b"}"#,
        r#"{"id":"2","x":[1}"#,
        r#"{"id":"2","x":{"y":[{"z":1}}"#,
        r#"{"id":"2","user":{"id":"x"y","z":{"id":"3"}}}"#,
        r#"{"id":'2'}"#,
        "{",
        "{\"",
        "hello world",
        "]",
        "}",
        "\u{1}",
        "nul",
    ] {
        for (first, second, third) in
            [("{\"id\":\"1\"}", broken, "{\"id\":\"3\"}"), (broken, "{\"a\":2}", "{}")]
        {
            let text = format!("{first}\n{second}\n{third}\n");
            let at = |line: &str| text.find(line).expect("in the text");
            check(
                &text,
                &[
                    &format!("0:1 event {first}"),
                    &format!("{}:2 event {second}", first.len() + 1),
                    &format!("{}:3 event {third}", at(&format!("\n{third}\n")) + 1),
                ],
            );
        }
    }
}

#[test]
fn documents_on_one_line_are_found_behind_a_broken_one() {
    for broken in [
        r#"{"id":"2","x":{"y":1}"#,
        r#"{"id":"2","x":"abc"#,
        r#"{"id":"2","x":"abc\"#,
        r#"{"id":"2","x":1"#,
        r#"{"id":"2","x""#,
        r#"{"id":"2","#,
        r#"{"id":"2""#,
        r#"{"#,
        r#"{"id":"2","user":{"id":"x"y","z":{"id":"3"}}}"#,
        r#"{"id":"2","x":[1}"#,
        r#"{"id":"2","x":[1,2}}"#,
        "garbage ",
        "}} ",
    ] {
        let text = format!("{{\"id\":\"1\"}}{broken}{{\"id\":\"3\",\"z\":{{\"q\":[]}}}}{{\"id\":\"4\"}}");
        let third = 10 + broken.len();
        check(
            &text,
            &[
                "0:1 event {\"id\":\"1\"}",
                &format!("10:1 event {}", broken.trim_end()),
                &format!("{third}:1 event {{\"id\":\"3\",\"z\":{{\"q\":[]}}}}"),
                &format!("{}:1 event {{\"id\":\"4\"}}", third + 23),
            ],
        );
    }
}

#[test]
fn broken_json_that_is_balanced_keeps_its_ends() {
    check(
        r#"{"a":NaN}{"b" 1,}{"c":1}"#,
        &[r#"0:1 event {"a":NaN}"#, r#"9:1 event {"b" 1,}"#, r#"17:1 event {"c":1}"#],
    );
}

#[test]
fn pretty_printed_documents_survive_a_broken_one() {
    let text = "{\n  \"id\": \"x\"y\",\n  \"a\": {\n    \"b\": 1\n  }\n}\n{\n  \"id\": 2\n}\n";
    check(
        text,
        &[
            "0:1 event {\n  \"id\": \"x\"y\",\n  \"a\": {\n    \"b\": 1\n  }\n}",
            "43:7 event {\n  \"id\": 2\n}",
        ],
    );
    let cut_off = "{\n  \"a\": {\n    \"b\": [\n{\n  \"id\": 2\n}\n{\n  \"id\": 3\n}\n";
    check(
        cut_off,
        &[
            "0:1 event {\n  \"a\": {\n    \"b\": [",
            "22:4 event {\n  \"id\": 2\n}",
            "36:7 event {\n  \"id\": 3\n}",
        ],
    );
    let array = "[\n  {\n    \"id\": \"x\"y\"\n  },\n  {\n    \"id\": 2\n  }\n]";
    check(array, &["4:2 event {\n    \"id\": \"x\"y\"\n  },", "29:5 event {\n    \"id\": 2\n  }"]);
}

#[test]
fn elements_of_arrays_are_found_behind_a_broken_one() {
    check(
        r#"[{"id":1,"x":[{"y":1}]},{"id":"x"y","x":[{"y":1}]},{"id":3},{"id":4}]"#,
        &[
            r#"1:1 event {"id":1,"x":[{"y":1}]}"#,
            r#"24:1 event {"id":"x"y","x":[{"y":1}]},"#,
            r#"51:1 event {"id":3}"#,
            r#"60:1 event {"id":4}"#,
        ],
    );
    check(
        r#"[{"id":1} {"id":2},,oops,42,"s",null,[{"id":3}]]"#,
        &[
            r#"1:1 event {"id":1}"#,
            r#"10:1 event {"id":2}"#,
            "20:1 event oops",
            "25:1 event 42",
            r#"28:1 event "s""#,
            "32:1 event null",
            r#"37:1 event {"id":3}"#,
        ],
    );
}

#[test]
fn documents_that_are_no_objects_count_once_each() {
    check(
        "42 \"text\" true\nnull -1e3\n\"}{\"",
        &[
            "0:1 event 42",
            "3:1 event \"text\"",
            "10:1 event true",
            "15:2 event null",
            "20:2 event -1e3",
            "25:3 event \"}{\"",
        ],
    );
}

#[test]
fn an_input_that_ends_inside_a_document_says_so() {
    let cut_off = "broken the input ends inside this document; it was cut off while being written or copied";
    check("{\"id\":1}\n {\"id\":", &["0:1 event {\"id\":1}", &format!("10:2 {cut_off}")]);
    check("{\"id\":1}{\"id\":\"\\", &["0:1 event {\"id\":1}", &format!("8:1 {cut_off}")]);
    check("[{\"id\":1},{\"id\"", &["1:1 event {\"id\":1}", &format!("10:1 {cut_off}")]);
    let list = "broken the list breaks off here, without its `]`; elements may be missing";
    check("[{\"id\":1},", &["1:1 event {\"id\":1}", &format!("10:1 {list}")]);
    let text = r#"{"Messages":[{"Body":"{}"}],"x":"#;
    check(text, &["13:1 event {}", &format!("32:1 {cut_off}")]);
}

#[test]
fn a_line_with_a_list_that_breaks_off_leaves_the_next_alone() {
    let list = "broken the list breaks off here, without its `]`; elements may be missing";
    check(
        "[{\"id\":1},{\"id\":2}\n{\"id\":3}\n{\"Messages\":[{\"Body\":\"{}\"}\n{\"id\":4}\n",
        &[
            "1:1 event {\"id\":1}",
            "10:1 event {\"id\":2}",
            &format!("19:2 {list}"),
            "19:2 event {\"id\":3}",
            "41:3 event {}",
            &format!("55:4 {list}"),
            "55:4 event {\"id\":4}",
        ],
    );
}

#[test]
fn elements_of_wrappers_without_an_event_say_what_is_missing() {
    let message = |text: &str| contents(text.as_bytes());
    assert_eq!(
        message(r#"{"Messages":[{"MessageId":"1"},7,{"Body":{}},{"Body":"{\"ok\":1}"}]}"#),
        [
            "broken this element of `Messages` has no `Body`, so it holds no event",
            "broken this element of `Messages` has no `Body`, so it holds no event",
            "broken `Body` is not a valid JSON string",
            "event {\"ok\":1}",
        ]
    );
    assert_eq!(
        message(
            r#"{"Records":[{"Data":"%%%","PartitionKey":"a"},{"eventSource":"aws:s3","eventVersion":"2.1"}]}"#
        ),
        [
            "broken `Data` is not valid base64",
            "broken this element of `Records` has no `Data`, `body` or CloudTrail's `eventVersion` and \
             `eventSource`, so it holds no event",
        ]
    );
    assert_eq!(
        message(r#"{"awslogs":{"data":"H4sI"}}"#),
        ["broken the gzip data ends too early; the file was cut off, fetch it again"]
    );
}

#[test]
fn a_wrapper_that_breaks_behind_its_list_is_reported() {
    check(
        "{\"Messages\":[{\"Body\":\"{}\"}]\n{\"id\":2}\n",
        &[
            "13:1 event {}",
            "28:2 broken this wrapper is broken behind its list; the elements before were read",
            "28:2 event {\"id\":2}",
        ],
    );
}

#[test]
fn depth_is_no_danger() {
    let deep =
        |levels: usize| [vec![b'{'; 1], b"\"a\":[".repeat(levels), vec![b']'; levels], vec![b'}']].concat();
    let nested: Vec<u8> = (0..10_000).flat_map(|_| *b"{\"a\":").chain(*b"1").chain([b'}'; 10_000]).collect();
    let text = [&nested[..], b"\n", &deep(1)[..], b"\n", &[b'['; 200_000], b"\n{\"id\":1}\n"].concat();
    let items = items(&text);
    assert_eq!(items[0].len(), "0:1 event ".len() + nested.len());
    assert_eq!(items[1], "60002:2 event {\"a\":[]}");
    assert!(items[2].contains("event [[["), "{}", &items[2][..40]);
    let body = format!(r#"{{"Messages":[{{"Body":"{}"}}]}}"#, "[".repeat(100_000));
    assert_eq!(contents(body.as_bytes()).len(), 1);
    let wrapped = format!("[{}1{}]", "[".repeat(100), "]".repeat(100));
    assert_eq!(contents(wrapped.as_bytes()), ["broken wrapped more than 6 times over"]);
}

#[test]
fn byte_order_marks_are_left_out_and_utf_16_is_refused() {
    check("\u{feff}{\"id\":1}\r\n\u{feff}{\"id\":2}", &["3:1 event {\"id\":1}", "16:2 event {\"id\":2}"]);
    let utf_16 =
        "broken UTF-16 text is not read; convert it to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`";
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    for bytes in [little("\u{feff}{}"), big("\u{feff}{}"), little("{}"), big("[{}]")] {
        assert_eq!(contents(&bytes), [utf_16]);
    }
    assert_eq!(contents(b"PK\x03\x04...."), ["broken zip is not read; unpack it first"]);
}

#[test]
fn invalid_utf_8_is_handed_on_for_the_matcher_to_judge() {
    assert_eq!(
        contents(b"{\"id\":\"\xff\"}\n{\"id\":2}\n"),
        ["event {\"id\":\"\u{fffd}\"}", "event {\"id\":2}"]
    );
}
