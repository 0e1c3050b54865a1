//! Files and folders that hold nothing, or cannot be read.

use super::replayed::{GOOD, faults, replay};
use super::session::{Ran, Session, TWO_RULES};

fn replay_in(session: &Session, events: &[&str]) -> Ran {
    session.file("rules.yaml", TWO_RULES);
    let arguments = ["replay", "--format", "json", "--rules", "rules.yaml", "--events"];
    session.run(&[&arguments[..], events].concat())
}

#[test]
fn an_empty_file_is_nothing_to_run() {
    for content in ["", "\n\n  \n", "\u{feff}"] {
        let ran = replay("e.json", content);
        assert_eq!(ran.counts(), (4, [0, 0, 0, 0]), "{content:?}");
        assert_eq!(ran.err, "error: no events were read\n");
    }
    let ran = replay("e.json", "[]");
    assert_eq!((ran.counts(), ran.json()["skipped"].as_u64()), ((4, [0, 0, 0, 0]), Some(1)));
}

#[test]
fn an_empty_file_among_others_is_no_matter() {
    let session = Session::new();
    session.file("in/1.json", "").file("in/2.json", GOOD).file("in/3.json", "");
    assert_eq!(replay_in(&session, &["in"]).counts(), (0, [1, 1, 0, 0]));
}

#[test]
fn a_folder_without_files_cannot_be_used() {
    let session = Session::new();
    session.file("in/.hidden", GOOD);
    let ran = replay_in(&session, &["in"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "error: `in` holds no file; hidden files are left out\n");
}

#[test]
fn a_folder_with_files_that_hold_no_events() {
    let session = Session::new();
    session.file("in/empty.json", "").file("in/notes.txt", "nothing here\n");
    let ran = replay_in(&session, &["in"]);
    assert_eq!(ran.counts(), (2, [1, 0, 0, 1]));
    assert_eq!(faults(&ran)[0].first_at, "in/notes.txt:1");
}

#[test]
fn all_that_does_not_exist_is_named_at_once() {
    let ran = replay_in(&Session::new(), &["a.json", "b/*.json", "["]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err.lines().count(), 3, "{}", ran.err);
    for name in ["`a.json` does not exist", "no file matches `b/*.json`", "`[` is not a glob"] {
        assert!(ran.err.contains(name), "{name}: {}", ran.err);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_read_is_one_errored_event() {
    let session = Session::new();
    session.file("1.json", GOOD).file("3.json", GOOD);
    // Opens, but has nothing at address 0, for every user alike.
    let ran = replay_in(&session, &["1.json", "/proc/self/mem", "3.json"]);
    assert_eq!(ran.counts(), (0, [3, 2, 0, 1]));
    let faults = faults(&ran);
    assert_eq!((faults[0].code.as_str(), faults[0].first_at.as_str()), ("SOURCE_BROKEN", "/proc/self/mem:1"));
    assert!(faults[0].reason.starts_with("cannot be read: "), "{faults:?}");
}

#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_opened_is_one_errored_event() {
    let session = Session::new();
    session.file("in/1.json", GOOD).file("in/3.json", GOOD);
    std::os::unix::fs::symlink("nowhere", session.path("in/2.json")).unwrap();
    let ran = replay_in(&session, &["in"]);
    assert_eq!(ran.counts(), (0, [3, 2, 0, 1]));
    assert_eq!(faults(&ran)[0].first_at, "in/2.json:1");
}

#[test]
fn rules_that_cannot_be_read_are_named() {
    let session = Session::new();
    session.file("rules.yaml", b"Name: \xff\n").file("e.json", GOOD).file("broken.json", "{\"Name\": ");
    for (rules, message) in [
        ("rules.yaml", "error: rules.yaml: not text in UTF-8\n"),
        ("broken.json", "error: not JSON: the JSON text ends too early\n  --> broken.json:1:10\n"),
        ("e.json", "error: e.json: holds no rules"),
    ] {
        let ran = session.run(&["replay", "--rules", rules, "--events", "e.json"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.starts_with(message), "{message}: {}", ran.err);
    }
}
