//! `--metrics-*` and `--alarm`: what a run tells others, and how alarms end it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::emf::sum;
use super::session::{Session, TWO_RULES};
use super::test_support::{suite, test};

const ONE_BAD: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n  \
                       - { name: two, event: placed, expect: { matches: [returned] } }\n";
const ONE_GOOD: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n";

/// The last value of a gauge with this dimension; it may be written several times while a run goes on.
fn last(lines: &str, metric: &str, dimension: (&str, &str)) -> Option<f64> {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line[dimension.0] == dimension.1).filter_map(|line| line[metric].as_f64()).next_back()
}

#[test]
fn the_last_numbers_are_in_the_file_when_the_run_is_over() {
    let session = suite(ONE_BAD);
    let ran = test(&session, &["--metrics-emf", "metrics.log"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
    let lines = session.read("metrics.log");
    assert_eq!(sum(&lines, "ruleproof_tests_total", ("outcome", "passed")), 1.0, "{lines}");
    assert_eq!(sum(&lines, "ruleproof_tests_total", ("outcome", "failed")), 1.0, "{lines}");
}

#[test]
fn an_alarm_at_the_end_makes_a_run_fail_that_was_fine() {
    let session = suite(ONE_GOOD);
    let ran = test(&session, &["--alarm", "tests{outcome=\"passed\"} < 2 over 10m", "--alarm", "lag > 1m"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.ends_with("error: alarm `tests{outcome=\"passed\"} < 2 over 10m`\n"), "{ran:?}");
    let ran = test(&session, &["--alarm", "tests{outcome=\"passed\"} < 1 over 10m"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn alarms_and_exporters_stand_in_the_configuration_too() {
    let session = suite(ONE_GOOD);
    session.file(
        "ruleproof.toml",
        "[metrics]\nemf = \"metrics.log\"\n[[alarm]]\nname = \"few tests\"\nrule = \"tests < 2\"\n",
    );
    let ran = test(&session, &[]);
    // A slow run is told while it goes on as well.
    assert!(ran.code == 1 && ran.err.ends_with("error: alarm few tests (`tests < 2`)\n"), "{ran:?}");
    assert_eq!(last(&session.read("metrics.log"), "ruleproof_alarm", ("alarm", "few tests")), Some(1.0));
}

#[test]
fn what_cannot_be_used_is_refused_before_anything_runs() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let session = suite(ONE_GOOD);
    for (arguments, says) in [
        (["--alarm", "erored > 1%"], "column 1: there is no metric `erored`"),
        (["--metrics-listen", taken.as_str()], "is in use already"),
        (["--metrics-listen", "everywhere"], "is neither a port nor an address"),
        (["--metrics-otlp", "https://collector"], "is not http://"),
        (["--metrics-interval", "1ms"], "at least 1s"),
        (["--metrics-series-max", "3"], "is no number of series, at least"),
        (["--metrics-emf", "no/such/folder"], "no/such/folder cannot be written"),
        (["--metrics-statsd", "nowhere"], "StatsD at nowhere"),
    ] {
        let ran = test(&session, &arguments);
        assert!(ran.code == 2 && ran.err.contains(says) && ran.out.is_empty(), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn a_collector_that_is_not_there_is_a_note_and_no_failure() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let session: Session = suite(ONE_GOOD);
    let ran = test(&session, &["--metrics-otlp", &format!("http://{gone}")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.starts_with("note: the last metrics for otlp were not taken"), "{ran:?}");
}

#[test]
fn a_sample_tells_what_its_summary_says() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    session.file(
        "events.ndjson",
        "{\"source\": \"a\"}\n{\"source\": \"b\"}\n{\"source\": \"c\"}\n".repeat(1_000),
    );
    let sample = [
        &[
            "sample",
            "--rules",
            "rules.yaml",
            "--events",
            "events.ndjson",
            "--rate",
            "100%",
            "--format",
            "json",
        ][..],
        &["--metrics-emf", "metrics.log", "--alarm", "unmatched > 20%"],
    ]
    .concat();
    let ran = session.run(&sample);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines = session.read("metrics.log");
    assert_eq!(sum(&lines, "ruleproof_events_total", ("verdict", "delivered")), 2_000.0, "{lines}");
    assert_eq!(sum(&lines, "ruleproof_rule_matches_total", ("rule", "both")), 2_000.0);
    assert_eq!(last(&lines, "ruleproof_alarm", ("alarm", "unmatched > 20%")), Some(1.0));
}

/// Two of three events match `a`, one of those also matches `both`; one line is no event.
const EVENTS: &str = "{\"source\": \"a\"}\n{\"source\": \"b\"}\n{\"source\": \"c\"}\nbroken\n";

fn replaying(events: &str) -> Session {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", events);
    session
}

const REPLAY: [&str; 7] =
    ["replay", "--rules", "rules.yaml", "--events", "events.ndjson", "--format", "json"];

#[test]
fn a_replay_tells_what_its_summary_says() {
    let session = replaying(&EVENTS.repeat(5_000));
    let plain = session.run(&[&REPLAY[..], &["--results", "plain"]].concat());
    let ran = session.run(&[&REPLAY[..], &["--results", "counted", "--metrics-emf", "metrics.log"]].concat());
    assert_eq!(ran.counts(), plain.counts(), "{ran:?}");
    assert_eq!(session.read("plain"), session.read("counted"));
    let (lines, summary) = (session.read("metrics.log"), ran.json());
    for verdict in ["delivered", "unmatched", "errored"] {
        let counted = sum(&lines, "ruleproof_events_total", ("verdict", verdict));
        assert_eq!(Some(counted), summary[verdict].as_f64(), "{verdict}: {lines}");
    }
    assert_eq!(sum(&lines, "ruleproof_rule_matches_total", ("rule", "a")), 5_000.0);
    assert_eq!(sum(&lines, "ruleproof_rule_matches_total", ("rule", "both")), 10_000.0);
    let errors: f64 = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|line| line["ruleproof_errors_total"].as_f64())
        .sum();
    assert_eq!(Some(errors), summary["errored"].as_f64());
    assert_eq!(summary["rules"], plain.json()["rules"]);
}

#[test]
fn a_replay_with_too_many_errors_fails_if_an_alarm_says_so() {
    let session = replaying(EVENTS);
    for (rule, code) in [("errored > 20% for 5m", 1), ("errored > 30% for 5m", 0), ("both > 1", 2)] {
        let ran = session.run(&[&REPLAY[..], &["--alarm", rule]].concat());
        assert_eq!(ran.code, code, "{rule}: {ran:?}");
    }
    let ran = session.run(&[&REPLAY[..], &["--alarm", "rule_matches{rule=\"never\"} < 1 over 1h"]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn a_replay_can_be_watched_while_it_runs() {
    let session = replaying("");
    let mut replay = session
        .command(&["replay", "--rules", "rules.yaml", "--events", "-", "--metrics-listen", "0"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(replay.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let address = line.trim_start_matches("note: listening at http://").trim().to_owned();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let mut stdin = replay.stdin.take().unwrap();
    let event = format!("{{\"source\": \"b\", \"detail\": \"{}\"}}\n", "x".repeat(1_000));
    stdin.write_all(event.repeat(30_000).as_bytes()).unwrap();
    // The last batch may wait for more.
    let begin = Instant::now();
    let counted = || {
        let text = get("/metrics");
        let line =
            text.lines().find(|line| line.starts_with("ruleproof_events_total{verdict=\"delivered\"}"));
        line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
    };
    while counted() < 5_000 {
        assert!(begin.elapsed() < Duration::from_secs(60), "{}", get("/metrics"));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(get("/readyz").starts_with("HTTP/1.1 200"));
    drop(stdin);
    assert_eq!(replay.wait().unwrap().code(), Some(0));
}
