//! From patterns to a matcher.

use foldhash::HashMap;

use super::access::{AccessIndex, Candidate, Guard, TextBits};
use super::access_key::AccessKey;
use super::compiled::{CompiledAlternative, EventIds, Matcher, RuleIndex};
use super::conditions::{AlternativeId, CompiledCondition, ConditionId, ConditionTable};
use super::field_id::FieldId;
use super::fields::{EmptyNames, FieldTable, Interest};
use super::step::Step;
use super::value_filter::ValueFilter;

use crate::json::Text;
use crate::pattern::{Alternative, FieldPath, Pattern, Profile};

/// How much worse it is to hang on a field's presence than on one of its values, per alternative that does.
const PRESENCE_PENALTY: usize = 64;

impl Matcher {
    /// Compiles `patterns`, whose order numbers the rules. `profile` decides how an event's numbers are seen.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p Pattern>, profile: Profile) -> Matcher {
        compile(patterns, profile, EventIds::Ignored)
    }

    /// The same, for callers who want to know the events' ids.
    pub fn noting_event_ids<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        profile: Profile,
    ) -> Matcher {
        compile(patterns, profile, EventIds::Noted)
    }
}

/// Compiles `patterns`, whose order numbers the rules.
fn compile<'p>(
    patterns: impl IntoIterator<Item = &'p Pattern>,
    profile: Profile,
    event_ids: EventIds,
) -> Matcher {
    let mut compiler = Compiler::default();
    if event_ids == EventIds::Noted {
        compiler.id_field =
            Some(compiler.field(&FieldPath::top_level(&Text::from("id")), EmptyNames::Skipped));
    }
    let mut rules = 0;
    for pattern in patterns {
        compiler.rule(RuleIndex(rules), pattern);
        rules += 1;
    }
    compiler.finish(rules, profile)
}

#[derive(Default)]
struct Compiler {
    fields: FieldTable,
    paths: Vec<FieldPath>,
    conditions: ConditionTable,
    alternatives: Vec<CompiledAlternative>,
    conditions_of: Vec<ConditionId>,
    id_field: Option<FieldId>,
}

impl Compiler {
    fn rule(&mut self, rule: RuleIndex, pattern: &Pattern) {
        let paths =
            pattern.alternatives().iter().flat_map(|a| &a.conditions).map(|condition| &condition.path);
        let empty_names = match paths.into_iter().any(|path| path.asks_for_empty_names()) {
            true => EmptyNames::Seen,
            false => EmptyNames::Skipped,
        };
        for alternative in pattern.alternatives() {
            self.alternative(rule, alternative, empty_names);
        }
    }

    fn alternative(&mut self, rule: RuleIndex, alternative: &Alternative, empty_names: EmptyNames) {
        let start = self.conditions_of.len() as u32;
        for condition in &alternative.conditions {
            let field = self.field(&condition.path, empty_names);
            self.conditions_of.push(self.conditions.number(field, &condition.tests));
        }
        let conditions = start..self.conditions_of.len() as u32;
        self.alternatives.push(CompiledAlternative { rule, conditions });
    }

    fn field(&mut self, path: &FieldPath, empty_names: EmptyNames) -> FieldId {
        let field = self.fields.number(path, empty_names);
        if field.0 as usize == self.paths.len() {
            self.paths.push(path.clone());
        }
        field
    }

    fn finish(mut self, rules: u32, profile: Profile) -> Matcher {
        let keys: Vec<Vec<AccessKey>> = self.conditions.conditions.iter().map(AccessKey::of).collect();
        let access = self.choose_access(&keys);
        let (hanging, without_access) = self.hang(&access, &keys);
        self.order_conditions(&access);
        Matcher {
            profile,
            rules,
            trie: self.fields.trie(&self.interests(), self.value_filters(&keys)),
            access: AccessIndex::build(self.fields.len(), hanging),
            field_ranks: ranks(&self.paths),
            conditions: self.conditions.conditions,
            alternatives: self.alternatives,
            conditions_of: self.conditions_of,
            without_access,
            id_field: self.id_field,
        }
    }

    /// Of each field, what is asked about it.
    fn interests(&self) -> Vec<Interest> {
        let mut interests = vec![Interest::Presence; self.fields.len()];
        let asking =
            self.conditions.conditions.iter().filter(|condition| !condition.asks_for_presence_only());
        let fields = asking.map(|condition| condition.field).chain(self.id_field);
        fields.for_each(|field| interests[field.0 as usize] = Interest::Values);
        interests
    }

    /// Of each field, which values matter.
    fn value_filters(&self, keys: &[Vec<AccessKey>]) -> Vec<ValueFilter> {
        let mut keys_of_fields: Vec<Vec<&[AccessKey]>> = vec![Vec::new(); self.fields.len()];
        for (condition, keys) in self.conditions.conditions.iter().zip(keys) {
            keys_of_fields[condition.field.0 as usize].push(keys);
        }
        let mut filters: Vec<ValueFilter> =
            keys_of_fields.iter().map(|keys| ValueFilter::of(keys.iter().copied())).collect();
        self.id_field.into_iter().for_each(|id| filters[id.0 as usize] = ValueFilter::all());
        filters
    }

    /// What each alternative hangs on; nothing if it can match an event without any of its fields.
    fn choose_access(&self, keys: &[Vec<AccessKey>]) -> Vec<Option<ConditionId>> {
        let shared = self.count_sharing(keys);
        let best = |alternative| {
            let conditions = self.conditions_of(alternative).iter().copied();
            conditions
                .filter(|condition| !keys[condition.0 as usize].is_empty())
                .min_by_key(|condition| self.burden(*condition, &keys[condition.0 as usize], &shared))
        };
        self.alternatives.iter().map(best).collect()
    }

    /// The alternatives that hang on each key, and those that hang on nothing.
    fn hang(&self, access: &[Option<ConditionId>], keys: &[Vec<AccessKey>]) -> (Hanging, Vec<AlternativeId>) {
        let mut hanging = Hanging::default();
        let mut without_access = Vec::new();
        for (number, condition) in access.iter().enumerate() {
            let id = AlternativeId(number as u32);
            let Some(condition) = condition else {
                without_access.push(id);
                continue;
            };
            let field = self.condition(*condition).field;
            let candidate = Candidate {
                alternative: id,
                guard: self.guard(&self.alternatives[number], *condition, keys),
            };
            for key in &keys[condition.0 as usize] {
                let hanging = hanging.entry((field, key.clone())).or_default();
                // A list such as ["a", "a"] names one key twice.
                if hanging.last().is_none_or(|last| last.alternative != id) {
                    hanging.push(candidate);
                }
            }
        }
        (hanging, without_access)
    }

    /// Of the conditions of an alternative that accept nothing but some texts, apart from the one that it hangs on,
    /// the one with the fewest bits.
    fn guard(
        &self,
        alternative: &CompiledAlternative,
        access: ConditionId,
        keys: &[Vec<AccessKey>],
    ) -> Guard {
        let others = self.conditions_of(alternative).iter().filter(|condition| **condition != access);
        let guard = |condition: &ConditionId| {
            let bits = text_bits(&keys[condition.0 as usize])?;
            Some(Guard { field: self.condition(*condition).field, texts: bits })
        };
        let none = Guard { field: self.condition(access).field, texts: TextBits::ALL };
        others.filter_map(guard).min_by_key(|guard| guard.texts.0.count_ones()).unwrap_or(none)
    }

    /// How many alternatives could hang on each key.
    fn count_sharing<'k>(&self, keys: &'k [Vec<AccessKey>]) -> Sharing<'k> {
        let mut shared = Sharing::default();
        for condition in &self.conditions_of {
            let field = self.condition(*condition).field;
            for key in &keys[condition.0 as usize] {
                *shared.entry((field, key)).or_insert(0) += 1;
            }
        }
        shared
    }

    /// How many alternatives share a condition's keys, and then how long looking them up takes.
    fn burden(&self, condition: ConditionId, keys: &[AccessKey], shared: &Sharing<'_>) -> (usize, usize) {
        let field = self.condition(condition).field;
        let sum: usize = keys.iter().map(|key| shared.get(&(field, key)).copied().unwrap_or(0)).sum();
        let sharing = if keys == [AccessKey::Present] { sum.saturating_mul(PRESENCE_PENALTY) } else { sum };
        (sharing, keys.iter().map(AccessKey::look_up_cost).sum())
    }

    /// Cheap conditions first; last the one that an alternative hangs on, which mostly holds when it comes up.
    fn order_conditions(&mut self, access: &[Option<ConditionId>]) {
        for (alternative, access) in self.alternatives.iter().zip(access) {
            let range = alternative.conditions.start as usize..alternative.conditions.end as usize;
            let cost = |condition: &ConditionId| self.conditions.conditions[condition.0 as usize].cost();
            self.conditions_of[range].sort_by_key(|condition| (Some(*condition) == *access, cost(condition)));
        }
    }

    fn conditions_of(&self, alternative: &CompiledAlternative) -> &[ConditionId] {
        &self.conditions_of[alternative.conditions.start as usize..alternative.conditions.end as usize]
    }

    fn condition(&self, id: ConditionId) -> &CompiledCondition {
        &self.conditions.conditions[id.0 as usize]
    }
}

/// The bits of all keys, if they are texts and there are any.
fn text_bits(keys: &[AccessKey]) -> Option<TextBits> {
    keys.iter()
        .map(|key| match key {
            AccessKey::Text(text) => Some(TextBits::of(Step::new(text).mixed())),
            _ => None,
        })
        .reduce(|a, b| Some(a?.or(b?)))?
}

type Hanging = HashMap<(FieldId, AccessKey), Vec<Candidate>>;
type Sharing<'k> = HashMap<(FieldId, &'k AccessKey), usize>;

/// The place of each field in the order in which the engine checks fields.
fn ranks(paths: &[FieldPath]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..paths.len() as u32).collect();
    order.sort_by(|a, b| Text::cmp_utf16(paths[*a as usize].as_bytes(), paths[*b as usize].as_bytes()));
    let mut ranks = vec![0; paths.len()];
    for (rank, field) in order.iter().enumerate() {
        ranks[*field as usize] = rank as u32;
    }
    ranks
}
