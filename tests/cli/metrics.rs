//! `--metrics-*` and `--alarm`: what a run tells others, and how alarms end it.

use std::net::TcpListener;

use serde_json::Value;

use super::session::{Session, TWO_RULES};
use super::test_support::{suite, test};

const ONE_BAD: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n  \
                       - { name: two, event: placed, expect: { matches: [returned] } }\n";
const ONE_GOOD: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n";

/// The sum of a metric with these dimensions over all lines of embedded metric format.
fn sum(lines: &str, metric: &str, dimension: (&str, &str)) -> f64 {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line[dimension.0] == dimension.1).filter_map(|line| line[metric].as_f64()).sum()
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
    assert_eq!(ran.err, "error: alarm `tests{outcome=\"passed\"} < 2 over 10m`\n");
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
    assert_eq!((ran.code, ran.err.as_str()), (1, "error: alarm few tests (`tests < 2`)\n"), "{ran:?}");
    assert_eq!(sum(&session.read("metrics.log"), "ruleproof_alarm", ("alarm", "few tests")), 1.0);
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
    assert_eq!(sum(&lines, "ruleproof_alarm", ("alarm", "unmatched > 20%")), 1.0);
}
