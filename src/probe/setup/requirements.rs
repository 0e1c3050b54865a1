//! What has to hold before anything is made.

use super::inventory::Inventory;
use super::marks::TEST_BUS_TAG;
use super::problem::SetupProblem;
use super::quotas::Quotas;
use super::testbed::Testbed;
use crate::findings::CompiledRule;
use crate::pattern::{Limits, Pattern};
use crate::probe::BusArn;
use crate::rules::BusName;

/// Which buses may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusChoice {
    /// Those that are made for it, or tagged for it.
    TestBuses,
    /// Any, as the user insists.
    AnyBus,
}

/// Which quotas hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaChoice {
    /// Those that every account has.
    Usual,
    /// Higher ones, which AWS knows.
    Raised,
}

impl Testbed {
    /// What of the rules themselves is in the way; `rules` are those that the layout was made of. Needs no AWS.
    pub fn problems_of_rules(
        &self,
        rules: &[CompiledRule],
        quotas: &Quotas,
        choice: QuotaChoice,
    ) -> Vec<SetupProblem> {
        let mut problems = Vec::new();
        if rules.is_empty() {
            problems.push(SetupProblem::NoRules);
        }
        if choice == QuotaChoice::Usual {
            let chars = |rule: &&CompiledRule| {
                rule.rule.trigger.pattern().map_or(0, |text| text.json().chars().count())
            };
            let too_long = rules.iter().filter(|rule| chars(rule) > Quotas::PATTERN_CHARS);
            problems.extend(too_long.map(|rule| SetupProblem::PatternTooLong {
                rule: rule.rule.display_name.to_string(),
                chars: chars(&rule),
                most: Quotas::PATTERN_CHARS,
            }));
        }
        problems.extend(self.too_many_rules(0, quotas, choice));
        problems.extend(self.too_many_wildcards(rules, 0));
        problems
    }

    /// What of the place is in the way.
    pub fn problems_of_place(
        &self,
        rules: &[CompiledRule],
        inventory: &Inventory,
        quotas: &Quotas,
        choice: (BusChoice, QuotaChoice),
    ) -> Vec<SetupProblem> {
        let mut problems: Vec<SetupProblem> = self.refusal(inventory, choice.0).into_iter().collect();
        if let Some((bus, _)) = inventory.bus.as_ref().filter(|(bus, _)| BusArn::parse(&bus.arn).is_none()) {
            problems.push(SetupProblem::StrangeArn { arn: bus.arn.clone() });
        }
        let planned_rules: Vec<&str> = self.rule_names().collect();
        let foreign = inventory.other_rules.iter().filter(|rule| planned_rules.contains(&rule.name.as_str()));
        problems.extend(foreign.map(|rule| SetupProblem::ForeignRule { name: rule.name.clone() }));
        let planned_queues: Vec<String> = self.queue_names().collect();
        let foreign = inventory.other_queues.iter().map(|queue| queue.name().to_owned());
        problems.extend(
            foreign
                .filter(|name| planned_queues.contains(name))
                .map(|name| SetupProblem::ForeignQueue { name }),
        );
        let others = &inventory.other_rules;
        if !others.is_empty() {
            problems.extend(self.too_many_rules(others.len(), quotas, choice.1));
            let with_wildcards =
                others.iter().filter(|rule| rule.pattern.as_deref().is_some_and(has_wildcard));
            problems.extend(self.too_many_wildcards(rules, with_wildcards.count()));
        }
        problems
    }

    fn refusal(&self, inventory: &Inventory, choice: BusChoice) -> Option<SetupProblem> {
        let (_, tags) = inventory.bus.as_ref().filter(|_| choice == BusChoice::TestBuses)?;
        if *self.bus() == BusName::default() {
            return Some(SetupProblem::DefaultBus);
        }
        let for_testing = inventory.bus_is_ours() || tags.contains_key(TEST_BUS_TAG);
        (!for_testing).then(|| SetupProblem::NotForTesting { bus: self.bus().clone() })
    }

    fn too_many_rules(&self, others: usize, quotas: &Quotas, choice: QuotaChoice) -> Option<SetupProblem> {
        let (mirrors, most) = (self.layout.mirrors().len(), quotas.rules_per_bus);
        let fits = mirrors + 1 + others <= most || choice == QuotaChoice::Raised;
        (!fits).then_some(SetupProblem::TooManyRules { mirrors, others, most })
    }

    fn too_many_wildcards(&self, rules: &[CompiledRule], others: usize) -> Option<SetupProblem> {
        let with_wildcard =
            |rule: u16| rules.get(usize::from(rule)).is_some_and(|rule| rule.pattern.has_wildcard());
        let mirrors = self.layout.mirrors().iter().filter(|mirror| with_wildcard(mirror.rule)).count();
        let most = Quotas::WILDCARD_RULES_MAX;
        (mirrors > 0 && mirrors + others > most).then_some(SetupProblem::TooManyWildcards {
            mirrors,
            others,
            most,
        })
    }

    /// The names of all rules that have to be there.
    pub(super) fn rule_names(&self) -> impl Iterator<Item = &str> {
        let mirrors = self.layout.mirrors().iter().map(|mirror| mirror.name.as_str());
        std::iter::once(self.layout.catch_all_name()).chain(mirrors)
    }

    /// The names of all queues that have to be there.
    pub(super) fn queue_names(&self) -> impl Iterator<Item = String> {
        self.layout.destinations().map(|destination| self.layout.queue_name(destination))
    }
}

/// Whether the pattern of somebody else's rule counts. What AWS took, we can read.
fn has_wildcard(pattern: &str) -> bool {
    Pattern::parse(pattern.as_bytes(), &Limits::engine()).is_ok_and(|pattern| pattern.has_wildcard())
}
