//! Whether tests notice damage to the patterns of their rules.
//!
//! One matcher holds all damaged patterns of all rules beside the undamaged ones, so that each event of the tests is
//! scanned once, however many there are. Where a damaged pattern decides an event as the undamaged one does, its test
//! cannot notice; only where the two differ is a test asked again, with the rules that would match. Nothing is compiled
//! for that: damaged patterns of one rule that decide an event alike differ for its test only if it asks for reasons.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::case::Suite;
use super::case::{CorpusCase, EventCase, RulesUnderTest};
use super::check::{CheckScratch, check_damaged};
use super::corpus;
use super::failure::Outcome;
use super::groups::{Group, MeasureOptions, RuleIdentity, groups};
use super::parallel::all_in_order;
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
/// All cases have to pass with the undamaged rules. `None` if somebody stopped it: what a part of the tests notices
/// says nothing.
///
/// # Errors
/// The system gives no thread.
pub fn mutation(suites: &[Suite], options: &MeasureOptions<'_>) -> io::Result<Option<MutationReport>> {
    let mut tried: Vec<TriedRule<'_>> = Vec::new();
    let mut known: HashMap<RuleIdentity, usize> = HashMap::new();
    let groups = groups(suites, options.selected);
    for group in &groups {
        let Some(rules) = tried_rules(group, options)? else { return Ok(None) };
        for rule in rules {
            let place = *known.entry(RuleIdentity::of(&rule.rule.rule)).or_insert(tried.len());
            match tried.get_mut(place) {
                // With other parameters its mutants may be others.
                Some(known) if known.is_like(&rule) => known.merge(&rule),
                _ => tried.push(rule),
            }
        }
    }
    let outcome = |(): &mut (), index: usize| tried[index].outcome(options.stop);
    let rules = all_in_order(tried.len(), options.threads, options.stop, || (), outcome)?;
    Ok(rules.map(|rules| MutationReport { rules }))
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

    /// What is said of the rule; of no interest to anybody once `stop` is set.
    fn outcome(&self, stop: &AtomicBool) -> RuleMutation {
        let unnoticed = self.mutants.mutants.iter().zip(&self.killed).filter(|(_, killed)| !**killed);
        let mut survivors = Vec::new();
        let mut presumed_equal = 0;
        for (mutant, _) in unnoticed.take_while(|_| !stop.load(Ordering::Relaxed)) {
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

/// The rules of a group with what its tests notice; `None` if somebody stopped it.
fn tried_rules<'s>(
    group: &Group<'s>,
    options: &MeasureOptions<'_>,
) -> io::Result<Option<Vec<TriedRule<'s>>>> {
    let MeasureOptions { threads, stop, .. } = *options;
    let rules = group.rules;
    let compiled = &rules.compiled.rules;
    let limits = Limits::of(rules.profile);
    let damaged = |(): &mut (), index: usize| mutants(&compiled[index].pattern, &limits);
    let Some(made) = all_in_order(compiled.len(), threads, stop, || (), damaged)? else { return Ok(None) };
    let hunt = Hunt::new(rules, &made);
    let scratch = || (Scratch::default(), CheckScratch::default());
    let event = |(scratch, checking): &mut (Scratch, CheckScratch), index: usize| {
        hunt.event(group.events[index], scratch, checking);
    };
    let events = all_in_order(group.events.len(), threads, stop, scratch, event)?;
    let corpus = |(): &mut (), index: usize| hunt.corpus(group.corpora[index], stop);
    let corpora = all_in_order(group.corpora.len(), threads, stop, || (), corpus)?;
    if events.is_none() || corpora.is_none() {
        return Ok(None);
    }
    let mut killed = hunt.killed.into_iter().map(AtomicBool::into_inner);
    let tried = compiled.iter().zip(made).map(|(rule, mutants)| {
        let killed = killed.by_ref().take(mutants.mutants.len()).collect();
        TriedRule { rule, profile: rules.profile, mutants, killed }
    });
    Ok(Some(tried.collect()))
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
        let begin = matched.partition_point(|index| (index.0 as usize) < self.rules_len());
        let (rules, mutants) = matched.split_at(begin);
        let mutants: Vec<usize> = mutants.iter().map(|index| index.0 as usize - self.rules_len()).collect();
        for rule in rules {
            let of_rule = self.starts[rule.0 as usize]..self.starts[rule.0 as usize + 1];
            let lost = of_rule.filter(|mutant| mutants.binary_search(mutant).is_err());
            let others: Vec<RuleIndex> = rules.iter().copied().filter(|other| other != rule).collect();
            self.differing(case, *rule, lost, &others, checking);
        }
        for gained in mutants.chunk_by(|a, b| self.mutants[*a].rule == self.mutants[*b].rule) {
            let rule = RuleIndex(self.mutants[gained[0]].rule as u32);
            let Err(place) = rules.binary_search(&rule) else { continue };
            let more = [&rules[..place], &[rule], &rules[place..]].concat();
            self.differing(case, rule, gained.iter().copied(), &more, checking);
        }
    }

    /// Kills those of the `mutants` of `rule`, each of which makes exactly the rules `matched` match the event of the
    /// case, that the case notices: it passes without them, and fails with them.
    fn differing(
        &self,
        case: &EventCase,
        rule: RuleIndex,
        mutants: impl Iterator<Item = usize>,
        matched: &[RuleIndex],
        checking: &mut CheckScratch,
    ) {
        let asks_reason = case.expect.because.iter().any(|miss| miss.rule == rule);
        let mut noticed = None;
        for index in mutants.filter(|index| !self.is_killed(*index)) {
            let mut notices = || {
                let damaged = (rule, &self.mutants[index].mutant.pattern);
                check_damaged(case, self.rules, damaged, matched, checking) != Outcome::Passed
            };
            let notices = if asks_reason { notices() } else { *noticed.get_or_insert_with(notices) };
            if notices {
                self.kill(index);
            }
        }
    }

    /// Counts what all mutants match of the corpus in one replay.
    fn corpus(&self, case: &CorpusCase, stop: &Arc<AtomicBool>) {
        let (Ok(undamaged), Ok(all)) =
            (corpus::replayed(case, &self.rules.set, stop), corpus::replayed(case, &self.all, stop))
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
