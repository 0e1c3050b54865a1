//! Two sets of rules, made ready to be compared over events.

use std::collections::HashMap;

use super::elsewhere::{Elsewhere, OtherSide};
use super::pairing::{self, Paired};
use super::sides::{NEW, OLD, Sides};
use crate::analysis::relations::{EventShape, Proof, Relations};
use crate::findings::{Compiled, CompiledRule};
use crate::matcher::Matcher;
use crate::pattern::{Pattern, Profile};
use crate::rules::{BusName, Target};
use crate::transform::TargetInput;
use crate::verdict::{RuleTarget, RuleWithTargets};

/// Two sets of rules: one matcher for the distinct patterns of both, and what belongs to what.
#[derive(Debug)]
pub struct Comparison {
    pub(super) profile: Profile,
    pub(super) matcher: Matcher,
    /// Of each pattern of the matcher, the rules that have it.
    pub(super) members: Vec<Vec<Member>>,
    pub(super) pairs: Vec<RulePair>,
}

/// A rule that has a pattern, on one side or on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) pair: u32,
    pub(super) sides: Sides<bool>,
}

/// A rule of both sets, or of one.
#[derive(Debug)]
pub(super) struct RulePair {
    pub(super) bus: BusName,
    /// Of a rule that listens on one side only, what else is known of it.
    pub(super) other_side: Option<OtherSide>,
    pub(super) rules: Sides<Option<SideRule>>,
    pub(super) pattern: PatternChange,
    pub(super) targets: Vec<TargetPair>,
    /// Whether there is anything to do beyond counting when both match.
    pub(super) is_plain: bool,
}

impl RulePair {
    /// Its name among the new rules, or the one that it had.
    pub(super) fn name(&self) -> &str {
        let rule = self.rules[NEW].as_ref().or(self.rules[OLD].as_ref());
        rule.map_or("", |rule| &rule.rule.display_name)
    }
}

/// A rule of one set.
#[derive(Debug)]
pub(super) struct SideRule {
    pub(super) rule: RuleWithTargets,
    pub(super) pattern: Pattern,
    /// As they were written.
    pub(super) targets: Vec<Target>,
}

/// How the patterns of a pair stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternChange {
    Same,
    /// Written otherwise, and proven to match the same events.
    Rewritten,
    Changed,
}

/// A target of both rules of a pair, or of one.
#[derive(Debug)]
pub(super) struct TargetPair {
    /// Its place among the targets of each rule.
    pub(super) places: Sides<Option<usize>>,
    pub(super) bodies: Bodies,
    /// What was written otherwise, for people.
    pub(super) changed: Vec<&'static str>,
}

/// How the bodies of the two targets stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    /// They are the same, whatever the event, and always valid.
    Same,
    /// They are the same, and some events break them.
    SameAndBreakable,
    /// They have to be compared.
    Compared,
    /// At least one is not known before deployment.
    Unknown,
}

impl Comparison {
    /// Compares `old` with `new`, judged as in `profile`.
    pub fn new(old: Compiled, new: Compiled, profile: Profile) -> Comparison {
        let elsewhere = Elsewhere::new([&old, &new]);
        let (old, new) = (old.rules, new.rules);
        let paired = pairing::rules(&old, &new);
        let mut relations = Relations::new(EventShape::Any, profile);
        let mut patterns = Patterns::default();
        let mut pairs = Vec::with_capacity(paired.len());
        let (mut old, mut new) = (taken_one_by_one(old), taken_one_by_one(new));
        for (pair, Paired { old: old_at, new: new_at }) in (0..).zip(paired) {
            let sides = [old_at.and_then(|at| old[at].take()), new_at.and_then(|at| new[at].take())];
            let change = pattern_change(&sides, &mut relations);
            match (change, &sides) {
                // What matches the same events is matched once.
                (PatternChange::Same | PatternChange::Rewritten, [Some(old), Some(_)]) => {
                    patterns.add(&old.pattern, Member { pair, sides: [true, true] });
                }
                _ => {
                    for (side, rule) in sides.iter().enumerate() {
                        let Some(rule) = rule else { continue };
                        patterns.add(&rule.pattern, Member { pair, sides: [side == OLD, side == NEW] });
                    }
                }
            }
            let fate = elsewhere.of(&sides);
            pairs.push(rule_pair(sides, change, fate));
        }
        let matcher = Matcher::noting_event_ids(&patterns.patterns, profile);
        Comparison { profile, matcher, members: patterns.members, pairs }
    }

    /// The rules of each side.
    pub(super) fn rule_counts(&self) -> Sides<usize> {
        [OLD, NEW].map(|side| self.pairs.iter().filter(|pair| pair.rules[side].is_some()).count())
    }
}

fn taken_one_by_one(rules: Vec<CompiledRule>) -> Vec<Option<CompiledRule>> {
    rules.into_iter().map(Some).collect()
}

/// The distinct patterns, and who has them.
#[derive(Default)]
struct Patterns {
    patterns: Vec<Pattern>,
    members: Vec<Vec<Member>>,
    known: HashMap<String, usize>,
}

impl Patterns {
    fn add(&mut self, pattern: &Pattern, member: Member) {
        let at = *self.known.entry(pattern.to_string()).or_insert_with(|| {
            self.patterns.push(pattern.clone());
            self.members.push(Vec::new());
            self.patterns.len() - 1
        });
        self.members[at].push(member);
    }
}

fn pattern_change(sides: &Sides<Option<CompiledRule>>, relations: &mut Relations) -> PatternChange {
    let [Some(old), Some(new)] = sides else { return PatternChange::Changed };
    if old.pattern == new.pattern {
        return PatternChange::Same;
    }
    match relations.equal(&old.pattern, &new.pattern) {
        Proof::Certain => PatternChange::Rewritten,
        Proof::Unproven => PatternChange::Changed,
    }
}

fn rule_pair(
    sides: Sides<Option<CompiledRule>>,
    pattern: PatternChange,
    other_side: Option<OtherSide>,
) -> RulePair {
    let bus = sides.iter().flatten().next_back().map(|rule| rule.rule.bus.clone()).unwrap_or_default();
    let targets = target_pairs(&sides);
    let is_plain = targets
        .iter()
        .all(|target| target.bodies == Bodies::Same && target.places.iter().all(Option::is_some));
    let rules = sides.map(|side| {
        side.map(|compiled| SideRule {
            rule: compiled.with_targets(),
            pattern: compiled.pattern,
            targets: compiled.rule.targets,
        })
    });
    RulePair { bus, other_side, rules, pattern, targets, is_plain }
}

fn target_pairs(sides: &Sides<Option<CompiledRule>>) -> Vec<TargetPair> {
    let written =
        |side: usize| sides[side].as_ref().map(|rule| rule.rule.targets.as_slice()).unwrap_or_default();
    let compiled = |side: usize| sides[side].as_ref().map(|rule| rule.targets.as_slice()).unwrap_or_default();
    // The rule's name and ARN may stand in a body.
    let same_rule = match sides {
        [Some(old), Some(new)] => old.rule.arn == new.rule.arn && old.rule.name == new.rule.name,
        _ => false,
    };
    pairing::targets(written(OLD), written(NEW))
        .into_iter()
        .map(|Paired { old, new }| {
            let places = [old, new];
            let target = |side: usize| places[side].and_then(|at| written(side).get(at));
            let input = |side: usize| places[side].and_then(|at| compiled(side).get(at));
            TargetPair {
                places,
                bodies: bodies(input(OLD), input(NEW), same_rule),
                changed: match (target(OLD), target(NEW)) {
                    (Some(old), Some(new)) => changed(old, new),
                    _ => Vec::new(),
                },
            }
        })
        .collect()
}

fn bodies(old: Option<&RuleTarget>, new: Option<&RuleTarget>, same_rule: bool) -> Bodies {
    match (old.map(|target| &target.input), new.map(|target| &target.input)) {
        (Some(Some(old)), Some(Some(new))) if old == new && (same_rule || !mentions_rule(old)) => {
            own_bodies(old)
        }
        (Some(Some(_)), Some(Some(_))) => Bodies::Compared,
        (Some(Some(only)), None) | (None, Some(Some(only))) => own_bodies(only),
        _ => Bodies::Unknown,
    }
}

fn own_bodies(input: &TargetInput) -> Bodies {
    if input.can_fail() { Bodies::SameAndBreakable } else { Bodies::Same }
}

/// Whether the rule's name or ARN may stand in the body.
fn mentions_rule(input: &TargetInput) -> bool {
    match input {
        TargetInput::Transformer(transformer) => transformer.template().contains("<aws.events.rule-"),
        _ => false,
    }
}

fn changed(old: &Target, new: &Target) -> Vec<&'static str> {
    let parts = [
        ("id", old.id.written() != new.id.written()),
        ("input", old.inputs != new.inputs),
        ("dead-letter queue", written(&old.dead_letter_arn) != written(&new.dead_letter_arn)),
        ("retry policy", old.retry_policy != new.retry_policy),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

fn written(value: &Option<crate::rules::Resolved<String>>) -> Option<&str> {
    value.as_ref().map(|value| value.written())
}
