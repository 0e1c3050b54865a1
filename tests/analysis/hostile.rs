//! Patterns that are made to take long: everything ends, with an answer or without. What is exponential would not.

use ruleproof::analysis::mutants::{killing_event, mutants};
use ruleproof::analysis::repair::repair;
use ruleproof::analysis::synthesis::matching_event;
use ruleproof::analysis::why::why;
use ruleproof::pattern::{Limits, Pattern, Profile};

use crate::common::engine_pattern;

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// Large in different directions.
fn hostile() -> Vec<Pattern> {
    let branches = |count, field: &str| list(count, |at| format!(r#"{{"{field}":[{at}]}}"#));
    let or = |field: &str| format!(r#""$or":[{}]"#, branches(10, field));
    let absent = list(100, |at| format!(r#"{{"f{at}":[{{"exists":false}}],"g":[{at}]}}"#));
    [
        format!("{{{},{},{}}}", or("a"), or("b"), or("c")),
        format!(r#"{{"$or":[{absent}]}}"#),
        format!(r#"{{"a":[{}]}}"#, list(500, |at| format!("\"{at}-text\""))),
        format!(
            r#"{{{}}}"#,
            list(100, |at| format!(r#""f{at}":[{{"anything-but":{{"wildcard":"*{at}*"}}}}]"#))
        ),
        format!("{}[1]{}", r#"{"a":"#.repeat(990), "}".repeat(990)),
        format!(r#"{{"a":[{{"wildcard":"{}"}}]}}"#, "a*".repeat(500)),
        format!(r#"{{"a":[{{"prefix":"{}"}}]}}"#, "long".repeat(100_000)),
    ]
    .iter()
    .map(|text| engine_pattern(text))
    .collect()
}

#[test]
fn hostile_patterns_get_their_events_and_mutants() {
    for pattern in hostile() {
        let text: String = pattern.to_string().chars().take(60).collect();
        assert!(matching_event(&pattern, Profile::Engine).is_some(), "{text}");
        let mutants = mutants(&pattern, &Limits::engine());
        for mutant in mutants.mutants.iter().step_by(mutants.mutants.len() / 5 + 1) {
            killing_event(&pattern, &mutant.pattern, Profile::Engine);
        }
        println!("{text}: {} mutants, {} left out", mutants.mutants.len(), mutants.left_out);
    }
}

#[test]
fn hostile_patterns_and_events_are_explained_and_repaired() {
    let deep = format!("{}1{}", r#"{"a":["#.repeat(400), "]}".repeat(400));
    let wide = format!(
        r#"{{"a":[{}],"g":[{}]}}"#,
        list(5_000, |at| at.to_string()),
        list(2_000, |_| r#"{"b":1}"#.into())
    );
    for pattern in hostile() {
        let text: String = pattern.to_string().chars().take(60).collect();
        let made = matching_event(&pattern, Profile::Engine).unwrap();
        for event in [&*deep, &wide, "{}", &made] {
            let report = why(&pattern, event.as_bytes(), Profile::Engine).unwrap();
            let repaired = repair(&pattern, event.as_bytes(), Profile::Engine).unwrap();
            println!("{text}: {} flipped {}", report.matched, repaired.is_ok());
        }
    }
}
