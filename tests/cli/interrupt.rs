//! Ctrl-C ends a replay with what it has so far.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::session::{Ran, Session, TWO_RULES};

/// How long an interrupted run may take to end; generous, for busy machines.
const END_MAX: Duration = Duration::from_secs(10);

pub(crate) fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Waits for the end, but not for ever.
pub(crate) fn end(mut child: Child) -> Ran {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > END_MAX {
            child.kill().unwrap();
            panic!("still running {END_MAX:?} after the interrupt");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ran::from(child.wait_with_output().unwrap())
}

fn replay_of_stdin(session: &Session, more: &[&str]) -> Child {
    session.file("rules.yaml", TWO_RULES);
    let arguments = [&["replay", "--rules", "rules.yaml", "--events", "-"], more].concat();
    session.command(&arguments).stdin(Stdio::piped()).spawn().unwrap()
}

/// Waits until the run has written `count` result lines, so that an interrupt meets a known state.
fn wait_for_results(session: &Session, count: usize) {
    let started = Instant::now();
    while started.elapsed() < END_MAX {
        let written = std::fs::read_to_string(session.path("out.ndjson")).unwrap_or_default();
        if written.lines().count() >= count {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("no results after {END_MAX:?}");
}

#[test]
fn a_source_that_is_silent_does_not_hold_up_the_end() {
    let session = Session::new();
    let mut child = replay_of_stdin(&session, &["--format", "json", "--results", "out.ndjson"]);
    let mut stdin = child.stdin.take().unwrap();
    // More than the buffer of the results file, so that the first lines show in it.
    let events = "{\"source\":\"a\"}\n{\"source\":\"c\"}\n".repeat(500);
    stdin.write_all(events.as_bytes()).unwrap();
    wait_for_results(&session, 500);
    interrupt(&child);
    let ran = end(child);
    // Kept open until here: the program must not wait for its end.
    drop(stdin);
    // The pipe may have handed over less than all of it by then, but what was read was judged and written.
    let (code, [read, ..]) = ran.counts();
    assert_eq!((code, &ran.json()["interrupted"]), (130, &serde_json::json!(true)));
    assert!((500..=1_000).contains(&read), "{read}");
    assert_eq!(session.read("out.ndjson").lines().count() as u64, read);
}

#[test]
fn an_endless_source_is_left_with_a_summary() {
    let session = Session::new();
    let mut child = replay_of_stdin(&session, &["--results", "out.ndjson"]);
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let block = "{\"source\":\"a\"}\n".repeat(1_000);
        while stdin.write_all(block.as_bytes()).is_ok() {}
    });
    wait_for_results(&session, 1_000);
    // `timeout` sends its signal to the program and then to its whole group: that is one, and not the second that ends all.
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id, &id]).status().unwrap().success());
    let ran = end(child);
    writer.join().unwrap();
    assert_eq!(ran.code, 130);
    let rest = ran.out.strip_prefix("interrupted; the numbers cover what was read until then\n\n");
    let read = rest.unwrap().split_once("  events read\n").unwrap().0.replace(',', "");
    assert_eq!(session.read("out.ndjson").lines().count().to_string(), read.trim());
}

#[test]
fn nothing_read_yet_is_interrupted_too() {
    let session = Session::new();
    let arguments = ["--format", "json", "--results", "out.ndjson"];
    let mut child = replay_of_stdin(&session, &arguments);
    let _stdin = child.stdin.take().unwrap();
    let started = Instant::now();
    // The handler is in place before the file of results is made.
    while !session.path("out.ndjson").exists() && started.elapsed() < END_MAX {
        std::thread::sleep(Duration::from_millis(20));
    }
    interrupt(&child);
    assert_eq!(end(child).counts(), (130, [0, 0, 0, 0]));
}

#[test]
fn results_that_cannot_be_written_end_the_run_though_the_source_is_silent() {
    let session = Session::new();
    let mut child = replay_of_stdin(&session, &["--results", "/dev/full"]);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("{\"source\":\"a\"}\n".repeat(1_000).as_bytes()).unwrap();
    let mut err = String::new();
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    reader.read_line(&mut err).unwrap();
    assert_eq!(end(child).code, 2);
    reader.read_to_string(&mut err).unwrap();
    assert!(err.starts_with("error: /dev/full cannot be written"), "{err}");
    drop(stdin);
}
