//! Tests by the rules that they look at: what is asked of rules is asked once for all tests of them.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::case::Suite;
use super::case::{Case, CaseSubject, CorpusCase, EventCase, RulesUnderTest};

/// What is measured of tests, and how.
#[derive(Clone, Copy)]
pub struct MeasureOptions<'o> {
    /// Which cases count.
    pub selected: &'o dyn Fn(&Case) -> bool,
    /// Threads that measure.
    pub threads: NonZeroUsize,
    /// Set it to end the measurement without a result.
    pub stop: &'o Arc<AtomicBool>,
}

/// Tests that look at the same rules.
pub(super) struct Group<'s> {
    pub(super) rules: &'s RulesUnderTest,
    pub(super) events: Vec<&'s EventCase>,
    pub(super) corpora: Vec<&'s CorpusCase>,
}

/// The cases of `suites` that are selected and not skipped, by their rules.
pub(super) fn groups<'s>(suites: &'s [Suite], selected: &dyn Fn(&Case) -> bool) -> Vec<Group<'s>> {
    let mut groups: Vec<Group<'s>> = Vec::new();
    for suite in suites {
        let known = groups.iter().position(|group| std::ptr::eq(group.rules, Arc::as_ptr(&suite.rules)));
        let place = known.unwrap_or_else(|| {
            groups.push(Group { rules: &suite.rules, events: Vec::new(), corpora: Vec::new() });
            groups.len() - 1
        });
        for case in suite.cases.iter().filter(|case| case.skip.is_none() && selected(case)) {
            match &case.subject {
                CaseSubject::Event(event) => groups[place].events.push(event),
                CaseSubject::Corpus(corpus) => groups[place].corpora.push(corpus),
            }
        }
    }
    groups
}

/// Which rule a rule is, whatever test file led to it: the same place of the same file, and the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RuleIdentity {
    file: std::path::PathBuf,
    place: crate::json::Place,
    name: String,
}

impl RuleIdentity {
    pub(super) fn of(rule: &crate::rules::Rule) -> RuleIdentity {
        let file = &rule.place.file;
        // Rules of a revision stand in no file of this name; as it is spelled, it is as good a name as any.
        let file = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
        RuleIdentity { file, place: rule.place.place, name: rule.name.to_string() }
    }
}
