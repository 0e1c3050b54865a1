//! `replay`: the shipped example, the summary, what is run and what is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::session::{Ran, Session, TWO_RULES, repository};

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// The repository as a newcomer has it, as far as a replay is concerned.
fn clone() -> Session {
    let session = Session::new();
    copy_folder(&repository().join("rules"), &session.path("rules"));
    fs::copy(repository().join("ruleproof.toml"), session.path("ruleproof.toml")).unwrap();
    session
}

/// Rule names and counts of `rules/expected_counts.tsv`, which an independent model made.
fn expected_counts() -> BTreeMap<String, u64> {
    let text = fs::read_to_string(repository().join("rules/expected_counts.tsv")).unwrap();
    let line = |line: &str| {
        let (name, count) = line.split_once('\t').unwrap();
        (name.to_owned(), count.parse().unwrap())
    };
    text.lines().map(line).collect()
}

#[test]
fn the_shipped_example_gives_the_expected_counts_as_json() {
    let ran = clone().run(&["replay", "--format", "json"]);
    let (code, [read, _, unmatched, errored]) = ran.counts();
    assert_eq!((code, read, errored), (0, 12_000, 0));
    assert!(unmatched > 0);
    let json = ran.json();
    let rules = json["rules"].as_array().unwrap();
    let counts: BTreeMap<String, u64> = rules
        .iter()
        .map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule["matched"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, expected_counts());
    assert_eq!(rules.len(), counts.len(), "each rule once");
    for member in ["elapsed_s", "events_per_s", "bytes_per_s"] {
        assert!(json[member].as_f64().unwrap() > 0.0, "{member} in {json}");
    }
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn the_shipped_example_gives_the_expected_counts_as_text() {
    let session = clone();
    // From a folder below, the nearest ruleproof.toml above counts, with its own paths.
    let ran =
        Ran::from(session.command(&["replay"]).current_dir(session.path("rules/security")).output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("12,000  events read\n"), "{}", ran.out);
    let table = ran.out.lines().skip_while(|line| !line.starts_with("rule ")).skip(1);
    let counts: BTreeMap<String, u64> = table
        .take_while(|line| !line.is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap().to_owned(), words.next().unwrap().replace(',', "").parse().unwrap())
        })
        .collect();
    assert_eq!(counts, expected_counts());
}

#[test]
fn the_summary_for_people_shows_verdicts_rules_and_errors() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    session
        .file("events.ndjson", "{\"source\":\"a\"}\n{\"source\":\"b\"}\n{\"source\":\"c\"}\n{\"source\":}\n");
    let ran = session.run(&["replay", "--rules", "rules.yaml", "--events", "events.ndjson"]);
    let expected = "\
4  events read
2  delivered   50.0%
1  unmatched   25.0%
1  errored     25.0%

rule  matched   share
a           1   25.0%
both        2   50.0%

1 INVALID_EVENT_JSON
  first at events.ndjson:4: not JSON: ";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    let last = ran.out.lines().last().unwrap();
    assert!(last.contains(" s, ") && last.contains(" events/s, ") && last.ends_with("B/s"), "{last}");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn disabled_rules_and_schedules_do_not_run_and_say_so() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        "- Name: idle\n  State: DISABLED\n  EventPattern: {source: [a]}\n\
         - Name: clock\n  ScheduleExpression: rate(1 hour)\n\
         - Name: awake\n  EventPattern: {source: [a]}\n",
    );
    let arguments = ["replay", "--format", "json", "--rules", "rules.yaml", "--events", "-"];
    let ran = session.run_with_input(&arguments, "{\"source\":\"a\"}");
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
    assert_eq!(ran.json()["rules"], serde_json::json!([{"name": "awake", "matched": 1}]));
    assert_eq!(
        ran.err,
        "note: rules.yaml:1:3: rule idle: it is disabled and matches no event\n\
         note: rules.yaml:4:3: rule clock: it runs on a schedule and matches no event\n"
    );
    session.file("rules.yaml", "Name: idle\nState: DISABLED\nEventPattern: {source: [a]}\n");
    let ran = session.run_with_input(&arguments, "{\"source\":\"a\"}");
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.ends_with("error: no rule listens to events\n"), "{}", ran.err);
}

#[test]
fn a_disabled_rule_with_a_refused_pattern_is_refused() {
    let session = Session::new();
    session.file("rules.yaml", "Name: idle\nState: DISABLED\nEventPattern: {source: a}\n");
    let ran = session.run_with_input(&["replay", "--rules", "rules.yaml", "--events", "-"], "{}");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("(rule idle)"), "{}", ran.err);
}

#[test]
fn nothing_to_run_is_exit_4() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("empty.ndjson", "");
    for (arguments, message) in [
        (&["replay"][..], "error: no rules: give --rules, or name them in ruleproof.toml\n"),
        (
            &["replay", "--rules", "rules.yaml"],
            "error: no events: give --events, or name them in ruleproof.toml\n",
        ),
        (&["replay", "--rules", "rules.yaml", "--events", "empty.ndjson"], "error: no events were read\n"),
    ] {
        let ran = session.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (4, message));
    }
    // Nobody should have to parse text to learn that nothing was there: the summary comes all the same.
    let ran =
        session.run(&["replay", "--format", "json", "--rules", "rules.yaml", "--events", "empty.ndjson"]);
    assert_eq!(ran.counts(), (4, [0, 0, 0, 0]));
}

#[test]
fn what_cannot_be_used_is_exit_2() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("ruleproof.toml", "rule = []\n");
    for (arguments, message) in [
        (&["replay", "--colour"][..], "unexpected argument '--colour'"),
        (&["replay", "--threads", "0"], "--threads"),
        (&["replay", "--format", "xml"], "possible values: human, json"),
        (&["replay"], "ruleproof.toml: TOML parse error at line 1, column 1"),
        (
            &["replay", "--rules", "rules.yaml", "--events", "no.json"],
            "error: `no.json` does not exist; check the path, or quote it if it is a glob\n",
        ),
        (&["replay", "--rules", "no.yaml", "--events", "-"], "error: no.yaml: no such file or directory\n"),
        (
            &["replay", "--rules", "rules.yaml", "--events", "-", "--results", "no/where"],
            "error: no/where cannot be written",
        ),
        (&["replay", "--rules", "rules.yaml", "--events", "-", "--param", "Stage"], "Stage"),
    ] {
        let ran = session.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(message), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn help_names_all_exit_codes() {
    let ran = Session::new().run(&["--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for code in ["0 fine", "1 an expectation failed", "2 unusable", "4 nothing to run", "130 interrupted"] {
        assert!(words.contains(code), "{code}: {words}");
    }
}

#[test]
fn one_thread_and_many_count_the_same() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    let events: String =
        (0..5_000).map(|n| format!("{{\"source\":\"{}\"}}\n", ["a", "b", "c"][n % 3])).collect();
    for threads in ["1", "2", "7"] {
        let arguments = ["--rules", "rules.yaml", "--events", "-", "--format", "json", "--threads", threads];
        let ran = session.run_with_input(&[&["replay"][..], &arguments].concat(), events.clone());
        assert_eq!(ran.counts(), (0, [5_000, 3_334, 1_666, 0]));
    }
}

#[test]
fn events_of_which_none_can_be_judged_are_no_success() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", "42\n[1]\n");
    let ran = session.run(&["replay", "--rules", "rules.yaml", "--events", "events.ndjson"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("not one event could be judged"), "{}", ran.err);
}

#[test]
fn more_threads_than_any_machine_has_are_refused() {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("events.ndjson", "{}\n");
    let ran =
        session.run(&["replay", "--rules", "rules.yaml", "--events", "events.ndjson", "--threads", "100000"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("100000 is not in 1..=256"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_glob_says_that_it_cannot_match_a_name_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file("in/a.json", "{\"source\":\"a\"}");
    let odd = session.path("in").join(std::ffi::OsStr::from_bytes(b"b\xff.json"));
    std::fs::write(odd, "{\"source\":\"b\"}").unwrap();
    let replay =
        |events| session.run(&["replay", "--rules", "rules.yaml", "--events", events, "--format", "json"]);
    let ran = replay("in/*.json");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("a glob cannot match a name that is not UTF-8; name its folder"), "{}", ran.err);
    assert_eq!(replay("in").counts(), (0, [2, 2, 0, 0]));
}
