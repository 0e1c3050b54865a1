//! `diff`: two sets of rules over the same events.

use std::process::Stdio;
use std::time::Duration;

use crate::session::{Ran, Session, assert_snapshot, repository};

fn rule(name: &str, pattern: &str, targets: &str) -> String {
    format!("- Name: {name}\n  EventPattern: {pattern}\n  Targets:\n{targets}")
}

fn queue(id: &str, more: &str) -> String {
    format!("  - Id: {id}\n    Arn: arn:aws:sqs:eu-west-1:123456789012:{id}\n{more}")
}

fn event(id: &str, source: &str, total: u32) -> String {
    format!(
        "{{\"id\":\"{id}\",\"source\":\"{source}\",\"detail\":{{\"total\":{total},\"secret\":\"s3cr3t\"}}}}\n"
    )
}

/// Five events: totals 10 to 50, the last one of another source.
fn events() -> String {
    (1..=4).map(|at| event(&format!("e{at}"), "shop", at * 10)).chain([event("e5", "stock", 50)]).collect()
}

fn session(old: &str, new: &str) -> Session {
    let session = Session::new();
    session.file("old.yaml", old).file("new.yaml", new).file("events.ndjson", events());
    session
}

fn diff(session: &Session, more: &[&str]) -> Ran {
    session.run(&[&["diff", "old.yaml", "new.yaml", "--events", "events.ndjson"], more].concat())
}

const BODY: &str =
    "    InputTransformer: {InputPathsMap: {t: $.detail.total}, InputTemplate: '{\"sum\": <t>}'}\n";
const OTHER_BODY: &str =
    "    InputTransformer: {InputPathsMap: {t: $.detail.total}, InputTemplate: '{\"total\": <t>}'}\n";

/// Of each kind of difference one.
fn both() -> (String, String) {
    let big = |bound: &str| format!("{{source: [shop], detail: {{total: [{{numeric: [{bound}]}}]}}}}");
    let old = [
        rule("same", "{source: [shop]}", &queue("a", "")),
        rule("moved", &big("'>=', 20"), &queue("b", "")),
        rule("renamed", "{source: [stock]}", &queue("c", "")),
        rule("body", "{source: [shop, stock]}", &queue("d", BODY)),
        rule("gone", "{source: [nobody]}", &queue("e", "")),
        rule("rewritten", "{detail: {total: [10, 20]}}", &queue("f", "")),
        rule("redirected", "{source: [stock]}", &queue("g", "")),
    ];
    let new = [
        rule("same", "{source: [shop]}", &queue("a", "")),
        rule("moved", &big("'>', 20, '<=', 45"), &queue("b", "")),
        rule("called-otherwise", "{source: [stock]}", &queue("c", "")),
        rule("body", "{source: [shop, stock]}", &queue("d", OTHER_BODY)),
        rule("rewritten", "{detail: {total: [20, 10]}}", &queue("f", "")),
        rule("redirected", "{source: [stock]}", &queue("h", "")),
        rule("added", "{detail: {total: [{exists: true}]}}", &queue("i", "")),
    ];
    (old.concat(), new.concat())
}

/// Without the line that tells how long it took.
fn timeless(text: &str) -> String {
    text.lines().filter(|line| !line.contains(" events/s, ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn each_kind_of_difference_is_told_in_text_and_markdown() {
    let (old, new) = both();
    let session = session(&old, &new);
    let ran = diff(&session, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot("diff.txt", &timeless(&ran.out));
    assert_snapshot("diff.md", &diff(&session, &["--format", "markdown"]).out);
}

#[test]
fn contents_of_events_are_shown_only_on_demand() {
    let (old, new) = both();
    let session = session(&old, &new);
    for format in ["human", "json", "markdown"] {
        let ran = diff(&session, &["--format", format]);
        assert!(
            !ran.out.contains("s3cr3t") && !ran.out.contains("\"sum\"") && !ran.out.contains("\\\"sum"),
            "{}",
            ran.out
        );
        let ran = diff(&session, &["--format", format, "--show-events"]);
        assert!(ran.out.contains("s3cr3t") && ran.out.contains("sum"), "{}", ran.out);
    }
}

#[test]
fn json_has_numbers_examples_and_the_reason() {
    let (old, new) = both();
    let json = diff(&session(&old, &new), &["--format", "json", "--examples", "1"]).json();
    assert_eq!(json["differs"], true);
    let rule = |name: &str| {
        let rules = json["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["name"] == name).unwrap_or_else(|| panic!("{name} in {json}")).clone()
    };
    let moved = rule("moved");
    assert_eq!((&moved["lost"]["count"], &moved["gained"]["count"]), (&1.into(), &0.into()));
    assert_eq!(moved["lost"]["examples"], serde_json::json!([{"id": "e2", "place": "events.ndjson:2"}]));
    let why = "the new pattern wants `detail.total` to be [{\"numeric\":[\">\",20,\"<=\",45]}]; the event has a number \
               there, which `--show-events` shows";
    assert_eq!(moved["why"], serde_json::json!([why]));
    assert_eq!(rule("called-otherwise")["was"], "renamed");
    assert_eq!(rule("body")["targets"][0]["bodies"]["count"], 5);
    assert_eq!(rule("body")["targets"][0]["differs_at"], serde_json::json!(["/sum", "/total"]));
    assert_eq!((&rule("gone")["presence"], &rule("added")["presence"]), (&"removed".into(), &"added".into()));
    assert_eq!(rule("rewritten")["changed"], serde_json::json!(["pattern, to the same effect"]));
    let targets = rule("redirected")["targets"].clone();
    assert_eq!((&targets[0]["presence"], &targets[0]["gained"]["count"]), (&"added".into(), &1.into()));
    assert_eq!((&targets[1]["presence"], &targets[1]["lost"]["count"]), (&"removed".into(), &1.into()));
    assert_eq!(targets[0]["arn"], "arn:aws:sqs:eu-west-1:123456789012:h");
    assert_eq!(json["unchanged"], 1);
}

#[test]
fn changes_of_infrastructure_say_what_became_of_rules_and_targets() {
    let on_bus =
        |bus: &str| rule("mover", "{source: [shop]}", &queue("a", "")) + &format!("  EventBusName: {bus}\n");
    let state = |name: &str, state: &str| {
        rule(name, &format!("{{source: [shop], detail-type: [{name}]}}"), &queue("b", ""))
            + &format!("  State: {state}\n")
    };
    let clock = "- Name: clock\n  ScheduleExpression: rate(5 minutes)\n".to_owned();
    let redirected = |arn: &str| {
        rule("redirected", "{source: [stock]}", &queue("q", "")).replace(":q\n", &format!(":{arn}\n"))
    };
    let path =
        |path: &str| rule("path", "{source: [stock]}", &queue("p", &format!("    InputPath: {path}\n")));
    let old = [
        on_bus("shop"),
        state("paused", "ENABLED"),
        state("woken", "DISABLED"),
        rule("clock", "{source: [shop]}", &queue("c", "")),
        redirected("before"),
        path("$.detail"),
        state("idle", "DISABLED"),
    ];
    let new = [
        on_bus("stock"),
        state("paused", "DISABLED"),
        state("woken", "ENABLED"),
        clock,
        redirected("behind"),
        path("$.detail.total"),
        state("idle", "DISABLED"),
    ];
    let session = session(&old.concat(), &new.concat());
    let ran = diff(&session, &[]);
    for line in [
        "mover  [added on bus stock, removed from bus shop]",
        "mover  [removed from bus shop, added on bus stock]",
        "paused  [no longer listens, is disabled]",
        "woken  [listens now, was disabled]",
        "clock  [no longer listens, is on a schedule]",
        "  target q [added]: arn:aws:sqs:eu-west-1:123456789012:behind gets 1 event",
        "  target q [removed]: arn:aws:sqs:eu-west-1:123456789012:before no longer gets 1 event",
        "  target p [input]: it got `$.detail` of it, now `$.detail.total` of it; another body of 1 event",
    ] {
        assert!(ran.out.lines().any(|said| said == line), "{line} in {}", ran.out);
    }
    assert_eq!(ran.err.matches("idle: it is disabled").count(), 1, "{}", ran.err);
    let ran = diff(&session, &["--param", "Nobody=asks"]);
    assert_eq!(ran.err.matches("nothing asks for it").count(), 1, "{}", ran.err);
    let json = diff(&session, &["--format", "json"]).json();
    let paused =
        json["rules"].as_array().unwrap().iter().find(|rule| rule["name"] == "paused").unwrap().clone();
    assert_eq!(
        (&paused["presence"], &paused["idle"], &paused["bus"]),
        (&"removed".into(), &"rule-disabled".into(), &"default".into())
    );
}

#[test]
fn of_an_event_that_is_lost_the_kind_of_its_value_is_told_and_the_value_on_demand() {
    let wants = |total: &str| {
        rule("a", &format!("{{source: [shop], detail: {{total: [{total}]}}}}"), &queue("q", ""))
    };
    let session = session(&wants("10"), &wants("'10'"));
    let ran = diff(&session, &[]);
    assert!(
        ran.out.contains("to be [\"10\"]; the event has a number there, which `--show-events` shows"),
        "{}",
        ran.out
    );
    let ran = diff(&session, &["--show-events"]);
    assert!(ran.out.contains("to be [\"10\"]; the event has 10\n"), "{}", ran.out);
}

#[test]
fn the_exit_code_tells_of_differences_only_if_none_are_expected() {
    let (old, new) = both();
    assert_eq!(diff(&session(&old, &new), &["--expect-none"]).code, 1);
    assert_eq!(diff(&session(&old, &old), &["--expect-none"]).code, 0);
    // A rule that matches none of the events makes no difference to them.
    let more = old.clone() + &rule("idle", "{source: [nobody-else]}", &queue("z", ""));
    assert_eq!(diff(&session(&old, &more), &["--expect-none"]).code, 0);
    assert_eq!(diff(&session(&old, "- Name: a\n  EventPattern: {source: x}\n"), &[]).code, 2);
    let nothing = Session::new();
    nothing.file("old.yaml", &old).file("new.yaml", &old).file("events.ndjson", "");
    assert_eq!(diff(&nothing, &[]).code, 4);
}

#[test]
fn bodies_that_break_move_events_to_errored() {
    let text = "    InputTransformer: {InputPathsMap: {t: $.detail.secret}, InputTemplate: '<t>'}\n";
    let old = rule("a", "{source: [stock]}", &queue("q", ""));
    let new = rule("a", "{source: [stock]}", &queue("q", text));
    let json = diff(&session(&old, &new), &["--format", "json"]).json();
    assert_eq!(
        (&json["moves"][0]["from"], &json["moves"][0]["to"]),
        (&"delivered".into(), &"errored".into())
    );
    assert_eq!(json["rules"][0]["targets"][0]["failed"], serde_json::json!([0, 1]));
}

#[test]
fn the_numbers_are_those_of_two_replays() {
    let rules = repository().join("rules");
    let sample = rules.join("events/sample.ndjson.zst").to_str().unwrap().to_owned();
    let session = Session::new();
    let template = std::fs::read_to_string(rules.join("orders/template.yaml")).unwrap();
    let changed = template.replace("PAID", "paid").replacen("prefix", "suffix", 1);
    assert_ne!(template, changed);
    session.file("old/template.yaml", &template).file("new/template.yaml", &changed);
    let replayed = |rules: &str| {
        session.run(&["replay", "--rules", rules, "--events", &sample, "--format", "json"]).json()
    };
    let (old, new) = (replayed("old"), replayed("new"));
    let ran = session.run(&["diff", "old", "new", "--events", &sample, "--format", "json"]);
    let diff = ran.json();
    for count in ["delivered", "unmatched", "errored"] {
        assert_eq!((&diff["old"][count], &diff["new"][count]), (&old[count], &new[count]), "{count}");
    }
    assert_eq!(diff["differs"], true);
    for rule in diff["rules"].as_array().unwrap() {
        let matched = |replay: &serde_json::Value| {
            let rules = replay["rules"].as_array().unwrap();
            rules.iter().find(|other| other["name"] == rule["name"]).map(|other| other["matched"].clone())
        };
        assert_eq!(matched(&old), Some(rule["old_matched"].clone()));
        assert_eq!(matched(&new), Some(rule["new_matched"].clone()));
        let count = |name: &str| rule[name]["count"].as_i64().unwrap();
        let change = rule["new_matched"].as_i64().unwrap() - rule["old_matched"].as_i64().unwrap();
        assert_eq!(count("gained") - count("lost"), change);
    }
}

#[test]
fn markdown_fits_a_comment_and_holds_no_markup_of_others() {
    let many = |shift: usize| -> String {
        (0..2_000)
            .map(|at| {
                format!(
                    "rule-@all|<b>-{at}-{}\t{{\"source\":[\"shop\"],\"detail\":{{\"total\":[{}]}}}}\n",
                    "x".repeat(40),
                    at + shift
                )
            })
            .collect()
    };
    let session = Session::new();
    session.file("old.tsv", many(0)).file("new.tsv", many(1)).file("events.ndjson", events());
    let ran =
        session.run(&["diff", "old.tsv", "new.tsv", "--events", "events.ndjson", "--format", "markdown"]);
    assert!(ran.out.len() <= 65_536, "{}", ran.out.len());
    assert!(ran.out.contains("more rules differ"), "{}", &ran.out[ran.out.len() - 300..]);
    assert!(!ran.out.contains("@all") && !ran.out.contains("<b>"));
}

#[test]
fn an_interrupt_ends_with_what_was_read() {
    let session = session(
        &rule("a", "{source: [shop]}", &queue("q", "")),
        &rule("a", "{source: [x]}", &queue("q", "")),
    );
    let mut child = session
        .command(&["diff", "old.yaml", "new.yaml", "--events", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, events().repeat(2_000).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    crate::interrupt::interrupt(&child);
    let ran = crate::interrupt::end(child);
    // Kept open until here: the program must not wait for its end.
    drop(stdin);
    assert_eq!(ran.code, 130, "{}", ran.err);
    assert_eq!(ran.json()["interrupted"], true);
}
