//! The rules of a layout as AWS is told them.

use super::testbed::Testbed;
use crate::probe::{BusArn, CATCH_ALL_PATTERN, Destination, Layout, MirrorInput, MirrorRule, QueueTarget};

/// A rule as it has to be on the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedRule<'t> {
    pub(super) name: &'t str,
    pub(super) pattern: &'t str,
    pub(super) description: String,
    pub(super) targets: Vec<QueueTarget>,
}

impl Testbed {
    /// All rules, the catch-all first.
    pub(super) fn wanted_rules(&self, bus: &BusArn) -> Vec<WantedRule<'_>> {
        let catch_all = WantedRule {
            name: self.layout.catch_all_name(),
            pattern: CATCH_ALL_PATTERN,
            description: "Ruleproof: a copy of every event".to_owned(),
            targets: vec![self.target(bus, "seen", Destination::Seen, &MirrorInput::WholeEvent, None)],
        };
        let mirrors = self.layout.mirrors().iter().map(|mirror| self.wanted_mirror(bus, mirror));
        std::iter::once(catch_all).chain(mirrors).collect()
    }

    fn wanted_mirror<'t>(&'t self, bus: &BusArn, mirror: &'t MirrorRule) -> WantedRule<'t> {
        let targets = mirror.targets.iter();
        WantedRule {
            name: &mirror.name,
            pattern: &mirror.pattern,
            description: description(&mirror.display_name),
            targets: targets
                .map(|target| {
                    let group = target.group.as_deref();
                    self.target(bus, &target.id, target.destination, &target.input, group)
                })
                .collect(),
        }
    }

    fn target(
        &self,
        bus: &BusArn,
        id: &str,
        destination: Destination,
        input: &MirrorInput,
        group: Option<&str>,
    ) -> QueueTarget {
        let arn = |destination| bus.queue(&self.layout.queue_name(destination));
        QueueTarget {
            id: id.to_owned(),
            arn: arn(destination),
            input: in_order(input),
            group: group.map(str::to_owned),
            dead_letter_arn: Some(arn(Destination::DeadLetters)),
            event_age_s_max: Some(Layout::EVENT_AGE_S_MAX),
        }
    }
}

/// AWS keeps the paths in no order; a target that it lists has to compare as equal.
fn in_order(input: &MirrorInput) -> MirrorInput {
    match input {
        MirrorInput::Transformer { paths, template } => {
            let mut paths = paths.clone();
            paths.sort();
            MirrorInput::Transformer { paths, template: template.clone() }
        }
        other => other.clone(),
    }
}

/// Longest description of a rule. Source: EventBridge API Reference, `PutRule`.
const DESCRIPTION_LEN_MAX: usize = 512;

fn description(rule: &str) -> String {
    format!("Ruleproof: the mirror of {rule}").chars().take(DESCRIPTION_LEN_MAX).collect()
}
