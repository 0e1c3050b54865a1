//! Templates: cfn-lint finds nothing, roles may do what they need, and the program itself reads their rules.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::files::{deploy, templates};
use crate::python::python_with;

const CFN_LINT: &str = "cfn-lint==1.58.0";

/// Prints the templates as JSON, intrinsic functions in their long form.
const AS_JSON: &str = "
import json, sys
import cfnlint.decode.cfn_yaml
print(json.dumps(cfnlint.decode.cfn_yaml.load(sys.argv[1])))
";

fn lint(template: &Path) -> Output {
    let program = python_with("cfn-lint", &[CFN_LINT]).with_file_name("cfn-lint");
    Command::new(program).arg(template).output().unwrap()
}

fn json(template: &Path) -> Value {
    let python = python_with("cfn-lint", &[CFN_LINT]);
    let output = Command::new(python).args(["-c", AS_JSON]).arg(template).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    for template in templates() {
        let output = lint(&template);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "", "{}", template.display());
    }
}

#[test]
fn cfn_lint_would_have_something_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.yaml");
    let text = fs::read_to_string(deploy().join("fargate.yaml")).unwrap();
    fs::write(&broken, text.replace("SqsManagedSseEnabled", "SqsManagedSse")).unwrap();
    let output = lint(&broken);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("SqsManagedSse"), "{output:?}");
}

/// The documents of the policies of a role, or of one beside it.
fn documents(resource: &Value) -> Vec<&Value> {
    let properties = &resource["Properties"];
    match resource["Type"].as_str().unwrap() {
        "AWS::IAM::Role" => {
            assert_eq!(properties.get("ManagedPolicyArns"), None, "{resource}");
            properties["Policies"].as_array().unwrap().iter().map(|p| &p["PolicyDocument"]).collect()
        }
        "AWS::IAM::Policy" => vec![&properties["PolicyDocument"]],
        other => {
            assert!(!other.starts_with("AWS::IAM"), "{other}");
            Vec::new()
        }
    }
}

#[test]
fn roles_may_do_named_things_to_named_resources() {
    let mut seen = 0;
    for template in templates() {
        let json = json(&template);
        let documents = json["Resources"].as_object().unwrap().values().flat_map(documents);
        for statement in documents.flat_map(|document| document["Statement"].as_array().unwrap()) {
            seen += 1;
            let actions = match &statement["Action"] {
                Value::Array(actions) => actions.clone(),
                one => vec![one.clone()],
            };
            assert!(actions.iter().all(|action| !action.as_str().unwrap().contains('*')), "{statement}");
            // The two calls that know no resources.
            let knows_none =
                ["ecr:GetAuthorizationToken", "events:TestEventPattern"].iter().any(|one| actions == [*one]);
            assert_eq!(statement["Resource"] == "*", knows_none, "{statement}");
        }
    }
    assert_eq!(seen, 8);
}

#[test]
fn who_wants_no_cross_check_gets_no_permission_for_it() {
    for name in ["fargate.yaml", "lambda.yaml"] {
        let json = json(&deploy().join(name));
        let policy = &json["Resources"]["CrossCheckPolicy"];
        assert_eq!(policy["Condition"], "CrossChecks");
        assert_eq!(
            policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"],
            "events:TestEventPattern"
        );
        let asked_for = &json["Conditions"]["CrossChecks"]["Fn::Not"][0]["Fn::Equals"];
        assert_eq!(asked_for, &serde_json::json!([{"Ref": "CrossCheck"}, ""]));
        assert_eq!(json["Parameters"]["CrossCheck"]["Default"], "");
    }
}

#[test]
fn queues_take_messages_from_the_sampling_rule_only_and_containers_write_nowhere() {
    for name in ["fargate.yaml", "lambda.yaml"] {
        let json = json(&deploy().join(name));
        let allowed = &json["Resources"]["QueuePolicy"]["Properties"]["PolicyDocument"]["Statement"][0];
        assert_eq!(allowed["Principal"]["Service"], "events.amazonaws.com");
        assert_eq!(allowed["Action"], "sqs:SendMessage");
        let source = &allowed["Condition"]["ArnEquals"]["aws:SourceArn"];
        assert_eq!(source["Fn::GetAtt"][0], "SamplingRule", "{allowed}");
    }
    let json = json(&deploy().join("fargate.yaml"));
    let container = &json["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0];
    assert_eq!(container["ReadonlyRootFilesystem"], true);
    assert!(container["User"].as_str().unwrap().parse::<u32>().unwrap() > 0);
}

#[test]
fn ruleproof_reads_the_sampling_rules() {
    for (name, sources, pattern) in [
        ("fargate.yaml", "*", r#"{"source":[{"prefix":""}]}"#),
        ("lambda.yaml", "shop,payments", r#"{"source":["shop","payments"]}"#),
    ] {
        let template = deploy().join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_ruleproof"))
            .args(["rules", "show", "SamplingRule", template.to_str().unwrap(), "--format", "json"])
            .args(["--param", &format!("EventSources={sources}")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(shown["pattern"], pattern, "{shown}");
    }
}
