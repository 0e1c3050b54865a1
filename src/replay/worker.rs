//! Judges the events of a batch.

use std::sync::Arc;

use super::collect::{BatchTally, ErrorSighting};
use crate::json::text::write_json_string;
use crate::matcher::{Matcher, Scratch};
use crate::report::{ResultLine, ResultVerdict, write_result};
use crate::sources::{Batch, InputId, Item, Origin, SourceProblem};
use crate::verdict::{Code, EventError, Verdict, judge};

/// Rules that are ready to judge events: the matcher and, in its order, their names.
#[derive(Debug)]
pub struct RuleSet {
    matcher: Matcher,
    names: Vec<String>,
    /// The names as JSON strings, quotes included.
    json_names: Vec<Box<[u8]>>,
}

impl RuleSet {
    /// From a matcher and the names of its rules in its order.
    pub fn new(matcher: Matcher, names: Vec<String>) -> RuleSet {
        assert_eq!(matcher.rules(), names.len(), "each rule has a name");
        let json_name = |name: &String| {
            let mut json = Vec::new();
            write_json_string(name.as_bytes(), &mut json);
            json.into_boxed_slice()
        };
        let json_names = names.iter().map(json_name).collect();
        RuleSet { matcher, names, json_names }
    }

    /// The matcher.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The rules' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// Whether a line per event is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Results {
    Wanted,
    Unwanted,
}

/// The names of the inputs that a batch draws from.
pub(super) type InputNames = Vec<(InputId, Arc<str>)>;

pub(super) fn name_of(names: &InputNames, input: InputId) -> &str {
    names.iter().find(|(id, _)| *id == input).map_or("", |(_, name)| name)
}

/// One thread's part of a replay.
pub(super) struct Worker<'r> {
    rules: &'r RuleSet,
    results: Results,
    scratch: Scratch,
    /// Of each rule, the events that it matched.
    pub(super) matched: Vec<u64>,
}

impl<'r> Worker<'r> {
    pub(super) fn new(rules: &'r RuleSet, results: Results) -> Worker<'r> {
        Worker { rules, results, scratch: Scratch::default(), matched: vec![0; rules.names.len()] }
    }

    /// Judges all items of a batch; appends result lines to `lines`.
    pub(super) fn judge(&mut self, batch: &Batch, names: &InputNames, lines: &mut Vec<u8>) -> BatchTally {
        let mut tally = BatchTally::default();
        for item in batch.items() {
            match item {
                Item::Event { bytes, origin } => {
                    self.event(batch.event(bytes), *origin, names, lines, &mut tally);
                }
                Item::Broken { origin, problem } => {
                    let error =
                        EventError { code: code_of(problem), reason: problem.to_string(), rule: None };
                    self.errored(error, *origin, names, lines, &mut tally);
                }
                Item::Skipped { reason, .. } => tally.skipped(&reason.to_string()),
            }
        }
        tally
    }

    fn event(
        &mut self,
        event: &[u8],
        origin: Origin,
        names: &InputNames,
        lines: &mut Vec<u8>,
        tally: &mut BatchTally,
    ) {
        tally.bytes += event.len() as u64;
        let matcher = &self.rules.matcher;
        let verdict = match judge(matcher, event, &mut self.scratch) {
            Verdict::Errored(mut error) => {
                if let Some(rule) = error.rule {
                    error.reason = format!("rule {}: {}", self.rules.names[rule.0 as usize], error.reason);
                }
                return self.errored(error, origin, names, lines, tally);
            }
            Verdict::Unmatched => {
                tally.unmatched += 1;
                Vec::new()
            }
            Verdict::Delivered(matched) => {
                tally.delivered += 1;
                for rule in matched {
                    self.matched[rule.0 as usize] += 1;
                }
                match self.results {
                    Results::Wanted => {
                        matched.iter().map(|rule| &*self.rules.json_names[rule.0 as usize]).collect()
                    }
                    Results::Unwanted => Vec::new(),
                }
            }
        };
        if self.results == Results::Wanted {
            let verdict = match verdict.as_slice() {
                [] => ResultVerdict::Unmatched,
                rules => ResultVerdict::Delivered(rules),
            };
            let event_id = matcher.event_id(event, &self.scratch);
            let input = name_of(names, origin.input);
            write_result(&ResultLine { event_id, input, line: origin.line, verdict }, lines);
        }
    }

    fn errored(
        &mut self,
        error: EventError,
        origin: Origin,
        names: &InputNames,
        lines: &mut Vec<u8>,
        tally: &mut BatchTally,
    ) {
        let input = name_of(names, origin.input);
        if self.results == Results::Wanted {
            let verdict = ResultVerdict::Errored(&error);
            write_result(&ResultLine { event_id: None, input, line: origin.line, verdict }, lines);
        }
        tally.errored(ErrorSighting { error, place: format!("{input}:{}", origin.line) });
    }
}

fn code_of(problem: &SourceProblem) -> Code {
    match problem {
        SourceProblem::EventTooLarge { .. } => Code::EventTooLarge,
        _ => Code::SourceBroken,
    }
}
