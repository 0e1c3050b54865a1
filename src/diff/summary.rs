//! What all batches of a comparison came to.

use std::time::Duration;

use super::changes::differing_places;
use super::comparison::{Bodies, Comparison, PatternChange, RulePair, TargetPair};
use super::elsewhere::OtherSide;
use super::explained::why;
use super::keeping::{EventContents, Keeping};
use super::sides::{NEW, OLD, Sides};
use super::tally::{DiffTally, Example, Outcome, PairTally, Seen, TargetTally};
use crate::report::{
    DiffSummary, ErrorExample, EventExample, Presence, RuleDiff, RunEnd, Sightings, SkipCount, TargetDiff,
    VerdictCounts, VerdictMove,
};
use crate::rules::{Resolved, Target, TargetInput};

/// What differs in the batches so far.
#[derive(Debug)]
pub(crate) struct Differences {
    keeping: Keeping,
    total: DiffTally,
}

impl Differences {
    /// Nothing yet.
    pub(crate) fn new(keeping: Keeping) -> Differences {
        Differences { keeping, total: DiffTally::default() }
    }

    /// Adds a batch that comes after all those before.
    pub(crate) fn add(&mut self, tally: DiffTally) {
        self.total.add(tally, self.keeping);
    }

    /// Adds how often each pair matched, as workers have it that do not hand it over with their batches.
    pub(super) fn matched(&mut self, matched: Vec<Sides<u64>>) {
        self.add(DiffTally { matched, ..DiffTally::default() });
    }

    /// Events that were compared.
    pub(crate) fn read(&self) -> u64 {
        self.total.read()
    }

    /// How often a rule treated an event otherwise.
    pub(crate) fn differing(&self, comparison: &Comparison) -> u64 {
        self.total.differing(comparison).iter().map(|(_, count)| count).sum()
    }

    /// What there is to tell, with at most so many examples of each difference. How long it took is not known here.
    pub(crate) fn summary(
        &self,
        comparison: &Comparison,
        examples_max: usize,
        contents: EventContents,
    ) -> DiffSummary {
        Summarizing { comparison, examples_max, contents }.summary(&self.total)
    }
}

struct Summarizing<'a> {
    comparison: &'a Comparison,
    examples_max: usize,
    contents: EventContents,
}

impl Summarizing<'_> {
    fn summary(&self, total: &DiffTally) -> DiffSummary {
        let nothing = PairTally::default();
        let rules: Vec<RuleDiff> = (0..)
            .zip(&self.comparison.pairs)
            .map(|(at, pair)| {
                let matched = total.matched.get(at as usize).copied().unwrap_or_default();
                self.rule(pair, total.pairs.get(&at).unwrap_or(&nothing), matched)
            })
            .collect();
        let all = rules.len();
        let rules: Vec<RuleDiff> = rules.into_iter().filter(RuleDiff::is_worth_telling).collect();
        let [old, new] = [OLD, NEW].map(|side| self.verdicts(total, side));
        DiffSummary {
            read: total.read(),
            bytes: total.bytes,
            elapsed: Duration::ZERO,
            end: RunEnd::Complete,
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
            why: why(pair, tally, self.comparison.profile, self.contents),
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
        let shown = bodies.filter(|_| self.contents == EventContents::Shown);
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
        let examples = seen.examples.iter().take(self.examples_max);
        Sightings { count: seen.count, examples: examples.map(|example| self.example(example)).collect() }
    }

    fn example(&self, example: &Example) -> EventExample {
        let shown = example.event.as_ref().filter(|_| self.contents == EventContents::Shown);
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
