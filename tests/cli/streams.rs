//! Which stream holds what, and what happens when nobody reads it.

use std::io::Read;
use std::process::Stdio;

use super::session::{Ran, Session, TWO_RULES};

fn is_plain(ran: &Ran) {
    assert!(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'), "{ran:?}");
}

#[test]
fn results_go_to_stdout_and_the_rest_to_stderr_without_colors_off_a_terminal() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        format!("{TWO_RULES}- Name: idle\n  State: DISABLED\n  EventPattern: {{source: [a]}}\n"),
    );
    session.file("bad.yaml", "Name: bad\nEventPattern: {source: a}\n");
    let arguments = ["replay", "--rules", "rules.yaml", "--events", "-", "--format", "json"];
    let ran = session.run_with_input(&arguments, "{\"source\":\"a\"}\n");
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
    assert!(ran.err.starts_with("note: "), "{}", ran.err);
    is_plain(&ran);
    is_plain(&session.run(&["replay", "--rules", "bad.yaml", "--events", "rules.yaml"]));
    is_plain(&session.run(&["replay", "--nonsense"]));
    is_plain(&session.run(&["--help"]));
}

/// Runs on a pseudo-terminal, which `script` of util-linux makes; `None` where there is none.
fn on_a_terminal(session: &Session, environment: Option<(&str, &str)>) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_ruleproof");
    let mut command = std::process::Command::new("script");
    command.current_dir(session.path("")).env("TERM", "xterm").env_remove("NO_COLOR");
    command.envs(environment).stdin(Stdio::null());
    command.args(["-qec", &format!("'{program}' match --pattern no.json"), "/dev/null"]);
    let output = command.output().ok()?;
    String::from_utf8(output.stdout).ok().filter(|text| text.contains("no.json is neither"))
}

#[test]
fn colors_show_on_a_terminal_unless_no_color_is_set() {
    let session = Session::new();
    let Some(colored) = on_a_terminal(&session, None) else { return };
    assert!(colored.contains("\x1b[1;31merror\x1b[0m: "), "{colored:?}");
    let plain = on_a_terminal(&session, Some(("NO_COLOR", "1"))).unwrap();
    assert!(plain.contains("error: ") && !plain.contains("\x1b[1;31m"), "{plain:?}");
    // An empty value is no value, says no-color.org.
    let colored = on_a_terminal(&session, Some(("NO_COLOR", ""))).unwrap();
    assert!(colored.contains("\x1b[1;31m"), "{colored:?}");
}

/// Runs with a standard output that is closed after its first byte, as `head` does; without one at all if
/// nothing is written by then.
fn with_a_reader_that_leaves(session: &Session, arguments: &[&str]) -> (i32, String) {
    let mut child = session.command(arguments).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let _ = out.read(&mut [0; 1]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let session = Session::new();
    session.file("events.ndjson", "{\"source\":\"a\"}\n".repeat(50_000));
    let case = r#"{"id":"ID","profile":"engine","pattern":"{\"a\":[1]}","event":"{}","expect":"match"}"#;
    session.file(
        "cases.jsonl",
        (0..20_000).map(|n| case.replace("ID", &n.to_string()) + "\n").collect::<String>(),
    );
    for arguments in [
        &["match", "--pattern", r#"{"source":["a"]}"#, "events.ndjson"][..],
        &["conform", "cases.jsonl"],
        &["conform", "cases.jsonl", "--format", "json"],
    ] {
        assert_eq!(with_a_reader_that_leaves(&session, arguments), (0, String::new()), "{arguments:?}");
    }
}

#[test]
fn a_summary_that_nobody_takes_is_no_error() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", "{\"source\":\"a\"}\n");
    for format in ["human", "json"] {
        let arguments = ["replay", "--rules", "rules.yaml", "--events", "events.ndjson", "--format", format];
        let mut child = session.command(&arguments).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
}
