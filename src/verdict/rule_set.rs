//! Rules that are ready to judge events.

use crate::matcher::{Matcher, RuleIndex};
use crate::transform::{Context, TargetInput};

/// The ingestion time where none is given: it is the moment in which EventBridge receives an event, which nobody
/// knows beforehand. Written as what it is, so that it cannot be taken for a time.
pub const UNKNOWN_INGESTION_TIME: &str = "${aws.events.event.ingestion-time}";

/// Rules that are ready to judge events: the matcher and, in its order, what becomes of what they match.
#[derive(Debug)]
pub struct RuleSet {
    matcher: Matcher,
    rules: Vec<RuleWithTargets>,
    ingestion_time: String,
}

/// A rule beside its pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleWithTargets {
    /// A name that no other rule of the set has, for reports.
    pub display_name: String,
    /// Its name, as templates insert it.
    pub name: String,
    /// Its ARN, as templates insert it; what is not known of it is written as `${...}`.
    pub arn: String,
    /// Where it sends events.
    pub targets: Vec<RuleTarget>,
}

/// A target of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTarget {
    /// Its id within the rule.
    pub id: String,
    /// How its body is made; `None` where that is not known before deployment. Such a target is taken to get
    /// its events.
    pub input: Option<TargetInput>,
}

/// The number of a target: its place among the targets of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetIndex(pub u32);

impl RuleSet {
    /// From a matcher and its rules in its order.
    pub fn new(matcher: Matcher, rules: Vec<RuleWithTargets>) -> RuleSet {
        assert_eq!(matcher.rules(), rules.len(), "each pattern has a rule");
        RuleSet { matcher, rules, ingestion_time: UNKNOWN_INGESTION_TIME.to_owned() }
    }

    /// From a matcher whose rules have neither names nor targets.
    pub fn of_patterns(matcher: Matcher) -> RuleSet {
        let nameless = RuleWithTargets {
            display_name: String::new(),
            name: String::new(),
            arn: String::new(),
            targets: Vec::new(),
        };
        let rules = vec![nameless; matcher.rules()];
        RuleSet::new(matcher, rules)
    }

    /// The same rules, with the time at which EventBridge is taken to receive all events.
    pub fn received_at(self, ingestion_time: String) -> RuleSet {
        RuleSet { ingestion_time, ..self }
    }

    /// The matcher.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The rules, in the matcher's order.
    pub fn rules(&self) -> &[RuleWithTargets] {
        &self.rules
    }

    /// The rule of this number.
    pub fn rule(&self, index: RuleIndex) -> &RuleWithTargets {
        &self.rules[index.0 as usize]
    }

    /// The target of this number of the rule of that number.
    pub fn target(&self, rule: RuleIndex, target: TargetIndex) -> &RuleTarget {
        &self.rule(rule).targets[target.0 as usize]
    }

    /// What reserved variables are worth for events of `rule`.
    pub(super) fn context<'r>(&'r self, rule: &'r RuleWithTargets) -> Context<'r> {
        Context { rule_arn: &rule.arn, rule_name: &rule.name, ingestion_time: &self.ingestion_time }
    }
}
