//! `lint`: what it finds, what it allows, how it ends.

use crate::findings::assert_valid_sarif;
use crate::session::{Ran, Session, assert_snapshot, repository};

/// A rule of a plain file on bus `shop`, with a queue that has all it needs.
fn rule(name: &str, pattern: &str, more: &str) -> String {
    format!(
        "- Name: {name}\n  EventBusName: shop\n  EventPattern: {pattern}\n  Targets:\n  - Id: queue\n    \
         Arn: arn:aws:sqs:eu-west-1:123456789012:queue-{name}\n    DeadLetterConfig: {{Arn: \
         'arn:aws:sqs:eu-west-1:123456789012:dead'}}\n{more}"
    )
}

fn lint(rules: &str) -> (Session, Ran) {
    let session = Session::new();
    let ran = session.file("rules.yaml", rules).run(&["lint", "rules.yaml", "--format", "json"]);
    (session, ran)
}

/// The codes, each with its severity, rule and message.
fn found(ran: &Ran) -> Vec<[String; 4]> {
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap().clone();
    let text =
        |finding: &serde_json::Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let parts = ["code", "severity", "rule", "message"];
    findings.iter().map(|finding| parts.map(|part| text(finding, part))).collect()
}

/// Lints rules of which the last one has exactly one finding of this code; gives its severity and message.
fn one(rules: &[String], code: &str) -> (String, String) {
    let (_session, ran) = lint(&rules.concat());
    let all = found(&ran);
    let mut of_code = all.iter().filter(|[found, ..]| found == code);
    let first = of_code.next().unwrap_or_else(|| panic!("no {code}: {all:?} {}", ran.err));
    assert_eq!(of_code.next(), None);
    (first[1].clone(), first[3].clone())
}

#[test]
fn sound_rules_have_no_findings() {
    let rules = [
        rule("a", r#"{source: [shop.orders], detail-type: [Paid]}"#, ""),
        rule("b", r#"{source: [shop.orders], detail-type: [Returned]}"#, ""),
    ];
    let (_session, ran) = lint(&rules.concat());
    assert_eq!((ran.code, found(&ran)), (0, vec![]), "{ran:?}");
}

#[test]
fn patterns_that_never_match_say_why_and_where() {
    let session = Session::new();
    session.file(
        "rules.yaml",
        rule("a", "{source: [shop], account: [123456789012], detail: {total: [{numeric: ['>', 5]}]}}", ""),
    );
    let ran = session.run(&["lint", "rules.yaml"]);
    assert_eq!(ran.code, 1);
    assert_snapshot("lint-never.txt", &ran.out);
    let never = |pattern: &str| one(&[rule("a", pattern, "")], "pattern-never-matches").1;
    assert!(never("{source: [{exists: false}]}").ends_with("every event has `source`"));
    assert!(
        never("{source: [s], detail: [{exists: true}]}").ends_with("`detail` is an object, never a value")
    );
    assert!(never("{source: {name: [s]}}").ends_with("`source` is text, so it has no `source.name`"));
    assert!(never("{source: [s], account: ['12345']}").ends_with("`account` is always twelve digits"));
    assert!(
        never("{source: [s], detail: {a: [1.0e+309]}}").ends_with("no value passes the tests on `detail.a`")
    );
}

#[test]
fn misspelled_fields_of_the_envelope_are_told() {
    let unknown = |pattern: &str| one(&[rule("a", pattern, "")], "field-unknown");
    let (severity, message) = unknown("{source: [s], detailType: [Paid]}");
    assert_eq!(severity, "error");
    assert_eq!(message, "events have no field `detailType` at their top, so no event matches");
    let (severity, message) = unknown("{source: [s], user: [{exists: false}]}");
    assert!(severity == "warning" && message.ends_with("so this condition always holds"), "{message}");
    let (severity, message) = unknown("{$or: [{Source: [s]}, {source: [s], detail-type: [Paid]}]}");
    assert!(
        severity == "warning" && message.ends_with("no event matches by this branch of `$or`"),
        "{message}"
    );
    assert_eq!(unknown("{$or: [{Source: [s]}, {source: [s], region: [EU-WEST-1]}]}").0, "error");
    let (_session, ran) = lint(&rule("a", "{source: [s], detail_type: [Paid]}", ""));
    assert_eq!(ran.json()["findings"][0]["hint"], "did you mean `detail-type`?");
    assert_eq!((ran.code, found(&ran).len()), (1, 1), "{ran:?}");
}

#[test]
fn patterns_that_match_too_much_are_told() {
    let (severity, message) = one(&[rule("a", "{source: [{prefix: ''}]}", "")], "catch-all");
    assert_eq!((&*severity, &*message), ("warning", "every event on bus `shop` matches"));
    assert_eq!(one(&[rule("a", "{source: [shop.orders, shop.stock]}", "")], "source-catch-all").0, "note");
    let on_default = rule("a", "{detail: {state: [PAID]}}", "").replace("  EventBusName: shop\n", "");
    assert_eq!(one(&[on_default], "source-missing").0, "warning");
}

#[test]
fn rules_that_match_the_same_are_told_once() {
    let rules = [
        rule("first", "{source: [s], detail: {state: [PAID, OPEN]}}", ""),
        rule("second", "{detail: {state: [OPEN, PAID]}, source: [s]}", ""),
    ];
    let (severity, message) = one(&rules, "rules-equal");
    assert_eq!((&*severity, &*message), ("note", "it matches the same events as rule first"));
}

#[test]
fn a_rule_within_another_is_told_with_the_other_one() {
    let rules = [
        rule("wide", r#"{source: [s], detail: {file: [{suffix: .jpg}]}}"#, ""),
        rule("narrow", r#"{source: [s], detail: {file: [{wildcard: "*/thumb/*.jpg"}]}}"#, ""),
        rule("other", r#"{source: [s], detail: {file: [{wildcard: "*.png"}]}}"#, ""),
    ];
    let (severity, message) = one(&rules, "rule-contained");
    assert_eq!((&*severity, &*message), ("note", "whatever it matches, rule wide matches too"));
}

#[test]
fn targets_that_get_events_twice_are_told() {
    let same_queue = |text: String| text.replace("queue-narrow", "queue-wide");
    let wide = rule("wide", "{source: [s], detail: {total: [{numeric: ['>', 5]}]}}", "");
    let narrow = rule("narrow", "{source: [s], detail: {total: [{numeric: ['>=', 10]}]}}", "");
    let (severity, message) = one(&[wide.clone(), same_queue(narrow.clone())], "delivery-doubled");
    assert_eq!(severity, "warning");
    assert_eq!(message, "the target gets every event that it matches from rule wide as well");
    // Another body is another delivery.
    let shaped =
        same_queue(rule("narrow", "{source: [s], detail: {total: [10]}}", "    InputPath: $.detail\n"));
    let (_session, ran) = lint(&[wide, shaped].concat());
    assert!(!found(&ran).iter().any(|[code, ..]| code == "delivery-doubled"), "{ran:?}");
}

#[test]
fn rules_that_never_match_are_not_said_to_be_contained() {
    let rules = [
        rule("all", "{source: [{prefix: s}]}", ""),
        rule("dead", "{source: [s], detailType: [Paid]}", ""),
        rule("deader", "{source: [s], account: ['1']}", ""),
        rule("dead2", "{source: [s], detailType: [Paid]}", ""),
    ];
    let (_session, ran) = lint(&rules.concat());
    let codes: Vec<String> = found(&ran).into_iter().map(|[code, ..]| code).collect();
    assert_eq!(codes, ["source-catch-all", "field-unknown", "pattern-never-matches", "field-unknown"]);
}

#[test]
fn several_wider_rules_are_named_as_a_sentence() {
    let wide = |at: usize| rule(&format!("w{at}"), &format!("{{source: [s, s{at}], detail-type: [P]}}"), "");
    let narrow = rule("narrow", "{source: [s], detail-type: [P], detail: {a: [1]}}", "");
    let told = |count: usize| {
        let mut rules: Vec<String> = (0..count).map(wide).collect();
        rules.push(narrow.clone());
        one(&rules, "rule-contained").1
    };
    assert_eq!(told(1), "whatever it matches, rule w0 matches too");
    assert_eq!(told(2), "whatever it matches, rules w0 and w1 match too");
    assert_eq!(told(3), "whatever it matches, rules w0, w1 and w2 match too");
    assert_eq!(told(5), "whatever it matches, rules w0, w1, w2 and 2 more match too");
}

#[test]
fn notes_that_say_the_same_are_one_for_people_and_all_for_programs() {
    let session = Session::new();
    let careless = |at: usize| {
        format!(
            "- {{Name: r{at}, EventPattern: {{source: [s], detail-type: [P{at}]}}, Targets: [{{Id: q{at}, Arn: 'arn:aws:sqs:eu-west-1:123456789012:q{at}'}}]}}\n"
        )
    };
    session.file("a.yaml", (0..5).map(careless).collect::<String>()).file("b.yaml", careless(9));
    let ran = session.run(&["lint", "a.yaml", "b.yaml"]);
    assert_eq!(
        ran.out,
        "note[no-dead-letter-queue]: no dead-letter queue for targets, so events that cannot be delivered are lost (5 times)\n  \
         --> a.yaml:1:3 (rule r0), 2:3 (rule r1), 3:3 (rule r2) and 2 more\n\
         note[no-dead-letter-queue]: target `q9` has no dead-letter queue, so events that cannot be delivered are lost\n  \
         --> b.yaml:1:3  (rule r9)\n0 errors, 0 warnings, 6 notes\n"
    );
    let ran = session.run(&["lint", "a.yaml", "b.yaml", "--format", "json"]);
    assert_eq!(found(&ran).len(), 6);
}

#[test]
fn rules_of_different_buses_are_not_compared() {
    let other_bus = rule("b", "{source: [s], detail: {a: [1]}}", "").replace("shop", "stock");
    let (_session, ran) = lint(&[rule("a", "{source: [s], detail: {a: [1]}}", ""), other_bus].concat());
    assert_eq!(found(&ran), Vec::<[String; 4]>::new());
}

#[test]
fn circles_are_told() {
    let to_own_bus = rule("a", "{source: [s], detail: {a: [1]}}", "").replace(
        "arn:aws:sqs:eu-west-1:123456789012:queue-a",
        "arn:aws:events:eu-west-1:123456789012:event-bus/shop",
    );
    assert_eq!(one(&[to_own_bus], "may-trigger-itself").0, "warning");
    let machine = |pattern: &str| {
        rule("a", pattern, "").replace("  EventBusName: shop\n", "").replace(
            "arn:aws:sqs:eu-west-1:123456789012:queue-a",
            "arn:aws:states:eu-west-1:123456789012:stateMachine:notify",
        )
    };
    let failed = "source: [aws.states], detail-type: [Step Functions Execution Status Change]";
    let careless = format!("{{{failed}, detail: {{status: [FAILED]}}}}");
    assert!(one(&[machine(&careless)], "may-trigger-itself").1.contains("state machine"));
    let careful = format!("{{{failed}, detail: {{stateMachineArn: [arn:x]}}}}");
    let (_session, ran) = lint(&machine(&careful));
    assert!(!found(&ran).iter().any(|[code, ..]| code == "may-trigger-itself"), "{ran:?}");
}

/// A template with a bus named `name`, and a rule on bus `on` that sends to `to`.
fn on_own_bus(name: &str, on: &str, to: &str) -> String {
    format!(
        "Parameters: {{Stage: {{Type: String}}}}\nResources:\n  Bus:\n    Type: AWS::Events::EventBus\n    Properties: \
         {{Name: {name}}}\n  Back:\n    Type: AWS::Events::Rule\n    Properties:\n      EventBusName: {on}\n      \
         EventPattern: {{source: [shop], detail-type: [a]}}\n      Targets: [{{Id: back, Arn: {to}}}]\n"
    )
}

#[test]
fn the_own_bus_is_known_by_every_way_to_name_it() {
    let whole = "!Sub 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/";
    let (by_reference, by_name) = (format!("{whole}${{Bus}}'"), format!("{whole}orders'"));
    let names = [
        ("orders", &["!Ref Bus", "!GetAtt Bus.Name", "!GetAtt Bus.Arn", "orders"][..]),
        ("!Sub '${Stage}-orders'", &["!Ref Bus", "!GetAtt Bus.Name", "!Sub '${Stage}-orders'"]),
    ];
    let mut files: Vec<(&str, String)> = Vec::new();
    for (name, ways) in names {
        files.extend(ways.iter().map(|on| ("template.yaml", on_own_bus(name, on, "!GetAtt Bus.Arn"))));
    }
    files.extend([by_reference, by_name].map(|to| ("template.yaml", on_own_bus("orders", "!Ref Bus", &to))));
    for (name, on) in [
        ("\"orders\"", "aws_cloudwatch_event_bus.b.name"),
        ("\"orders\"", "\"orders\""),
        ("\"${var.stage}-orders\"", "aws_cloudwatch_event_bus.b.name"),
        ("\"${var.stage}-orders\"", "aws_cloudwatch_event_bus.b.arn"),
    ] {
        files.push((
            "main.tf",
            format!(
                "variable \"stage\" {{}}\nresource \"aws_cloudwatch_event_bus\" \"b\" {{\n  name = {name}\n}}\n\
                 resource \"aws_cloudwatch_event_rule\" \"r\" {{\n  name = \"r\"\n  event_bus_name = {on}\n  \
                 event_pattern = jsonencode({{ source = [\"shop\"], detail-type = [\"a\"] }})\n}}\n\
                 resource \"aws_cloudwatch_event_target\" \"t\" {{\n  rule = aws_cloudwatch_event_rule.r.name\n  \
                 event_bus_name = {on}\n  arn = aws_cloudwatch_event_bus.b.arn\n}}\n"
            ),
        ));
    }
    for (name, text) in files {
        let ran = Session::new().file(name, &text).run(&["lint", name, "--format", "json"]);
        let told = found(&ran).into_iter().filter(|[code, ..]| code == "may-trigger-itself").count();
        assert_eq!(told, 1, "{text}\n{ran:?}");
    }
    let ran = Session::new()
        .file("template.yaml", on_own_bus("orders", "default", "!GetAtt Bus.Arn"))
        .run(&["lint", "template.yaml", "--format", "json"]);
    assert!(!found(&ran).iter().any(|[code, ..]| code == "may-trigger-itself"), "{ran:?}");
}

#[test]
fn targets_are_counted_and_told_apart() {
    let target =
        |at: usize, id: &str| format!("  - Id: {id}\n    Arn: arn:aws:sqs:eu-west-1:123456789012:q{at}\n");
    let more: String = (0..5).map(|at| target(at, &format!("t{at}"))).collect();
    assert_eq!(one(&[rule("a", "{source: [s], detail: {a: [1]}}", &more)], "targets-too-many").0, "error");
    let twice = target(1, "queue");
    let (severity, message) = one(&[rule("a", "{source: [s], detail: {a: [1]}}", &twice)], "target-id-twice");
    assert_eq!(
        (&*severity, &*message),
        ("error", "two targets have the id `queue`, and only one of them is kept")
    );
    let (_, message) = one(&[rule("a", "{source: [s], detail: {a: [1]}}", &more)], "no-dead-letter-queue");
    assert!(message.starts_with("targets `t0`, `t1`, `t2`, `t3`, `t4` have no"), "{message}");
}

#[test]
fn templates_are_checked_with_values_that_may_come() {
    let shaped = |transformer: &str| {
        rule("a", "{source: [s], detail: {a: [1]}}", &format!("    InputTransformer: {transformer}\n"))
    };
    let (severity, message) =
        one(&[shaped(r#"{InputPathsMap: {n: $.detail.n}, InputTemplate: '"hello <n>"'}"#)], "body-breakable");
    assert_eq!(severity, "warning");
    assert!(message.starts_with("if `<n>` is text with double quotes, "), "{message}");
    let (severity, _) = one(
        &[shaped(r#"{InputPathsMap: {n: $.detail.n}, InputTemplate: '{"a": "<n>"}'}"#)],
        "body-breakable",
    );
    assert_eq!(severity, "note");
    // EventBridge writes times itself.
    let (_session, ran) = lint(&shaped(r#"{InputPathsMap: {t: $.time}, InputTemplate: '"at <t>"'}"#));
    assert_eq!(found(&ran), Vec::<[String; 4]>::new());
    let (_, message) = one(&[shaped(r#"{InputTemplate: '{"a": "<nobody>"}'}"#)], "placeholder-undefined");
    assert_eq!(message, "nothing defines `<nobody>`, so it is delivered as it stands");
    let unused = r#"{InputPathsMap: {n: $.a, m: $.b}, InputTemplate: '{"a": <n>}'}"#;
    assert_eq!(one(&[shaped(unused)], "input-path-unused").1, "the template does not use the input path `m`");
}

#[test]
fn limits_are_told_before_they_are_reached() {
    let wildcard = format!("{{source: [s], detail: {{a: [{{wildcard: '{}'}}]}}}}", "*a".repeat(5));
    assert_eq!(one(&[rule("a", &wildcard, "")], "wildcards-near-limit").0, "warning");
    let values: Vec<String> = (0..320).map(|at| format!("value-{at:03}")).collect();
    let long = format!("{{source: [s], detail: {{a: [{}]}}}}", values.join(", "));
    assert_eq!(one(&[rule("a", &long, "")], "pattern-near-limit").0, "warning");
    let many: Vec<String> = (0..31)
        .map(|at| {
            rule(&format!("r{at}"), &format!("{{source: [s], detail: {{a: [{{wildcard: 'x{at}*'}}]}}}}"), "")
        })
        .collect();
    assert!(one(&many, "bus-quota").1.contains("more than 30 rules with wildcards"));
}

#[test]
fn findings_are_allowed_by_configuration_and_by_the_rule() {
    let catch_all = rule("a", "{source: [{prefix: ''}]}", "");
    let session = Session::new();
    session.file("rules.yaml", &catch_all).file("ruleproof.toml", "[lint]\nallow = [\"catch-all\"]\n");
    let lint =
        |session: &Session| session.run(&["lint", "rules.yaml", "--format", "json", "--fail-on", "note"]);
    assert_eq!((lint(&session).code, found(&lint(&session))), (0, vec![]));
    session.file("ruleproof.toml", "[lint]\nallow = [\"catch-al\"]\n");
    assert_eq!(lint(&session).code, 2);
    assert!(lint(&session).err.contains("no code is called `catch-al`; did you mean `catch-all`?"));
    let allowing = |code: &str| format!("{catch_all}  Metadata: {{Ruleproof: {{allow: [{code}]}}}}\n");
    session.file("ruleproof.toml", "").file("rules.yaml", allowing("catch-all"));
    assert_eq!(lint(&session).code, 0);
    session.file("rules.yaml", allowing("catch-none"));
    let codes: Vec<String> = found(&lint(&session)).into_iter().map(|[code, ..]| code).collect();
    assert_eq!(codes, ["code-unknown", "catch-all"]);
    // What AWS refuses cannot be wished away.
    session.file(
        "rules.yaml",
        format!("{}  Metadata: {{Ruleproof: {{allow: pattern-invalid}}}}\n", rule("a", "{source: s}", "")),
    );
    assert_eq!(lint(&session).code, 1);
}

#[test]
fn templates_allow_in_metadata() {
    let template = r#"
Resources:
  Everything:
    Type: AWS::Events::Rule
    Metadata: {Ruleproof: {allow: [catch-all, targets-missing]}}
    Properties: {EventPattern: {source: [{prefix: ""}]}}
  Handler:
    Type: AWS::Serverless::Function
    Metadata: {Ruleproof: {allow: [no-dead-letter-queue]}}
    Properties:
      Events:
        OnPaid: {Type: EventBridgeRule, Properties: {Pattern: {source: [s], detail-type: [Paid]}}}
"#;
    let (_session, ran) = lint(template);
    assert_eq!((ran.code, found(&ran)), (0, vec![]), "{ran:?}");
}

#[test]
fn the_exit_code_says_how_bad_it_is() {
    let session = Session::new();
    session.file("warned.yaml", rule("a", "{source: [{prefix: ''}]}", ""));
    session.file("refused.yaml", rule("a", "{source: s}", ""));
    session.file("broken.json", "{\"EventPattern\": ");
    session.file("empty.tsv", "");
    let code = |arguments: &[&str]| session.run(&[&["lint"], arguments].concat()).code;
    assert_eq!(code(&["warned.yaml"]), 0);
    assert_eq!(code(&["warned.yaml", "--fail-on", "warning"]), 1);
    assert_eq!(code(&["refused.yaml"]), 1);
    assert_eq!(code(&["broken.json"]), 2);
    assert_eq!(code(&["nowhere.yaml"]), 2);
    assert_eq!(code(&[]), 4);
}

#[test]
fn the_shipped_rules_have_no_errors_in_any_format() {
    let rules = repository().join("rules");
    let session = Session::new();
    let lint = |format: &str| {
        let ran = session.run(&["lint", rules.to_str().unwrap(), "--format", format]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    assert_valid_sarif(&lint("sarif"));
    assert!(
        lint("github").lines().all(|line| line.starts_with("::warning ") || line.starts_with("::notice "))
    );
    let counts: serde_json::Value = serde_json::from_str(&lint("json")).unwrap();
    assert_eq!(counts["errors"], 0);
    assert!(lint("human").contains("order-returned, target refunds"));
}

#[test]
fn in_github_actions_findings_are_annotations_unless_told_otherwise() {
    let session = Session::new();
    session.file("infra/rules.yaml", rule("a", "{source: [{prefix: ''}]}", "")).file(".git/HEAD", "");
    let run = |arguments: &[&str]| {
        let mut command = session.command(arguments);
        command.env("GITHUB_ACTIONS", "true").current_dir(session.path("infra"));
        Ran::from(command.output().unwrap())
    };
    let annotated = run(&["lint", "rules.yaml"]).out;
    assert!(annotated.starts_with("::warning file=infra/rules.yaml,line=1,"), "{annotated}");
    assert!(run(&["lint", "rules.yaml", "--format", "human"]).out.starts_with("warning[catch-all]"));
}

#[test]
fn thousands_of_rules_are_compared() {
    let session = Session::new();
    // Twenty sources, and every tenth rule within another one.
    let line = |at: usize| {
        let total = if at.is_multiple_of(10) {
            format!(",\"total\":[{{\"numeric\":[\">\",{at}]}}]")
        } else {
            String::new()
        };
        format!("r{at}\t{{\"source\":[\"s{}\"],\"detail\":{{\"kind\":[\"k{}\"]{total}}}}}\n", at % 20, at / 2)
    };
    session.file("rules.tsv", (0..5_000).map(line).collect::<String>());
    let ran = session.run(&["lint", "rules.tsv", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(found(&ran).iter().any(|[code, ..]| code == "bus-quota"));
}
