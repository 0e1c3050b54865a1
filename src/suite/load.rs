//! From test files to cases.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assemble::{Problems, ready};
use super::case::{RulesUnderTest, Suite};
use super::events;
use super::format::{self, LimitsOf, SuiteProblem, SuiteProblemKind, WrittenSuite};
use super::inputs::Inputs;
use super::parallel::{Step, in_order};
use super::paths::{self, FILE_BYTES_MAX, folder_of};
use crate::document::SourceFile;
use crate::findings::{Finding, FindingCode, Severity, compile};
use crate::rules::{self, LiveRules, Parameters};

/// What became of many test files.
#[derive(Debug, Default)]
pub struct LoadedSuites {
    /// Those that can run, in the order of their files.
    pub suites: Vec<Suite>,
    /// What is to be said about the rules, once for all test files that look at the same.
    pub findings: Vec<Finding>,
    /// What is wrong with the other test files.
    pub problems: Vec<SuiteProblem>,
    /// What decides what the tests do, besides the test files themselves.
    pub inputs: Inputs,
}

/// What makes a set of rules: two test files with the same share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct RulesKey {
    sources: Vec<String>,
    parameters: Parameters,
    limits: LimitsOf,
}

/// A test file that was read.
struct ReadSuite {
    file: Arc<Path>,
    suite: Option<(WrittenSuite, RulesKey)>,
    problems: Vec<SuiteProblem>,
}

/// Loads test files. Nothing stops it: what can be read of the others is given whatever is wrong with one.
/// `parameters` win over those of the files; `live` reads the buses that they name.
///
/// # Errors
/// The system gives no thread.
pub fn load(
    files: &[PathBuf],
    parameters: &Parameters,
    threads: NonZeroUsize,
    live: &dyn LiveRules,
) -> std::io::Result<LoadedSuites> {
    let read =
        in_order(files.len(), threads, || (), |(), index| Step::More(read(&files[index], parameters)))?;
    let mut keys: Vec<&RulesKey> = Vec::new();
    let mut set_of: HashMap<&RulesKey, usize> = HashMap::new();
    for (_, key) in read.iter().filter_map(|read| read.suite.as_ref()) {
        set_of.entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len() - 1
        });
    }
    let sets = in_order(
        keys.len(),
        threads,
        || (),
        |(), index| Step::More(rule_set(keys[index], parameters, live)),
    )?;
    let rules_of = |read: &ReadSuite| {
        let (_, key) = read.suite.as_ref()?;
        sets.get(*set_of.get(key)?)
    };
    let finish = |(): &mut (), index: usize| Step::More(finished(&read[index], rules_of(&read[index])));
    let finished = in_order(read.len(), threads, || (), finish)?;
    let mut loaded = LoadedSuites::default();
    for set in &sets {
        let fresh: Vec<Finding> =
            set.findings().iter().filter(|finding| !loaded.findings.contains(finding)).cloned().collect();
        loaded.findings.extend(fresh);
    }
    for (suite, problems) in finished {
        loaded.suites.extend(suite);
        loaded.problems.extend(problems);
    }
    loaded.inputs.rules = keys.iter().flat_map(|key| key.sources.iter().cloned()).collect();
    for read in &read {
        if let Some((suite, _)) = &read.suite {
            loaded.inputs.add(suite, folder_of(&read.file));
        }
    }
    Ok(loaded)
}

fn read(path: &Path, parameters: &Parameters) -> ReadSuite {
    let source = match SourceFile::open(path, FILE_BYTES_MAX) {
        Ok(source) => source,
        Err(problem) => {
            let file: Arc<Path> = path.into();
            let problem = SuiteProblem { file: Arc::clone(&file), place: None, kind: problem.into() };
            return ReadSuite { file, suite: None, problems: vec![problem] };
        }
    };
    let (suite, problems) = format::read(&source);
    let suite = suite.map(|suite| {
        let key = rules_key(&suite, folder_of(path), parameters);
        (suite, key)
    });
    ReadSuite { file: source.path, suite, problems }
}

fn rules_key(suite: &WrittenSuite, folder: &Path, given: &Parameters) -> RulesKey {
    let mut parameters = given.clone();
    let own = suite.parameters.iter().filter(|(name, _)| given.get(name).is_none());
    own.for_each(|(name, value)| parameters.set(name, value));
    RulesKey {
        sources: suite.rules.iter().map(|source| paths::source_beside(folder, &source.value)).collect(),
        parameters,
        limits: suite.limits,
    }
}

/// Rules that were loaded, and whether they can be used.
enum RuleSetOutcome {
    Usable(Arc<RulesUnderTest>),
    Unusable(Vec<Finding>),
}

impl RuleSetOutcome {
    fn findings(&self) -> &[Finding] {
        match self {
            RuleSetOutcome::Usable(rules) => &rules.compiled.findings,
            RuleSetOutcome::Unusable(findings) => findings,
        }
    }
}

fn rule_set(key: &RulesKey, given: &Parameters, live: &dyn LiveRules) -> RuleSetOutcome {
    let limits = key.limits.limits();
    let mut compiled = compile(rules::load_with(&key.sources, &key.parameters, live), &limits);
    // What is given to all test files at once need not be asked for by each of them.
    compiled.findings.retain(|finding| !is_unused(finding, given));
    if compiled.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return RuleSetOutcome::Unusable(compiled.findings);
    }
    RuleSetOutcome::Usable(Arc::new(RulesUnderTest::new(compiled, limits.profile)))
}

/// Whether `finding` says that nothing asks for one of the `given` parameters.
fn is_unused(finding: &Finding, given: &Parameters) -> bool {
    let named = |name: &str| finding.location.as_ref().is_some_and(|at| &*at.file == Path::new(name));
    finding.code == FindingCode::ParameterUnused && given.names().any(named)
}

fn finished(read: &ReadSuite, rules: Option<&RuleSetOutcome>) -> (Option<Suite>, Vec<SuiteProblem>) {
    let mut problems = read.problems.clone();
    let mut found = Problems::new();
    let mut suite = None;
    if let (Some((written, _)), Some(rules)) = (&read.suite, rules) {
        match rules {
            RuleSetOutcome::Usable(rules) => suite = Some(ready(written, &read.file, rules, &mut found)),
            RuleSetOutcome::Unusable(_) => {
                found.push((written.rules_place, SuiteProblemKind::Rules));
                // What has nothing to do with rules is looked at all the same.
                events::of_fixtures(&written.fixtures, folder_of(&read.file), &mut found);
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.dedup();
    let located = |(place, kind)| SuiteProblem { file: Arc::clone(&read.file), place: Some(place), kind };
    problems.extend(found.into_iter().map(located));
    problems.sort_by_key(|problem| problem.place);
    let suite = suite.filter(|_| problems.is_empty());
    (suite, problems)
}
