//! Decides candidates: which conditions hold, and whether they hold together.

use super::conditions::{AlternativeId, CompiledCondition, ConditionId};
use super::consistency::{CHOICES_MAX, Reconciler};
use super::error::MatchError;
use super::leaves::{ElementId, LeafKind, LeafSlot, LeafText, Leaves};
use super::mask::Mask;
use super::matching::{Matcher, Scratch};
use crate::pattern::{Leaf, NumberLeaf, StringLeaf};

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

/// What is remembered while one event is decided. Entries of earlier events have another epoch.
#[derive(Debug, Default)]
pub(super) struct Evaluation {
    epoch: u32,
    conditions: Vec<(u32, Holding)>,
    alternatives: Vec<u32>,
    rules: Vec<u32>,
}

impl Evaluation {
    fn start(&mut self, matcher: &Matcher) {
        let sizes = [self.conditions.len(), self.alternatives.len(), self.rules.len()];
        let wanted = [matcher.conditions.len(), matcher.alternatives.len(), matcher.rules()];
        if sizes != wanted || self.epoch == u32::MAX {
            *self = Evaluation {
                epoch: 0,
                conditions: vec![(0, Holding::No); wanted[0]],
                alternatives: vec![0; wanted[1]],
                rules: vec![0; wanted[2]],
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

impl Matcher {
    /// Fills `scratch.matched` from the leaves that the walk noted.
    pub(super) fn evaluate(&self, text: &[u8], scratch: &mut Scratch) -> Result<(), MatchError> {
        let Scratch { leaves, evaluation, few, many, ordered, matched, .. } = scratch;
        matched.clear();
        evaluation.start(self);
        let event = Event { text, leaves, matcher: self };
        let mut decide = Decide { event: &event, evaluation, few, many, ordered, matched };
        decide.all(&self.without_access)?;
        for (index, slot) in leaves.slots.iter().enumerate() {
            if leaves.is_first(index) {
                decide.all(self.access.on_presence(slot.field))?;
            }
            if self.access.has_values(slot.field) {
                for candidates in self.access.on_value(slot.field, &event.leaf(slot)) {
                    decide.all(candidates)?;
                }
            }
        }
        Ok(())
    }
}

impl Event<'_> {
    /// The value of a leaf.
    #[inline]
    fn leaf(&self, slot: &LeafSlot) -> Leaf<'_> {
        let range = slot.start as usize..slot.end as usize;
        match slot.kind {
            LeafKind::Null => Leaf::Null,
            LeafKind::True => Leaf::Bool(true),
            LeafKind::False => Leaf::Bool(false),
            LeafKind::Number => {
                let written = std::str::from_utf8(&self.text[range]).unwrap_or_default();
                Leaf::Number(NumberLeaf::new(written, self.matcher.profile))
            }
            LeafKind::String(LeafText::InEvent) => {
                let text = &self.text[range];
                Leaf::String(StringLeaf { text, marked: text })
            }
            LeafKind::String(LeafText::Decoded) => {
                let text = &self.leaves.decoded[range];
                Leaf::String(StringLeaf { text, marked: text })
            }
            LeafKind::String(LeafText::DecodedLone { marked_end }) => {
                let marked = &self.leaves.decoded[range.end..marked_end as usize];
                Leaf::String(StringLeaf { text: &self.leaves.decoded[range], marked })
            }
        }
    }

    fn accepts(&self, condition: &CompiledCondition, slot: &LeafSlot) -> bool {
        let leaf = self.leaf(slot);
        condition.tests.tests.iter().any(|placed| placed.test.accepts(&leaf, condition.numbers))
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
    evaluation: &'d mut Evaluation,
    few: &'d mut Reconciler<1>,
    many: &'d mut Reconciler<4>,
    ordered: &'d mut Vec<ConditionId>,
    matched: &'d mut Vec<super::RuleIndex>,
}

impl Decide<'_> {
    #[inline]
    fn all(&mut self, candidates: &[AlternativeId]) -> Result<(), MatchError> {
        candidates.iter().try_for_each(|candidate| self.candidate(*candidate))
    }

    fn candidate(&mut self, id: AlternativeId) -> Result<(), MatchError> {
        let rule = self.event.matcher.alternatives[id.0 as usize].rule;
        let epoch = self.evaluation.epoch;
        let decided = std::mem::replace(&mut self.evaluation.alternatives[id.0 as usize], epoch) == epoch;
        if decided || self.evaluation.rules[rule.0 as usize] == epoch {
            return Ok(());
        }
        if self.alternative(id)? {
            self.evaluation.rules[rule.0 as usize] = epoch;
            self.matched.push(rule);
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
        if perhaps_absent || in_arrays > 1 { self.reconcile(id) } else { Ok(true) }
    }

    #[inline]
    fn holding(&mut self, id: ConditionId) -> Holding {
        let (epoch, known) = self.evaluation.conditions[id.0 as usize];
        if epoch == self.evaluation.epoch {
            return known;
        }
        let holding = self.event.holding(&self.event.matcher.conditions[id.0 as usize]);
        self.evaluation.conditions[id.0 as usize] = (self.evaluation.epoch, holding);
        holding
    }

    /// Whether the conditions of an alternative, each of which holds somewhere, hold together.
    fn reconcile(&mut self, id: AlternativeId) -> Result<bool, MatchError> {
        self.ordered.clear();
        self.ordered.extend(self.event.matcher.conditions_of(id));
        let matcher = self.event.matcher;
        let condition = |id: &ConditionId| &matcher.conditions[id.0 as usize];
        self.ordered.sort_unstable_by_key(|id| matcher.field_ranks[condition(id).field.0 as usize]);
        let absence_matters = self.ordered.iter().any(|id| {
            let (_, holding) = self.evaluation.conditions[id.0 as usize];
            condition(id).accepts_absence && holding != Holding::Freely
        });
        if !absence_matters {
            // What holds freely fits with anything and silences nothing.
            let evaluation = &*self.evaluation;
            self.ordered.retain(|id| evaluation.conditions[id.0 as usize].1 == Holding::InArray);
        }
        let outcome = match self.ordered.len() {
            0..=64 => reconcile_with(self.few, self.event, self.ordered),
            _ => reconcile_with(self.many, self.event, self.ordered),
        };
        let rule = matcher.alternatives[id.0 as usize].rule.0;
        outcome.map_err(|_| MatchError::TooManyChoices { rule, choices_max: CHOICES_MAX })
    }
}

fn reconcile_with<const W: usize>(
    reconciler: &mut Reconciler<W>,
    event: &Event<'_>,
    ordered: &[ConditionId],
) -> Result<bool, super::consistency::TooManyChoices> {
    assert!(ordered.len() <= Mask::<W>::BITS, "patterns have at most 256 fields in one combination");
    reconciler.start(event.leaves);
    for (bit, id) in ordered.iter().enumerate() {
        let condition = &event.matcher.conditions[id.0 as usize];
        reconciler.demand(bit, condition.accepts_absence);
        for slot in event.leaves.of(condition.field) {
            if event.accepts(condition, slot) {
                reconciler.satisfied(bit, slot.element);
            }
            if condition.accepts_absence {
                reconciler.present(bit, slot.element);
            }
        }
    }
    reconciler.holds(event.leaves)
}
