//! The matcher's front: what is shared by threads, what each thread brings, and the way of one event.

use std::ops::Range;

use super::access::AccessIndex;
use super::conditions::{AlternativeId, CompiledCondition, ConditionId};
use super::consistency::Reconciler;
use super::error::MatchError;
use super::evaluate::Evaluation;
use super::fields::{FieldId, FieldTrie};
use super::leaves::Leaves;
use super::walk::walk;
use crate::json::structure::{InstructionSet, StructuralIndex};
use crate::json::{Node, SyntaxError, SyntaxProblem, tree};
use crate::pattern::{Pattern, Profile};

/// The number of a rule: its place in the order in which the patterns were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIndex(pub u32);

/// Any number of rules, compiled to be matched at once. Immutable; share it between threads.
#[derive(Debug)]
pub struct Matcher {
    pub(super) profile: Profile,
    pub(super) rules: u32,
    pub(super) trie: FieldTrie,
    pub(super) access: AccessIndex,
    /// Of each field, its place in the order in which the engine checks fields.
    pub(super) field_ranks: Vec<u32>,
    pub(super) conditions: Vec<CompiledCondition>,
    pub(super) alternatives: Vec<CompiledAlternative>,
    /// The conditions of all alternatives, cheap ones first in each.
    pub(super) conditions_of: Vec<ConditionId>,
    /// Alternatives that can match an event that has none of their fields.
    pub(super) without_access: Vec<AlternativeId>,
    pub(super) id_field: Option<FieldId>,
}

/// Whether a matcher notes the `id` of the events it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventIds {
    /// [`Matcher::event_id`] answers.
    Noted,
    /// It does not, and the field is stepped over if no rule names it.
    Ignored,
}

/// One conjunction of one rule.
#[derive(Debug, Clone)]
pub(super) struct CompiledAlternative {
    pub(super) rule: RuleIndex,
    /// In [`Matcher::conditions_of`].
    pub(super) conditions: Range<u32>,
}

/// What one thread needs to match events; its memory is reused from event to event, and it may be used
/// with one matcher after another.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) index: StructuralIndex,
    pub(super) leaves: Leaves,
    pub(super) evaluation: Evaluation,
    pub(super) few: Reconciler<1>,
    pub(super) many: Reconciler<4>,
    pub(super) ordered: Vec<ConditionId>,
    pub(super) matched: Vec<RuleIndex>,
}

impl Scratch {
    /// A scratch that indexes events with the given instructions.
    pub fn with_instructions(instructions: InstructionSet) -> Scratch {
        Scratch { index: StructuralIndex::with_instructions(instructions), ..Scratch::default() }
    }
}

/// The rules that match an event, in ascending order, each once.
pub type Matched<'s> = &'s [RuleIndex];

/// Offsets into an event are 32 bits wide.
const EVENT_BYTES_MAX: usize = u32::MAX as usize - 64;

impl Matcher {
    /// Compiles `patterns`, whose order numbers the rules. `profile` decides how an event's numbers are seen.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p Pattern>, profile: Profile) -> Matcher {
        super::compile::compile(patterns, profile, EventIds::Ignored)
    }

    /// The same, for callers who want to know the events' ids.
    pub fn noting_event_ids<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        profile: Profile,
    ) -> Matcher {
        super::compile::compile(patterns, profile, EventIds::Noted)
    }

    /// The `id` of the event that `scratch` was last used for, if ids are noted and it has one that is text.
    pub fn event_id<'s>(&self, event: &'s [u8], scratch: &'s Scratch) -> Option<&'s str> {
        let slot = scratch.leaves.of(self.id_field?).last()?;
        std::str::from_utf8(slot.string_text(event, &scratch.leaves)?).ok()
    }

    /// How many rules there are.
    pub fn rules(&self) -> usize {
        self.rules as usize
    }

    /// The rules that match `event`. What follows the event's closing brace is ignored, as AWS does.
    ///
    /// # Errors
    /// The event is not a JSON object, or a rule and the event together are hostile.
    pub fn matches<'s>(&self, event: &[u8], scratch: &'s mut Scratch) -> Result<Matched<'s>, MatchError> {
        if event.len() > EVENT_BYTES_MAX {
            return Err(MatchError::TooLarge { bytes: event.len(), bytes_max: EVENT_BYTES_MAX });
        }
        scratch.index.build(event);
        scratch.leaves.start(self.field_ranks.len());
        if walk(event, &scratch.index, &self.trie, &mut scratch.leaves).is_err() {
            return Err(why_not_an_event(event));
        }
        self.evaluate(event, scratch)?;
        scratch.matched.sort_unstable();
        Ok(&scratch.matched)
    }

    pub(super) fn conditions_of(&self, alternative: AlternativeId) -> &[ConditionId] {
        let range = &self.alternatives[alternative.0 as usize].conditions;
        &self.conditions_of[range.start as usize..range.end as usize]
    }
}

/// Reads the event again to say what is wrong with it.
fn why_not_an_event(event: &[u8]) -> MatchError {
    match tree::check(event) {
        Err(error) => MatchError::Syntax(error),
        Ok(span) if event[span.start] != b'{' => match tree::parse(event) {
            Ok(Node { value, .. }) => MatchError::NotAnObject { found: value.kind() },
            Err(error) => MatchError::Syntax(error),
        },
        // The two readers agree (properties and a fuzz target hold them to it), so this is not reached; if
        // it were, a wrong refusal is better than a panic in the middle of a run.
        Ok(span) => MatchError::Syntax(SyntaxError { at: span.end, problem: SyntaxProblem::UnexpectedEnd }),
    }
}
