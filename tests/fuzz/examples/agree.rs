//! Holds the naive model against files of recorded verdicts: `cargo run --example agree -- FILE..`
//!
//! Prints each case on which the model says something else. Cases about the service's limits and event
//! envelope are beyond the model.

use ruleproof::json::{Node, tree};
use ruleproof::pattern::Profile;
use ruleproof_fuzz::model::{self, Event};

fn main() {
    for name in std::env::args().skip(1) {
        let text = std::fs::read(&name).expect("a readable file");
        let cases = text.split(|byte| *byte == b'\n').filter_map(|line| tree::parse(line).ok());
        let (mut all, mut agree) = (0, 0);
        for case in cases.filter(|case| case.get("event").is_some() && case.get("expect").is_some()) {
            let expected = case.get("expect").and_then(Node::as_str).unwrap_or_default();
            let got = answer(&case);
            all += 1;
            agree += usize::from(got == expected);
            if got != expected {
                println!(
                    "{:?}: expected {expected}, the model says {got}",
                    case.get("id").and_then(Node::as_str)
                );
            }
        }
        println!("{name}: {all} cases, {agree} agree, {} disagree", all - agree);
    }
}

fn answer(case: &Node) -> &'static str {
    let bytes = |name| match case.get(name).map(|node| &node.value) {
        Some(ruleproof::json::Value::String(text)) => text.as_bytes().to_vec(),
        _ => Vec::new(),
    };
    let (pattern, event) = (bytes("pattern"), bytes("event"));
    let profile = match case.get("profile").and_then(Node::as_str) {
        Some("engine") => Profile::Engine,
        _ => Profile::Service,
    };
    let Ok(rules) = model::compile(&pattern, profile) else { return "invalid_pattern" };
    let Some(node) = tree::parse(&event).ok().filter(|node| node.as_object().is_some()) else {
        return "invalid_event";
    };
    match model::matches(&rules, &Event::new(&event, &node, profile)) {
        Ok(true) => "match",
        Ok(false) => "no_match",
        Err(model::Unknown) => "unknown",
    }
}
