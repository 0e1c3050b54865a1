//! One rule in every form that is known: each says the same, as far as it can say it.

use ruleproof::rules::{Resolved, Rule, Target};
use serde_json::Value;

use crate::support::{input_essence, load_data, problems};

/// What a form says of the rule.
#[derive(Debug, PartialEq)]
struct Said {
    name: String,
    bus: String,
    state: String,
    pattern: Value,
    targets: Vec<SaidOfTarget>,
}

#[derive(Debug, PartialEq)]
struct SaidOfTarget {
    id: String,
    arn: String,
    inputs: Vec<String>,
    dead_letter_arn: Option<String>,
    retry_policy: String,
}

/// Members of a pattern may stand in any order: Terraform sorts them.
fn said(rule: &Rule) -> Said {
    let pattern = rule.trigger.pattern().expect("a pattern").json();
    Said {
        name: rule.name.to_string(),
        bus: rule.bus.to_string(),
        state: rule.state.to_string(),
        pattern: serde_json::from_str(pattern).expect("JSON"),
        targets: rule.targets.iter().map(said_of_target).collect(),
    }
}

fn said_of_target(target: &Target) -> SaidOfTarget {
    SaidOfTarget {
        id: target.id.written().to_owned(),
        arn: target.arn.written().to_owned(),
        inputs: target.inputs.iter().map(input_essence).collect(),
        dead_letter_arn: target
            .dead_letter_arn
            .as_ref()
            .map(|arn: &Resolved<String>| arn.written().to_owned()),
        retry_policy: format!("{:?}", target.retry_policy),
    }
}

/// The only rule of files of `data/same`.
fn only(files: &[&str]) -> Said {
    let files: Vec<String> = files.iter().map(|file| format!("same/{file}")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let loaded = load_data(&files, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new(), "{files:?}");
    assert_eq!(loaded.rules.len(), 1, "{files:?}");
    said(&loaded.rules[0])
}

#[test]
fn every_form_of_a_rule_is_the_same_rule() {
    let plain = only(&["plain.json"]);
    assert_eq!((plain.name.as_str(), plain.bus.as_str()), ("big-orders", "orders"));
    assert_eq!(plain.targets.len(), 1);
    for files in [
        &["cloudformation.json"][..],
        &["cloudformation.yaml"],
        &["cdk.out"],
        &["terraform-plan.json"],
        &["terraform-state.json"],
        &["terraform"],
        &["pulumi.json"],
        &["pulumi-native.json"],
        &["describe-rule.json", "describe-rule.targets.json"],
        &["list-rules.json", "describe-rule.targets.json"],
    ] {
        assert_eq!(only(files), plain, "{files:?}");
    }
}

/// Events of functions have the function as target, and the Serverless Framework makes its id.
#[test]
fn events_of_functions_are_the_same_rule_with_a_target_of_their_own() {
    let plain = only(&["plain.json"]);
    for (file, id, arn) in [
        ("sam.yaml", "queue", "${Handler.Arn}"),
        ("serverless.yml", "big-orders-target", "${BigLambdaFunction.Arn}"),
    ] {
        let mut found = only(&[file]);
        assert_eq!((found.targets[0].id.as_str(), found.targets[0].arn.as_str()), (id, arn));
        found.targets[0].id.clone_from(&plain.targets[0].id);
        found.targets[0].arn.clone_from(&plain.targets[0].arn);
        assert_eq!(found, plain, "{file}");
    }
}

#[test]
fn lines_of_rules_have_the_name_and_the_pattern() {
    let plain = only(&["plain.json"]);
    let line = only(&["rules.tsv"]);
    assert_eq!((line.name, line.pattern), (plain.name, plain.pattern));
}
