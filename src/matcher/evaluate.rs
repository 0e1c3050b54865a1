//! Decides candidates: which conditions hold, and whether they hold together.

use super::access::Candidate;
use super::compiled::{Matcher, RuleIndex};
use super::conditions::{AlternativeId, CompiledCondition, ConditionId};
use super::consistency::{CHOICES_MAX, Demand, Reconciler};
use super::error::MatchError;
use super::leaves::{ElementId, LeafSlot, Leaves};
use super::mask::Mask;

use crate::pattern::Leaf;

/// How a condition stands for one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Holding {
    #[default]
    No,
    /// A leaf outside all arrays satisfies it, or its field has no leaf and may be absent: it fits with
    /// whatever is chosen for other conditions.
    Freely,
    /// A leaf inside an array satisfies it; perhaps others do too.
    InArray,
    /// It asks for absence, and its field has leaves, all inside arrays: it depends on what is chosen.
    PerhapsAbsent,
}

/// What deciding needs, its memory reused from event to event.
#[derive(Debug, Default)]
pub(super) struct Evaluator {
    known: Known,
    few: Reconciler<1>,
    many: Reconciler<4>,
    ordered: Vec<ConditionId>,
    demands: Vec<Demand>,
}

/// What is known of one event so far. Entries of earlier events have another epoch.
#[derive(Debug, Default)]
struct Known {
    epoch: u32,
    conditions: Vec<(u32, Holding)>,
    /// Alternatives whose conditions had to be reconciled, and whether they could be.
    reconciled: Vec<(u32, bool)>,
    /// Rules that match, and by which alternative.
    matched: Vec<(u32, u32)>,
}

impl Known {
    fn start(&mut self, matcher: &Matcher) {
        let sizes = [self.conditions.len(), self.reconciled.len(), self.matched.len()];
        let wanted = [matcher.conditions.len(), matcher.alternatives.len(), matcher.rules()];
        if sizes != wanted || self.epoch == u32::MAX {
            *self = Known {
                epoch: 0,
                conditions: vec![(0, Holding::No); wanted[0]],
                reconciled: vec![(0, false); wanted[1]],
                matched: vec![(0, 0); wanted[2]],
            };
        }
        self.epoch += 1;
    }
}

/// One event, as far as deciding needs it.
struct Event<'e> {
    text: &'e [u8],
    leaves: &'e Leaves,
    matcher: &'e Matcher,
}

/// Fills `matched` with the rules that match the event `text`, whose leaves the walk noted.
pub(super) fn evaluate(
    matcher: &Matcher,
    text: &[u8],
    leaves: &Leaves,
    evaluator: &mut Evaluator,
    matched: &mut Vec<RuleIndex>,
) -> Result<(), MatchError> {
    matched.clear();
    evaluator.known.start(matcher);
    let event = Event { text, leaves, matcher };
    let mut decide = Decide { event: &event, evaluator, matched };
    matcher.without_access.iter().try_for_each(|alternative| decide.candidate(*alternative))?;
    for (index, slot) in leaves.slots.iter().enumerate() {
        if leaves.is_first(index) {
            decide.all(matcher.access.on_presence(slot.field))?;
        }
        if matcher.access.has_values(slot.field) {
            let leaf = event.leaf(slot);
            let decided = matcher.access.on_value(slot.field, &leaf, |candidates| decide.all(candidates));
            leaves.remember(slot, &leaf);
            decided?;
        }
    }
    Ok(())
}

impl Event<'_> {
    #[inline]
    fn leaf(&self, slot: &LeafSlot) -> Leaf<'_> {
        self.leaves.value(slot, self.text, self.matcher.profile)
    }

    fn accepts(&self, condition: &CompiledCondition, slot: &LeafSlot) -> bool {
        let leaf = self.leaf(slot);
        let accepted =
            condition.tests.tests.iter().any(|placed| placed.test.accepts(&leaf, condition.numbers));
        self.leaves.remember(slot, &leaf);
        accepted
    }

    fn holding(&self, condition: &CompiledCondition) -> Holding {
        let mut absent = condition.accepts_absence;
        let mut any_leaf = false;
        for slot in self.leaves.of(condition.field) {
            any_leaf = true;
            if self.accepts(condition, slot) {
                return if slot.element == ElementId::ROOT { Holding::Freely } else { Holding::InArray };
            }
            // Nothing is inconsistent with a leaf outside all arrays.
            absent &= slot.element != ElementId::ROOT;
        }
        match (absent, any_leaf) {
            (false, _) => Holding::No,
            (true, false) => Holding::Freely,
            (true, true) => Holding::PerhapsAbsent,
        }
    }
}

struct Decide<'d> {
    event: &'d Event<'d>,
    evaluator: &'d mut Evaluator,
    matched: &'d mut Vec<RuleIndex>,
}

impl Decide<'_> {
    #[inline]
    fn all(&mut self, candidates: &[Candidate]) -> Result<(), MatchError> {
        let leaves = self.event.leaves;
        let plausible = candidates
            .iter()
            .filter(|candidate| leaves.texts(candidate.guard.field).meets(candidate.guard.texts));
        plausible.map(|candidate| candidate.alternative).try_for_each(|id| self.candidate(id))
    }

    fn candidate(&mut self, id: AlternativeId) -> Result<(), MatchError> {
        let rule = self.event.matcher.alternatives[id.0 as usize].rule;
        let epoch = self.evaluator.known.epoch;
        let (seen, by) = self.evaluator.known.matched[rule.0 as usize];
        // A long array can bring up the same alternative for each of its values.
        if (seen, by) != (epoch, id.0) && self.alternative(id)? {
            self.evaluator.known.matched[rule.0 as usize] = (epoch, id.0);
            if seen != epoch {
                self.matched.push(rule);
            }
        }
        Ok(())
    }

    fn alternative(&mut self, id: AlternativeId) -> Result<bool, MatchError> {
        let (mut in_arrays, mut perhaps_absent) = (0, false);
        for condition in self.event.matcher.conditions_of(id) {
            match self.holding(*condition) {
                Holding::No => return Ok(false),
                Holding::Freely => {}
                Holding::InArray => in_arrays += 1,
                Holding::PerhapsAbsent => perhaps_absent = true,
            }
        }
        if perhaps_absent || in_arrays > 1 { self.reconcile_once(id) } else { Ok(true) }
    }

    /// A candidate may come up once for each leaf that it could hang on; what takes long is done once.
    fn reconcile_once(&mut self, id: AlternativeId) -> Result<bool, MatchError> {
        let epoch = self.evaluator.known.epoch;
        let (seen, reconciled) = self.evaluator.known.reconciled[id.0 as usize];
        if seen == epoch {
            return Ok(reconciled);
        }
        let reconciled = self.reconcile(id)?;
        self.evaluator.known.reconciled[id.0 as usize] = (epoch, reconciled);
        Ok(reconciled)
    }

    #[inline]
    fn holding(&mut self, id: ConditionId) -> Holding {
        let (epoch, known) = self.evaluator.known.conditions[id.0 as usize];
        if epoch == self.evaluator.known.epoch {
            return known;
        }
        let holding = self.event.holding(&self.event.matcher.conditions[id.0 as usize]);
        self.evaluator.known.conditions[id.0 as usize] = (self.evaluator.known.epoch, holding);
        holding
    }

    /// Whether the conditions of an alternative, each of which holds somewhere, hold together.
    fn reconcile(&mut self, id: AlternativeId) -> Result<bool, MatchError> {
        let matcher = self.event.matcher;
        let Evaluator { known, few, many, ordered, demands } = &mut *self.evaluator;
        ordered.clear();
        ordered.extend(matcher.conditions_of(id));
        let condition = |id: &ConditionId| &matcher.conditions[id.0 as usize];
        ordered.sort_unstable_by_key(|id| matcher.field_ranks[condition(id).field.0 as usize]);
        let holding = |id: &ConditionId| known.conditions[id.0 as usize].1;
        let at_stake = |id: &ConditionId| condition(id).accepts_absence && holding(id) != Holding::Freely;
        // What holds freely fits with anything. It matters only where a leaf of it, chosen inside an array,
        // could silence an absence that is checked later.
        let mut silenced_later = ordered.iter().rposition(at_stake).unwrap_or(0);
        ordered.retain(|id| {
            let has_leaf = || self.event.leaves.of(condition(id).field).next().is_some();
            let kept = holding(id) != Holding::Freely || silenced_later > 0 && has_leaf();
            silenced_later = silenced_later.saturating_sub(1);
            kept
        });
        demands.clear();
        demands
            .extend(ordered.iter().map(|id| if at_stake(id) { Demand::LeafOrAbsence } else { Demand::Leaf }));
        let outcome = match ordered.len() {
            0..=64 => reconcile_with(few, self.event, ordered, demands),
            _ => reconcile_with(many, self.event, ordered, demands),
        };
        let rule = matcher.alternatives[id.0 as usize].rule.0;
        outcome.map_err(|_| MatchError::TooManyChoices { rule, choices_max: CHOICES_MAX })
    }
}

fn reconcile_with<const W: usize>(
    reconciler: &mut Reconciler<W>,
    event: &Event<'_>,
    ordered: &[ConditionId],
    demands: &[Demand],
) -> Result<bool, super::consistency::TooManyChoices> {
    assert!(ordered.len() <= Mask::<W>::BITS, "patterns have at most 256 fields in one combination");
    reconciler.start(event.leaves);
    for (bit, (id, demand)) in ordered.iter().zip(demands).enumerate() {
        let condition = &event.matcher.conditions[id.0 as usize];
        reconciler.demand(bit, *demand);
        for slot in event.leaves.of(condition.field) {
            if event.accepts(condition, slot) {
                reconciler.satisfied(bit, slot.element);
            }
            if *demand == Demand::LeafOrAbsence {
                reconciler.present(bit, slot.element);
            }
        }
    }
    reconciler.holds(event.leaves)
}
