//! Values that have to be given, and functions that are not written as they should be.

use crate::support::{load_text, only, pattern, problems};

/// Loads a template whose only rule has the pattern `{"a": PATTERN}`; `sections` come first.
fn loaded(sections: &str, value: &str, parameters: &[&str]) -> Result<String, Vec<String>> {
    let template = format!(
        "{sections}\nResources:\n  Named: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{Stage}}-b'}}}}\n  \
         Loop: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref Loop}}}}\n  R:\n    Type: AWS::Events::Rule\n    \
         Properties:\n      EventPattern:\n        a: {value}\n"
    );
    let loaded = load_text("t.yaml", &template, parameters);
    match loaded.problems.is_empty() {
        true => Ok(pattern(only(&loaded)).to_owned()),
        false => Err(problems(&loaded)
            .iter()
            .map(|line| line.split_once("R: ").expect("of R").1.to_owned())
            .collect()),
    }
}

fn unresolved(names: &[&str]) -> Result<String, Vec<String>> {
    Err(names.iter().map(|name| format!("unresolved `{name}`")).collect())
}

#[test]
fn parameters_are_text_whatever_their_type() {
    let sections = "Parameters: {N: {Type: Number, Default: 5}, B: {Type: String, Default: true}, Z: {Type: String, Default: 012345678901}}";
    assert_eq!(
        loaded(sections, "[!Ref N, !Ref B, !Ref Z]", &[]).as_deref(),
        Ok(r#"{"a":["5","true","012345678901"]}"#)
    );
    assert_eq!(loaded(sections, "[!Ref N]", &["N=7"]).as_deref(), Ok(r#"{"a":["7"]}"#));
}

#[test]
fn the_default_of_a_parameter_of_the_parameter_store_is_not_its_value() {
    let sections = "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/queue}}";
    assert_eq!(loaded(sections, "[!Ref P]", &[]), unresolved(&["Ref: P"]));
    assert_eq!(loaded(sections, "[!Ref P]", &["P=q"]).as_deref(), Ok(r#"{"a":["q"]}"#));
}

#[test]
fn names_of_resources_are_known_where_properties_tell() {
    let sections = "Parameters: {Stage: {Type: String, Default: dev}}";
    assert_eq!(loaded(sections, "[!Ref Named]", &[]).as_deref(), Ok(r#"{"a":["dev-b"]}"#));
    assert_eq!(loaded("", "[!Ref Named]", &[]), unresolved(&["Ref: Named"]));
    assert_eq!(loaded("", "[!Ref Named]", &["Named=x"]).as_deref(), Ok(r#"{"a":["x"]}"#));
    assert_eq!(loaded("", "[!Ref Loop]", &[]), unresolved(&["Ref: Loop"]));
}

#[test]
fn dynamic_references_and_functions_of_aws_have_to_be_given() {
    assert_eq!(loaded("", "['{{resolve:ssm:/a:1}}']", &[]), unresolved(&["resolve:ssm:/a:1"]));
    assert_eq!(
        loaded("", "['x-{{resolve:ssm:/a:1}}']", &["resolve:ssm:/a:1=v"]).as_deref(),
        Ok(r#"{"a":["x-v"]}"#)
    );
    assert_eq!(loaded("", "[!GetAZs eu-west-1]", &[]), unresolved(&["Fn::GetAZs: eu-west-1"]));
    assert_eq!(loaded("", "[!GetAZs eu-west-1]", &["GetAZs:eu-west-1=a"]).as_deref(), Ok(r#"{"a":["a"]}"#));
    assert_eq!(loaded("", "[!Sub '${Q.Arn}/${X}']", &["Q.Arn=q"]), unresolved(&["Ref: X"]));
    assert_eq!(loaded("", "!Ref AWS::Region", &[]), unresolved(&["Ref: AWS::Region"]));
}

#[test]
fn maps_and_exports_can_be_given_under_either_name() {
    let value = "[!FindInMap [M, !Ref K, v], !ImportValue {'Fn::Sub': '${K}-e'}]";
    assert_eq!(loaded("", value, &[]), unresolved(&["Fn::FindInMap: M.${K}.v", "Fn::ImportValue: ${K}-e"]));
    let early = ["FindInMap:M.${K}.v=1", "ImportValue:${K}-e=2"];
    let late = ["K=k", "FindInMap:M.k.v=1", "ImportValue:k-e=2"];
    let both = ["K=k", "FindInMap:M.${K}.v=1", "ImportValue:${K}-e=2"];
    for parameters in [&early[..], &late, &both] {
        assert_eq!(loaded("", value, parameters).as_deref(), Ok(r#"{"a":["1","2"]}"#), "{parameters:?}");
    }
    let sections = "Mappings: {M: {k: {v: [1, 2]}}}";
    assert_eq!(loaded(sections, "!FindInMap [M, !Ref K, v]", &[]), unresolved(&["Ref: K"]));
    assert_eq!(loaded(sections, "!FindInMap [M, !Ref K, v]", &["K=k"]).as_deref(), Ok(r#"{"a":[1,2]}"#));
    assert_eq!(
        loaded(sections, "[!FindInMap [M, k, w, {DefaultValue: d}]]", &[]).as_deref(),
        Ok(r#"{"a":["d"]}"#)
    );
    assert_eq!(loaded(sections, "[!FindInMap [M, k, w]]", &[]), unresolved(&["Fn::FindInMap: M.k.w"]));
}

#[test]
fn conditions_are_decided_as_far_as_they_can_be() {
    let sections = "Conditions:\n  Open: !Equals [!Ref X, 1]\n  Sure: !Equals [a, a]\n  Either: !Or [!Condition Open, !Condition Sure]\n  \
                    Both: !And [!Condition Open, !Condition Sure]\n  Circle: !Not [!Condition Circle]\n  Bad: !Equals [a]\n  Mixed: !Equals [1, '1']";
    let choose =
        |name: &str, parameters: &[&str]| loaded(sections, &format!("!If [{name}, [1], [2]]"), parameters);
    assert_eq!(choose("Either", &[]).as_deref(), Ok(r#"{"a":[1]}"#));
    assert_eq!(choose("Mixed", &[]).as_deref(), Ok(r#"{"a":[1]}"#));
    assert_eq!(choose("Both", &[]), unresolved(&["Ref: X"]));
    assert_eq!(choose("Both", &["X=1"]).as_deref(), Ok(r#"{"a":[1]}"#));
    assert_eq!(choose("Both", &["Condition:Both=false"]).as_deref(), Ok(r#"{"a":[2]}"#));
    assert_eq!(choose("Circle", &[]), unresolved(&["Condition: Circle"]));
    assert_eq!(choose("Nowhere", &[]), unresolved(&["Condition: Nowhere"]));
    assert_eq!(choose("Bad", &[]), unresolved(&["Fn::Equals"]));
}

#[test]
fn functions_written_wrongly_are_named_with_their_form() {
    for (value, name) in [
        ("[!Join [a]]", "Fn::Join"),
        ("[!Join [a, b]]", "Fn::Join"),
        ("[!GetAtt Q]", "Fn::GetAtt"),
        ("[!Select [7, [a]]]", "Fn::Select"),
        ("[!Select [x, [a]]]", "Fn::Select"),
        ("!Split ['', a]", "Fn::Split"),
        ("[!Sub [1, 2, 3]]", "Fn::Sub"),
        ("!If [a]", "Fn::If"),
        ("[!FindInMap [a]]", "Fn::FindInMap"),
    ] {
        assert_eq!(loaded("", value, &[]), unresolved(&[name]), "{value}");
    }
    let template = "Resources: {R: {Type: AWS::Events::Rule, Properties: {EventPattern: {a: [!Join [x]]}}}}";
    let problem = &load_text("t.yaml", template, &[]).problems[0];
    assert_eq!(problem.kind.hint().as_deref(), Some("CloudFormation wants [delimiter, [value, ...]]"));
}

#[test]
fn a_field_called_ref_is_no_function() {
    assert_eq!(loaded("", "{Ref: [x]}", &[]).as_deref(), Ok(r#"{"a":{"Ref":["x"]}}"#));
}

#[test]
fn a_pattern_may_be_one_function() {
    let template = "Resources:\n  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: !If [C, {a: [1]}, {b: [2]}]\n";
    assert_eq!(problems(&load_text("t.yaml", template, &[])), ["5:26 R: unresolved `Condition: C`"]);
    let loaded = load_text("t.yaml", template, &["Condition:C=false"]);
    assert_eq!(pattern(only(&loaded)), r#"{"b":[2]}"#);
    let text = "Resources:\n  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: !Sub '{\"a\":[\"${X}\"]}'\n";
    assert_eq!(pattern(only(&load_text("t.yaml", text, &["X=1"]))), r#"{"a":["1"]}"#);
}
