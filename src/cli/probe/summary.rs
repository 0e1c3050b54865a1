//! From what a run knows to what is told of it.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use crate::event::rfc_3339;
use crate::probe::{History, RunRecord, Tally, Times, VerdictWord};
use crate::report::{
    ProbeCode, ProbeEnd, ProbeEvent, ProbeLatencies, ProbeMessages, ProbePart, ProbeProblem, ProbeRule,
    ProbeRunLine, ProbeSummary, ProbeTimes,
};
use crate::tracking::RunId;

/// Whether contents of events are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contents {
    /// They are.
    Told,
    /// They are private.
    Private,
}

impl Contents {
    /// As the user asked.
    pub(super) fn asked(payloads: bool) -> Contents {
        if payloads { Contents::Told } else { Contents::Private }
    }
}

/// The summary of a run.
pub(super) fn summary_of(run: RunId, record: &RunRecord, tally: &Tally) -> ProbeSummary {
    let (end, reason) = end_of(record);
    let latencies = &tally.latencies;
    ProbeSummary {
        run: run.to_string(),
        bus: record.bus.clone(),
        end,
        reason,
        events: record.events,
        delivered: tally.delivered,
        unmatched: tally.unmatched,
        errored: tally.errored,
        open: record.events.saturating_sub(tally.judged()),
        redriven: tally.redriven,
        disagreements: tally.disagreements,
        late_disagreements: tally.late_disagreements(),
        messages: ProbeMessages {
            duplicate: tally.duplicates,
            late: tally.late,
            unattributed: tally.unattributed,
            foreign: tally.foreign,
        },
        rules: rules_of(record, tally),
        codes: (tally.codes.iter())
            .map(|(code, counted)| ProbeCode {
                code: code.clone(),
                events: counted.events,
                example: counted.example.get(),
                message: counted.message.clone(),
            })
            .collect(),
        skipped: Vec::new(),
        latency_us: ProbeLatencies {
            scheduled_to_sent: times_of(latencies.scheduled_to_sent.histogram()),
            sent_to_delivered: times_of(latencies.sent_to_delivered.histogram()),
            deadline_wait: times_of(latencies.deadline_wait.histogram()),
        },
        parts: (record.parts.iter())
            .map(|part| ProbePart {
                started: rfc_3339(part.started_us.div_euclid(1_000_000)),
                ended: part.ended_us.map(|us| rfc_3339(us.div_euclid(1_000_000))),
                end: part.end.clone(),
            })
            .collect(),
    }
}

/// How the last part of a run ended, and why.
fn end_of(record: &RunRecord) -> (ProbeEnd, Option<String>) {
    match record.parts.last().and_then(|part| part.end.as_deref()) {
        None => (ProbeEnd::Open, None),
        Some("complete") => (ProbeEnd::Complete, None),
        Some("interrupted") => (ProbeEnd::Interrupted, None),
        Some(other) => {
            let reason = other.strip_prefix("incomplete: ").unwrap_or(other);
            (ProbeEnd::Incomplete, Some(reason.to_owned()))
        }
    }
}

/// The times of each rule; those of the mirrors of one rule together.
pub(super) fn times_by_rule(record: &RunRecord, tally: &Tally) -> BTreeMap<String, Histogram<u64>> {
    let mut rules: BTreeMap<String, Histogram<u64>> = BTreeMap::new();
    for (mirror, times) in &tally.latencies.delivered_by_mirror {
        let Some(names) = record.mirrors.get(usize::from(mirror.0)) else { continue };
        match rules.get_mut(&names.rule) {
            // Both have the same number of digits, and resize.
            Some(known) => drop(known.add(times.histogram())),
            None => drop(rules.insert(names.rule.clone(), Times::histogram(times).clone())),
        }
    }
    rules
}

fn rules_of(record: &RunRecord, tally: &Tally) -> Vec<ProbeRule> {
    let times = times_by_rule(record, tally);
    let rules = tally.rules.iter().map(|(name, counted)| ProbeRule {
        name: name.clone(),
        matched: counted.matched,
        errored: counted.errored,
        sent_to_delivered_us: times.get(name).map(times_of).unwrap_or_default(),
    });
    rules.collect()
}

fn times_of(histogram: &Histogram<u64>) -> ProbeTimes {
    ProbeTimes {
        count: histogram.len(),
        p50: histogram.value_at_percentile(50.0),
        p90: histogram.value_at_percentile(90.0),
        p99: histogram.value_at_percentile(99.0),
        max: histogram.max(),
    }
}

/// What became of an event, by its last attempt.
pub(super) fn event_of(history: &History, contents: Contents) -> ProbeEvent {
    let found = history.last().and_then(|(_, attempt)| attempt.verdict.as_ref());
    let verdict = found.map(|found| &found.verdict);
    let planned = history.planned.as_ref();
    let problems = verdict.map(|verdict| verdict.problems.as_slice()).unwrap_or_default();
    ProbeEvent {
        event: history.event.get(),
        event_id: planned.and_then(|planned| planned.event_id.clone()),
        at: planned.map(|planned| planned.origin.clone()).unwrap_or_default(),
        attempts: history.attempts.len(),
        verdict: verdict.map(|verdict| match verdict.verdict {
            VerdictWord::Delivered => "delivered",
            VerdictWord::Unmatched => "unmatched",
            VerdictWord::Errored => "errored",
        }),
        rules: verdict.map(|verdict| verdict.rules.clone()).unwrap_or_default(),
        problems: (problems.iter())
            .map(|problem| ProbeProblem {
                code: problem.code.clone(),
                rule: problem.rule.clone(),
                target: problem.target.clone(),
                reason: problem.message.clone(),
                difference: match contents {
                    Contents::Told => problem.difference.clone(),
                    Contents::Private => Vec::new(),
                },
            })
            .collect(),
    }
}

/// A run as one of several.
pub(super) fn line_of(run: RunId, record: &RunRecord) -> ProbeRunLine {
    let (end, reason) = end_of(record);
    let (run, bus) = (run.to_string(), record.bus.clone());
    ProbeRunLine { run, bus, events: record.events, parts: record.parts.len(), end, reason }
}
