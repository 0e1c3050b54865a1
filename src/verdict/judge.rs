//! From an event to its verdict.

use std::ops::Range;

use super::code::Code;
use super::rule_set::{RuleSet, TargetIndex};
use crate::event::EventText;
use crate::matcher::{MatchError, RuleIndex, Scratch};
use crate::transform::{DeliveryFailure, RenderScratch, Rendered};

/// What becomes of one event, and its id.
#[derive(Debug, Clone)]
pub struct Judged<'s> {
    /// Its `id`, if ids are noted and it has one that is text.
    pub event_id: Option<&'s str>,
    /// What becomes of it.
    pub verdict: Verdict<'s>,
}

/// What becomes of one event.
#[derive(Debug, Clone)]
pub enum Verdict<'s> {
    /// At least one rule matches, and every target gets a valid body.
    Delivered(Matches<'s>),
    /// A valid event that no rule wants. Not an error.
    Unmatched,
    /// The event could not be judged, or a target does not get it.
    Errored(Errored<'s>),
}

impl Verdict<'_> {
    /// The verdict as results spell it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Verdict::Delivered(_) => "delivered",
            Verdict::Unmatched => "unmatched",
            Verdict::Errored(_) => "errored",
        }
    }
}

/// Why an event is errored.
#[derive(Debug, Clone)]
pub enum Errored<'s> {
    /// The event could not be judged.
    Event(EventError),
    /// Rules match, and at least one of their targets does not get the event.
    Targets(Matches<'s>),
}

/// Why an event could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError {
    /// Its kind.
    pub code: Code,
    /// The particulars, for a person.
    pub reason: String,
    /// The rule that cannot be decided, if it is one rule's matter.
    pub rule: Option<RuleIndex>,
}

/// The rules that match an event, and what their targets get.
#[derive(Debug, Clone, Copy)]
pub struct Matches<'s> {
    /// The rules, in ascending order, each once.
    pub rules: &'s [RuleIndex],
    deliveries: &'s [Delivery],
    bodies: &'s [u8],
}

/// What one target gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The rule.
    pub rule: RuleIndex,
    /// Its target.
    pub target: TargetIndex,
    /// Why the body is not delivered, if it is not.
    pub failure: Option<DeliveryFailure>,
    body: Range<usize>,
}

/// A target that does not get an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetFailure {
    /// The rule.
    pub rule: RuleIndex,
    /// Its target.
    pub target: TargetIndex,
    /// Why not.
    pub failure: DeliveryFailure,
}

impl<'s> Matches<'s> {
    /// What targets get, in the order of rules and targets: all of them if bodies are kept, else only those that
    /// get nothing valid.
    pub fn deliveries(&self) -> impl Iterator<Item = (&'s Delivery, &'s [u8])> + use<'s> {
        let bodies = self.bodies;
        self.deliveries.iter().map(move |delivery| (delivery, &bodies[delivery.body.clone()]))
    }

    /// The targets that do not get the event.
    pub fn failures(&self) -> impl Iterator<Item = TargetFailure> + use<'s> {
        self.deliveries.iter().filter_map(|delivery| {
            let Delivery { rule, target, failure, .. } = delivery;
            failure.map(|failure| TargetFailure { rule: *rule, target: *target, failure })
        })
    }
}

/// Whether somebody wants to see bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bodies {
    /// Only broken ones. What no event can break is not rendered at all.
    #[default]
    Broken,
    /// All of them.
    All,
}

/// What one thread needs to judge events; its memory is reused from event to event.
#[derive(Debug, Default)]
pub struct JudgeScratch {
    matching: Scratch,
    matched: Vec<RuleIndex>,
    delivering: DeliveryScratch,
}

/// Where deliveries go.
#[derive(Debug, Default)]
struct DeliveryScratch {
    rendering: RenderScratch,
    deliveries: Vec<Delivery>,
    bodies: Vec<u8>,
    wanted: Bodies,
}

impl JudgeScratch {
    /// A scratch that keeps the bodies that are wanted.
    pub fn keeping(wanted: Bodies) -> JudgeScratch {
        let delivering = DeliveryScratch { wanted, ..DeliveryScratch::default() };
        JudgeScratch { delivering, ..JudgeScratch::default() }
    }

    /// The rules that match the event that was judged last; none if it could not be judged.
    pub fn matched(&self) -> &[RuleIndex] {
        &self.matched
    }
}

/// Judges one event. The one way to a verdict: every driver goes through here.
pub fn judge<'s>(rules: &RuleSet, event: &'s [u8], scratch: &'s mut JudgeScratch) -> Judged<'s> {
    let JudgeScratch { matching, matched, delivering } = scratch;
    matched.clear();
    match rules.matcher().matches(event, matching) {
        Ok(found) => matched.extend_from_slice(found),
        Err(error) => {
            let verdict = Verdict::Errored(Errored::Event(EventError::from(error)));
            return Judged { event_id: None, verdict };
        }
    }
    let verdict = delivered(rules, EventText::matched(event), matched, delivering);
    Judged { event_id: rules.matcher().event_id(event, matching), verdict }
}

/// What becomes of `event` if exactly the rules `matched` match it, in ascending order: for whoever asks what another
/// pattern of one rule would change, and should not have to compile all rules anew for it.
pub fn judge_as_matched<'s>(
    rules: &RuleSet,
    event: EventText<'_>,
    matched: &'s [RuleIndex],
    scratch: &'s mut JudgeScratch,
) -> Verdict<'s> {
    delivered(rules, event, matched, &mut scratch.delivering)
}

fn delivered<'s>(
    rules: &RuleSet,
    event: EventText<'_>,
    matched: &'s [RuleIndex],
    scratch: &'s mut DeliveryScratch,
) -> Verdict<'s> {
    scratch.deliveries.clear();
    scratch.bodies.clear();
    matched.iter().for_each(|rule| deliver(rules, *rule, event, scratch));
    let matches = Matches { rules: matched, deliveries: &scratch.deliveries, bodies: &scratch.bodies };
    match matched {
        [] => Verdict::Unmatched,
        _ if matches.failures().next().is_some() => Verdict::Errored(Errored::Targets(matches)),
        _ => Verdict::Delivered(matches),
    }
}

/// Renders what the targets of `rule` get of `event`, as far as it is known and wanted.
fn deliver(rules: &RuleSet, index: RuleIndex, event: EventText<'_>, out: &mut DeliveryScratch) {
    let rule = rules.rule(index);
    for (target, place) in rule.targets.iter().zip(0..) {
        let Some(input) = &target.input else { continue };
        if out.wanted == Bodies::Broken && !input.can_fail() {
            continue;
        }
        let start = out.bodies.len();
        let rendered = input.render(event, &rules.context(rule), &mut out.rendering, &mut out.bodies);
        let failure = match rendered {
            Rendered::Valid => None,
            Rendered::Failed(failure) => Some(failure),
        };
        if failure.is_none() && out.wanted == Bodies::Broken {
            out.bodies.truncate(start);
            continue;
        }
        let body = start..out.bodies.len();
        out.deliveries.push(Delivery { rule: index, target: TargetIndex(place), failure, body });
    }
}

impl From<MatchError> for EventError {
    fn from(error: MatchError) -> EventError {
        let code = match error {
            MatchError::Syntax(_) => Code::InvalidEventJson,
            MatchError::NotAnObject { .. } => Code::EventNotAnObject,
            MatchError::TooLarge { .. } => Code::EventTooLarge,
            MatchError::TooManyChoices { .. } => Code::ArraysTooComplex,
        };
        let rule = match error {
            MatchError::TooManyChoices { rule, .. } => Some(RuleIndex(rule)),
            _ => None,
        };
        EventError { code, reason: error.to_string(), rule }
    }
}
