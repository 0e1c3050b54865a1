//! The text of a first test file.

use std::fmt::Write;

use super::drafted::{BodyDraft, EventDraft, FileHead, JudgedDraft, NearMiss, RuleDraft};
use super::yaml::{flow, text, write_below, write_members};
use crate::json::Value;
use crate::pattern::Profile;

const HEAD: &str = "\
# A first test file, written by `ruleproof init`: what the rules do today. Nobody has said yet that they should.
# Go through the tests: rename each after what it means, correct what is wrong, delete what nobody needs.
# `ruleproof test` runs them, `ruleproof test --coverage` shows what they leave open.
";

/// The text of the file.
pub(super) fn of_file(rules: &[RuleDraft], file_head: &FileHead) -> String {
    let mut out = HEAD.to_owned();
    head(file_head, &mut out);
    let events: Vec<&EventDraft> = rules.iter().filter_map(|rule| rule.event.as_ref()).collect();
    if !events.is_empty() {
        out += "\nfixtures:\n";
    }
    events.iter().for_each(|event| fixture(event, &mut out));
    out += "\ntests:\n";
    for rule in rules {
        match &rule.event {
            Some(event) => tests(rule, event, &mut out),
            None => {
                let name = rule.name.replace(['\n', '\r'], " ");
                let _ =
                    writeln!(out, "  # {name}: no event was found that it matches; see `ruleproof lint`.\n");
            }
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// What is said of the rules.
pub(super) fn head(head: &FileHead, out: &mut String) {
    let sources: Vec<String> = head.sources.iter().map(|source| text(source)).collect();
    let _ = writeln!(out, "version: 1\nrules: [{}]", sources.join(", "));
    if head.profile == Profile::Engine {
        *out += "limits: engine\n";
    }
    if !head.parameters.is_empty() {
        *out += "parameters:\n";
        for (name, value) in &head.parameters {
            let _ = writeln!(out, "  {}: {}", text(name), quoted(value));
        }
    }
}

/// Parameters are text, whatever they look like.
fn quoted(value: &str) -> String {
    flow(&Value::String(value.into())).replace('\n', " ")
}

fn fixture(event: &EventDraft, out: &mut String) {
    let origin = match &event.recorded {
        Some(place) => format!("Recorded: {}.", place.replace(['\n', '\r'], " ")),
        None => "Made from the pattern: replace what looks made up by what your producers send.".to_owned(),
    };
    let _ = writeln!(out, "  # {origin}\n  {}:", text(&event.fixture));
    if let Value::Object(members) = &event.event {
        write_members(members, 4, out);
    }
}

fn tests(rule: &RuleDraft, event: &EventDraft, out: &mut String) {
    let _ = writeln!(out, "  - name: {}", text(&format!("{} matches", rule.name)));
    let _ = writeln!(out, "    event: {}", text(&event.fixture));
    expectation(&event.judged, &rule.name, None, out);
    if let Some(miss) = &rule.near_miss {
        let _ = writeln!(out, "\n  - name: {}", text(&format!("{} just misses", rule.name)));
        let _ = writeln!(out, "    event: {}", text(&event.fixture));
        near_miss(miss, &rule.name, out);
    }
    out.push('\n');
}

fn near_miss(miss: &NearMiss, rule: &str, out: &mut String) {
    if !miss.edits.set.is_empty() {
        out.push_str("    set:\n");
    }
    for (pointer, value) in &miss.edits.set {
        let _ = write!(out, "      {}:", text(pointer));
        write_below(value, 6, out);
    }
    if !miss.edits.unset.is_empty() {
        let pointers: Vec<String> = miss.edits.unset.iter().map(|pointer| text(pointer)).collect();
        let _ = writeln!(out, "    unset: [{}]", pointers.join(", "));
    }
    expectation(&miss.judged, rule, miss.because.as_ref(), out);
}

fn expectation(
    judged: &JudgedDraft,
    rule: &str,
    because: Option<&(String, Option<Value>)>,
    out: &mut String,
) {
    let names: Vec<String> = judged.matches.iter().map(|name| text(name)).collect();
    let remark = match judged.matches.iter().any(|name| name != rule) {
        true => "  # Others match too: is that meant?",
        false => "",
    };
    let _ = writeln!(out, "    expect:\n      matches: [{}]{remark}", names.join(", "));
    code(judged, out);
    if let Some((path, actual)) = because {
        let _ = writeln!(out, "      because:\n        {}:\n          path: {}", text(rule), text(path));
        let _ = match actual {
            Some(actual) => writeln!(out, "          actual: {}", flow(actual)),
            None => writeln!(out, "          missing: true"),
        };
    }
    bodies(judged, rule, out);
}

/// What becomes of an event that a target does not get.
pub(super) fn code(judged: &JudgedDraft, out: &mut String) {
    if let Some(code) = judged.code {
        let _ = writeln!(out, "      # A target does not get this event: see `ruleproof explain {code}`.");
        let _ = writeln!(out, "      verdict: errored\n      code: {code}");
    }
}

fn bodies(judged: &JudgedDraft, rule: &str, out: &mut String) {
    if judged.bodies.is_empty() {
        return;
    }
    let _ = writeln!(out, "      bodies:\n        {}:", text(rule));
    for (target, body) in &judged.bodies {
        let _ = writeln!(out, "          {}:", text(target));
        match body {
            BodyDraft::Json(value) => {
                out.push_str("            json:");
                write_below(value, 12, out);
            }
            BodyDraft::Text(body) => {
                let _ = writeln!(out, "            text: {}", text(body));
            }
        }
    }
}
