//! Runs cases on many threads.

use std::collections::HashSet;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::case::Suite;
use super::case::{Case, CaseSubject, RulesUnderTest};
use super::check::{CheckScratch, check};
use super::describe::{Nearest, described};
use super::failure::Outcome;
use super::parallel::{Step, in_order};
use super::{corpus, snapshot};
use crate::report::{RunEnd, TestReport, TestResult, TestRun};

/// How to run.
pub struct RunOptions<'o> {
    /// Threads that check.
    pub threads: NonZeroUsize,
    /// Which cases to look at.
    pub selected: &'o (dyn Fn(&Case) -> bool + Sync),
    /// What to do after a failure.
    pub on_failure: OnFailure,
    /// Whether bodies are recorded.
    pub snapshots: Snapshots,
    /// Set it to end the run early.
    pub stop: Arc<AtomicBool>,
    /// Names of cases to run before the others.
    pub first: HashSet<String>,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Go on.
    Continue,
    /// Run nothing that comes later.
    Stop,
}

/// Whether bodies are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snapshots {
    /// They are compared with what was recorded.
    Compare,
    /// What differs is recorded anew.
    Record,
}

/// Failed tests for which the nearest of all rules is looked for, where none is expected by name: each of them asks
/// all rules.
const NEAREST_MAX: usize = 100;

/// What one case came to.
struct Ran {
    outcome: Outcome,
    recorded: Vec<PathBuf>,
    elapsed: Duration,
}

/// Runs the cases of `suites`. What is wrong with other files is left out, and so is the time of loading.
///
/// # Errors
/// A snapshot cannot be written, or the system gives no thread.
pub fn run(suites: &[Suite], options: &RunOptions<'_>) -> io::Result<TestRun> {
    let started = Instant::now();
    let mut cases: Vec<(&Suite, &Case)> = suites
        .iter()
        .flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)))
        .filter(|(_, case)| (options.selected)(case))
        .collect();
    // Stable: the others stay in the order of files and lines.
    cases.sort_by_key(|(_, case)| !options.first.contains(&case.name));
    let work = |scratch: &mut CheckScratch, index: usize| {
        let (suite, case) = cases[index];
        ran(case, &suite.rules, options, scratch)
    };
    let ran = in_order(cases.len(), options.threads, CheckScratch::default, work)?;
    let ran: Vec<Ran> = ran.into_iter().collect::<io::Result<_>>()?;
    let interrupted = options.stop.load(Ordering::Relaxed) && ran.len() < cases.len();
    let not_run = cases.len() - ran.len();
    let mut tests = Vec::with_capacity(ran.len());
    let mut recorded = Vec::new();
    let mut failed = 0;
    for ((suite, case), ran) in cases.iter().zip(ran) {
        recorded.extend(ran.recorded);
        let nearest = if failed < NEAREST_MAX { Nearest::Explained } else { Nearest::LeftOut };
        let result = result(case, &suite.rules, ran.outcome, nearest);
        failed += usize::from(matches!(result, TestResult::Failed(_)));
        tests.push(TestReport {
            name: case.name.clone(),
            place: case.place.clone(),
            elapsed: ran.elapsed,
            result,
        });
    }
    Ok(TestRun {
        tests,
        problems: Vec::new(),
        unusable: 0,
        not_run,
        recorded,
        elapsed: started.elapsed(),
        end: if interrupted { RunEnd::Interrupted } else { RunEnd::Complete },
    })
}

fn ran(
    case: &Case,
    rules: &RulesUnderTest,
    options: &RunOptions<'_>,
    scratch: &mut CheckScratch,
) -> Step<io::Result<Ran>> {
    let started = Instant::now();
    if options.stop.load(Ordering::Relaxed) {
        return Step::End;
    }
    let outcome = match &case.subject {
        _ if case.skip.is_some() => Outcome::Passed,
        CaseSubject::Event(case) => check(case, rules, scratch),
        CaseSubject::Corpus(case) => match corpus::check(case, rules, &options.stop) {
            Some(outcome) => outcome,
            None => return Step::End,
        },
    };
    let (outcome, recorded) = match options.snapshots {
        Snapshots::Compare => (outcome, Vec::new()),
        Snapshots::Record => match snapshot::record(outcome) {
            Ok(recorded) => recorded,
            Err(error) => return Step::Last(Err(error)),
        },
    };
    let failed = outcome != Outcome::Passed;
    let ran = Ok(Ran { outcome, recorded, elapsed: started.elapsed() });
    match options.on_failure {
        OnFailure::Stop if failed => Step::Last(ran),
        OnFailure::Stop | OnFailure::Continue => Step::More(ran),
    }
}

fn result(case: &Case, rules: &RulesUnderTest, outcome: Outcome, nearest: Nearest) -> TestResult {
    let event = match &case.subject {
        CaseSubject::Event(event) => Some(event),
        CaseSubject::Corpus(_) => None,
    };
    match (&case.skip, outcome) {
        (Some(reason), _) => TestResult::Skipped(reason.clone()),
        (None, Outcome::Passed) => TestResult::Passed,
        (None, Outcome::Failed(failures)) => TestResult::Failed(
            failures.iter().map(|failure| described(failure, event, rules, nearest)).collect(),
        ),
    }
}
