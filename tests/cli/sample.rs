//! `ruleproof sample` on standard input: counts, weights, changed rules, and ends.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::interrupt::end;
use super::session::{Ran, Session, TWO_RULES};

/// How long anything may take; generous, for busy machines.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// `count` events, a third of source `c`, which no rule wants.
pub(super) fn events(from: usize, count: usize) -> String {
    let event = |id| format!("{{\"id\":\"e{id}\",\"source\":\"{}\"}}\n", ["a", "b", "c"][id % 3]);
    (from..from + count).map(event).collect()
}

/// The parts of a summary, whose sum is checked.
pub(super) fn counted(ran: &Ran) -> [u64; 5] {
    let json = ran.json();
    let dropped: u64 =
        json["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    let [read, delivered, unmatched, errored] =
        ["read", "delivered", "unmatched", "errored"].map(|name| json[name].as_u64().unwrap());
    assert_eq!(read, delivered + unmatched + errored + dropped, "{json}");
    [read, delivered, unmatched, errored, dropped]
}

fn sampling(session: &Session, more: &[&str]) -> (Child, ChildStdin) {
    session.file("rules.yaml", TWO_RULES);
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "-", "--format", "json"];
    let arguments = [&arguments[..], &["--results", "out.ndjson"], more].concat();
    let mut child = session.command(&arguments).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

pub(super) fn results(session: &Session) -> Vec<Value> {
    let text = std::fs::read_to_string(session.path("out.ndjson")).unwrap_or_default();
    // The last line may be on its way.
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

pub(super) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_sample_is_judged_and_stands_for_the_rest() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    let arguments =
        ["sample", "--rules", "rules.yaml", "--events", "-", "--format", "json", "--overload", "wait"];
    let text = events(0, 30_000) + "{broken\n";
    let more = ["--rate", "1/10", "--results", "out.ndjson"];
    let ran = session.run_with_input(&[&arguments[..], &more].concat(), text.clone());
    let [read, delivered, unmatched, errored, dropped] = counted(&ran);
    assert_eq!((ran.code, read, errored), (0, 30_001, 1), "{ran:?}");
    assert!((26_500..27_500).contains(&dropped), "{dropped}");
    let json = ran.json();
    assert_eq!(json["kept"], delivered + unmatched);
    let scaled = json["scaled"]["delivered"].as_f64().unwrap();
    assert!((19_000.0..21_000.0).contains(&scaled), "{scaled}");
    let lines = results(&session);
    assert_eq!(lines.len() as u64, read - dropped);
    assert_eq!(lines.last().unwrap()["weight"], 1);
    assert!(lines[..lines.len() - 1].iter().all(|line| line["weight"] == 10), "{:?}", lines[0]);

    // A replica keeps the same events.
    let first: BTreeSet<String> = lines.iter().map(|line| line["event_id"].to_string()).collect();
    session.run_with_input(&[&arguments[..], &more].concat(), text);
    let second: BTreeSet<String> =
        results(&session).iter().map(|line| line["event_id"].to_string()).collect();
    assert_eq!(first, second);
}

#[test]
fn groups_have_shares_and_what_is_to_be_kept_is_kept() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", events(0, 9_000));
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "events.ndjson", "--format", "json"];
    let sampling =
        ["--rate", "1%", "--group", "/source", "--share", "b=50%", "--keep", r#"{"source":["c"]}"#];
    let ran = session.run(&[&arguments[..], &sampling].concat());
    let [read, _, unmatched, _, _] = counted(&ran);
    assert_eq!((ran.code, read, unmatched), (0, 9_000, 3_000), "{ran:?}");
    let json = ran.json();
    let groups = json["groups"].as_array().unwrap();
    let kept: Vec<(&str, u64)> = groups
        .iter()
        .map(|group| (group["name"].as_str().unwrap(), group["kept"].as_u64().unwrap()))
        .collect();
    assert_eq!(kept[2], ("c", 3_000));
    assert!(kept[0].1 < 60 && (1_400..1_600).contains(&kept[1].1), "{kept:?}");
    assert_eq!(json["scaled"]["unmatched"], 3_000.0);
}

#[test]
fn what_cannot_be_used_is_said() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", events(0, 3));
    let run = |more: &[&str]| {
        let arguments = ["sample", "--rules", "rules.yaml", "--events", "events.ndjson"];
        session.run(&[&arguments[..], more].concat())
    };
    for (more, said) in [
        (&["--rate", "0"][..], "no ratio such as 10%"),
        (&["--key", "detail"], "no JSON pointer such as /detail/orderId"),
        (&["--group", "/source", "--share", "x"], "no share such as"),
        (&["--keep", r#"{"source":"a"}"#], "source"),
        (&["--results", "rules.yaml"], "among the rules"),
        (&["--rules", "none.yaml"], "none.yaml"),
    ] {
        let ran = run(more);
        assert!(ran.code == 2 && ran.err.contains(said), "{more:?}: {ran:?}");
    }
    session.file("events.ndjson", "");
    assert_eq!(run(&[]).code, 4);
}

#[test]
fn changed_rules_are_used_from_then_on_and_no_event_is_lost() {
    let session = Session::new();
    let (child, mut stdin) = sampling(&session, &["--overload", "wait"]);
    let only_c = "- Name: c\n  EventPattern: {source: [c]}\n";
    let mut sent = 0;
    let mut send = |count: usize| {
        stdin.write_all(events(sent, count).as_bytes()).unwrap();
        sent += count;
    };
    send(300);
    wait_until("the first events are judged", || results(&session).len() == 300);
    // Rules that do not load change nothing.
    session.file("rules.yaml", "- Name: c\n  EventPattern: {source: c}\n");
    signal(&child, "-HUP");
    std::thread::sleep(Duration::from_millis(500));
    send(300);
    wait_until("events are judged by the old rules", || results(&session).len() == 600);
    session.file("rules.yaml", only_c);
    let mut rounds = 0;
    wait_until("the new rules are used", || {
        send(30);
        rounds += 1;
        wait_until("each batch is judged", || results(&session).len() == 600 + rounds * 30);
        results(&session).last().unwrap()["rules"][0] == "c"
    });
    drop(stdin);
    let ran = end(child);
    let [read, delivered, ..] = counted(&ran);
    let lines = results(&session);
    assert_eq!((ran.code, read as usize, lines.len()), (0, sent, sent), "{ran:?}");
    assert!(ran.err.contains("the old rules stay in use"), "{ran:?}");
    let names =
        |name: &str| lines.iter().filter(|line| line["rules"].to_string().contains(name)).count() as u64;
    assert_eq!(names("both") + names("\"c\""), delivered);
    assert!(lines[..600].iter().all(|line| line["rules"][0] != "c"), "no rule is used too early");
    let json = ran.json();
    let rules: Vec<(&str, bool)> = (json["rules"].as_array().unwrap().iter())
        .map(|rule| (rule["name"].as_str().unwrap(), rule["in_use"].as_bool().unwrap()))
        .collect();
    assert_eq!(rules, [("c", true), ("a", false), ("both", false)]);
}

#[test]
fn a_run_that_is_told_to_end_judges_what_it_has_read() {
    for (name, code) in [("-TERM", 0), ("-INT", 130)] {
        let session = Session::new();
        let (child, mut stdin) = sampling(&session, &["--rate", "50%"]);
        stdin.write_all(events(0, 2_000).as_bytes()).unwrap();
        stdin.flush().unwrap();
        // All that is in the pipe; the program may not be done with it when it is told.
        wait_until("the last event is judged", || results(&session).len() > 880);
        signal(&child, name);
        let ran = end(child);
        drop(stdin);
        let [read, delivered, unmatched, _, dropped] = counted(&ran);
        assert!(ran.code == code && (1_700..=2_000).contains(&read), "{ran:?}");
        assert_eq!(results(&session).len() as u64, delivered + unmatched);
        assert!((750..1_200).contains(&dropped), "{dropped}");
    }
}

#[test]
fn a_producer_is_never_slowed_and_what_is_dropped_is_counted() {
    let session = Session::new();
    // Rules that take their time, so that any machine can be outrun.
    let slow: String = (0..2_000)
        .map(|n| {
            format!("- Name: r{n}\n  EventPattern: {{detail: {{text: [{{wildcard: \"*a{n}*b*c*d\"}}]}}}}\n")
        })
        .collect();
    session.file("slow.yaml", slow);
    let text = "a1b".repeat(400);
    let line = |id| format!("{{\"id\":\"{id}\",\"source\":\"a\",\"detail\":{{\"text\":\"{text}\"}}}}\n");
    let input: String = (0..40_000).map(line).collect();
    let arguments = ["sample", "--rules", "slow.yaml", "--events", "-", "--format", "json"];
    let ran = session.run_with_input(&arguments, input);
    let [read, _, _, _, dropped] = counted(&ran);
    assert_eq!((ran.code, read), (0, 40_000), "{ran:?}");
    assert!(dropped > 0, "{}", ran.out);
    assert_eq!(ran.json()["dropped"]["overload"], dropped);
}
