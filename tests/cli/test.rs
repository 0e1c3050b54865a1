//! `ruleproof test`: outcomes, texts, exit codes.

use std::fs;

use serde_json::Value;

use super::session::{Session, assert_snapshot};
use super::test_support::{HEAD, TEMPLATE, command, failing, suite, test, without_times};

const ONE: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n";

#[test]
fn each_kind_of_failure_says_what_is_wrong_and_where() {
    let ran = test(&failing(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
    assert_snapshot("test_human.txt", &without_times(&ran.out));
}

#[test]
fn each_format_has_its_shape() {
    for (format, file) in [
        ("ndjson", "test_ndjson.txt"),
        ("junit", "test_junit.xml"),
        ("sarif", "test_sarif.json"),
        ("github", "test_github.txt"),
    ] {
        let session = failing();
        // A repository of its own, so that names of files do not depend on where the test runs.
        fs::create_dir(session.path(".git")).unwrap();
        let ran = test(&session, &["--format", format]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_eq!(ran.err, "note: 1 passed, 15 failed, 1 skipped\n", "{format}");
        if format == "sarif" {
            super::findings::assert_valid_sarif(&ran.out);
        }
        assert_snapshot(file, &without_times(&ran.out).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn every_line_of_ndjson_says_what_it_is() {
    let session = failing();
    session.file("broken.test.json", "{");
    let ran = test(&session, &["--format", "ndjson"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((count("problem"), count("test"), count("summary")), (1, 17, 1));
    assert!(lines.iter().all(|line| line["schema_version"] == 1));
    assert_eq!((&lines[0]["code"], &lines[0]["line"]), (&"file-invalid".into(), &1.into()));
    assert_eq!(lines[18]["unusable"], 1);
    assert_eq!(ran.code, 2);
}

#[test]
fn exit_codes_are_those_of_the_manual() {
    let session = suite(ONE);
    let ran = test(&session, &[]);
    assert_eq!(
        (ran.code, without_times(&ran.out).as_str(), ran.err.as_str()),
        (0, "1 passed in 0.00 s\n", "")
    );
    for (arguments, code, message) in [
        (&["--run", "nothing"][..], 4, "error: no tests: none was found, or none is selected\n"),
        (&["--tag", "slow"], 4, "error: no tests: none was found, or none is selected\n"),
        (&["nowhere"], 2, "error: nowhere: No such file or directory"),
        (&["--run", "("], 2, "error: invalid value '(' for '--run <REGEX>'"),
        (&["--param", "Stage"], 2, "error: `Stage` is not a parameter"),
    ] {
        let ran = test(&session, arguments);
        assert_eq!(ran.code, code, "{arguments:?} {ran:?}");
        assert!(ran.err.starts_with(message), "{arguments:?} {}", ran.err);
    }
    assert_eq!(test(&Session::new(), &[]).code, 4);
}

#[test]
fn a_file_that_cannot_be_used_stops_no_other() {
    let session = suite(ONE);
    session
        .file("a.test.yaml", "version: 1\nrules: [template.yaml]\ntests: [\n")
        .file("b/b.test.yaml", "version: 1\nrules: [nowhere.yaml]\ntests: []\n")
        .file("c.test.json", "{\"version\": 1, \"rules\": [\"orders.yaml\"], \"tests\": 5}")
        .file("orders.yaml", "- {Name: a, EventPattern: {source: [a]}}");
    let ran = test(&session, &[]);
    assert_eq!(ran.code, 2);
    assert_eq!(without_times(&ran.out), "1 passed, 3 test files unusable in 0.00 s\n");
    for message in [
        "error: b/nowhere.yaml: no such file or directory",
        "error: not YAML: ",
        "--> a.test.yaml:4:1",
        "error: `tests` is empty\n  --> b/b.test.yaml:3:8",
        "error: `tests` has to be a list, not a number\n  --> c.test.json:1:51",
    ] {
        assert!(ran.err.contains(message), "{message}: {}", ran.err);
    }
}

#[test]
fn tests_are_looked_for_where_people_keep_them() {
    let session = Session::new();
    session.file("rules/template.yaml", TEMPLATE);
    let content = format!("{HEAD}{ONE}").replace("template.yaml", "../rules/template.yaml");
    for folder in ["a", "b", ".hidden", "node_modules", "target", "cdk.out"] {
        session.file(&format!("{folder}/x.test.yml"), &content).file(&format!("{folder}/x.yaml"), "no: test");
    }
    let ran = test(&session, &[]);
    assert!(ran.out.starts_with("2 passed in"), "{ran:?}");
    // What is named is read whatever it is called.
    session.file("a/mine.txt", &content);
    assert!(test(&session, &["a/mine.txt", "target", "a", "a/x.test.yml"]).out.starts_with("3 passed in"));
}

#[test]
fn tests_are_chosen_by_name_and_by_tag() {
    let session = suite(
        "  - { name: small, tags: [fast], event: placed, expect: { matches: [large] } }
  - name: large
    tags: [slow, nightly]
    event: placed
    matrix:
      - { name: first, expect: { matches: [large] } }
      - { name: second, set: { /detail/total: 5 }, expect: { matches: [] } }
",
    );
    for (arguments, out) in [
        (&[][..], "3 passed"),
        (&["--run", "^large: f"], "1 passed"),
        (&["--run", "(?i)SMALL|second"], "2 passed"),
        (&["--tag", "nightly"], "2 passed"),
        (&["--tag", "nightly", "--tag", "fast"], "3 passed"),
        (&["--tag", "nightly", "--run", "second"], "1 passed"),
    ] {
        assert!(test(&session, arguments).out.starts_with(out), "{arguments:?}");
    }
}

#[test]
fn fail_fast_ends_behind_the_first_failure_whatever_the_threads() {
    let good =
        |n: usize| format!("  - {{ name: good {n}, event: placed, expect: {{ matches: [large] }} }}\n");
    let bad = |n: usize| format!("  - {{ name: bad {n}, event: placed, expect: {{ matches: [] }} }}\n");
    let tests: String = (0..300).map(|n| if n == 100 || n == 101 { bad(n) } else { good(n) }).collect();
    let session = suite(&tests);
    for threads in ["1", "2", "16"] {
        let ran = test(&session, &["--fail-fast", "--threads", threads]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains("FAIL orders.test.yaml:110  bad 100\n"), "{}", ran.out);
        assert!(ran.out.contains("\n100 passed, 1 failed, 199 not run in "), "{}", ran.out);
    }
}

#[test]
fn the_output_does_not_depend_on_the_threads() {
    let outputs =
        ["1", "3", "64"].map(|threads| without_times(&test(&failing(), &["--threads", threads]).out));
    assert!(outputs.iter().all(|out| *out == outputs[0]));
}

#[test]
fn parameters_of_the_command_line_win() {
    let session = suite(
        "  - { name: dev, event: placed, set: { /detail/stage: dev }, expect: { matches: [large] } }\n",
    );
    assert_eq!(test(&session, &[]).code, 1);
    let ran = test(&session, &["--param", "Stage=dev", "--param", "Unasked=1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    session.file("two.test.yaml", format!("{HEAD}{ONE}").replace("Stage: prod", "Stage: prod, Stagge: dev"));
    let ran = test(&session, &["two.test.yaml"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "note: Stagge: nothing asks for it\n"));
}

#[test]
fn events_keep_every_spelling() {
    let session = suite(
        r#"  - name: inline
    event: { source: shop, detail: { id: [1, 1.0, 1.0e+2, -0, "1", true, null, "\u00e9"], stage: prod, total: 1.5E+2 } }
    expect:
      bodies: { large: { queue: { text: '{"order": [1,1.0,1.0e+2,-0,"1",true,null,"é"], "total": 1.5E+2}' } } }
  - name: from a file, changed
    event: { file: event.json }
    set: { /detail/total: 100.00 }
    expect:
      bodies: { large: { queue: { text: '{"order": [1.10,1E3], "total": 100.00}' } } }
"#,
    );
    session.file(
        "event.json",
        r#"{"source":"shop","detail":{"stage":"prod","id":[1.10,1E3],"total":1,"total":5}}"#,
    );
    let ran = test(&session, &[]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn rules_of_another_revision_are_beside_the_file_too() {
    let session = Session::new();
    session.file("a/template.yaml", TEMPLATE);
    session.file("a/new.test.yaml", format!("{HEAD}{ONE}"));
    session
        .file("a/old.test.yaml", format!("{HEAD}{ONE}").replace("template.yaml", "git:HEAD:./template.yaml"));
    session
        .file("a/top.test.yaml", format!("{HEAD}{ONE}").replace("template.yaml", "git:HEAD:a/template.yaml"));
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
        let mut command = std::process::Command::new("git");
        command.args(identity).args(arguments).current_dir(session.path("")).output().unwrap()
    };
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"]] {
        assert!(git(arguments).status.success(), "{arguments:?}");
    }
    session.file("a/template.yaml", TEMPLATE.replace(">=\", 100", ">=\", 1000"));
    let ran = test(&session, &["a"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.out);
    assert!(ran.out.contains("\n2 passed, 1 failed in "), "{}", ran.out);
    assert!(ran.out.starts_with("FAIL a/new.test.yaml:"), "{}", ran.out);
}

#[test]
fn a_file_with_an_event_is_read_as_by_every_other_command() {
    let session = suite(
        "  - { name: a message of a queue, event: { file: message.json }, expect: { matches: [large] } }
  - { name: two, event: { file: two.ndjson }, expect: { matches: [] } }
  - { name: none, event: { file: none.json }, expect: { matches: [] } }
  - { name: gone, event: { file: ../gone.json }, expect: { matches: [] } }
  - { name: no object, event: { file: text.json }, set: { /a: 1 }, expect: { matches: [] } }
",
    );
    let body = r#"{\"source\":\"shop\",\"detail\":{\"stage\":\"prod\",\"total\":100}}"#;
    session
        .file(
            "message.json",
            format!(r#"{{"Messages":[{{"MessageId":"m","ReceiptHandle":"r","Body":"{body}"}}]}}"#),
        )
        .file("two.ndjson", "{}\n{}\n")
        .file("none.json", "")
        .file("text.json", "{\"a\": }");
    let ran = test(&session, &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for message in [
        "error: two.ndjson: line 2: a second event; give one\n  --> orders.test.yaml:11:33",
        "error: none.json: no event is in it\n",
        "error: ../gone.json: no such file\n",
        "error: `set` and `unset` need an event that is a JSON object\n  --> orders.test.yaml:14:7",
    ] {
        assert!(ran.err.contains(message), "{message}: {}", ran.err);
    }
    assert_eq!(ran.err.matches("error: ").count(), 4, "{}", ran.err);
}

#[test]
fn the_schema_is_printed_as_it_is() {
    let ran = Session::new().run(&["schema"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, ruleproof::suite::SCHEMA, ""));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_test_that_waits_for_events() {
    let session = suite(
        "  - { name: one, event: placed, expect: { matches: [large] } }
  - { name: many, events: [pipe], expect: { rules: { large: { count: 1 } } } }
",
    );
    let pipe = session.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let child = command(&session, &["--threads", "1"]).spawn().unwrap();
    // The program opens the pipe for reading, which lets this go on.
    let _kept_open = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let ran = super::session::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, without_times(&ran.out).as_str()), (130, "1 passed, 1 not run in 0.00 s\n"));
}

const RECORDED: &str = "__snapshots__/orders.test.yaml/one--large--queue.txt";
const WITH_SNAPSHOT: &str = "  - name: one
    event: placed
    expect: { bodies: { large: { queue: { snapshot: true } } } }
";

#[test]
fn bodies_are_recorded_compared_and_forgotten() {
    let session = suite(WITH_SNAPSHOT);
    assert_eq!(test(&session, &[]).code, 1);
    let ran = test(&session, &["--bless"]);
    assert_eq!((ran.code, without_times(&ran.out).as_str()), (0, "1 passed, 1 recorded in 0.00 s\n"));
    assert_eq!(session.read(RECORDED), "{\"order\": \"o-1\", \"total\": 120}\n");
    assert_eq!(without_times(&test(&session, &["--bless"]).out), "1 passed in 0.00 s\n");
    // Line ends that version control changes are no difference; anything else is.
    session.file(RECORDED, "{\"order\": \"o-1\", \"total\": 120}\r\n");
    assert_eq!(test(&session, &[]).code, 0);
    session.file(RECORDED, "{\"order\": \"o-1\",\n \"total\": 120}\n");
    let ran = test(&session, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("    + {\"order\": \"o-1\", \"total\": 120}\n"), "{}", ran.out);
    // A test that is gone leaves its recording behind.
    session.file("orders.test.yaml", format!("{HEAD}{ONE}"));
    let ran = test(&session, &[]);
    let note = format!("note: {RECORDED} belongs to no test; `--bless` removes it\n");
    assert_eq!((ran.code, ran.err), (0, note));
    assert_eq!(test(&session, &["--bless", "--run", "one"]).code, 0);
    assert!(session.path(RECORDED).exists(), "other tests may have been left out");
    assert_eq!(test(&session, &["--bless"]).code, 0);
    assert!(!session.path(RECORDED).exists());
}

#[test]
fn nothing_is_recorded_in_continuous_integration() {
    let session = suite(WITH_SNAPSHOT);
    let output = command(&session, &["--bless"]).env("CI", "true").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`CI` is set"));
    assert!(!session.path("__snapshots__").exists());
    let output = command(&session, &["--bless"]).env("CI", "false").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_body_that_breaks_is_not_recorded_as_if_it_were_fine() {
    let session = suite(
        "  - name: broken
    event: placed
    set: { /detail/reason: '\"', /detail/total: 1 }
    expect: { bodies: { returned: { text: { snapshot: true } } } }
",
    );
    let ran = test(&session, &["--bless"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("INVALID_JSON"), "{}", ran.out);
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let session = failing();
    fs::create_dir(session.path(".git")).unwrap();
    session.file("summary.md", "before\n");
    let run = |arguments: &[&str]| {
        let mut command = command(&session, arguments);
        command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", session.path("summary.md"));
        super::session::Ran::from(command.output().unwrap())
    };
    let ran = run(&[]);
    assert!(ran.out.contains("\n1 passed, 15 failed, 1 skipped in "), "{}", ran.out);
    assert_eq!(ran.out.matches("::error file=orders.test.yaml,line=").count(), 18, "{}", ran.out);
    assert_snapshot("test_summary.md", &session.read("summary.md"));
    // What is not for people stays what it is.
    let ran = run(&["--format", "junit"]);
    assert!(ran.out.starts_with("<?xml") && !ran.out.contains("::error"), "{}", ran.out);
    assert!(ran.err.contains("::error file=orders.test.yaml"), "{}", ran.err);
    // On the page of a job, an empty variable is none.
    let output = command(&session, &[]).env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", "").output();
    assert_eq!(output.unwrap().status.code(), Some(1));
}

#[test]
fn names_of_tests_stay_on_one_line_and_reach_no_terminal_as_commands() {
    let session = Session::new();
    session.file("r.json", r#"{"Name":"R","EventPattern":{"source":["a"]}}"#).file(
        "r.test.yaml",
        "version: 1\nrules: [r.json]\ntests:\n- {name: \"a\\nb\\e[31m\", event: {source: b, detail: {}}, expect: {matches: [R]}}\n",
    );
    for format in ["human", "github"] {
        let ran = session.run(&["test", "--format", format]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(r"a\nb\u001b[31m") && !ran.out.contains('\u{1b}'), "{format}: {ran:?}");
    }
}
