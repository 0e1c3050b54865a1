//! From names to rules and targets.

use std::collections::HashMap;

use super::case::RulesUnderTest;
use super::format::{
    BodyExpected, CorpusExpectation, Expectation, Miss, Placed, RulesExpected, SuiteProblemKind, WrittenBody,
};
use crate::findings::FindingCode;
use crate::json::Place;
use crate::matcher::RuleIndex;
use crate::pattern::nearest;
use crate::verdict::TargetIndex;

/// The names of rules: those that reports give them, which are unique, and their own.
pub(super) struct Names<'r> {
    rules: &'r RulesUnderTest,
    by_display_name: HashMap<&'r str, RuleIndex>,
    by_name: HashMap<&'r str, Vec<RuleIndex>>,
    /// Rules that match no event, and why.
    silent: HashMap<&'r str, &'static str>,
}

type Problems = Vec<(Place, SuiteProblemKind)>;

impl<'r> Names<'r> {
    pub(super) fn new(rules: &'r RulesUnderTest) -> Names<'r> {
        let mut by_display_name = HashMap::new();
        let mut by_name: HashMap<&str, Vec<RuleIndex>> = HashMap::new();
        for (rule, index) in rules.set.rules().iter().zip(0..) {
            by_display_name.insert(rule.display_name.as_str(), RuleIndex(index));
            by_name.entry(rule.name.as_str()).or_default().push(RuleIndex(index));
        }
        let silent = rules.compiled.findings.iter().filter_map(|finding| {
            let why = match finding.code {
                FindingCode::RuleOnSchedule => "runs on a schedule",
                FindingCode::RuleDisabled => "is disabled",
                _ => return None,
            };
            Some((finding.subject.rule.as_deref()?, why))
        });
        Names { rules, by_display_name, by_name, silent: silent.collect() }
    }

    fn rule(&self, name: &Placed<String>, problems: &mut Problems) -> Option<RuleIndex> {
        if let Some(rule) = self.by_display_name.get(name.value.as_str()) {
            return Some(*rule);
        }
        let found = self.by_name.get(name.value.as_str()).map_or(&[][..], Vec::as_slice);
        let (name, place) = (name.value.clone(), name.place);
        let problem = match found {
            [only] => return Some(*only),
            [] => match self.silent.get(name.as_str()) {
                Some(why) => SuiteProblemKind::SilentRule { name, why },
                None => SuiteProblemKind::UnknownRule { nearest: self.nearest(&name), name },
            },
            several => {
                let known = several.iter().map(|rule| self.rules.name(*rule).to_owned()).collect();
                SuiteProblemKind::SeveralRules { name, known }
            }
        };
        problems.push((place, problem));
        None
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let known: Vec<&str> = self.rules.set.rules().iter().map(|rule| rule.display_name.as_str()).collect();
        nearest(name, &known).map(str::to_owned)
    }

    fn rules(&self, names: &[Placed<String>], problems: &mut Problems) -> Vec<RuleIndex> {
        let mut rules: Vec<RuleIndex> = names.iter().filter_map(|name| self.rule(name, problems)).collect();
        rules.sort_unstable();
        rules
    }

    fn target(&self, rule: RuleIndex, name: &Placed<String>, problems: &mut Problems) -> Option<TargetIndex> {
        let targets = &self.rules.set.rule(rule).targets;
        let rule_name = self.rules.name(rule).to_owned();
        let found = targets.iter().zip(0..).find(|(target, _)| target.id == name.value);
        let target = name.value.clone();
        let problem = match found {
            Some((found, index)) if found.input.is_some() => return Some(TargetIndex(index)),
            Some(_) => SuiteProblemKind::UnknownBody { rule: rule_name, target },
            None => {
                let known = targets.iter().map(|target| target.id.clone()).collect();
                SuiteProblemKind::UnknownTarget { rule: rule_name, target, known }
            }
        };
        problems.push((name.place, problem));
        None
    }

    /// The expectation with rules and targets instead of their names; what bodies are compared with stays.
    pub(super) fn expectation<'e>(
        &self,
        written: &'e Expectation<Placed<String>, Placed<String>, WrittenBody>,
        problems: &mut Problems,
    ) -> Expectation<RuleIndex, TargetIndex, &'e WrittenBody> {
        let rules = match &written.rules {
            RulesExpected::Exactly(names) => RulesExpected::Exactly(self.rules(names, problems)),
            RulesExpected::Among { at_least, never } => RulesExpected::Among {
                at_least: self.rules(at_least, problems),
                never: self.rules(never, problems),
            },
        };
        let mut because = Vec::new();
        for miss in &written.because {
            if let Some(rule) = self.rule(&miss.rule, problems) {
                because.push(Miss { rule, path: miss.path.clone(), found: miss.found.clone() });
            }
        }
        let mut bodies = Vec::new();
        let mut last_rule: Option<(&Placed<String>, Option<RuleIndex>)> = None;
        for body in &written.bodies {
            // The targets of one rule stand together, and its name is wrong once.
            let rule = match last_rule {
                Some((name, rule)) if *name == body.rule => rule,
                _ => self.rule(&body.rule, problems),
            };
            last_rule = Some((&body.rule, rule));
            let Some(rule) = rule else { continue };
            if let Some(target) = self.target(rule, &body.target, problems) {
                bodies.push(BodyExpected { rule, target, body: &body.body });
            }
        }
        Expectation { rules, because, verdict: written.verdict, bodies }
    }

    pub(super) fn corpus(
        &self,
        written: &CorpusExpectation<Placed<String>>,
        problems: &mut Problems,
    ) -> CorpusExpectation<RuleIndex> {
        let rules = written.rules.iter().filter_map(|(name, amount)| {
            let rule = self.rule(name, problems)?;
            Some((rule, amount.clone()))
        });
        let rules = rules.collect();
        CorpusExpectation { rules, others: written.others, errored: written.errored.clone() }
    }
}
