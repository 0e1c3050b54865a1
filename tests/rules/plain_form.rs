//! Rules written as a plain file load back to the same rules.

use proptest::collection::vec;
use proptest::prelude::*;
use ruleproof::rules::{LoadedRules, Parameters, Rule, load, plain_form};

use crate::support::{Files, essence, load_data, load_text, problems};

/// Loads the plain form of rules.
fn again(rules: &[Rule]) -> (String, LoadedRules) {
    let text = plain_form(rules).text;
    let files = Files::new().with("rules.json", &text);
    let loaded = load(&[files.path().join("rules.json").display().to_string()], &Parameters::default());
    (text, loaded)
}

/// White space of a pattern does not count.
fn essence_without_spaces(loaded: &LoadedRules) -> Vec<String> {
    let mut loaded = loaded.clone();
    loaded.rules.retain(|rule| rule.source_kind.subject() == ruleproof::rules::Subject::BusEvents);
    essence(&loaded).iter().map(|rule| rule.split_whitespace().collect()).collect()
}

#[test]
fn every_kind_of_source_survives() {
    for (file, parameters) in [
        ("cloudformation_rule.yaml", &["AWS::AccountId=1", "OrdersQueue.Arn=q"][..]),
        ("sam_template.yaml", &[]),
        ("serverless.yml", &[]),
        ("terraform_main.tf", &["aws_sqs_queue.q.arn=q"]),
        ("cli_list_rules.json", &[]),
        ("cli_describe_rule.json", &[]),
        ("same/pulumi.json", &[]),
        ("same/terraform-plan.json", &[]),
    ] {
        let loaded = load_data(&[file], parameters);
        assert!(!loaded.rules.is_empty(), "{file}: {:?}", problems(&loaded));
        let (text, back) = again(&loaded.rules);
        assert_eq!(problems(&back), Vec::<String>::new(), "{file}\n{text}");
        assert_eq!(essence_without_spaces(&back), essence_without_spaces(&loaded), "{file}");
        assert_eq!(again(&back.rules).0, text, "{file}");
        for (rule, other) in loaded.rules.iter().zip(&back.rules) {
            assert_eq!(
                (&rule.arn, &rule.managed_by, &rule.description),
                (&other.arn, &other.managed_by, &other.description)
            );
            let keys = |rule: &Rule| {
                rule.open_values().iter().map(|open| open.missing.remedy.clone()).collect::<Vec<_>>()
            };
            assert_eq!(keys(rule), keys(other), "{file}");
        }
    }
}

#[test]
fn what_an_owner_allows_survives() {
    let file = "Name: r\nEventPattern: { source: [a] }\nMetadata: { Ruleproof: { allow: [catch-all, no-dead-letter-queue] } }\n";
    let loaded = load_text("r.yaml", file, &[]);
    assert_eq!(again(&loaded.rules).1.rules[0].allowed, ["catch-all", "no-dead-letter-queue"]);
}

#[test]
fn texts_that_look_like_functions_stay_texts() {
    let file = r#"[{"Name":"a","EventPattern":"{\"detail\":{\"Fn::Sub\":[\"x\"]},\"b\":[\"{{resolve:ssm:/x}}\"]}"},
{"Name":"b","EventPattern":"not JSON {{resolve:ssm:/x}}"},{"Name":"c","EventPattern":"{\"a\":[1],\"a\":[1.0,\"\\ud800\"]}"}]"#;
    // Dynamic references of a plain file are resolved, so these come from a source without any.
    let state = format!(
        r#"{{"format_version":"1.0","values":{{"root_module":{{"resources":[{}]}}}}}}"#,
        serde_json::from_str::<Vec<serde_json::Value>>(file)
            .expect("JSON")
            .iter()
            .map(|rule| format!(
                r#"{{"address":"aws_cloudwatch_event_rule.x","type":"aws_cloudwatch_event_rule","values":{{"name":{},"event_pattern":{},"description":"{{{{resolve:ssm:/y}}}}"}}}}"#,
                rule["Name"], rule["EventPattern"]
            ))
            .collect::<Vec<_>>()
            .join(",")
    );
    let loaded = load_text("s.json", &state, &[]);
    assert_eq!((problems(&loaded), loaded.rules.len()), (Vec::new(), 3));
    let (text, back) = again(&loaded.rules);
    assert_eq!(problems(&back), Vec::<String>::new(), "{text}");
    assert_eq!(essence(&back), essence(&loaded), "{text}");
    assert_eq!(back.rules[0].description.as_deref(), Some("{{resolve:ssm:/y}}"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z \\\\\"<>${}.é\u{1F600}\n]{0,12}",
        Just("{{resolve:ssm:/x}}".to_owned()),
        Just("${Queue.Arn}".to_owned()),
    ]
}

/// One rule of a state of Terraform, in which texts mean themselves.
fn rule_of_state() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        text().prop_map(|text| serde_json::json!([text])),
        (0..9).prop_map(|n| serde_json::json!([n, {"exists": false}]))
    ];
    let pattern = vec((prop_oneof![text(), Just("Ref".to_owned()), Just("Fn::Sub".to_owned())], leaf), 1..4)
        .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect()));
    ("[A-Za-z0-9._-]{1,20}", pattern, proptest::option::of(text()), proptest::bool::ANY).prop_map(|(name, pattern, description, off)| {
        let values = serde_json::json!({"name": name, "event_pattern": pattern.to_string(), "description": description, "event_bus_name": if off { "other" } else { "default" }, "state": if off { "DISABLED" } else { "ENABLED" }});
        format!(r#"{{"address":"aws_cloudwatch_event_rule.{name}","type":"aws_cloudwatch_event_rule","values":{values}}}"#)
    })
}

fn target_of_state() -> impl Strategy<Value = String> {
    (text(), text(), text(), proptest::option::of(60..999_u32), 0..4_u8).prop_map(|(id, template, path, age, form)| {
        let mut values = serde_json::json!({"rule": "r", "target_id": format!("t{id}"), "arn": format!("q{path}")});
        match form {
            0 => values["input"] = format!("i{template}").into(),
            1 => values["input_path"] = format!("p{path}").into(),
            2 => values["input_transformer"] = serde_json::json!([{"input_paths": {"a": format!("p{path}")}, "input_template": format!("t{template}")}]),
            _ => {}
        }
        if let Some(age) = age {
            values["retry_policy"] = serde_json::json!([{"maximum_event_age_in_seconds": age}]);
        }
        format!(r#"{{"address":"aws_cloudwatch_event_target.t","type":"aws_cloudwatch_event_target","values":{values}}}"#)
    })
}

proptest! {
    #[test]
    fn any_rules_survive(mut resources in vec(rule_of_state(), 1..4), targets in vec(target_of_state(), 0..3)) {
        resources.push(r#"{"address":"aws_cloudwatch_event_rule.r","type":"aws_cloudwatch_event_rule","values":{"name":"r","event_pattern":"{\"a\":[1]}"}}"#.to_owned());
        resources.extend(targets);
        let state = format!(r#"{{"format_version":"1.0","values":{{"root_module":{{"resources":[{}]}}}}}}"#, resources.join(","));
        let loaded = load_text("s.json", &state, &[]);
        prop_assert_eq!(problems(&loaded), Vec::<String>::new());
        let (text, back) = again(&loaded.rules);
        prop_assert_eq!(problems(&back), Vec::<String>::new(), "{}", text);
        prop_assert_eq!(essence_without_spaces(&back), essence_without_spaces(&loaded), "{}", &text);
        prop_assert_eq!(again(&back.rules).0, text);
    }
}
