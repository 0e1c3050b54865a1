//! Events and lines beyond all measure.

use super::replayed::{GOOD, faults, replay};
use super::session::{Session, TWO_RULES};

const MB_50: usize = 50_000_000;

fn event_of(bytes: usize) -> String {
    let frame = r#"{"source":"a","detail":{"text":""}}"#;
    frame.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - frame.len())))
}

#[test]
fn an_event_of_50_mb_is_passed_over_and_named() {
    let ran = replay("e.ndjson", [GOOD, &event_of(MB_50), GOOD, GOOD].join("\n"));
    assert_eq!(ran.counts(), (0, [4, 3, 0, 1]));
    let faults = faults(&ran);
    assert_eq!((faults[0].code.as_str(), faults[0].first_at.as_str()), ("EVENT_TOO_LARGE", "e.ndjson:2"));
    assert!(faults[0].reason.contains("longer than the limit of 16777216 bytes"), "{faults:?}");
}

#[test]
fn an_event_of_50_mb_is_judged_where_the_limit_is_raised() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("e.ndjson", [GOOD, &event_of(MB_50), GOOD].join("\n"));
    let arguments = ["replay", "--format", "json", "--rules", "rules.yaml", "--events", "e.ndjson"];
    let ran = session.run(&[&arguments[..], &["--event-bytes-max", "60000000"]].concat());
    assert_eq!(ran.counts(), (0, [3, 3, 0, 0]));
    // And a limit below the others' size holds too.
    let ran = session.run(&[&arguments[..], &["--event-bytes-max", "10"]].concat());
    assert_eq!(ran.counts(), (2, [3, 0, 0, 3]));
}

#[test]
fn a_line_of_50_mb_without_an_end() {
    for line in [
        format!("{{\"source\":\"{}", "x".repeat(MB_50)),
        format!("{{\"source\":[{}", "1,".repeat(MB_50 / 2)),
        "x".repeat(MB_50),
    ] {
        let ran = replay("e.ndjson", format!("{GOOD}\n{GOOD}\n{line}"));
        let (code, [_, delivered, unmatched, errored]) = ran.counts();
        assert_eq!((code, delivered, unmatched, errored), (0, 2, 0, 1), "{}", &line[..20]);
        assert_eq!(faults(&ran)[0].first_at, "e.ndjson:3", "{}", &line[..20]);
    }
}

#[test]
fn a_broken_line_of_50_mb_leaves_the_next_alone() {
    // A list that breaks off counts beside its broken element.
    for (line, faults) in [(format!("{{\"source\":\"{}", "x".repeat(MB_50)), 1), ("[".repeat(MB_50), 2)] {
        let ran = replay("e.ndjson", format!("{GOOD}\n{line}\n{GOOD}\n"));
        let (code, [_, delivered, unmatched, errored]) = ran.counts();
        assert_eq!((code, delivered, unmatched, errored), (0, 2, 0, faults), "{}", &line[..20]);
    }
}

#[test]
fn many_events_in_one_line_are_many_events() {
    let ran = replay("e.json", GOOD.repeat(200_000));
    assert_eq!(ran.counts(), (0, [200_000, 200_000, 0, 0]));
}
