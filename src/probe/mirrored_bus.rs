//! The testbed of a run, as those see it who have to tell what a message means.

use std::collections::BTreeMap;

use crate::findings::CompiledRule;
use crate::probe::{BusArn, Destination, Foresight, Layout, MirrorIndex, PairIndex, Subject};

/// A layout on a bus, with what is looked up in it for each message. Does not change while a run lasts.
#[derive(Debug)]
pub struct MirroredBus {
    layout: Layout,
    bus: BusArn,
    foresight: Foresight,
    /// Of each delivery queue, the pairs that send to it.
    senders: Vec<Vec<PairIndex>>,
    rules_by_arn: BTreeMap<String, RuleOnBus>,
    queues_by_arn: BTreeMap<String, Destination>,
}

/// A rule of ours on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleOnBus {
    Mirror(MirrorIndex),
    CatchAll,
}

impl MirroredBus {
    /// The testbed that `layout`, which was made of `rules`, is on `bus`.
    pub fn new(layout: Layout, rules: &[CompiledRule], bus: BusArn) -> MirroredBus {
        let foresight = Foresight::new(&layout, rules, &bus);
        let queues_by_arn: BTreeMap<String, Destination> =
            layout.destinations().map(|queue| (bus.queue(&layout.queue_name(queue)), queue)).collect();
        let mirrors = layout.mirrors().iter().zip(0..);
        let mut rules_by_arn: BTreeMap<String, RuleOnBus> = mirrors
            .map(|(mirror, index)| (bus.rule(&mirror.name), RuleOnBus::Mirror(MirrorIndex(index))))
            .collect();
        rules_by_arn.insert(bus.rule(layout.catch_all_name()), RuleOnBus::CatchAll);
        let mut senders = Vec::new();
        for pair in (0..layout.pairs().len()).filter_map(|pair| u16::try_from(pair).ok().map(PairIndex)) {
            if let Destination::Deliveries(queue) = layout.pair(pair).1.destination {
                let queue = usize::from(queue);
                senders.resize_with(senders.len().max(queue + 1), Vec::new);
                senders[queue].push(pair);
            }
        }
        MirroredBus { layout, bus, foresight, senders, rules_by_arn, queues_by_arn }
    }

    /// What is on the bus.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The bus.
    pub fn bus(&self) -> &BusArn {
        &self.bus
    }

    /// What should become of events.
    pub fn foresight(&self) -> &Foresight {
        &self.foresight
    }

    /// The pairs that a message of a delivery queue can be of: the one that its message group names, or all that send
    /// to the queue.
    pub(super) fn candidates(&self, queue: u16, group: Option<&str>) -> Vec<PairIndex> {
        let senders = self.senders.get(usize::from(queue)).map(Vec::as_slice).unwrap_or_default();
        match group.and_then(PairIndex::of_group).filter(|pair| senders.contains(pair)) {
            Some(pair) => vec![pair],
            None => senders.to_vec(),
        }
    }

    pub(super) fn rule_of_arn(&self, arn: &str) -> Option<RuleOnBus> {
        self.rules_by_arn.get(arn).copied()
    }

    /// The target of a mirror that sends to the queue with this ARN.
    pub(super) fn target_of(&self, mirror: MirrorIndex, queue_arn: &str) -> Option<Subject> {
        let queue = self.queues_by_arn.get(queue_arn)?;
        let targets = &self.layout.mirror_at(mirror).targets;
        targets.iter().find(|target| target.destination == *queue).map(|target| target.subject)
    }

    /// The pair of that place among the targets of a mirror.
    pub(super) fn pair_at(&self, mirror: MirrorIndex, target: u16) -> Option<PairIndex> {
        let mirror = self.layout.mirrors().get(usize::from(mirror.0))?;
        match mirror.targets.get(usize::from(target))?.subject {
            Subject::Target { pair, .. } => Some(pair),
            Subject::Receipt => None,
        }
    }

    /// The mirror of a pair.
    pub(super) fn mirror_of(&self, pair: PairIndex) -> MirrorIndex {
        self.layout.pairs()[usize::from(pair.0)].0
    }
}
