//! The example set that the project ships.

use std::collections::BTreeMap;
use std::io::Read;

use ruleproof::rules::{Parameters, RuleState, SourceKind, load};

use crate::support::{notes, pattern, problems};

fn shipped() -> ruleproof::rules::LoadedRules {
    load(&["rules".to_owned()], &Parameters::default())
}

#[test]
fn the_shipped_rules_load_without_a_word() {
    let loaded = shipped();
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(notes(&loaded), Vec::<String>::new());
    let mut by_file: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for rule in &loaded.rules {
        by_file.entry(rule.place.file.display().to_string()).or_default().push(&rule.display_name);
    }
    let by_file: Vec<(&str, usize)> =
        by_file.iter().map(|(file, rules)| (file.as_str(), rules.len())).collect();
    assert_eq!(
        by_file,
        [
            ("rules/delivery/list-rules.json", 6),
            ("rules/delivery/pipeline-failed.json", 1),
            ("rules/orders/template.yaml", 9),
            ("rules/platform/template.json", 8),
            ("rules/security/cloudtrail.yaml", 7),
            ("rules/security/guardduty.yaml", 3),
            ("rules/security/health.yaml", 2),
        ]
    );
    let count = |kind| loaded.rules.iter().filter(|rule| rule.source_kind == kind).count();
    assert_eq!(
        (count(SourceKind::Sam), count(SourceKind::CloudFormation), count(SourceKind::Plain)),
        (3, 14, 19)
    );
}

#[test]
fn the_expected_counts_name_every_rule_with_a_pattern() {
    let loaded = shipped();
    let mut names: Vec<&str> = loaded
        .rules
        .iter()
        .filter(|rule| rule.trigger.pattern().is_some())
        .map(|rule| &*rule.display_name)
        .collect();
    names.sort_unstable();
    let counts = std::fs::read_to_string("rules/expected_counts.tsv").expect("shipped");
    let counts: Vec<(&str, u32)> = counts
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, count)| (name, count.parse().expect("a count")))
        .collect();
    assert_eq!(counts.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    assert!(counts.iter().all(|(_, count)| *count >= 20), "{counts:?}");
}

#[test]
fn the_shipped_rules_use_every_operator_and_kind_of_input() {
    let loaded = shipped();
    let patterns: String = loaded.rules.iter().map(|rule| pattern(rule).replace([' ', '\n'], "")).collect();
    for form in [
        r#"{"prefix":""#,
        r#"{"prefix":{"equals-ignore-case":""#,
        r#"{"suffix":""#,
        r#"{"suffix":{"equals-ignore-case":""#,
        r#"{"equals-ignore-case":""#,
        r#"{"wildcard":""#,
        r#"{"exists":true}"#,
        r#"{"exists":false}"#,
        r#"{"cidr":"203."#,
        r#"{"cidr":"2001:"#,
        r#"{"numeric":["=","#,
        r#"{"numeric":["<","#,
        r#"{"numeric":[">",0,"<="#,
        r#"{"anything-but":""#,
        r#"{"anything-but":[""#,
        r#"{"anything-but":0}"#,
        r#"{"anything-but":[3,"#,
        r#"{"anything-but":{"prefix":""#,
        r#"{"anything-but":{"prefix":["#,
        r#"{"anything-but":{"suffix":""#,
        r#"{"anything-but":{"suffix":["#,
        r#"{"anything-but":{"wildcard":""#,
        r#"{"anything-but":{"wildcard":["#,
        r#"{"anything-but":{"equals-ignore-case":""#,
        r#"{"anything-but":{"equals-ignore-case":["#,
        r#""$or":["#,
        "[null]",
        "[true]",
        "[1,2]",
    ] {
        assert!(patterns.contains(form), "{form}");
    }
    let inputs: Vec<String> = loaded
        .rules
        .iter()
        .flat_map(|rule| &rule.targets)
        .flat_map(|target| &target.inputs)
        .map(crate::support::input_essence)
        .collect();
    for kind in ["Input ", "InputPath ", "Some(\"{", "Some(\"\\\"", "\\\"timestamp\\\""] {
        assert!(inputs.iter().any(|input| input.contains(kind)), "{kind} in {inputs:#?}");
    }
    assert!(
        loaded.rules.iter().any(|rule| rule.state == RuleState::EnabledWithAllCloudTrailManagementEvents)
    );
    assert!(loaded.rules.iter().all(|rule| pattern(rule).len() <= 2048));
}

#[test]
fn the_shipped_events_are_there() {
    let file = std::fs::File::open("rules/events/sample.ndjson.zst").expect("shipped");
    assert!(file.metadata().expect("metadata").len() < 1_000_000);
    let mut events = String::new();
    zstd::Decoder::new(file).expect("zstd").read_to_string(&mut events).expect("text");
    assert_eq!(events.lines().count(), 12_000);
    assert!(events.lines().all(|event| ruleproof::json::tree::parse(event.as_bytes()).is_ok()));
}
