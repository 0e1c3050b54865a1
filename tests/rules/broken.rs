//! Files that cannot be read, and how all of them are reported at once.

use crate::support::{Files, load_text, problems};
use ruleproof::rules::{Parameters, load};

#[test]
fn all_problems_of_all_files_are_listed_at_once() {
    let files = Files::new()
        .with("a.json", "{\"Name\":\"a\",\n \"EventPattern\": {\"a\":[1,]}}")
        .with("b.yaml", "Name: b\nEventPattern: {a: [1]\n")
        .with("c.yaml", "- Name: not a name\n  State: ON\n  EventPattern: 5\n- EventPattern: {a: [!Ref X, !Ref Y]}\n- Name: fine\n  EventPattern: {a: [1]}\n")
        .with("d.yaml", "Rules:\n  - Name: empty\n  - Name: t\n    EventPattern: {a: [1]}\n    Targets:\n      - {Id: x}\n      - 7\n      - {Id: y, Arn: [z], RetryPolicy: {MaximumRetryAttempts: -1}}\n")
        .with("e.json", "{\"Name\":\"e\",\"EventPattern\":\"{}\"} trailing");
    let loaded = files.load(&[], &[]);
    assert_eq!(
        problems(&loaded),
        [
            "2:26 not JSON: expected a value",
            "3:1 not YAML: while parsing a flow mapping, did not find expected ',' or '}'",
            "1:9 `not a name` is not a name: ` ` is not allowed in a name, only letters, digits, `.`, `-` and `_`",
            "2:10 unknown state `true`",
            "3:17 `EventPattern` has to be an object or a string with JSON text, not a number",
            "4:3 `Name` is missing",
            "4:22 unresolved `Ref: X`",
            "4:30 unresolved `Ref: Y`",
            "2:5 empty: neither `EventPattern` nor `ScheduleExpression` is given",
            "6:9 t: `Arn` is missing",
            "7:9 t: `Targets` has to be a list of objects, not a number",
            "8:22 t: `Arn` has to be a string, not a list",
            "1:34 not JSON: more text follows the end of the value",
        ]
    );
    assert_eq!(loaded.rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["fine"]);
}

#[test]
fn directories_pass_over_what_holds_no_rules() {
    let files = Files::new()
        .with("r.yaml", "Name: r\nEventPattern: {a: [1]}\n")
        .with("README.md", "# EventPattern: how to\n\n* {Targets\n")
        .with("event.json", r#"{"source":"a","detail-type":"b","detail":{"Schedule":1}}"#)
        .with("events.ndjson", "{\"a\":1}\n{\"a\":2}\n")
        .with("image.png", [0x89, b'P', 0xff, 0xfe])
        .with("counts.tsv", "Schedule\t12\n")
        .with("script.py", "print('EventPattern: {')\n")
        .with(".hidden/r.json", "{broken EventPattern")
        .with("node_modules/r.json", "{broken EventPattern")
        .with("sub/dir/r.json", r#"{"Name":"s","EventPattern":{"a":[1]}}"#);
    let loaded = files.load(&[], &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(loaded.rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["r", "s"]);
    let glob = files.load(&["**/*.json"], &[]);
    assert_eq!(glob.rules.iter().filter(|rule| rule.name.as_str() == "s").count(), 1);
}

#[test]
fn named_files_have_to_hold_rules() {
    for (name, content, problem) in [
        (
            "p.json",
            r#"{"source":["a"],"detail":{"b":[1]}}"#,
            "holds no rules, it seems to be an event pattern",
        ),
        (
            "e.json",
            r#"{"source":"a","detail-type":"b","detail":{}}"#,
            "holds no rules, it seems to be an event",
        ),
        ("x.json", "[]", "holds no rules"),
        ("x.json", "{}", "holds no rules"),
        ("x.yaml", "", "holds no rules"),
        ("x.tsv", "", "holds no rules"),
        ("x.yaml", "just text", "holds no rules"),
        ("t.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}", "holds no rules, only other resources"),
    ] {
        assert_eq!(problems(&load_text(name, content, &[])), [problem], "{content}");
    }
    let binary = Files::new().with("b.json", [0xff, 0xfe, b'{']);
    assert_eq!(problems(&binary.load(&["b.json"], &[])), ["not text in UTF-8"]);
}

#[test]
fn specs_that_lead_nowhere_are_problems() {
    let files = Files::new().with("empty/x.txt", "");
    let loaded = files.load(&["nowhere.json", "*.yaml", "empty", "a[.yaml"], &[]);
    let mut found = problems(&loaded);
    found.sort();
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[0], "holds no rules in any of its files");
    assert_eq!(found[1], "no file matches");
    assert_eq!(found[2], "no such file or directory");
    assert!(found[3].starts_with("not a file name pattern: "), "{found:?}");
}

#[test]
fn a_file_that_two_specs_name_is_read_once() {
    let files = Files::new().with("r.yaml", "Name: r\nEventPattern: {a: [1]}\n");
    let loaded = files.load(&["r.yaml", ".", "*.yaml"], &[]);
    assert_eq!((loaded.rules.len(), problems(&loaded)), (1, vec![]));
}

#[test]
fn links_that_lead_in_circles_end() {
    let files = Files::new().with("a/r.yaml", "Name: r\nEventPattern: {a: [1]}\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(files.path(), files.path().join("a/up")).expect("a link");
    let loaded = files.load(&[], &[]);
    assert_eq!((loaded.rules.len(), loaded.problems.len()), (1, 0));
}

#[test]
fn hostile_nesting_is_a_problem_and_not_a_crash() {
    let deep_json =
        format!("{{\"Name\":\"a\",\"EventPattern\":{}1{}}}", "{\"a\":".repeat(998), "}".repeat(998));
    assert_eq!(load_text("r.json", &deep_json, &[]).rules.len(), 1);
    let too_deep = format!("{{\"Name\":\"a\",\"EventPattern\":{}", "{\"a\":".repeat(200_000));
    assert!(problems(&load_text("r.json", &too_deep, &[]))[0].contains("nested deeper than 1000 levels"));
    let block: String = (0..900).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(problems(&load_text("r.yaml", &block, &[])), ["holds no rules"]);
    for text in [
        "- ".repeat(500_000),
        "[".repeat(500_000),
        "? ".repeat(500_000),
        "{a: ".repeat(100_000),
        "&a ".repeat(10_000),
    ] {
        assert_eq!(load_text("r.yaml", &text, &[]).problems.len(), 1);
    }
}

#[test]
fn conditions_that_double_each_other_take_no_time() {
    let mut template = "Conditions:\n  C0: !Equals [!Ref X, 1]\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        template.push_str(&format!("  C{level}: !And [!Condition C{below}, !Condition C{below}]\n"));
    }
    template.push_str(
        "Resources: {R: {Type: AWS::Events::Rule, Properties: {EventPattern: {a: !If [C59, [1], [2]]}}}}\n",
    );
    assert_eq!(load_text("t.yaml", &template, &["X=1"]).rules.len(), 1);
    assert_eq!(problems(&load_text("t.yaml", &template, &[])).len(), 1);
}

#[test]
fn no_specs_are_no_rules() {
    assert_eq!(load(&[], &Parameters::default()), Default::default());
}
