//! Tests that are ready to run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::format::{CorpusExpectation, Expectation};
use crate::document::SourcePlace;
use crate::findings::Compiled;
use crate::json;
use crate::matcher::{EventIds, RuleIndex};
use crate::pattern::{Pattern, Profile};
use crate::verdict::{RuleSet, TargetIndex};

/// A test file that is ready to run.
#[derive(Debug)]
pub struct Suite {
    /// The test file.
    pub file: Arc<Path>,
    /// The rules that it looks at; shared with other files that look at the same.
    pub rules: Arc<RulesUnderTest>,
    /// In written order.
    pub cases: Vec<Case>,
    /// Recorded bodies that belong to no test.
    pub unused_snapshots: Vec<PathBuf>,
}

/// One test, or one row of its matrix.
#[derive(Debug, Clone)]
pub struct Case {
    /// The test's name; behind a colon that of the row.
    pub name: String,
    /// Where it is written.
    pub place: SourcePlace,
    /// What it can be selected by, besides its name.
    pub tags: Vec<String>,
    /// Why it is not to run, if it is not.
    pub skip: Option<String>,
    /// What it looks at.
    pub subject: CaseSubject,
}

/// What a case looks at.
#[derive(Debug, Clone)]
pub enum CaseSubject {
    /// One event.
    Event(EventCase),
    /// Many recorded events.
    Corpus(CorpusCase),
}

/// One event and what is expected of it.
#[derive(Debug, Clone)]
pub struct EventCase {
    /// The text of the event, as it is judged.
    pub event: Vec<u8>,
    /// What is expected.
    pub expect: Expectation<RuleIndex, TargetIndex, ExpectedBody>,
}

/// Many events and what is expected of them.
#[derive(Debug, Clone)]
pub struct CorpusCase {
    /// Files, folders and globs.
    pub events: Vec<String>,
    /// What is expected.
    pub expect: CorpusExpectation<RuleIndex>,
}

/// What a body is compared with.
#[derive(Debug, Clone)]
pub enum ExpectedBody {
    /// A JSON value, whatever its layout and the order of its members.
    Json(json::Node),
    /// Exactly this text.
    Text(String),
    /// What was recorded.
    Snapshot(Snapshot),
}

/// A recorded body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its file.
    pub path: PathBuf,
    /// What that holds, if it is there.
    pub recorded: Option<String>,
}

/// The rules that cases are checked against.
#[derive(Debug)]
pub struct RulesUnderTest {
    /// The rules with their patterns and places, in the order of the rule set.
    pub compiled: Compiled,
    /// The rules, ready to judge.
    pub set: RuleSet,
    /// Whose verdict is asked for.
    pub profile: Profile,
}

impl RulesUnderTest {
    /// Rules that are ready to judge, of rules that were compiled.
    pub fn new(compiled: Compiled, profile: Profile) -> RulesUnderTest {
        let set = compiled.rule_set(EventIds::Ignored, profile);
        RulesUnderTest { compiled, set, profile }
    }

    /// The pattern of a rule.
    pub fn pattern(&self, rule: RuleIndex) -> &Pattern {
        &self.compiled.rules[rule.0 as usize].pattern
    }

    /// The name of a rule, for reports.
    pub fn name(&self, rule: RuleIndex) -> &str {
        &self.set.rule(rule).display_name
    }
}
