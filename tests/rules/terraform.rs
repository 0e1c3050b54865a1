//! `terraform show -json`.

use ruleproof::rules::SourceKind;

use crate::support::{essence, load_data, load_text, notes, only, pattern, problems};

/// A state with these resources: type, address behind it, values.
fn state(resources: &[(&str, &str, &str)]) -> String {
    let resource = |(kind, name, values): &(&str, &str, &str)| {
        let address = format!("{kind}.{name}").replace('"', "\\\"");
        format!(r#"{{"address":"{address}","mode":"managed","type":"{kind}","values":{values}}}"#)
    };
    let resources: Vec<String> = resources.iter().map(resource).collect();
    format!(
        r#"{{"format_version":"1.0","values":{{"root_module":{{"resources":[{}]}}}}}}"#,
        resources.join(",")
    )
}

const RULE: &str = "aws_cloudwatch_event_rule";
const TARGET: &str = "aws_cloudwatch_event_target";

#[test]
fn a_plan_names_what_is_known_after_apply_only() {
    let loaded = load_data(&["terraform_show.json"], &[]);
    assert_eq!(
        problems(&loaded),
        ["1:1333 depends-on-new-queue: unresolved `aws_cloudwatch_event_rule.unknown.event_pattern`"]
    );
    assert_eq!(
        loaded.problems[0].kind.hint().as_deref(),
        Some("give it with `--param aws_cloudwatch_event_rule.unknown.event_pattern=VALUE`")
    );
    let given = r#"aws_cloudwatch_event_rule.unknown.event_pattern={"source":["x"]}"#;
    let loaded = load_data(&["terraform_show.json"], &[given]);
    assert_eq!(
        essence(&loaded),
        [
            "big-orders orders ENABLED {\"detail\":{\"total\":[{\"numeric\":[\">\",100]}]},\"source\":[\"shop.orders\"]} None \
             [\"queue arn:aws:sqs:eu-west-1:123456789012:q [\\\"Transformer Some([\\\\\\\"id=$.detail.id\\\\\\\"]) \
             Some(\\\\\\\"{\\\\\\\\\\\\\\\"id\\\\\\\\\\\\\\\": <id>}\\\\\\\\n\\\\\\\")\\\"] \
             Some(RetryPolicy { event_age_s_max: Some(600), retry_attempts_max: Some(3) }) \
             Some(\\\"arn:aws:sqs:eu-west-1:123456789012:dlq\\\")\"]",
            "depends-on-new-queue default ENABLED {\"source\":[\"x\"]} None []",
        ]
    );
    assert_eq!(loaded.rules[0].source_kind, SourceKind::Terraform);
}

#[test]
fn a_pattern_keeps_the_place_of_every_byte() {
    let loaded = load_text(
        "s.json",
        &state(&[(RULE, "r", r#"{"name":"r","event_pattern":"{\"a\":[\"\u00e9\", 5]}"}"#)]),
        &[],
    );
    let rule = only(&loaded).trigger.pattern().expect("a pattern").clone();
    let file = state(&[(RULE, "r", r#"{"name":"r","event_pattern":"{\"a\":[\"\u00e9\", 5]}"}"#)]);
    let column = |word: &str| file[..file.find(word).expect("there")].chars().count() + 1;
    let at = |word: &str| rule.place_of(rule.json().find(word).expect("there")).place.column as usize;
    assert_eq!((at("a"), at("é"), at("5]")), (column("a\\\":["), column("\\u00e9"), column("5]}")));
}

#[test]
fn targets_find_their_rule_by_name_and_bus() {
    let rule = |bus: &str| format!(r#"{{"name":"r","event_bus_name":{bus},"event_pattern":"{{}}"}}"#);
    let target = |id: &str, bus: &str| {
        format!(r#"{{"rule":"r","event_bus_name":{bus},"target_id":"{id}","arn":"q"}}"#)
    };
    let arn = r#""arn:aws:events:eu-west-1:1:event-bus/orders""#;
    let loaded = load_text(
        "s.json",
        &state(&[
            (RULE, "a", &rule("null")),
            (RULE, "b", &rule("\"orders\"")),
            (TARGET, "a[0]", &target("for-a", "\"default\"")),
            (TARGET, "b[\"x\"]", &target("for-b", arn)),
            (TARGET, "c", &target("lost", "\"other\"")),
        ]),
        &[],
    );
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let ids: Vec<(&str, Vec<&str>)> = loaded
        .rules
        .iter()
        .map(|rule| (rule.bus.as_str(), rule.targets.iter().map(|target| target.id.written()).collect()))
        .collect();
    assert_eq!(ids, [("default", vec!["for-a"]), ("orders", vec!["for-b"])]);
    let notes = notes(&loaded);
    assert!(
        notes[0].ends_with("the rule `r` of the target `aws_cloudwatch_event_target.c` is not in this file"),
        "{notes:?}"
    );
}

/// Names that only the apply makes: targets go by what the configuration refers to, with `for_each` keys.
const GENERATED: &str = r#"{"format_version":"1.2","planned_values":{"root_module":{"child_modules":[{"address":"module.m[0]","resources":[
  {"address":"module.m[0].aws_cloudwatch_event_rule.r[\"a\"]","mode":"managed","type":"aws_cloudwatch_event_rule","values":{"event_pattern":"{\"a\":[1]}"}},
  {"address":"module.m[0].aws_cloudwatch_event_rule.r[\"b\"]","mode":"managed","type":"aws_cloudwatch_event_rule","values":{"event_pattern":"{\"a\":[2]}"}},
  {"address":"module.m[0].aws_cloudwatch_event_target.t[\"b\"]","mode":"managed","type":"aws_cloudwatch_event_target","values":{"arn":"q"}}]}]}},
"resource_changes":[
  {"address":"module.m[0].aws_cloudwatch_event_rule.r[\"a\"]","change":{"actions":["create"],"after":{},"after_unknown":{"name":true,"arn":true}}},
  {"address":"module.m[0].aws_cloudwatch_event_rule.r[\"b\"]","change":{"actions":["create"],"after":{},"after_unknown":{"name":true}}},
  {"address":"module.m[0].aws_cloudwatch_event_target.t[\"b\"]","change":{"actions":["create"],"after":{},"after_unknown":{"rule":true,"target_id":true,"dead_letter_config":[{"arn":true}]}}}],
"configuration":{"root_module":{"module_calls":{"m":{"module":{"resources":[{"address":"aws_cloudwatch_event_target.t","expressions":{"rule":{"references":["aws_cloudwatch_event_rule.r","each.key"]}}}]}}}}}}"#;

#[test]
fn targets_of_rules_without_a_known_name_go_by_reference() {
    let loaded = load_text("p.json", GENERATED, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let [a, b] = &loaded.rules[..] else { panic!("{:?}", loaded.rules) };
    assert_eq!((a.name.as_str(), pattern(a), a.targets.len()), ("module.m-0-.r-a", "{\"a\":[1]}", 0));
    assert_eq!((b.name.as_str(), b.targets.len()), ("module.m-0-.r-b", 1));
    assert_eq!(
        b.targets[0].dead_letter_arn.as_ref().map(|arn| arn.written()),
        Some(r#"${module.m[0].aws_cloudwatch_event_target.t["b"].dead_letter_config[0].arn}"#)
    );
    let given = load_text("p.json", GENERATED, &[r#"module.m[0].aws_cloudwatch_event_rule.r["b"].name=b"#]);
    assert_eq!(given.rules[1].name.as_str(), "b");
}

#[test]
fn plans_without_rules_and_raw_states_say_so() {
    let bucket = state(&[("aws_s3_bucket", "b", "{}")]);
    assert_eq!(
        problems(&load_text("s.json", &bucket, &[])),
        ["holds no rules, only other resources of Terraform"]
    );
    let raw = r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[]}"#;
    let loaded = load_text("s.json", raw, &[]);
    assert_eq!(problems(&loaded), ["holds no rules, it is a state as Terraform stores it"]);
    assert!(loaded.problems[0].kind.hint().is_some_and(|hint| hint.contains("terraform show -json")));
}

#[test]
fn older_switches_schedules_and_data_sources() {
    let loaded = load_text(
        "s.json",
        &state(&[(RULE, "off", r#"{"name":"off","is_enabled":false,"schedule_expression":"rate(1 hour)"}"#)])
            .replace(r#""resources":["#, r#""resources":[{"address":"data.aws_cloudwatch_event_rule.x","mode":"data","type":"aws_cloudwatch_event_rule","values":{"name":"x"}},"#),
        &[],
    );
    let rule = only(&loaded);
    assert_eq!((rule.name.as_str(), rule.state.as_str()), ("off", "DISABLED"));
    assert_eq!(rule.trigger.schedule(), Some("rate(1 hour)"));
}
