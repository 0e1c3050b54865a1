//! What would mix the results of two runs is refused.

use std::process::Stdio;

use super::inputs::{RULES, inputs};
use super::kills::CHECKPOINT;
use super::session::{Ran, Session};

const REPLAY: [&str; 9] = [
    "replay",
    "--rules",
    "rules.yaml",
    "--events",
    "events",
    "--results",
    "r.ndjson",
    "--checkpoint",
    CHECKPOINT,
];

/// A session whose run was killed in the middle.
fn killed() -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES);
    for (name, content) in inputs(9, 200) {
        session.file(&format!("events/{name}"), content);
    }
    // As a run leaves it that was killed before its first batch.
    assert_eq!(session.run(&[&REPLAY[..], &["--limit", "2"]].concat()).code, 0);
    let text = session.read(CHECKPOINT);
    let mut checkpoint: serde_json::Value = serde_json::from_str(&text).unwrap();
    checkpoint["run"]["options"].as_object_mut().unwrap().remove("--limit");
    checkpoint["state"]["position"] = serde_json::json!({"input": 0, "items": 2});
    session.file(CHECKPOINT, checkpoint.to_string());
    session
}

fn resume(session: &Session, more: &[&str]) -> Ran {
    session.run(&[&REPLAY[..], &["--resume"], more].concat())
}

fn assert_refused(ran: &Ran, says: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    for text in says {
        assert!(ran.err.contains(text), "{text:?} is not in {}", ran.err);
    }
}

#[test]
fn the_run_that_was_killed_can_be_resumed() {
    let session = killed();
    let ran = resume(&session, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let resumed = session.read("r.ndjson");
    assert_eq!(
        session.run(&["replay", "--rules", "rules.yaml", "--events", "events", "--results", "r.ndjson"]).code,
        0
    );
    assert!(resumed == session.read("r.ndjson"));
}

#[test]
fn inputs_that_changed_are_named() {
    let session = killed();
    session.file("events/b-members.gz", "{}").file("events/i-new.json", "{}");
    std::fs::remove_file(session.path("events/g-empty.json")).unwrap();
    let before = session.read("r.ndjson");
    assert_refused(
        &resume(&session, &[]),
        &[
            "events/b-members.gz has changed since",
            "events/g-empty.json was read then",
            "events/i-new.json was not read then",
            "hint: run it as it was then, or remove the checkpoint to begin again",
        ],
    );
    assert_eq!(session.read("r.ndjson"), before, "nothing was touched");
}

#[test]
fn other_rules_and_other_options_are_refused() {
    let session = killed();
    let ran = resume(&session, &["--limit", "9", "--payloads", "p.ndjson"]);
    assert_refused(
        &ran,
        &["--limit was not given then and is `9` now", "--payloads was not given then and is `"],
    );
    assert!(!session.path("p.ndjson").exists());
    session.file("rules.yaml", RULES.replace("500", "501"));
    assert_refused(&resume(&session, &[]), &["the rules are others than then"]);
    // Where the rules are is no matter.
    session.file("rules.yaml", format!("# moved\n\n{RULES}"));
    assert_eq!(resume(&session, &[]).code, 0);
}

#[test]
fn a_run_that_is_not_complete_is_not_begun_again_by_mistake() {
    let session = killed();
    assert_refused(&session.run(&REPLAY), &["is the checkpoint of a run that is not complete", "--resume"]);
    let session = Session::new();
    session.file("rules.yaml", RULES).file("events/a.json", "{}");
    assert_refused(&resume(&session, &[]), &["does not exist, so there is nothing to resume"]);
}

#[test]
fn results_that_lost_lines_are_refused() {
    let session = killed();
    session.file("r.ndjson", "");
    assert_refused(&resume(&session, &[]), &["r.ndjson is shorter than the", "remove the checkpoint"]);
}

#[test]
fn what_is_no_checkpoint_is_left_alone() {
    let session = killed();
    for (text, says) in [
        ("important", "is no checkpoint of a replay"),
        (r#"{"ruleproof_checkpoint": 99}"#, "is a checkpoint of version 99"),
        (r#"{"ruleproof_checkpoint": 1, "run": {}}"#, "is no whole checkpoint"),
    ] {
        session.file(CHECKPOINT, text);
        assert_refused(&resume(&session, &[]), &[says]);
        assert_refused(&session.run(&REPLAY), &[says]);
        assert_eq!(session.read(CHECKPOINT), text);
    }
}

#[test]
fn what_can_be_read_or_written_once_only_is_refused() {
    let session = Session::new();
    session.file("rules.yaml", RULES).file("a.json", "{}");
    let ran = session.run(&["replay", "--rules", "rules.yaml", "--events", "-", "--checkpoint", CHECKPOINT]);
    assert_refused(
        &ran,
        &["standard input cannot be read a second time", "write the events to a file first"],
    );
    let to_null = ["replay", "--rules", "rules.yaml", "--events", "a.json", "--checkpoint", CHECKPOINT];
    let ran = session.run(&[&to_null[..], &["--results", "/dev/null"]].concat());
    assert_refused(&ran, &["/dev/null is no plain file"]);
    let ran =
        session.run(&["replay", "--rules", "rules.yaml", "--events", "a.json", "--checkpoint", "a.json"]);
    assert_refused(&ran, &["is no checkpoint of a replay"]);
    assert_eq!(session.read("a.json"), "{}");
    let ran = session.run(&[&to_null[..], &["--results", CHECKPOINT]].concat());
    assert_refused(&ran, &["is among the files to write; write the checkpoint elsewhere"]);
    let mut fifo = session.command(&["replay", "--resume"]);
    let ran = Ran::from(fifo.stdin(Stdio::null()).output().unwrap());
    assert_refused(&ran, &["--checkpoint"]);
}
