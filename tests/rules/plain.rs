//! Our own files, output of the AWS CLI, and lines of a name, a tab and a pattern.

use ruleproof::rules::{RuleState, SourceKind, Trigger};

use crate::support::{Files, essence, input_essence, load_data, load_text, notes, only, pattern, problems};

#[test]
fn describe_rule_keeps_the_text_of_its_pattern() {
    let loaded = load_data(&["cli_describe_rule.json"], &[]);
    let rule = only(&loaded);
    assert_eq!(pattern(rule), r#"{"source":["shop.orders"],"detail":{"total":[{"numeric":[">",100]}]}}"#);
    assert_eq!((rule.name.as_str(), rule.bus.as_str()), ("big-orders", "orders"));
    assert_eq!(rule.description.as_deref(), Some("large orders"));
}

#[test]
fn list_rules_gives_patterns_schedules_and_managed_rules() {
    let loaded = load_data(&["cli_list_rules.json"], &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let [orders, tick, archive] = &loaded.rules[..] else { panic!("three rules") };
    assert_eq!(pattern(orders), r#"{"source":["shop.orders"]}"#);
    assert_eq!(tick.trigger, Trigger::Schedule("rate(5 minutes)".to_owned()));
    assert_eq!(archive.managed_by.as_deref(), Some("prod.vhs.events.aws.internal"));
    let [cut] = &notes(&loaded)[..] else { panic!("one note") };
    assert!(cut.contains("NextToken"), "{cut}");
}

#[test]
fn targets_find_their_rule_by_name_or_by_file_name() {
    let rule = r#"{"Name":"orders","EventPattern":"{\"a\":[1]}","EventBusName":"shop"}"#;
    let targets = std::fs::read_to_string("tests/rules/data/cli_list_targets_by_rule.json").expect("there");
    let by_file = Files::new().with("orders.json", rule).with("orders.targets.json", &targets);
    let by_name = Files::new()
        .with("orders.json", rule)
        .with("x.json", targets.replacen('{', r#"{"Rule":"orders","#, 1));
    let by_bus = Files::new()
        .with("orders.json", rule)
        .with("default.json", rule.replace("shop", "default"))
        .with("x.json", targets.replacen('{', r#"{"Rule":"orders","EventBusName":"shop","#, 1));
    for files in [by_file, by_name, by_bus] {
        let loaded = files.load(&[], &[]);
        assert_eq!(problems(&loaded), Vec::<String>::new());
        let rule = loaded.rules.iter().find(|rule| rule.bus.as_str() == "shop").expect("the rule");
        let inputs: Vec<String> =
            rule.targets.iter().flat_map(|target| &target.inputs).map(input_essence).collect();
        assert_eq!(
            inputs,
            [
                r#"Transformer Some(["id=$.detail.id"]) Some("{\"id\": <id>}")"#,
                "InputPath $.detail",
                r#"Input {"wake": true}"#
            ]
        );
    }
}

#[test]
fn targets_that_fit_no_rule_or_several_are_problems() {
    let rule = r#"{"Name":"orders","EventPattern":"{\"a\":[1]}"}"#;
    let targets = r#"{"Rule":"orders","Targets":[{"Id":"a","Arn":"b"}]}"#;
    let twice =
        Files::new().with("a/r.json", rule).with("b/r.json", rule).with("c/t.json", targets).load(&[], &[]);
    assert_eq!(problems(&twice), ["1:1 targets of the rule `orders`, of which 2 are loaded"]);
    let beside =
        Files::new().with("a/r.json", rule).with("b/r.json", rule).with("b/t.json", targets).load(&[], &[]);
    assert_eq!(problems(&beside), Vec::<String>::new());
    assert_eq!(beside.rules.iter().map(|rule| rule.targets.len()).collect::<Vec<_>>(), [0, 1]);
    let nobody = load_text("t.json", targets, &[]);
    assert_eq!(problems(&nobody), ["1:1 targets of the rule `orders`, which is not loaded"]);
    assert_eq!(
        problems(&load_data(&["cli_list_targets_by_rule.json"], &[])),
        ["1:1 targets without the name of their rule"]
    );
}

#[test]
fn a_plain_file_is_one_rule_a_list_or_rules() {
    let yaml = "Name: a\nState: DISABLED\nEventBusName: arn:aws:events:eu-west-1:1:event-bus/shop\nEventPattern: { source: [x] }\nTargets: [{ Id: t, Arn: q, InputPath: $.detail }]\n";
    let json = r#"{"Name":"a","State":"DISABLED","EventBusName":"shop","EventPattern":{"source":["x"]},"Targets":[{"Id":"t","Arn":"q","InputPath":"$.detail"}]}"#;
    let one = load_text("r.yaml", yaml, &[]);
    assert_eq!((only(&one).state, only(&one).source_kind), (RuleState::Disabled, SourceKind::Plain));
    for (name, text) in [
        ("r.json", json.to_owned()),
        ("r.json", format!("[{json}]")),
        ("r.json", format!("{{\"Rules\":[{json}]}}")),
        ("r.yaml", format!("- {}", yaml.replace('\n', "\n  "))),
        ("r.yaml", format!("---\n{yaml}")),
        ("r.yaml", format!("\u{feff}# a comment\r\n{}", yaml.replace('\n', "\r\n"))),
        ("anything", json.to_owned()),
    ] {
        assert_eq!(essence(&load_text(name, &text, &[])), essence(&one), "{text}");
    }
}

#[test]
fn both_triggers_may_stand_together() {
    let loaded =
        load_text("r.yaml", "Name: a\nEventPattern: {a: [1]}\nScheduleExpression: rate(1 day)\n", &[]);
    let trigger = &only(&loaded).trigger;
    assert!(matches!(trigger, Trigger::PatternAndSchedule(..)));
    assert_eq!((trigger.schedule(), pattern(&loaded.rules[0])), (Some("rate(1 day)"), r#"{"a":[1]}"#));
}

#[test]
fn json_patterns_keep_spelling_order_and_duplicates() {
    let text = r#"{"Name":"a","EventPattern":"{ \"b\" : [1.0, 1e3],\"b\":[\"\\u0041\"], oops"}"#;
    assert_eq!(pattern(only(&load_text("r.json", text, &[]))), r#"{ "b" : [1.0, 1e3],"b":["\u0041"], oops"#);
    let object = r#"{"Name":"a","EventPattern":{"b":[1.0,12e-1],"b":["\u0041\ud800"]}}"#;
    assert_eq!(pattern(only(&load_text("r.json", object, &[]))), r#"{"b":[1.0,12e-1],"b":["A\ud800"]}"#);
}

#[test]
fn lines_are_rules_with_any_name() {
    let text = "# comment\nr1\t{\"a\":[1]}\r\n\nünicode name\t{\"b\":[2]}\nr1\t{\"c\":[3]}\n";
    let loaded = load_text("r.tsv", text, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let patterns: Vec<&str> = loaded.rules.iter().map(pattern).collect();
    assert_eq!(patterns, [r#"{"a":[1]}"#, r#"{"b":[2]}"#, r#"{"c":[3]}"#]);
    let names: Vec<&str> = loaded.rules.iter().map(|rule| &*rule.display_name).collect();
    assert_eq!(names[1], "ünicode name");
    assert!(names[0].starts_with("r1 (") && names[0].ends_with("r.tsv:2:1)"), "{}", names[0]);
    assert!(names[2].ends_with("r.tsv:5:1)"), "{}", names[2]);
    assert_eq!(loaded.rules[1].trigger.pattern().expect("one").place_of(1).place.to_string(), "4:15");
    assert_eq!(notes(&loaded), Vec::<String>::new());
    // By content too, whatever the name.
    assert_eq!(load_text("rules.txt", text, &[]).rules.len(), 3);
    assert_eq!(
        problems(&load_text("r.tsv", "a\t{}\nno tab\n\t{}\n", &[])),
        [
            "2:1 expected a name, a tab and an event pattern",
            "3:1 expected a name, a tab and an event pattern",
        ]
    );
}

#[test]
fn display_names_tell_buses_apart_before_places() {
    let rule = |bus: &str| format!("Name: a\nEventBusName: {bus}\nEventPattern: {{a: [1]}}\n");
    let loaded = Files::new().with("1.yaml", rule("x")).with("2.yaml", rule("y")).load(&[], &[]);
    let names: Vec<&str> = loaded.rules.iter().map(|rule| &*rule.display_name).collect();
    assert_eq!(names, ["x/a", "y/a"]);
    let twice = Files::new().with("1.yaml", rule("x")).with("2.yaml", rule("x")).load(&[], &[]);
    assert_ne!(twice.rules[0].display_name, twice.rules[1].display_name);
    assert!(notes(&twice)[0].contains("the rule `a` of bus `x` stands also at"), "{:?}", twice.notes);
}

#[test]
fn a_hundred_thousand_lines_are_all_read() {
    let line = |index: usize| format!("r{}\t{{\"source\":[\"s{index}\"]}}\n", index % 60_000);
    let loaded = load_text("r.tsv", &(0..100_000).map(line).collect::<String>(), &[]);
    assert_eq!((loaded.rules.len(), loaded.problems.len()), (100_000, 0));
    let names: std::collections::HashSet<&str> =
        loaded.rules.iter().map(|rule| &*rule.display_name).collect();
    assert_eq!(names.len(), 100_000);
}

#[test]
fn parameters_that_nothing_asks_for_are_noted() {
    let loaded = load_text("r.yaml", "Name: a\nEventPattern: {a: [!Ref X]}\n", &["X=1", "Stgae=dev"]);
    assert_eq!(pattern(only(&loaded)), r#"{"a":["1"]}"#);
    assert_eq!(
        loaded.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["Stgae: nothing asks for it"]
    );
}
