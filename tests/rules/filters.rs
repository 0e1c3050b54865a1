//! Filters of pipes and event source mappings.

use ruleproof::rules::{SourceKind, Subject};

use crate::support::{load_data, load_text, notes, only, pattern, problems};

#[test]
fn a_pipe_and_a_mapping_are_one_rule_each() {
    for (file, name, kind, bus, target) in [
        ("pipe_cloudformation.yaml", "P", SourceKind::Pipe, "${Q.Arn}", "${Bus.Arn}"),
        (
            "lambda_esm.yaml",
            "M",
            SourceKind::EventSourceMapping,
            "arn:aws:sqs:eu-west-1:123456789012:q",
            "handler",
        ),
    ] {
        let loaded = load_data(&[file], &[]);
        let rule = only(&loaded);
        assert_eq!((rule.name.as_str(), rule.source_kind, rule.bus.as_str()), (name, kind, bus));
        assert_eq!(pattern(rule), r#"{"body":{"type":["paid"]}}"#);
        assert_eq!(rule.source_kind.subject(), Subject::SourceRecords);
        assert_eq!(rule.targets[0].arn.written(), target);
    }
}

const TWO: &str = r#"{"Resources":{"P":{"Type":"AWS::Pipes::Pipe","Properties":{"Name":"two","Source":"s","Target":"t","SourceParameters":{"FilterCriteria":{"Filters":[
  {"Pattern":"{\"body\":[1]}"},
  {"Pattern":"{\"body\":[\"\\u0062\"]}"}
]}}}}}}"#;

#[test]
fn several_filters_are_alternatives_and_keep_their_places() {
    let loaded = load_text("p.json", TWO, &[]);
    let rule = only(&loaded);
    assert_eq!(pattern(rule), r#"{"$or":[{"body":[1]},{"body":["\u0062"]}]}"#);
    let text = rule.trigger.pattern().expect("a pattern");
    let at = |offset: usize| text.place_of(offset).place.to_string();
    assert_eq!(at(text.json().find("1]").expect("there")), "2:26");
    assert_eq!(at(text.json().find("\\u").expect("there")), "3:28");
    assert_eq!(at(0), "2:15");
    assert_eq!(at(text.json().len()), "3:39");
}

#[test]
fn a_filter_that_is_no_json_is_found_before_it_joins_others() {
    let broken = TWO.replace(r#"{\"body\":[1]}"#, r#"{\"a\":[1]},{\"b\":[2]}"#);
    assert_eq!(
        problems(&load_text("p.json", &broken, &[])),
        ["2:15 two: not JSON: more text follows the end of the value"]
    );
}

#[test]
fn sources_without_filters_are_noted() {
    let file =
        "Resources:\n  M: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: f } }\n";
    let loaded = load_text("t.yaml", file, &[]);
    assert_eq!((problems(&loaded), loaded.rules.len()), (Vec::new(), 0));
    assert_eq!(notes(&loaded), ["2:3 `M` has no filter, it takes every record of its source"]);
}

#[test]
fn filters_that_are_not_known_are_named() {
    let file = "Resources:\n  P:\n    Type: AWS::Pipes::Pipe\n    Properties:\n      Source: s\n      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: !Sub '{\"a\":[\"${X}\"]}' }, { Pattern: !Ref Y }] } }\n";
    assert_eq!(
        problems(&load_text("t.yaml", file, &[])),
        ["6:66 P: unresolved `Ref: X`", "6:102 P: unresolved `Ref: Y`"]
    );
    let loaded = load_text("t.yaml", file, &["X=x", "Y={}"]);
    assert_eq!(pattern(only(&loaded)), r#"{"$or":[{"a":["x"]},{}]}"#);
}

#[test]
fn events_of_sam_functions_have_filters() {
    let file = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        Paid:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Q.Arn\n            Enabled: false\n            FilterCriteria: { Filters: [{ Pattern: '{\"body\":[1]}' }] }\n        Other: { Type: SQS, Properties: { Queue: q } }\n";
    let loaded = load_text("t.yaml", file, &[]);
    let rule = only(&loaded);
    assert_eq!(
        (rule.name.as_str(), rule.bus.as_str(), rule.state.as_str()),
        ("FPaid", "${Q.Arn}", "DISABLED")
    );
    assert_eq!(rule.targets[0].arn.written(), "${F.Arn}");
}

#[test]
fn what_only_looks_like_a_rule_is_noted() {
    for (file, note) in [
        (
            "scheduler.yaml",
            "AWS::Scheduler::Schedule passed over: a schedule of EventBridge Scheduler matches no event",
        ),
        (
            "eventsv2_subscriber.yaml",
            "AWS::EventsV2::Subscriber passed over: subscribers of a V2 bus have filters and transformers of another engine",
        ),
    ] {
        let loaded = load_data(&[file], &[]);
        assert_eq!(problems(&loaded), ["holds no rules, only other resources"]);
        assert_eq!(notes(&loaded), [format!("2:3 1 of the type {note}")]);
    }
}

#[test]
fn pipes_and_mappings_of_terraform() {
    let state = r#"{"format_version":"1.0","values":{"root_module":{"resources":[
{"address":"aws_pipes_pipe.p","type":"aws_pipes_pipe","values":{"name":"p","source":"s","target":"t","desired_state":"STOPPED","source_parameters":[{"filter_criteria":[{"filter":[{"pattern":"{\"body\":[1]}"}]}]}]}},
{"address":"aws_lambda_event_source_mapping.m[0]","type":"aws_lambda_event_source_mapping","values":{"function_name":"f","event_source_arn":"q","enabled":true,"filter_criteria":[{"filter":[{"pattern":"{\"a\":[1]}"},{"pattern":"{\"a\":[2]}"}]}]}}]}}}"#;
    let loaded = load_text("s.json", state, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let seen: Vec<_> = loaded
        .rules
        .iter()
        .map(|rule| (rule.name.as_str(), rule.bus.as_str(), rule.state.as_str(), pattern(rule)))
        .collect();
    assert_eq!(
        seen,
        [
            ("p", "s", "DISABLED", r#"{"body":[1]}"#),
            ("m-0", "q", "ENABLED", r#"{"$or":[{"a":[1]},{"a":[2]}]}"#)
        ]
    );
}
