//! Damaged patterns, all that there are.

use std::collections::HashSet;

use super::damage::{Damage, damages};
use super::kind::MutantKind;
use crate::json::JsonPointer;
use crate::pattern::{Limits, Pattern, Span};

/// A pattern with one thing wrong.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was done.
    pub kind: MutantKind,
    /// What was done, with the texts before and after.
    pub description: String,
    /// Where it was done in the original's JSON.
    pub pointer: JsonPointer,
    /// The bytes of the original's text that were changed.
    pub span: Span,
    /// The damaged pattern. Its spans refer to its own text, which is nowhere.
    pub pattern: Pattern,
}

/// The mutants of one pattern.
#[derive(Debug, Clone)]
pub struct Mutants {
    /// In the order of their places in the pattern's text.
    pub mutants: Vec<Mutant>,
    /// How many were not made because there are too many; 0 but for huge patterns.
    pub left_out: usize,
}

/// Bytes and conditions that the mutants of one pattern may have together: each mutant is a whole pattern.
const TOTAL_MAX: usize = 64 << 20;

/// What a condition of an alternative weighs in bytes.
const CONDITION_WEIGHT: usize = 64;

/// All mutants of `pattern` that are valid patterns under `limits`, each different from it and from the others.
pub fn mutants(pattern: &Pattern, limits: &Limits) -> Mutants {
    let conditions: usize =
        pattern.alternatives().iter().map(|alternative| alternative.conditions.len()).sum();
    let text = pattern.to_string();
    let weight = text.len() + conditions.saturating_mul(CONDITION_WEIGHT);
    let mut damages = damages(pattern);
    let kept = damages.len().min(TOTAL_MAX / weight.max(1));
    let left_out = damages.len() - kept;
    damages.truncate(kept);
    let mut seen = HashSet::from([text]);
    let mutants =
        damages.into_iter().filter_map(|damage| mutant(pattern, damage, limits, &mut seen)).collect();
    Mutants { mutants, left_out }
}

fn mutant(original: &Pattern, damage: Damage, limits: &Limits, seen: &mut HashSet<String>) -> Option<Mutant> {
    let text = damage.applied(original)?.to_string();
    let pattern = Pattern::parse(text.as_bytes(), limits).ok()?;
    let Damage { kind, description, pointer, span, .. } = damage;
    seen.insert(text).then_some(Mutant { kind, description, pointer, span, pattern })
}
