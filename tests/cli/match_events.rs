//! `match`: grep for events.

use super::session::Session;

const EVENTS: &str =
    "{\"id\":\"1\",\"source\":\"a\"}\n{\"id\":\"2\",\"source\":\"b\"}\n{\"id\":\"3\",\"source\":\"a\"}\n";
const PATTERN: &str = r#"{"source": ["a"]}"#;

#[test]
fn matching_events_are_printed_as_they_are() {
    let session = Session::new();
    session.file("events.ndjson", EVENTS).file("pattern.json", PATTERN);
    for pattern in [PATTERN, "pattern.json"] {
        let ran = session.run(&["match", "--pattern", pattern, "events.ndjson"]);
        assert_eq!(ran.out, "{\"id\":\"1\",\"source\":\"a\"}\n{\"id\":\"3\",\"source\":\"a\"}\n");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
}

#[test]
fn standard_input_is_read_where_no_file_is_named() {
    let session = Session::new();
    for arguments in [&["match", "--pattern", PATTERN][..], &["match", "--pattern", PATTERN, "-"]] {
        let ran = session.run_with_input(arguments, EVENTS);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 2));
    }
}

#[test]
fn invert_selects_the_others_and_count_only_counts() {
    let session = Session::new();
    let ran = |flags: &[&str]| {
        let ran = session.run_with_input(&[&["match", "--pattern", PATTERN], flags].concat(), EVENTS);
        (ran.code, ran.out)
    };
    assert_eq!(ran(&["--invert"]), (0, "{\"id\":\"2\",\"source\":\"b\"}\n".to_owned()));
    assert_eq!(ran(&["--count"]), (0, "2\n".to_owned()));
    assert_eq!(ran(&["--count", "--invert"]), (0, "1\n".to_owned()));
}

#[test]
fn no_match_is_exit_1_and_no_event_exit_4() {
    let session = Session::new();
    let ran = session.run_with_input(&["match", "--pattern", r#"{"source": ["z"]}"#, "--count"], EVENTS);
    assert_eq!((ran.code, ran.out.as_str()), (1, "0\n"));
    let ran = session.run(&["match", "--pattern", PATTERN]);
    assert_eq!((ran.code, ran.err.as_str()), (4, "error: no events were read\n"));
}

#[test]
fn pretty_printed_events_come_out_one_per_line() {
    let session = Session::new();
    let pretty = "[\r\n  {\r\n    \"id\": \"1\",\n    \"source\": \"a\"\n  },\n  {\"source\": \"b\"}\n]\n";
    let ran = session.run_with_input(&["match", "--pattern", r#"{"source": ["a", "b"]}"#], pretty);
    let events: Vec<serde_json::Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(events, [serde_json::json!({"id": "1", "source": "a"}), serde_json::json!({"source": "b"})]);
    assert!(!ran.out.contains('\r'));
}

#[test]
fn events_that_cannot_be_judged_are_named_and_never_selected() {
    let session = Session::new();
    session.file("events.ndjson", "{\"source\":}\n{\"source\":\"a\"}\n[1]\n");
    for (flags, out) in [(&[][..], "{\"source\":\"a\"}\n"), (&["--invert"], "")] {
        let ran = session.run(&[&["match", "--pattern", PATTERN, "events.ndjson"], flags].concat());
        assert_eq!(ran.out, out);
        assert!(ran.err.starts_with("error: events.ndjson:1: not JSON: "), "{}", ran.err);
        assert!(
            ran.err.contains("\nerror: events.ndjson:3: expected an object as the event, found a number")
        );
    }
}
