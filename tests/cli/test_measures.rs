//! `ruleproof test --coverage` and `--mutate`: what tests do not look at is named.

use std::io::{BufRead, BufReader};

use super::interrupt::{end, interrupt};
use super::session::Session;

const RULES: &str = r#"- Name: big
  EventPattern:
    source: [shop]
    detail:
      total: [{ numeric: [">", 100] }]
      country: [NL, DE]
  Targets:
    - Id: queue
      Arn: arn:aws:sqs:eu-west-1:123456789012:orders
      InputTransformer:
        InputPathsMap: { id: $.detail.id, note: $.detail.note }
        InputTemplate: '{"id": <id>, "note": <note>}'
"#;

/// Only the plainest of cases.
const FEW: &str = r"version: 1
rules: [rules.yaml]
tests:
  - name: big
    event: { source: shop, detail: { total: 120, country: NL, id: o-1 } }
    expect: { matches: [big] }
  - name: small
    event: { source: shop, detail: { total: 90, country: NL } }
    expect: { matches: [] }
";

/// All that there is.
const ALL: &str = r"version: 1
rules: [rules.yaml]
fixtures:
  order: { source: shop, detail: { total: 100.1, country: NL, id: o-1, note: hm } }
tests:
  - name: big
    event: order
    expect: { matches: [big] }
    matrix:
      - {}
      - { set: { /detail/country: DE } }
      - { set: { /detail/total: 101 } }
      - { set: { /detail/total: 1000 } }
  - name: not big
    event: order
    expect: { matches: [] }
    matrix:
      - { set: { /detail/total: 100 } }
      - { set: { /source: Shop } }
      - { set: { /source: other } }
      - { set: { /detail/country: FR } }
      - { set: { /detail/country: nl } }
      - { set: { /detail/country: de } }
      - { unset: [/detail/country] }
";

fn session(tests: &str) -> Session {
    let session = Session::new();
    session.file("rules.yaml", RULES).file("big.test.yaml", tests);
    session
}

#[test]
fn what_no_test_decides_is_named_with_its_place() {
    let ran = session(FEW).run(&["test", "--coverage"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in [
        "rules.yaml:3:13: big: no event fails because of [\"shop\"] alone (/source)",
        "rules.yaml:6:21: big: no event that matches has the value \"DE\" (/detail/country/1)",
        "rules.yaml:11:43: big: no event that matches has a value at $.detail.note (target queue, variable note)",
        "coverage: 5 of 9 decisions, 55.5 %",
    ] {
        assert!(ran.out.lines().any(|said| said == line), "{line} in {}", ran.out);
    }
    assert!(!ran.out.contains("numeric"), "what is decided both ways is not listed: {}", ran.out);
}

#[test]
fn thresholds_decide_the_exit_code() {
    let session = session(FEW);
    for (arguments, code) in [
        (["--fail-under", "55"], 0),
        (["--fail-under", "56%"], 1),
        (["--min-score", "1"], 0),
        (["--min-score", "100"], 1),
        (["--fail-under", "101"], 2),
    ] {
        let ran = session.run(&["test", arguments[0], arguments[1]]);
        assert_eq!(ran.code, code, "{arguments:?} {ran:?}");
    }
}

#[test]
fn a_suite_that_looks_at_everything_notices_all_damage() {
    let ran =
        session(ALL).run(&["test", "--coverage", "--mutate", "--fail-under", "100", "--min-score", "100"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn damage_that_goes_unnoticed_is_shown_with_an_event_that_would_notice() {
    let session = session(FEW);
    let ran = session.run(&["test", "--mutate", "--mutation-json", "mutation.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("big: no test notices: condition on `source` dropped (/source)"), "{}", ran.out);
    let report: serde_json::Value = serde_json::from_str(&session.read("mutation.json")).unwrap();
    let survivors = report["rules"][0]["survivors"].as_array().unwrap();
    assert_eq!(report["survived"], survivors.len());
    // Each event put into the tests notices: the damaged rule would decide it otherwise, so it must be decided so now.
    for survivor in survivors {
        let event = survivor["event"].as_str().unwrap();
        let ran = session.run_with_input(
            &[
                "match",
                "--pattern",
                r#"{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}],"country":["NL","DE"]}}"#,
            ],
            event,
        );
        assert_eq!(ran.code == 0, survivor["must_match"].as_bool().unwrap(), "{survivor}");
    }
}

#[test]
fn coverage_is_written_for_programs_and_for_tools_that_show_lines() {
    let session = session(FEW);
    let ran = session.run(&[
        "test",
        "--format",
        "junit",
        "--coverage-json",
        "coverage.json",
        "--lcov",
        "rules.info",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("<?xml") && !ran.out.contains("coverage"), "{}", ran.out);
    let report: serde_json::Value = serde_json::from_str(&session.read("coverage.json")).unwrap();
    assert_eq!(
        (&report["schema_version"], &report["covered"], &report["total"]),
        (&1.into(), &5.into(), &9.into())
    );
    let lcov = session.read("rules.info");
    assert_eq!(
        lcov,
        "TN:\nSF:rules.yaml\nFN:1,big\nFNDA:1,big\nFNF:1\nFNH:1\nBRDA:3,0,0,0\nBRDA:3,0,1,1\nBRDA:5,0,0,1\n\
         BRDA:5,0,1,1\nBRDA:6,0,0,0\nBRDA:6,0,1,1\nBRDA:6,0,2,0\nBRDA:11,0,0,1\nBRDA:11,0,1,0\nBRF:9\nBRH:5\n\
         DA:3,0\nDA:5,1\nDA:6,0\nDA:11,0\nLF:4\nLH:1\nend_of_record\n"
    );
}

/// As many rules as `rules`, and tests of which each looks at one of them in the way of `expect`, in which `RULE` stands
/// for its name.
fn many(rules: usize, tests: usize, expect: &str) -> Session {
    let rule = |i| {
        format!(
            "- {{Name: r{i}, EventPattern: {{source: [s], detail: {{a: [a{i}], b: [1, 2, {{numeric: ['>', {i}]}}]}}}}}}\n"
        )
    };
    let test = |i| {
        let rule = i % rules;
        let event = format!(
            "{{source: s, detail-type: x, detail: {{a: a{rule}, b: {}, c: {i}}}}}",
            1 + i / rules % 2
        );
        let expect = expect.replace("RULE", &format!("r{rule}"));
        format!("  - {{name: t{i}, event: {event}, expect: {{{expect}}}}}\n")
    };
    let session = Session::new();
    session.file("rules.yaml", (0..rules).map(rule).collect::<String>());
    let tests: String = (0..tests).map(test).collect();
    session.file("many.test.yaml", format!("version: 1\nrules: [rules.yaml]\ntests:\n{tests}"));
    session
}

#[test]
fn one_interrupt_ends_the_measuring_and_what_was_measured_before_stays() {
    for option in ["--mutation-json", "--coverage-json"] {
        let session = many(600, 3_000, "matches_at_least: [RULE]");
        session.file("before.json", "of the run before");
        let mut child = session.command(&["test", option, "before.json"]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("passed") {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "no summary of the tests");
        }
        interrupt(&child);
        let ran = end(child);
        assert_eq!(ran.code, 130, "{ran:?}");
        assert!(ran.err.contains("note: interrupted: nothing is said of the "), "{}", ran.err);
        assert_eq!(session.read("before.json"), "of the run before");
    }
}

#[test]
fn files_of_the_tests_are_not_written_over_and_failing_tests_are_not_mutated() {
    let session = session(&FEW.replace("matches: []", "matches: [big]"));
    let ran = session.run(&["test", "--lcov", "rules.yaml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(session.read("rules.yaml"), RULES);
    let ran = session.run(&["test", "--mutate"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("no damage is tried before all pass"), "{}", ran.err);
}

#[test]
fn nothing_that_the_tests_read_is_written_over() {
    let session = session(FEW);
    session.file("events.ndjson", "{\"source\":\"shop\",\"detail\":{}}\n").file(
        "corpus.test.yaml",
        "version: 1\nrules: [rules.yaml]\ntests:\n  - name: all\n    events: [events.ndjson]\n    expect: { rules: { big: { count: 0 } } }\n",
    );
    for option in ["--coverage-json", "--lcov", "--mutation-json"] {
        for (file, among) in [
            ("big.test.yaml", "the tests"),
            ("corpus.test.yaml", "the tests"),
            ("rules.yaml", "the rules"),
            ("events.ndjson", "the events"),
        ] {
            let before = session.read(file);
            let ran = session.run(&["test", option, file]);
            assert_eq!(ran.code, 2, "{option} {file}: {ran:?}");
            assert!(ran.err.contains(&format!("{file} is among {among}")), "{option} {file}: {ran:?}");
            assert_eq!(session.read(file), before, "{option} {file}");
        }
    }
}
