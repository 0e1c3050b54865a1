//! From an event as seen on the bus to what the mirrors should make of it.

use crate::findings::CompiledRule;
use crate::matcher::Matcher;
use crate::pattern::Profile;
use crate::probe::{BusArn, Layout, MirrorIndex, PairIndex, Subject};
use crate::transform::{DeliveryFailure, LogEventFault};
use crate::verdict::{
    Bodies, Delivery, Errored, EventError, JudgeScratch, Matches, RuleSet, RuleTarget, RuleWithTargets,
    Verdict, judge,
};

/// The mirrors, ready to judge events as they are seen on the bus.
#[derive(Debug)]
pub struct Foresight {
    rules: RuleSet,
    /// Of each mirror, the pairs of its targets.
    pairs: Vec<Vec<PairIndex>>,
}

/// What should become of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Foreseen {
    /// The mirrors that match, in ascending order.
    pub mirrors: Vec<MirrorIndex>,
    /// What arrives at their targets, in their order.
    pub pairs: Vec<ForeseenPair>,
}

/// What should arrive at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeseenPair {
    /// The target.
    pub pair: PairIndex,
    /// The mirror whose target it is.
    pub mirror: MirrorIndex,
    /// Where the body goes.
    pub expected: Expected,
    /// The body.
    pub body: Vec<u8>,
}

/// Where a body should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// To the target.
    Delivery,
    /// To the target's mirror, which is a queue; the target itself, a log group, would get no log event of it.
    NoLogEvent(LogEventFault),
    /// Into the dead-letter queue, as it is no JSON.
    DeadLetter,
    /// Nowhere, as it is empty.
    Nowhere,
}

impl Foresight {
    /// Compiles the mirrors of `layout`, which was made of `rules`, as they are on `bus`.
    pub fn new(layout: &Layout, rules: &[CompiledRule], bus: &BusArn) -> Foresight {
        let rule_of = |mirror: u16| &rules[usize::from(mirror)];
        let mut mirrors = Vec::new();
        let mut pairs = Vec::new();
        for mirror in layout.mirrors() {
            let (mut targets, mut own) = (Vec::new(), Vec::new());
            for target in &mirror.targets {
                let Subject::Target { target: place, pair } = target.subject else { continue };
                let written = &rule_of(mirror.rule).targets[usize::from(place)];
                targets.push(RuleTarget { id: target.id.clone(), input: written.input.clone() });
                own.push(pair);
            }
            let (display_name, name) = (mirror.display_name.clone(), mirror.name.clone());
            mirrors.push(RuleWithTargets { display_name, arn: bus.rule(&name), name, targets });
            pairs.push(own);
        }
        let patterns = layout.mirrors().iter().map(|mirror| &rule_of(mirror.rule).pattern);
        let rules = RuleSet::new(Matcher::new(patterns, Profile::Service), mirrors);
        Foresight { rules, pairs }
    }

    /// A scratch for [`Foresight::foresee`].
    pub fn scratch() -> JudgeScratch {
        JudgeScratch::keeping(Bodies::All)
    }

    /// What should become of an event that is on the bus as `seen`.
    ///
    /// # Errors
    /// The event cannot be judged here.
    pub fn foresee(&self, seen: &[u8], scratch: &mut JudgeScratch) -> Result<Foreseen, EventError> {
        match judge(&self.rules, seen, scratch).verdict {
            Verdict::Unmatched => Ok(Foreseen::default()),
            Verdict::Delivered(matches) | Verdict::Errored(Errored::Targets(matches)) => {
                Ok(self.foreseen(&matches))
            }
            Verdict::Errored(Errored::Event(error)) => Err(error),
        }
    }

    fn foreseen(&self, matches: &Matches<'_>) -> Foreseen {
        // Numbers of mirrors fit: the layout numbers them so.
        let mirrors = matches.rules.iter().filter_map(|rule| u16::try_from(rule.0).ok().map(MirrorIndex));
        let pairs = matches.deliveries().filter_map(|(delivery, body)| {
            let pair = self.pair_of(delivery)?;
            let mirror = MirrorIndex(u16::try_from(delivery.rule.0).ok()?);
            Some(ForeseenPair { pair, mirror, expected: expected(delivery.failure), body: body.to_vec() })
        });
        Foreseen { mirrors: mirrors.collect(), pairs: pairs.collect() }
    }

    fn pair_of(&self, delivery: &Delivery) -> Option<PairIndex> {
        self.pairs.get(delivery.rule.0 as usize)?.get(delivery.target.0 as usize).copied()
    }
}

fn expected(failure: Option<DeliveryFailure>) -> Expected {
    match failure {
        None => Expected::Delivery,
        Some(DeliveryFailure::InvalidJson) => Expected::DeadLetter,
        Some(DeliveryFailure::Empty) => Expected::Nowhere,
        Some(DeliveryFailure::NoLogEvent(fault)) => Expected::NoLogEvent(fault),
    }
}
