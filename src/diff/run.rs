//! From two sets of rules and a source of events to what differs.

use std::io;
use std::time::Instant;

use super::changes::differing_places;
use super::comparison::{Bodies, Comparison, PatternChange, RulePair, TargetPair};
use super::elsewhere::OtherSide;
use super::explained::{EventContents, why};
use super::sides::{NEW, OLD, Sides};
use super::tally::{DiffTally, Example, Outcome, PairTally, Seen, TargetTally};
use super::worker::DiffWorker;
use crate::replay::{Observed, ReplayOptions, run_batches};
use crate::report::{
    DiffSummary, ErrorExample, EventExample, Presence, RuleDiff, RunEnd, Sightings, SkipCount, TargetDiff,
    VerdictCounts, VerdictMove,
};
use crate::rules::{Resolved, Target, TargetInput};
use crate::sources::EventSource;

/// How to compare.
#[derive(Debug)]
pub struct DiffOptions {
    /// How to run through the events.
    pub replay: ReplayOptions,
    /// Examples that are kept of each difference.
    pub examples_max: usize,
    /// Whether contents of events may be shown.
    pub contents: EventContents,
}

/// Runs all of `source` through both sets of rules. `observe` is called after each batch.
///
/// # Errors
/// None of its own; what `run_batches` says.
pub fn diff<S: EventSource + 'static>(
    source: S,
    comparison: &Comparison,
    options: &DiffOptions,
    mut observe: impl FnMut(Observed),
) -> io::Result<DiffSummary> {
    let started = Instant::now();
    // One example is kept for the explanation, whatever is shown.
    let kept = options.examples_max.max(1);
    let mut total = DiffTally::default();
    let collect = |(): &mut (), tally: DiffTally| {
        total.add(tally, kept);
        observe(Observed { read: total.read() });
        Ok(())
    };
    let (end, workers) = run_batches(source, &options.replay, || DiffWorker::new(comparison, kept), collect)?;
    let mut matched = vec![[0; 2]; comparison.pairs.len()];
    for worker in workers {
        for (sum, counts) in matched.iter_mut().zip(worker.into_matched()) {
            (0..2).for_each(|side| sum[side] += counts[side]);
        }
    }
    Ok(Summarizing { comparison, options }.summary(&total, &matched, end, started))
}

struct Summarizing<'a> {
    comparison: &'a Comparison,
    options: &'a DiffOptions,
}

impl Summarizing<'_> {
    fn summary(
        &self,
        total: &DiffTally,
        matched: &[Sides<u64>],
        end: RunEnd,
        started: Instant,
    ) -> DiffSummary {
        let nothing = PairTally::default();
        let rules: Vec<RuleDiff> = (0..)
            .zip(self.comparison.pairs.iter().zip(matched))
            .map(|(at, (pair, matched))| self.rule(pair, total.pairs.get(&at).unwrap_or(&nothing), *matched))
            .collect();
        let all = rules.len();
        let rules: Vec<RuleDiff> = rules.into_iter().filter(RuleDiff::is_worth_telling).collect();
        let [old, new] = [OLD, NEW].map(|side| self.verdicts(total, side));
        DiffSummary {
            read: total.read(),
            bytes: total.bytes,
            elapsed: started.elapsed(),
            end,
            old,
            new,
            moves: self.moves(total),
            unchanged: all - rules.len(),
            rules,
            skipped: total
                .skips
                .iter()
                .map(|(reason, count)| SkipCount { reason: reason.clone(), count: *count })
                .collect(),
            errors: total
                .errors
                .iter()
                .map(|(code, (count, place, reason))| ErrorExample {
                    code: *code,
                    count: *count,
                    place: place.clone(),
                    reason: reason.clone(),
                })
                .collect(),
        }
    }

    fn verdicts(&self, total: &DiffTally, side: usize) -> VerdictCounts {
        let count = |outcome: Outcome| {
            total
                .outcomes
                .iter()
                .filter(|(sides, _)| sides[side] == outcome)
                .map(|(_, seen)| seen.count)
                .sum()
        };
        VerdictCounts {
            rules: self.comparison.rule_counts()[side],
            delivered: count(Outcome::Delivered),
            unmatched: count(Outcome::Unmatched),
            errored: count(Outcome::Errored),
        }
    }

    fn moves(&self, total: &DiffTally) -> Vec<VerdictMove> {
        total
            .outcomes
            .iter()
            .filter(|([old, new], _)| old != new)
            .map(|([old, new], seen)| VerdictMove {
                from: old.as_str(),
                to: new.as_str(),
                events: self.sightings(seen),
            })
            .collect()
    }

    fn rule(&self, pair: &RulePair, tally: &PairTally, matched: Sides<u64>) -> RuleDiff {
        let name = |side: usize| pair.rules[side].as_ref().map(|rule| rule.rule.display_name.clone());
        let (old_name, new_name) = (name(OLD), name(NEW));
        let presence = Presence::of(old_name.is_some(), new_name.is_some());
        let was = old_name.clone().filter(|old| new_name.as_ref().is_some_and(|new| new != old));
        let changed = match (presence, pair.pattern) {
            (Presence::Kept, PatternChange::Changed) => vec!["pattern"],
            (Presence::Kept, PatternChange::Rewritten) => vec!["pattern, to the same effect"],
            _ => Vec::new(),
        };
        let nothing = TargetTally::default();
        let targets = pair.targets.iter().enumerate().map(|(at, target)| {
            self.target(pair, target, tally.targets.get(&at).unwrap_or(&nothing), presence)
        });
        RuleDiff {
            name: new_name.or(old_name).unwrap_or_default(),
            was,
            bus: pair.bus.to_string(),
            other_bus: match &pair.other_side {
                Some(OtherSide::OnBus(bus)) => Some(bus.to_string()),
                _ => None,
            },
            idle: match &pair.other_side {
                Some(OtherSide::Idle(code)) => Some(*code),
                _ => None,
            },
            presence,
            changed,
            old_matched: matched[OLD],
            new_matched: matched[NEW],
            gained: self.sightings(&tally.gained),
            lost: self.sightings(&tally.lost),
            why: why(pair, tally, self.comparison.profile, self.options.contents),
            targets: targets.filter(TargetDiff::is_worth_telling).collect(),
        }
    }

    fn target(
        &self,
        pair: &RulePair,
        target: &TargetPair,
        tally: &TargetTally,
        rule: Presence,
    ) -> TargetDiff {
        let id = |side: usize| {
            let rule = pair.rules[side].as_ref()?;
            Some(rule.rule.targets[target.places[side]?].id.clone())
        };
        let (old_id, new_id) = (id(OLD), id(NEW));
        let written = [OLD, NEW].map(|side| {
            let rule = pair.rules[side].as_ref()?;
            rule.targets.get(target.places[side]?)
        });
        let arn = written.iter().flatten().next_back().map(|target| target.arn.written().to_owned());
        let of_rule = Presence::of(old_id.is_some(), new_id.is_some());
        let bodies = tally.changed.examples.first().and_then(|example| example.bodies.as_ref());
        let differs_at = bodies.map(|[old, new]| differing_places(old, new)).unwrap_or_default();
        let shown = bodies.filter(|_| self.options.contents == EventContents::Shown);
        let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
        TargetDiff {
            id: new_id.or(old_id).unwrap_or_default(),
            arn: arn.unwrap_or_default(),
            shapes: written[OLD].map(shape).zip(written[NEW].map(shape)).filter(|(old, new)| old != new),
            // A target that came or went with its rule is no change of its own.
            presence: if of_rule == rule { Presence::Kept } else { of_rule },
            changed: target.changed.clone(),
            is_unknown: target.bodies == Bodies::Unknown
                && rule == Presence::Kept
                && target.changed.contains(&"input"),
            gained: self.sightings(&tally.gained),
            lost: self.sightings(&tally.lost),
            bodies: self.sightings(&tally.changed),
            differs_at,
            example_bodies: shown.map(|[old, new]| (text(old), text(new))),
            failed: (tally.failed[OLD], tally.failed[NEW]),
        }
    }

    fn sightings(&self, seen: &Seen) -> Sightings {
        let examples = seen.examples.iter().take(self.options.examples_max);
        Sightings { count: seen.count, examples: examples.map(|example| self.example(example)).collect() }
    }

    fn example(&self, example: &Example) -> EventExample {
        let shown = example.event.as_ref().filter(|_| self.options.contents == EventContents::Shown);
        EventExample {
            id: example.id.clone(),
            place: example.place.clone(),
            event: shown.map(|event| String::from_utf8_lossy(event).trim().to_owned()),
        }
    }
}

/// What a target makes of an event, in a few words; paths are no contents of events.
fn shape(target: &Target) -> String {
    match target.inputs.first() {
        None => "the whole event".to_owned(),
        Some(TargetInput::Input(_)) => "a fixed text".to_owned(),
        Some(TargetInput::InputPath(Resolved::Known(path))) => format!("`{}` of it", path.as_str()),
        Some(TargetInput::InputPath(Resolved::Unknown(path))) => format!("`{}` of it", path.written),
        Some(TargetInput::Transformer(_)) => "an input template".to_owned(),
    }
}
