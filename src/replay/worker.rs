//! Judges the events of a batch.

use super::collect::{BatchTally, ErrorSighting};
use super::threads::{BatchWorker, InputNames, name_of};
use crate::json::text::write_json_string;
use crate::matcher::RuleIndex;
use crate::report::{FailedTarget, PayloadLine, ResultLine, ResultVerdict, write_payload, write_result};
use crate::sources::{Batch, Item, Origin, SourceProblem};
use crate::verdict::{
    Bodies, Code, Errored, EventError, JudgeScratch, Judged, Matches, RuleSet, TargetFailure, Verdict, judge,
};

/// Which lines somebody wants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) results: bool,
    pub(super) payloads: bool,
}

/// Lines for the outputs, in the order of the events.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) results: Vec<u8>,
    pub(super) payloads: Vec<u8>,
}

impl Lines {
    pub(super) fn clear(&mut self) {
        self.results.clear();
        self.payloads.clear();
    }
}

/// One thread's part of a replay.
pub(super) struct Worker<'r> {
    judging: Judging<'r>,
    scratch: JudgeScratch,
}

/// What does not change from event to event, and what is counted.
struct Judging<'r> {
    rules: &'r RuleSet,
    /// The rules' names as JSON strings, quotes included.
    json_names: Vec<Box<[u8]>>,
    wanted: Wanted,
    /// Of each rule, the events that it matched.
    matched: Vec<u64>,
}

/// Where an event stands and where its numbers and lines go.
struct Entry<'e> {
    origin: Origin,
    input: &'e str,
    lines: &'e mut Lines,
    tally: &'e mut BatchTally,
}

impl<'r> Worker<'r> {
    pub(super) fn new(rules: &'r RuleSet, wanted: Wanted) -> Worker<'r> {
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
}

impl BatchWorker for Worker<'_> {
    type Output = Lines;
    type Tally = BatchTally;

    fn work(&mut self, batch: &Batch, names: &InputNames, lines: &mut Lines) -> BatchTally {
        let mut tally = BatchTally::default();
        for item in batch.items() {
            let origin = item.origin();
            let mut entry =
                Entry { origin, input: name_of(names, origin.input), lines: &mut *lines, tally: &mut tally };
            match item {
                Item::Event { bytes, .. } => {
                    let event = batch.event(bytes);
                    entry.tally.bytes += event.len() as u64;
                    let judged = judge(self.judging.rules, event, &mut self.scratch);
                    self.judging.judged(&judged, &mut entry);
                }
                Item::Broken { problem, .. } => {
                    let error =
                        EventError { code: code_of(problem), reason: problem.to_string(), rule: None };
                    self.judging.errored(error, &mut entry);
                }
                Item::Skipped { reason, .. } => entry.tally.skipped(&reason.to_string()),
            }
        }
        tally
    }
}

impl Judging<'_> {
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
            let line = ResultLine { event_id, input: entry.input, line: entry.origin.line, verdict };
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

fn code_of(problem: &SourceProblem) -> Code {
    match problem {
        SourceProblem::EventTooLarge { .. } => Code::EventTooLarge,
        _ => Code::SourceBroken,
    }
}
