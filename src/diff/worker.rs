//! Compares the events of a batch.

use super::comparison::{Bodies, Comparison, RulePair, TargetPair};
use super::keeping::Keeping;
use super::sides::{NEW, OLD, Sides};
use super::tally::{DiffTally, Example, Outcome, PairTally};
use crate::event::EventText;
use crate::matcher::Scratch;
use crate::replay::{BatchWorker, InputNames, name_of};
use crate::sources::{Batch, Item, SourceProblem};
use crate::transform::{Context, RenderScratch, Rendered};
use crate::verdict::{Code, EventError, UNKNOWN_INGESTION_TIME};

/// Longer events and bodies are not kept for explanations.
const KEPT_BYTES_MAX: usize = 256 << 10;

/// One thread's part of a comparison.
pub(super) struct DiffWorker<'c> {
    comparison: &'c Comparison,
    differ: Differ,
}

impl BatchWorker for DiffWorker<'_> {
    /// Nothing but numbers leaves a batch.
    type Output = ();
    type Tally = DiffTally;

    fn work(&mut self, batch: &Batch, names: &InputNames, (): &mut ()) -> DiffTally {
        let mut tally = DiffTally::default();
        for item in batch.items() {
            let origin = item.origin();
            let place = || format!("{}:{}", name_of(names, origin.input), origin.line);
            match item {
                Item::Event { bytes, .. } => {
                    let event = batch.event(bytes);
                    tally.bytes += event.len() as u64;
                    self.differ.event(self.comparison, event, place, &mut tally);
                }
                Item::Broken { problem, .. } => {
                    let code = match problem {
                        SourceProblem::EventTooLarge { .. } => Code::EventTooLarge,
                        _ => Code::SourceBroken,
                    };
                    let error = EventError { code, reason: problem.to_string(), rule: None };
                    tally.errored(&error, place());
                }
                Item::Skipped { reason, .. } => *tally.skips.entry(reason.to_string()).or_insert(0) += 1,
            }
        }
        tally
    }
}

impl<'c> DiffWorker<'c> {
    pub(super) fn new(comparison: &'c Comparison, keeping: Keeping) -> DiffWorker<'c> {
        DiffWorker { comparison, differ: Differ::new(comparison, keeping) }
    }

    /// Of each pair, the events that matched on each side.
    pub(super) fn into_matched(self) -> Vec<Sides<u64>> {
        self.differ.matched
    }
}

/// Compares one event after the other; its memory is reused.
pub(crate) struct Differ {
    keeping: Keeping,
    matching: Scratch,
    rendering: RenderScratch,
    /// Of each pair, the sides that match the event at hand; all false between events.
    matching_sides: Vec<Sides<bool>>,
    /// The pairs that have a side that matches.
    touched: Vec<u32>,
    bodies: Sides<Vec<u8>>,
    /// Of each pair, the events that matched on each side.
    matched: Vec<Sides<u64>>,
}

impl Differ {
    /// For the events of one comparison, which has to be the same from event to event.
    pub(crate) fn new(comparison: &Comparison, keeping: Keeping) -> Differ {
        let pairs = comparison.pairs.len();
        Differ {
            keeping,
            matching: Scratch::default(),
            rendering: RenderScratch::default(),
            matching_sides: vec![[false; 2]; pairs],
            touched: Vec::new(),
            bodies: Sides::default(),
            matched: vec![[0; 2]; pairs],
        }
    }

    /// Hands over how often each pair matched since the last time.
    pub(crate) fn hand_over_matched(&mut self, tally: &mut DiffTally) {
        let none = vec![[0; 2]; self.matched.len()];
        tally.matched = std::mem::replace(&mut self.matched, none);
    }

    /// Compares what both sets do with an event.
    pub(crate) fn event(
        &mut self,
        comparison: &Comparison,
        event: &[u8],
        place: impl Fn() -> String,
        tally: &mut DiffTally,
    ) {
        match comparison.matcher.matches(event, &mut self.matching) {
            Ok(patterns) => {
                for member in patterns.iter().flat_map(|pattern| &comparison.members[pattern.0 as usize]) {
                    let sides = &mut self.matching_sides[member.pair as usize];
                    if *sides == [false; 2] {
                        self.touched.push(member.pair);
                    }
                    (0..2).for_each(|side| sides[side] |= member.sides[side]);
                }
            }
            Err(error) => return tally.errored(&EventError::from(error), place()),
        }
        let mut outcomes = [Outcome::Unmatched; 2];
        for at in 0..self.touched.len() {
            let pair = self.touched[at];
            let sides = std::mem::take(&mut self.matching_sides[pair as usize]);
            let failed = self.pair(comparison, pair, sides, event, &place, tally);
            for side in [OLD, NEW] {
                self.matched[pair as usize][side] += u64::from(sides[side]);
                if failed[side] {
                    outcomes[side] = Outcome::Errored;
                } else if sides[side] && outcomes[side] == Outcome::Unmatched {
                    outcomes[side] = Outcome::Delivered;
                }
            }
        }
        self.touched.clear();
        let seen = tally.outcomes.entry(outcomes).or_default();
        // Examples are wanted of what moved.
        let keeping = if outcomes[OLD] == outcomes[NEW] { self.keeping.none() } else { self.keeping };
        seen.note(keeping, || example(comparison, &self.matching, event, place()));
    }

    /// Compares what a pair of rules does with an event that matches on `sides`; says on which sides a target does not
    /// get it.
    fn pair(
        &mut self,
        comparison: &Comparison,
        index: u32,
        sides: Sides<bool>,
        event: &[u8],
        place: &impl Fn() -> String,
        tally: &mut DiffTally,
    ) -> Sides<bool> {
        let pair = &comparison.pairs[index as usize];
        if sides == [true, true] && pair.is_plain {
            return [false; 2];
        }
        let (mut failed, mut differs) = ([false; 2], sides != [true, true]);
        // Looked up only if there is something to note.
        if sides != [true, true] {
            let of_pair = tally.pairs.entry(index).or_default();
            let seen = if sides[NEW] { &mut of_pair.gained } else { &mut of_pair.lost };
            seen.note(self.keeping, || example(comparison, &self.matching, event, place()));
        }
        for (at, target) in pair.targets.iter().enumerate() {
            let gets = [OLD, NEW].map(|side| sides[side] && target.places[side].is_some());
            if gets == [false; 2] {
                continue;
            }
            let of_target = self.target(pair, target, gets, event);
            (0..2).for_each(|side| failed[side] |= of_target.failed[side]);
            if gets == [true, true] && !of_target.differs && of_target.failed == [false; 2] {
                continue;
            }
            differs |= gets != [true, true] || of_target.differs;
            let of_pair = tally.pairs.entry(index).or_default();
            self.note(of_pair, at, gets, &of_target, || example(comparison, &self.matching, event, place()));
        }
        if differs {
            tally.pairs.entry(index).or_default().differing += 1;
        }
        failed
    }

    fn note(
        &self,
        tally: &mut PairTally,
        target: usize,
        gets: Sides<bool>,
        of_target: &OfTarget,
        made: impl FnOnce() -> Example,
    ) {
        let tally = tally.targets.entry(target).or_default();
        (0..2).for_each(|side| tally.failed[side] += u64::from(of_target.failed[side]));
        match gets {
            [false, true] => tally.gained.note(self.keeping, made),
            [true, false] => tally.lost.note(self.keeping, made),
            _ if of_target.differs => tally.changed.note(self.keeping, || Example {
                bodies: self
                    .bodies
                    .iter()
                    .all(|body| body.len() <= KEPT_BYTES_MAX)
                    .then(|| [OLD, NEW].map(|side| self.bodies[side].as_slice().into())),
                ..made()
            }),
            _ => {}
        }
    }

    fn target(&mut self, pair: &RulePair, target: &TargetPair, gets: Sides<bool>, event: &[u8]) -> OfTarget {
        match target.bodies {
            Bodies::Same | Bodies::Unknown => OfTarget::default(),
            Bodies::SameAndBreakable => {
                let side = if gets[NEW] { NEW } else { OLD };
                let failed = self.renders_in_vain(pair, target, side, event);
                OfTarget { failed: gets.map(|gets| gets && failed), differs: false }
            }
            Bodies::Compared => {
                let failed =
                    [OLD, NEW].map(|side| gets[side] && self.renders_in_vain(pair, target, side, event));
                let differs = gets == [true, true]
                    && (failed[OLD] != failed[NEW] || self.bodies[OLD] != self.bodies[NEW]);
                OfTarget { failed, differs }
            }
        }
    }

    /// Renders the body of a target into the side's own memory; whether it is not delivered.
    fn renders_in_vain(&mut self, pair: &RulePair, target: &TargetPair, side: usize, event: &[u8]) -> bool {
        let body = &mut self.bodies[side];
        body.clear();
        let Some(rule) = &pair.rules[side] else { return false };
        let input = target.places[side].and_then(|at| rule.rule.targets[at].input.as_ref());
        let Some(input) = input else { return false };
        let context = Context {
            rule_arn: &rule.rule.arn,
            rule_name: &rule.rule.name,
            ingestion_time: UNKNOWN_INGESTION_TIME,
        };
        let rendered = input.render(EventText::matched(event), &context, &mut self.rendering, body);
        matches!(rendered, Rendered::Failed(_))
    }
}

/// What a pair of targets does with an event.
#[derive(Debug, Clone, Copy, Default)]
struct OfTarget {
    failed: Sides<bool>,
    differs: bool,
}

fn example(comparison: &Comparison, matching: &Scratch, event: &[u8], place: String) -> Example {
    Example {
        id: comparison.matcher.event_id(event, matching).map(str::to_owned),
        place,
        event: (event.len() <= KEPT_BYTES_MAX).then(|| event.into()),
        bodies: None,
    }
}
