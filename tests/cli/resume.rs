//! A replay of files that was killed or interrupted goes on with `--resume`.

use std::fs;
use std::time::{Duration, Instant};

use super::inputs::{RULES, inputs};
use super::interrupt::{end, interrupt};
use super::kills::{CHECKPOINT, Outcome, PAYLOADS, RESULTS, survives_kills};
use super::session::Session;

const REPLAY: [&str; 11] = [
    "replay",
    "--rules",
    "rules.yaml",
    "--events",
    "events",
    "--format",
    "json",
    "--results",
    RESULTS,
    "--payloads",
    PAYLOADS,
];

fn session(events_each: usize) -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES);
    for (name, content) in inputs(7, events_each) {
        session.file(&format!("events/{name}"), content);
    }
    session
}

#[test]
fn a_replay_that_is_killed_anywhere_ends_like_one_that_is_not() {
    let session = session(12_000);
    survives_kills(20_261_122, 20, &session.path(""), |more| session.command(&[&REPLAY[..], more].concat()));
}

/// Waits until a checkpoint says that events were read.
fn wait_for_progress(session: &Session) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        let text = fs::read_to_string(session.path(CHECKPOINT)).unwrap_or_default();
        if text.contains("\"delivered\":") && !text.contains("\"delivered\":0,") {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("no progress");
}

#[test]
fn an_interrupted_replay_says_how_to_go_on_and_does() {
    let session = session(12_000);
    let undisturbed = Outcome::of(&session.command(&REPLAY).output().unwrap(), &session.path(""));
    let kept = [&REPLAY[..], &["--checkpoint", CHECKPOINT, "--checkpoint-every", "0s"]].concat();
    let child = session.command(&kept).spawn().unwrap();
    wait_for_progress(&session);
    interrupt(&child);
    let ran = end(child);
    assert_eq!(ran.code, 130, "{}", ran.err);
    let read = ran.json()["read"].as_u64().unwrap();
    assert!(read > 0 && read < undisturbed.summary["read"].as_u64().unwrap());
    let says = format!(
        "note: {read} events are recorded; to go on behind them, give the same command with --resume"
    );
    assert!(ran.err.contains(&says), "{}", ran.err);
    // Everything that was counted is in the checkpoint, so nothing is judged twice.
    let output = session.command(&[&kept[..], &["--resume"]].concat()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("going on behind {read} events")));
    Outcome::of(&output, &session.path("")).assert_same(&undisturbed, "resumed");

    // Once more, with nothing left to do.
    let output = session.command(&[&kept[..], &["--resume"]].concat()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing is left to do"));
    Outcome::of(&output, &session.path("")).assert_same(&undisturbed, "resumed");
    // A run that is complete may be begun again.
    Outcome::of(&session.command(&kept).output().unwrap(), &session.path(""))
        .assert_same(&undisturbed, "resumed");
}

#[test]
fn a_limit_counts_over_all_runs() {
    let session = session(12_000);
    let limited = [&REPLAY[..], &["--limit", "43210"]].concat();
    survives_kills(3, 4, &session.path(""), |more| session.command(&[&limited[..], more].concat()));
    let ran = session.run(&limited);
    assert_eq!(ran.json()["read"], 43_210);
    assert_eq!(session.read(RESULTS).lines().count(), 43_210);
}
