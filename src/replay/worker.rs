//! Judges the events of a batch.

use std::ops::Deref;
use std::time::{Duration, Instant};

use super::collect::{BatchTally, ErrorSighting};
use super::threads::{BatchWorker, InputNames, name_of};
use crate::json::text::write_json_string;
use crate::matcher::RuleIndex;
use crate::report::{FailedTarget, PayloadLine, ResultLine, ResultVerdict, write_payload, write_result};
use crate::sources::{Batch, Item, Origin, Position, SourceProblem};
use crate::verdict::{
    Bodies, Code, Errored, EventError, JudgeScratch, Judged, Matches, RuleSet, TargetFailure, Verdict, judge,
};

/// Which lines somebody wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) results: bool,
    pub(crate) payloads: bool,
    /// Somebody counts while the replay goes on, and so needs to know of each batch what matched and how long it took.
    pub(crate) counts: bool,
    /// Somebody keeps the state of the replay, and so needs to know of each batch where it ends and what matched.
    pub(crate) state: bool,
}

/// What a batch gives besides numbers: lines for the outputs, in the order of the events.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) results: Vec<u8>,
    pub(crate) payloads: Vec<u8>,
    /// Where reading goes on behind the batch.
    pub(crate) position: Option<Position>,
    /// Of each rule, the events of the batch that it matched; nothing where the workers keep count.
    pub(crate) matched: Vec<u64>,
    /// How long judging took, where somebody counts.
    pub(crate) took: Duration,
}

impl Lines {
    pub(crate) fn clear(&mut self) {
        self.results.clear();
        self.payloads.clear();
        self.position = None;
        self.matched.fill(0);
    }
}

/// One thread's part of a replay.
pub(crate) struct Worker<R> {
    judging: Judging<R>,
    scratch: JudgeScratch,
}

/// What does not change from event to event, and what is counted.
struct Judging<R> {
    rules: R,
    /// The rules' names as JSON strings, quotes included.
    json_names: Vec<Box<[u8]>>,
    wanted: Wanted,
    /// Of each rule, the events that it matched.
    matched: Vec<u64>,
}

/// What became of an event, without the particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Delivered,
    Unmatched,
    Errored,
}

/// Where an event stands and where its numbers and lines go.
pub(crate) struct Entry<'e> {
    pub(crate) origin: Origin,
    pub(crate) input: &'e str,
    /// How many events it stands for, if it is one of a sample.
    pub(crate) weight: Option<f64>,
    pub(crate) lines: &'e mut Lines,
    pub(crate) tally: &'e mut BatchTally,
}

impl<R: Deref<Target = RuleSet>> Worker<R> {
    pub(crate) fn new(rules: R, wanted: Wanted) -> Worker<R> {
        let bodies = if wanted.payloads { Bodies::All } else { Bodies::Broken };
        let json_name = |name: &String| {
            let mut json = Vec::new();
            write_json_string(name.as_bytes(), &mut json);
            json.into_boxed_slice()
        };
        let json_names = rules.rules().iter().map(|rule| json_name(&rule.display_name)).collect();
        let matched = vec![0; rules.rules().len()];
        Worker {
            judging: Judging { rules, json_names, wanted, matched },
            scratch: JudgeScratch::keeping(bodies),
        }
    }

    /// Of each rule, the events that it matched.
    pub(super) fn into_matched(self) -> Vec<u64> {
        self.judging.matched
    }

    /// Judges an event; gives what became of it, and the rules that match it.
    pub(crate) fn event(&mut self, event: &[u8], entry: &mut Entry<'_>) -> (Outcome, &[RuleIndex]) {
        entry.tally.bytes += event.len() as u64;
        let judged = judge(&self.judging.rules, event, &mut self.scratch);
        self.judging.judged(&judged, entry);
        let outcome = match judged.verdict {
            Verdict::Delivered(_) => Outcome::Delivered,
            Verdict::Unmatched => Outcome::Unmatched,
            Verdict::Errored(_) => Outcome::Errored,
        };
        (outcome, self.scratch.matched())
    }

    /// Notes something that should be an event and cannot be read.
    pub(crate) fn broken(&self, problem: &SourceProblem, entry: &mut Entry<'_>) {
        let error = EventError { code: problem.code(), reason: problem.to_string(), rule: None };
        self.judging.errored(error, entry);
    }
}

impl<R: Deref<Target = RuleSet> + Send> BatchWorker for Worker<R> {
    type Output = Lines;
    type Tally = BatchTally;

    fn work(&mut self, batch: &Batch, names: &InputNames, lines: &mut Lines) -> BatchTally {
        let started = self.judging.wanted.counts.then(Instant::now);
        let mut tally = BatchTally::default();
        for item in batch.items() {
            let origin = item.origin();
            let input = name_of(names, origin.input);
            let mut entry = Entry { origin, input, weight: None, lines: &mut *lines, tally: &mut tally };
            match item {
                Item::Event { bytes, .. } => {
                    self.event(batch.event(bytes), &mut entry);
                }
                Item::Broken { problem, .. } => self.broken(problem, &mut entry),
                Item::Skipped { reason, .. } => entry.tally.skipped(&reason.to_string()),
            }
        }
        if self.judging.wanted.counts || self.judging.wanted.state {
            lines.position = self.judging.wanted.state.then(|| batch.position().cloned()).flatten();
            lines.matched.resize(self.judging.matched.len(), 0);
            // What is in `lines` was set to nothing when they were collected.
            std::mem::swap(&mut lines.matched, &mut self.judging.matched);
            lines.took = started.map(|started| started.elapsed()).unwrap_or_default();
        }
        tally
    }
}

impl<R: Deref<Target = RuleSet>> Judging<R> {
    fn judged(&mut self, judged: &Judged<'_>, entry: &mut Entry<'_>) {
        match &judged.verdict {
            Verdict::Unmatched => {
                entry.tally.unmatched += 1;
                self.result(judged.event_id, ResultVerdict::Unmatched, entry);
            }
            Verdict::Delivered(matches) => {
                entry.tally.delivered += 1;
                self.matches(judged.event_id, matches, entry);
                if self.wanted.results {
                    let names = self.names(matches.rules);
                    self.result(judged.event_id, ResultVerdict::Delivered(&names), entry);
                }
            }
            Verdict::Errored(Errored::Targets(matches)) => {
                self.matches(judged.event_id, matches, entry);
                self.undelivered(judged.event_id, matches, entry);
            }
            Verdict::Errored(Errored::Event(error)) => {
                let mut error = error.clone();
                if let Some(rule) = error.rule {
                    error.reason = format!("rule {}: {}", self.rules.rule(rule).display_name, error.reason);
                }
                self.errored(error, entry);
            }
        }
    }

    /// Counts the rules that match and writes what their targets get.
    fn matches(&mut self, event_id: Option<&str>, matches: &Matches<'_>, entry: &mut Entry<'_>) {
        for rule in matches.rules {
            self.matched[rule.0 as usize] += 1;
        }
        if !self.wanted.payloads {
            return;
        }
        for (delivery, body) in matches.deliveries() {
            let line = PayloadLine {
                event_id,
                rule: &self.rules.rule(delivery.rule).display_name,
                target: &self.rules.target(delivery.rule, delivery.target).id,
                code: delivery.failure.map(Code::from),
                body,
                input: entry.input,
                line: entry.origin.line,
            };
            write_payload(&line, &mut entry.lines.payloads);
        }
    }

    fn undelivered(&self, event_id: Option<&str>, matches: &Matches<'_>, entry: &mut Entry<'_>) {
        let place = place(entry);
        for TargetFailure { rule, target, failure } in matches.failures() {
            entry.tally.target_failed(rule, target, failure.into(), &place);
        }
        let Some(first) = matches.failures().next() else { return };
        let (rule, target) = (self.rules.rule(first.rule), self.rules.target(first.rule, first.target));
        let error = EventError {
            code: first.failure.into(),
            reason: format!("rule {}, target {}: {}", rule.display_name, target.id, first.failure),
            rule: Some(first.rule),
        };
        if self.wanted.results {
            let rules = self.names(matches.rules);
            let failed: Vec<FailedTarget<'_>> =
                matches.failures().map(|failure| self.failed(failure)).collect();
            let verdict = ResultVerdict::Undelivered { rules: &rules, error: &error, failed: &failed };
            self.result(event_id, verdict, entry);
        }
        entry.tally.errored(ErrorSighting { error, place });
    }

    fn failed(&self, TargetFailure { rule, target, failure }: TargetFailure) -> FailedTarget<'_> {
        FailedTarget {
            rule: &self.json_names[rule.0 as usize],
            target: &self.rules.target(rule, target).id,
            code: failure.into(),
        }
    }

    fn errored(&self, error: EventError, entry: &mut Entry<'_>) {
        self.result(None, ResultVerdict::Errored(&error), entry);
        let place = place(entry);
        entry.tally.errored(ErrorSighting { error, place });
    }

    fn result(&self, event_id: Option<&str>, verdict: ResultVerdict<'_>, entry: &mut Entry<'_>) {
        if self.wanted.results {
            let (input, line) = (entry.input, entry.origin.line);
            let line = ResultLine { event_id, input, line, weight: entry.weight, verdict };
            write_result(&line, &mut entry.lines.results);
        }
    }

    fn names(&self, rules: &[RuleIndex]) -> Vec<&[u8]> {
        rules.iter().map(|rule| &*self.json_names[rule.0 as usize]).collect()
    }
}

/// `input:line`.
fn place(entry: &Entry<'_>) -> String {
    format!("{}:{}", entry.input, entry.origin.line)
}
