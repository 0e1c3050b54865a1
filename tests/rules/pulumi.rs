//! Exports of Pulumi stacks.

use crate::support::{load_text, only, pattern, problems};

fn export(resources: &str) -> String {
    format!(r#"{{"version":3,"deployment":{{"resources":[{resources}]}}}}"#)
}

const SECRET: &str = r#"{"urn":"urn:pulumi:dev::shop::aws:cloudwatch/eventRule:EventRule::big","type":"aws:cloudwatch/eventRule:EventRule","inputs":{"name":"in"},
"outputs":{"name":"out","eventBusName":"04da6b54-80e4-46f7-96ec-b56ff0331ba9","eventPattern":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270",CONTENT}}}"#;

#[test]
fn secrets_and_stand_ins_are_named() {
    let hidden = export(&SECRET.replace("CONTENT", r#""ciphertext":"AAAA""#));
    assert_eq!(
        problems(&load_text("s.json", &hidden, &[])),
        ["2:94 out: unresolved `EventRule.big.eventPattern`"]
    );
    let given = [r#"EventRule.big.eventPattern={"a":[1]}"#, "EventRule.big.eventBusName=orders"];
    let loaded = load_text("s.json", &hidden, &given);
    assert_eq!((only(&loaded).bus.as_str(), pattern(only(&loaded))), ("orders", r#"{"a":[1]}"#));
    let shown = export(&SECRET.replace("CONTENT", r#""plaintext":"\"{\\\"a\\\":[2]}\"""#));
    let loaded = load_text("s.json", &shown, &[]);
    assert_eq!(
        (only(&loaded).bus.as_str(), pattern(only(&loaded))),
        ("${EventRule.big.eventBusName}", r#"{"a":[2]}"#)
    );
}

#[test]
fn resources_about_to_go_are_left_out() {
    let gone = SECRET.replace("CONTENT", r#""ciphertext":"AAAA""#).replacen(
        "{\"urn\"",
        "{\"delete\":true,\"urn\"",
        1,
    );
    assert_eq!(
        problems(&load_text("s.json", &export(&gone), &[])),
        ["holds no rules, only other resources of Pulumi"]
    );
}

#[test]
fn native_pipes_and_mappings() {
    let pipe = r#"{"urn":"urn:pulumi:dev::s::aws-native:pipes:Pipe::p","type":"aws-native:pipes:Pipe","outputs":{"name":"p","source":"q","target":"t","sourceParameters":{"filterCriteria":{"filters":[{"pattern":"{\"body\":[1]}"},{"pattern":"{\"body\":[2]}"}]}}}}"#;
    let loaded = load_text("s.json", &export(pipe), &[]);
    assert_eq!(pattern(only(&loaded)), r#"{"$or":[{"body":[1]},{"body":[2]}]}"#);
}
