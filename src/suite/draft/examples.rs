//! A test file for events that are in files already.

use std::fmt::Write;

use super::cases::judged;
use super::drafted::{Draft, FileHead};
use super::text::{code, head};
use super::yaml::text;
use crate::verdict::{JudgeScratch, RuleSet};

const HEAD: &str = "\
# Written by `ruleproof sample --tap`: one event of each shape and verdict that came by, redacted, and what the rules did with
# it. Nobody has said yet that they should.
";

/// An event in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFile {
    /// What its test is called; no two have the same name.
    pub name: String,
    /// Where it is, as it is to stand in the test file.
    pub path: String,
    /// What it holds.
    pub event: String,
}

/// Drafts a test file that expects of each event what `set` does with it. What cannot be judged has no test.
pub fn draft_examples(examples: &[ExampleFile], set: &RuleSet, file_head: &FileHead) -> Draft {
    let mut out = HEAD.to_owned();
    head(file_head, &mut out);
    out += "\ntests:\n";
    let (mut scratch, mut tests) = (JudgeScratch::default(), 0);
    for example in examples {
        let Some(judged) = judged(set, &example.event, None, &mut scratch) else { continue };
        out += if tests > 0 { "\n" } else { "" };
        tests += 1;
        let names: Vec<String> = judged.matches.iter().map(|name| text(name)).collect();
        let _ = writeln!(out, "  - name: {}", text(&example.name));
        let _ = writeln!(out, "    event: {{ file: {} }}", text(&example.path));
        let _ = writeln!(out, "    expect:\n      matches: [{}]", names.join(", "));
        code(&judged, &mut out);
    }
    Draft { text: out, tests, without_tests: Vec::new() }
}
