//! `conform`: our answers beside recorded ones.

use super::session::Session;

const AGREE: &str = r#"{"id":"p1","pattern":"{\"source\":[\"a\"]}","event":"{\"id\":\"1\",\"source\":\"a\",\"detail-type\":\"t\",\"account\":\"123456789012\",\"time\":\"2026-11-22T00:00:00Z\",\"region\":\"eu-west-1\",\"resources\":[],\"detail\":{}}","expect":"match"}
{"id":"e1","profile":"engine","pattern":"{\"a\":[1]}","event":"{\"a\":2}","expect":"no_match"}
{"id":"s1","rules":{"x":"{\"a\":[1]}","y":"{\"a\":[2]}","z":"{\"a\":3}"},"event":"{\"a\":1}","expect":["x"],"invalid":["z"]}
{"id":"c1","pattern":"{\"a\":[{\"wildcard\":\"*b\"}]}","complexity":2}
"#;

const DISAGREE: &str = r#"{"id":"d1","profile":"engine","pattern":"{\"a\":[1]}","event":"{\"a\":1}","expect":"no_match"}
{"id":"d2","profile":"engine","pattern":"{\"a\":1}","event":"{\"a\":1}","expect":"match"}
{"id":"d3","rules":{"x":"{\"a\":[1]}"},"event":"{\"a\":1}","expect":[]}
"#;

#[test]
fn agreement_is_one_line_and_exit_0() {
    let session = Session::new();
    session.file("cases.jsonl", AGREE);
    let ran = session.run(&["conform", "cases.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "4 cases, 4 agree, 0 disagree\n", ""));
    let ran = session.run(&["conform", "cases.jsonl", "--format", "json"]);
    let expected = serde_json::json!({
        "schema_version": 1, "cases": 4, "agree": 4, "disagree": 0, "disagreeing": [], "not_applicable": 0,
        "unreadable": 0
    });
    assert_eq!((ran.code, ran.json()), (0, expected));
}

#[test]
fn disagreements_are_listed_with_case_and_place_and_exit_1() {
    let session = Session::new();
    session.file("agree.jsonl", AGREE).file("disagree.jsonl", DISAGREE);
    let ran = session.run(&["conform", "agree.jsonl", "disagree.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "disagree.jsonl:1: d1: recorded no_match, we say match");
    assert_eq!(lines[1], "disagree.jsonl:2: d2: recorded match, we say invalid_pattern");
    assert!(lines[2].contains("expected a list of values or an object for `a`"), "{}", lines[2]);
    assert_eq!(
        lines[3],
        "disagree.jsonl:3: d3: recorded matching [], invalid [], we say matching [x], invalid []"
    );
    assert_eq!(lines[4..], ["7 cases, 4 agree, 3 disagree"]);
    let ran = session.run(&["conform", "agree.jsonl", "disagree.jsonl", "--format", "json"]);
    let json = ran.json();
    assert_eq!((ran.code, &json["disagree"]), (1, &serde_json::json!(3)));
    assert_eq!(json["disagreeing"], serde_json::json!(["d1", "d2", "d3"]));
}

#[test]
fn a_line_that_is_no_case_is_exit_2_and_the_others_count() {
    let session = Session::new();
    for broken in [
        "{\"id\":\"x\"}",
        "{\"id\":",
        "[]",
        "{\"id\":\"x\",\"pattern\":\"{}\",\"event\":{},\"expect\":\"match\"}",
    ] {
        session.file("cases.jsonl", format!("{broken}\n{AGREE}{DISAGREE}"));
        let ran = session.run(&["conform", "cases.jsonl"]);
        assert_eq!(ran.code, 2, "{broken}: {ran:?}");
        assert!(ran.out.ends_with("\n7 cases, 4 agree, 3 disagree\n"), "{broken}: {}", ran.out);
        assert!(ran.err.starts_with("error: cases.jsonl:1: "), "{broken}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{broken}: {}", ran.err);
    }
}

#[test]
fn no_case_is_exit_4_and_no_file_exit_2() {
    let session = Session::new();
    session.file("cases.jsonl", "");
    let ran = session.run(&["conform", "cases.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, "0 cases, 0 agree, 0 disagree\n"));
    assert_eq!(session.run(&["conform", "other.jsonl"]).code, 2);
    assert_eq!(session.run(&["conform"]).code, 2);
}

#[test]
fn what_cannot_be_known_is_listed_with_its_reason_and_counted_apart() {
    let session = Session::new();
    session.file(
        "cases.jsonl",
        r#"{"id":"t1","event":{"a":"x"},"input_path":"$.a","expect":{"kind":"delivered","body":"\"x\""}}
{"id":"t2","event":{"a":"x"},"input_path":"$.a","expect":{"kind":"dlq","error_code":"NO_RESOURCE","body":"\"x\""}}
{"id":"t3","event":{"a":"x"},"input":"","expect":{"kind":"unobserved"}}
{"id":"t4","event":{"a":[1, 2]},"input_path":"$.a","compare":"json","expect":{"kind":"delivered","body":"[1,2.0]"}}
"#,
    );
    let ran = session.run(&["conform", "cases.jsonl"]);
    let expected = "cases.jsonl:2: t2: not applicable: NO_RESOURCE cannot be known locally\n\
        cases.jsonl:3: t3: not applicable: accepted, then seen nowhere\n\
        4 cases, 2 agree, 0 disagree, 2 not applicable\n";
    assert_eq!((ran.code, ran.out.as_str()), (0, expected));
    let wrong =
        r#"{"id":"w","event":{"a":1},"input_path":"$['a']","expect":{"kind":"delivered","body":"1"}}"#;
    session.file("cases.jsonl", wrong);
    let ran = session.run(&["conform", "cases.jsonl"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.starts_with(
            "cases.jsonl:1: w: recorded delivered 1, we say rejected ValidationException InputPath for target target is invalid."
        ),
        "{}",
        ran.out
    );
}
