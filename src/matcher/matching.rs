//! The way of one event: what each thread brings, and the steps from bytes to matching rules.

use super::compiled::{Matcher, RuleIndex};
use super::error::MatchError;
use super::evaluate::{Evaluator, evaluate};
use super::leaves::Leaves;
use super::walk::walk;
use crate::json::structure::{InstructionSet, StructuralIndex, Unclear};
use crate::json::{SyntaxError, SyntaxProblem, tree};
use crate::pattern::Leaf;

/// What one thread needs to match events; its memory is reused from event to event, and it may be used
/// with one matcher after another.
#[derive(Debug, Default)]
pub struct Scratch {
    index: StructuralIndex,
    leaves: Leaves,
    evaluator: Evaluator,
    matched: Vec<RuleIndex>,
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
    /// The `id` of the event that `scratch` was last used for, if ids are noted and it has one that is text.
    pub fn event_id<'s>(&self, event: &'s [u8], scratch: &'s Scratch) -> Option<&'s str> {
        let slot = scratch.leaves.of(self.id_field?).last()?;
        match scratch.leaves.value(slot, event, self.profile) {
            Leaf::String(id) => std::str::from_utf8(id.text).ok(),
            _ => None,
        }
    }

    /// The rules that match `event`. What follows the event's closing brace is ignored, as AWS does.
    ///
    /// # Errors
    /// The event is not a JSON object, or a rule and the event together are hostile.
    pub fn matches<'s>(&self, event: &[u8], scratch: &'s mut Scratch) -> Result<Matched<'s>, MatchError> {
        if event.len() > EVENT_BYTES_MAX {
            return Err(MatchError::TooLarge { bytes: event.len(), bytes_max: EVENT_BYTES_MAX });
        }
        let event = match scratch.index.build(event) {
            Ok(()) => event,
            Err(Unclear) => {
                let object = leading_object(event)?;
                scratch.index.build(object).map_err(|Unclear| readers_disagree(object))?;
                object
            }
        };
        scratch.leaves.start(self.field_ranks.len());
        walk(event, &scratch.index, &self.trie, &mut scratch.leaves);
        evaluate(self, event, &scratch.leaves, &mut scratch.evaluator, &mut scratch.matched)?;
        scratch.matched.sort_unstable();
        Ok(&scratch.matched)
    }
}

/// Reads an event plainly: either it begins with an object, and this gives it and what is before it, or this
/// says what is wrong with it.
#[cold]
fn leading_object(event: &[u8]) -> Result<&[u8], MatchError> {
    let span = tree::check(event).map_err(MatchError::Syntax)?;
    match event[span.start] {
        b'{' => Ok(&event[..span.end]),
        _ => {
            let value = tree::parse(event).map_err(MatchError::Syntax)?.value;
            Err(MatchError::NotAnObject { found: value.kind() })
        }
    }
}

/// Both readers take the same objects (properties and a fuzz target hold them to it), so this is not reached;
/// if it were, a wrong refusal is better than a panic in the middle of a run.
#[cold]
fn readers_disagree(object: &[u8]) -> MatchError {
    MatchError::Syntax(SyntaxError { at: object.len(), problem: SyntaxProblem::UnexpectedEnd })
}
