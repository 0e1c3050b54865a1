//! Whether tests notice damage to the patterns of their rules.
//!
//! One matcher holds all damaged patterns of all rules beside the undamaged ones, so that each event of the tests is
//! scanned once, however many there are. Where a damaged pattern decides an event as the undamaged one does, its test
//! cannot notice; only where the two differ is a test asked again.

use std::collections::HashMap;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::case::Suite;
use super::case::{Case, EventCase, RulesUnderTest};
use super::check::{CheckScratch, check};
use super::corpus;
use super::failure::Outcome;
use super::format::RulesExpected;
use super::groups::{Group, RuleIdentity, groups};
use super::parallel::{Step, in_order};
use crate::analysis::mutants::{KillingEvent, Mutant, Mutants, killing_event, mutants};
use crate::document::SourcePlace;
use crate::findings::CompiledRule;
use crate::matcher::{Matcher, RuleIndex, Scratch};
use crate::pattern::{Limits, Profile};
use crate::report::{MutationReport, RuleMutation, Survivor};
use crate::verdict::RuleSet;

/// Damages the patterns of all rules that `suites` look at, and reports what the selected cases notice. Of a rule that
/// several test files look at, it is enough if one of them does.
///
/// All cases have to pass with the undamaged rules.
///
/// # Errors
/// The system gives no thread.
pub fn mutation(
    suites: &[Suite],
    selected: &dyn Fn(&Case) -> bool,
    threads: NonZeroUsize,
) -> io::Result<MutationReport> {
    let mut tried: Vec<TriedRule<'_>> = Vec::new();
    let mut known: HashMap<RuleIdentity, usize> = HashMap::new();
    let groups = groups(suites, selected);
    for group in &groups {
        for rule in tried_rules(group, threads)? {
            let place = *known.entry(RuleIdentity::of(&rule.rule.rule)).or_insert(tried.len());
            match tried.get_mut(place) {
                // With other parameters its mutants may be others.
                Some(known) if known.is_like(&rule) => known.merge(&rule),
                _ => tried.push(rule),
            }
        }
    }
    let rules = in_order(tried.len(), threads, || (), |(), index| Step::More(tried[index].outcome()))?;
    Ok(MutationReport { rules })
}

/// A rule with its mutants, and which of them were noticed.
struct TriedRule<'s> {
    rule: &'s CompiledRule,
    profile: Profile,
    mutants: Mutants,
    killed: Vec<bool>,
}

impl TriedRule<'_> {
    fn is_like(&self, other: &TriedRule<'_>) -> bool {
        self.rule.pattern == other.rule.pattern && self.mutants.mutants.len() == other.mutants.mutants.len()
    }

    fn merge(&mut self, other: &TriedRule<'_>) {
        self.killed.iter_mut().zip(&other.killed).for_each(|(killed, other)| *killed |= other);
    }

    fn outcome(&self) -> RuleMutation {
        let unnoticed = self.mutants.mutants.iter().zip(&self.killed).filter(|(_, killed)| !**killed);
        let mut survivors = Vec::new();
        let mut presumed_equal = 0;
        for (mutant, _) in unnoticed {
            match killing_event(&self.rule.pattern, &mutant.pattern, self.profile) {
                Some(event) => survivors.push(self.survivor(mutant, event)),
                None => presumed_equal += 1,
            }
        }
        RuleMutation {
            name: self.rule.rule.display_name.to_string(),
            place: self.rule.rule.place.clone(),
            killed: self.killed.iter().filter(|killed| **killed).count(),
            survivors,
            presumed_equal,
            left_out: self.mutants.left_out,
        }
    }

    fn survivor(&self, mutant: &Mutant, event: KillingEvent) -> Survivor {
        let text = self.rule.rule.trigger.pattern();
        let place = text.map(|text| text.place_of(mutant.span.start as usize));
        let place: SourcePlace = place.unwrap_or_else(|| self.rule.rule.place.clone());
        let pointer = mutant.pointer.as_str().to_owned();
        Survivor { kind: mutant.kind, description: mutant.description.clone(), pointer, place, event }
    }
}

/// The rules of a group with what its tests notice.
fn tried_rules<'s>(group: &Group<'s>, threads: NonZeroUsize) -> io::Result<Vec<TriedRule<'s>>> {
    let rules = group.rules;
    let compiled = &rules.compiled.rules;
    let limits = Limits::of(rules.profile);
    let made = in_order(
        compiled.len(),
        threads,
        || (),
        |(), index| Step::More(mutants(&compiled[index].pattern, &limits)),
    )?;
    let hunt = Hunt::new(rules, &made);
    in_order(
        group.events.len(),
        threads,
        || (Scratch::default(), CheckScratch::default()),
        |(scratch, checking), index| {
            hunt.event(group.events[index], scratch, checking);
            Step::More(())
        },
    )?;
    in_order(
        group.corpora.len(),
        threads,
        || (),
        |(), index| {
            hunt.corpus(group.corpora[index]);
            Step::More(())
        },
    )?;
    let mut killed = hunt.killed.into_iter().map(AtomicBool::into_inner);
    let tried = compiled.iter().zip(made).map(|(rule, mutants)| {
        let killed = killed.by_ref().take(mutants.mutants.len()).collect();
        TriedRule { rule, profile: rules.profile, mutants, killed }
    });
    Ok(tried.collect())
}

/// All mutants of the rules of a group, side by side.
struct Hunt<'h> {
    rules: &'h RulesUnderTest,
    mutants: Vec<PlacedMutant<'h>>,
    /// Of each rule, where its mutants begin; and the end of all.
    starts: Vec<usize>,
    /// The rules, then all mutants. As a set of rules without targets.
    all: RuleSet,
    killed: Vec<AtomicBool>,
}

struct PlacedMutant<'h> {
    rule: usize,
    mutant: &'h Mutant,
}

impl<'h> Hunt<'h> {
    fn new(rules: &'h RulesUnderTest, made: &'h [Mutants]) -> Hunt<'h> {
        let (mut starts, mut mutants) = (vec![0], Vec::new());
        for (rule, made) in made.iter().enumerate() {
            mutants.extend(made.mutants.iter().map(|mutant| PlacedMutant { rule, mutant }));
            starts.push(mutants.len());
        }
        let originals = rules.compiled.rules.iter().map(|rule| &rule.pattern);
        let patterns = originals.chain(mutants.iter().map(|placed| &placed.mutant.pattern));
        let all = RuleSet::of_patterns(Matcher::new(patterns, rules.profile));
        let killed = mutants.iter().map(|_| AtomicBool::new(false)).collect();
        Hunt { rules, mutants, starts, all, killed }
    }

    fn rules_len(&self) -> usize {
        self.starts.len() - 1
    }

    fn is_killed(&self, mutant: usize) -> bool {
        self.killed[mutant].load(Ordering::Relaxed)
    }

    fn kill(&self, mutant: usize) {
        self.killed[mutant].store(true, Ordering::Relaxed);
    }

    fn event(&self, case: &EventCase, scratch: &mut Scratch, checking: &mut CheckScratch) {
        // Nothing is known of an event that cannot be judged beside all mutants at once, so nothing is claimed.
        let Ok(matched) = self.all.matcher().matches(&case.event, scratch) else { return };
        let mut is_matched = vec![false; self.rules_len() + self.mutants.len()];
        matched.iter().for_each(|rule| is_matched[rule.0 as usize] = true);
        for (index, placed) in self.mutants.iter().enumerate() {
            let differs = is_matched[placed.rule] != is_matched[self.rules_len() + index];
            if differs && !self.is_killed(index) && self.notices(case, placed, checking) {
                self.kill(index);
            }
        }
    }

    /// Whether a case that passes fails with the mutant, which decides its event otherwise than the rule does.
    fn notices(&self, case: &EventCase, placed: &PlacedMutant<'_>, checking: &mut CheckScratch) -> bool {
        let rule = RuleIndex(placed.rule as u32);
        let is_expected = match &case.expect.rules {
            RulesExpected::Exactly(_) => true,
            RulesExpected::Among { at_least, never } => at_least.contains(&rule) || never.contains(&rule),
        };
        let fails = |checking: &mut CheckScratch| {
            let damaged = self.rules.with_pattern(rule, placed.mutant.pattern.clone());
            check(case, &damaged, checking) != Outcome::Passed
        };
        is_expected || fails(checking)
    }

    /// Counts what all mutants match of the corpus in one replay.
    fn corpus(&self, case: &super::case::CorpusCase) {
        let stop = Arc::new(AtomicBool::new(false));
        let (Ok(undamaged), Ok(all)) =
            (corpus::replayed(case, &self.rules.set, &stop), corpus::replayed(case, &self.all, &stop))
        else {
            return;
        };
        for (index, placed) in self.mutants.iter().enumerate().filter(|(index, _)| !self.is_killed(*index)) {
            let mut damaged = undamaged.clone();
            damaged.rules[placed.rule].matched = all.rules[self.rules_len() + index].matched;
            if !corpus::failures(case, &damaged).is_empty() {
                self.kill(index);
            }
        }
    }
}
