//! Checks of pairs of rules on one bus.

use std::collections::{BTreeMap, HashMap};

use super::context::LintedRule;
use crate::analysis::relations::{EventShape, Proof, Relations};
use crate::analysis::synthesis::event_for_alternative;
use crate::findings::{Finding, FindingCode};
use crate::matcher::{Matcher, Scratch};
use crate::pattern::{Limits, Pattern};
use crate::rules::{Resolved, Target};

/// Events that are made for one rule to find those that may contain it.
const PROBES_MAX: usize = 3;

/// Pairs of patterns that are compared on one bus. On a bus of 300 rules there are hardly as many.
const PAIRS_MAX: usize = 100_000;

/// Rules that are named in one finding.
const NAMED_MAX: usize = 3;

/// Adds what there is to say about pairs of rules.
pub(super) fn check(rules: &[LintedRule], limits: &Limits, findings: &mut Vec<Finding>) {
    let mut buses: BTreeMap<&str, Vec<&LintedRule>> = BTreeMap::new();
    // A rule that matches nothing is contained in every other one, of which nobody needs to be told.
    let compared =
        |rule: &&LintedRule| rule.listens() && rule.never.is_none() && rule.shape() == EventShape::Envelope;
    for rule in rules.iter().filter(compared) {
        buses.entry(rule.rule.bus.as_str()).or_default().push(rule);
    }
    for (bus, rules) in buses {
        let mut on_bus = OnBus::new(&rules, limits);
        on_bus.check(findings);
        if on_bus.left_out > 0 {
            let message = format!("{} pairs of rules on bus `{bus}` were not compared", on_bus.left_out);
            findings.push(Finding::new(
                FindingCode::PairsNotCompared,
                FindingCode::PairsNotCompared.severity(),
                message,
            ));
        }
    }
}

/// The rules of a bus; those that are written alike are one.
struct OnBus<'a> {
    /// Of each distinct pattern, the rules that have it, in order.
    groups: Vec<Vec<&'a LintedRule>>,
    patterns: Vec<&'a Pattern>,
    limits: &'a Limits,
    relations: Relations,
    compared: usize,
    left_out: usize,
}

impl<'a> OnBus<'a> {
    fn new(rules: &[&'a LintedRule], limits: &'a Limits) -> OnBus<'a> {
        let mut groups: Vec<Vec<&LintedRule>> = Vec::new();
        let mut patterns: Vec<&Pattern> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for rule in rules {
            let Some(pattern) = &rule.pattern else { continue };
            let group = *known.entry(pattern.to_string()).or_insert_with(|| {
                groups.push(Vec::new());
                patterns.push(pattern);
                groups.len() - 1
            });
            groups[group].push(rule);
        }
        let relations = Relations::new(EventShape::Envelope, limits.profile);
        OnBus { groups, patterns, limits, relations, compared: 0, left_out: 0 }
    }

    fn check(&mut self, findings: &mut Vec<Finding>) {
        for group in &self.groups {
            for (at, rule) in group.iter().enumerate().skip(1) {
                equal(rule, &group[..at], findings);
            }
        }
        let matcher = Matcher::new(self.patterns.iter().copied(), self.limits.profile);
        let mut scratch = Scratch::default();
        let everything: Vec<bool> = (0..self.patterns.len())
            .map(|at| self.relations.matches_everything(self.patterns[at]) == Proof::Certain)
            .collect();
        for narrow in 0..self.groups.len() {
            let wider = self.wider(narrow, &matcher, &mut scratch);
            let (equals, containing): (Vec<usize>, Vec<usize>) = wider.into_iter().partition(|wide| {
                self.relations.contains(self.patterns[narrow], self.patterns[*wide]) == Proof::Certain
            });
            let rules_of = |groups: &[usize]| -> Vec<&LintedRule> {
                groups.iter().flat_map(|group| self.groups[*group].iter().copied()).collect()
            };
            // Of two equal ones, the later is told.
            let equals: Vec<usize> = equals.into_iter().filter(|other| *other < narrow).collect();
            let (telling, silent): (Vec<usize>, Vec<usize>) =
                containing.into_iter().partition(|wide| !everything[*wide]);
            for rule in &self.groups[narrow] {
                equal(rule, &rules_of(&equals), findings);
                contained(rule, &rules_of(&telling), &rules_of(&silent), findings);
            }
        }
    }

    /// The patterns, besides its own, that certainly contain pattern `narrow`: some of those that match events made
    /// for it.
    fn wider(&mut self, narrow: usize, matcher: &Matcher, scratch: &mut Scratch) -> Vec<usize> {
        let pattern = self.patterns[narrow];
        let mut candidates: Option<Vec<usize>> = None;
        for alternative in pattern.alternatives().iter().take(PROBES_MAX) {
            let Some(event) = event_for_alternative(pattern, alternative, self.limits.profile) else {
                continue;
            };
            let matched = matcher.matches(event.as_bytes(), scratch).unwrap_or_default();
            let matched = matched.iter().map(|rule| rule.0 as usize).filter(|rule| *rule != narrow);
            candidates = Some(match candidates {
                None => matched.collect(),
                Some(before) => matched.filter(|rule| before.contains(rule)).collect(),
            });
        }
        let candidates = candidates.unwrap_or_default();
        let room = PAIRS_MAX.saturating_sub(self.compared).min(candidates.len());
        self.compared += room;
        self.left_out += candidates.len() - room;
        let certain = |wide: &usize| self.relations.contains(self.patterns[*wide], pattern) == Proof::Certain;
        candidates.into_iter().take(room).filter(certain).collect()
    }
}

/// `rule` matches the same events as `others`.
fn equal(rule: &LintedRule, others: &[&LintedRule], findings: &mut Vec<Finding>) {
    if others.is_empty() {
        return;
    }
    let doubled = doubled(rule, others, "every event that it matches", findings);
    if !doubled {
        let message = format!("it matches the same events as {}", named(others));
        findings.push(rule.finding(FindingCode::RulesEqual, message));
    }
}

/// All that `rule` matches is matched by `wider`, and by `silent`, which match everything and of which nobody needs to
/// be told.
fn contained(rule: &LintedRule, wider: &[&LintedRule], silent: &[&LintedRule], findings: &mut Vec<Finding>) {
    let all: Vec<&LintedRule> = wider.iter().chain(silent).copied().collect();
    let doubled = doubled(rule, &all, "every event that it matches", findings);
    if !doubled && !wider.is_empty() {
        let verb = if wider.len() == 1 { "matches" } else { "match" };
        let message = format!("whatever it matches, {} {verb} too", named(wider));
        findings.push(rule.finding(FindingCode::RuleContained, message));
    }
}

/// Tells of each target of `rule` that gets the same body from one of `others` too.
fn doubled(rule: &LintedRule, others: &[&LintedRule], what: &str, findings: &mut Vec<Finding>) -> bool {
    let mut found = false;
    for target in &rule.rule.targets {
        let also: Vec<&LintedRule> = others
            .iter()
            .copied()
            .filter(|other| {
                other.rule.targets.iter().any(|theirs| is_same_delivery(rule, target, other, theirs))
            })
            .collect();
        if !also.is_empty() {
            let message = format!("the target gets {what} from {} as well", named(&also));
            findings.push(rule.target_finding(target, FindingCode::DeliveryDoubled, message));
            found = true;
        }
    }
    found
}

fn is_same_delivery(rule: &LintedRule, target: &Target, other: &LintedRule, theirs: &Target) -> bool {
    let same_resource = match (&target.arn, &theirs.arn) {
        (Resolved::Known(arn), Resolved::Known(other)) => arn == other,
        // What is open means the same thing only within one file.
        (Resolved::Unknown(open), Resolved::Unknown(other_open)) => {
            open.written == other_open.written && rule.rule.place.file == other.rule.place.file
        }
        _ => false,
    };
    same_resource && target.inputs == theirs.inputs
}

/// `rule a`, `rules a and b`, `rules a, b and c`, `rules a, b, c and 4 more`.
fn named(rules: &[&LintedRule]) -> String {
    let names: Vec<&str> = rules.iter().take(NAMED_MAX).map(|rule| &*rule.rule.display_name).collect();
    match (names.as_slice(), rules.len()) {
        ([only], 1) => format!("rule {only}"),
        ([before @ .., last], count) if count == names.len() => {
            format!("rules {} and {last}", before.join(", "))
        }
        (names, count) => format!("rules {} and {} more", names.join(", "), count - names.len()),
    }
}
