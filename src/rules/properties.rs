//! The properties of one rule, whoever wrote them, as a [`Rule`].

use std::sync::Arc;

use super::cloudformation::Evaluator;
use super::parameters::Given;
use super::pattern_text::{LocatedText, PatternText};
use super::problem::{RuleNote, RuleNoteKind, RuleProblem, RuleProblemKind};
use super::render;
use super::target_list::TargetList;
use super::tree::{Node, SourceFile, Value};
use super::{
    BusName, Resolved, Rule, RuleName, RuleState, SourceKind, SourcePlace, Target, Trigger, Unknown, rule,
};
use crate::json::Place;

/// Everything found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) rules: Vec<Rule>,
    pub(super) target_lists: Vec<TargetList>,
    pub(super) problems: Vec<RuleProblem>,
    pub(super) notes: Vec<RuleNote>,
}

/// Reads the rules of one file.
pub(super) struct Reader<'a> {
    pub(super) source: &'a SourceFile,
    pub(super) given: &'a Given<'a>,
    pub(super) findings: &'a mut Findings,
}

/// Problems of one rule; any of them keeps the rule from being loaded.
pub(super) type Problems = Vec<(Place, RuleProblemKind)>;

/// The properties of a rule with their intrinsic functions resolved, and what stands around them.
pub(super) struct Draft<'a> {
    pub(super) properties: &'a Node,
    pub(super) names: PropertyNames,
    /// What serves as name if none is given: the logical id.
    pub(super) fallback_name: Option<&'a str>,
    pub(super) source_kind: SourceKind,
    /// What its owner says to tools, where there is a place for it.
    pub(super) metadata: Option<&'a Node>,
    pub(super) place: Place,
}

/// The codes of findings that `Ruleproof: {allow: [...]}` lists; one alone may stand without a list.
fn allowed(metadata: Option<&Node>) -> Vec<String> {
    let ours = metadata.and_then(|metadata| metadata.get("Ruleproof"));
    let Some(allow) = ours.and_then(|ours| ours.get("allow").or_else(|| ours.get("Allow"))) else {
        return Vec::new();
    };
    let listed = allow.elements().unwrap_or(std::slice::from_ref(allow));
    listed.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

/// SAM calls some properties by other names.
#[derive(Debug, Clone, Copy)]
pub(super) struct PropertyNames {
    pub(super) name: &'static str,
    pub(super) pattern: &'static str,
    pub(super) schedule: &'static str,
}

impl PropertyNames {
    /// As in the API, `AWS::Events::Rule` and our own files.
    pub(super) const API: PropertyNames =
        PropertyNames { name: "Name", pattern: "EventPattern", schedule: "ScheduleExpression" };
}

impl Reader<'_> {
    /// Adds the rule of `draft`, or the problems that keep it out. `more_targets` gives the targets that are
    /// not written among the properties.
    pub(super) fn rule(
        &mut self,
        draft: &Draft<'_>,
        evaluator: &Evaluator<'_>,
        more_targets: impl FnOnce(&Self, &mut Problems) -> Vec<Target>,
    ) {
        let mut problems = Problems::new();
        let name = self.name(draft, &mut problems);
        let label = name.as_ref().map(RuleName::to_string);
        let bus = self.bus(draft, evaluator, label.as_deref().unwrap_or("?"), &mut problems);
        let state = self.state(draft, label.as_deref().unwrap_or("?"), &mut problems);
        let trigger = self.trigger(draft, &mut problems);
        let description = self.written(draft.properties, "Description", &mut problems);
        let managed_by = self.written(draft.properties, "ManagedBy", &mut problems);
        let mut targets = self.targets(draft.properties, &mut problems);
        targets.extend(more_targets(self, &mut problems));
        match (name, trigger) {
            (Some(name), Some(trigger)) if problems.is_empty() => self.findings.rules.push(Rule {
                arn: self.arn(draft.properties, &bus, &name),
                name,
                display_name: Box::default(),
                bus,
                state,
                trigger,
                description,
                targets,
                managed_by,
                allowed: allowed(draft.metadata),
                source_kind: draft.source_kind,
                place: self.source_place(draft.place),
            }),
            _ => self.problems(label, problems),
        }
    }

    /// Reports `problems`, of a rule if it has a name.
    pub(super) fn problems(&mut self, rule: Option<String>, problems: Problems) {
        let file = &self.source.path;
        self.findings.problems.extend(problems.into_iter().map(|(place, kind)| RuleProblem {
            file: Arc::clone(file),
            place: Some(place),
            rule: rule.clone(),
            kind,
        }));
    }

    /// Reports something worth knowing.
    pub(super) fn note(&mut self, place: Place, kind: RuleNoteKind) {
        let file = Arc::clone(&self.source.path);
        self.findings.notes.push(RuleNote { file, place: Some(place), kind });
    }

    /// `place` in the file that is being read.
    pub(super) fn source_place(&self, place: Place) -> SourcePlace {
        SourcePlace { file: Arc::clone(&self.source.path), place }
    }

    /// A property that holds a text.
    pub(super) fn text(
        &self,
        properties: &Node,
        property: &str,
        problems: &mut Problems,
    ) -> Option<Resolved<String>> {
        let known = |text: LocatedText| text.as_str().to_owned();
        Some(match self.located_text(properties, property, problems)? {
            Resolved::Known(text) => Resolved::Known(known(text)),
            Resolved::Unknown(unknown) => Resolved::Unknown(unknown),
        })
    }

    /// A property that holds a text whose places matter.
    pub(super) fn located_text(
        &self,
        properties: &Node,
        property: &str,
        problems: &mut Problems,
    ) -> Option<Resolved<LocatedText>> {
        let node = properties.get_present(property)?;
        if let Value::Unknown(unknown) = &node.value {
            return Some(Resolved::Unknown((**unknown).clone()));
        }
        let text = LocatedText::of_scalar(node, self.source);
        if text.is_none() {
            problems.push((node.place, wrong_kind(property, "a string", node)));
        }
        text.map(Resolved::Known)
    }

    fn written(&self, properties: &Node, property: &str, problems: &mut Problems) -> Option<String> {
        self.text(properties, property, problems).map(|text| text.written().to_owned())
    }

    fn name(&mut self, draft: &Draft<'_>, problems: &mut Problems) -> Option<RuleName> {
        let place = draft.properties.get(draft.names.name).map_or(draft.place, |node| node.place);
        let text = match self.text(draft.properties, draft.names.name, problems) {
            Some(Resolved::Known(name)) => name,
            Some(Resolved::Unknown(unknown)) => self.fallback_for(&unknown, draft, place, problems)?,
            None => match draft.fallback_name {
                Some(name) => name.to_owned(),
                None => {
                    let property = draft.names.name;
                    problems.push((place, RuleProblemKind::MissingProperty { property }));
                    return None;
                }
            },
        };
        RuleName::parse(&text)
            .map_err(|error| problems.push((place, RuleProblemKind::Name { name: text, error })))
            .ok()
    }

    fn fallback_for(
        &mut self,
        unknown: &Unknown,
        draft: &Draft<'_>,
        place: Place,
        problems: &mut Problems,
    ) -> Option<String> {
        let Some(used) = draft.fallback_name else {
            problems.extend(unresolved(unknown));
            return None;
        };
        let kind = RuleNoteKind::NameUnknown { written: unknown.written.clone(), used: used.to_owned() };
        self.note(place, kind);
        Some(used.to_owned())
    }

    fn bus(
        &mut self,
        draft: &Draft<'_>,
        evaluator: &Evaluator<'_>,
        rule: &str,
        problems: &mut Problems,
    ) -> BusName {
        let place = draft.properties.get("EventBusName").map_or(draft.place, |node| node.place);
        match self.text(draft.properties, "EventBusName", problems) {
            None => BusName::default(),
            Some(Resolved::Known(text)) => BusName::parse(&text).unwrap_or_else(|error| {
                problems.push((place, RuleProblemKind::Name { name: text, error }));
                BusName::default()
            }),
            Some(Resolved::Unknown(unknown)) => {
                let named = unknown.resource.as_ref().and_then(|bus| evaluator.name_of(&bus.logical_id));
                if let Some(bus) = named.and_then(|name| BusName::parse(&name).ok()) {
                    return bus;
                }
                let bus = BusName::unknown(&unknown.written);
                if bus.as_str() == unknown.written {
                    let rule = rule.to_owned();
                    self.note(place, RuleNoteKind::BusUnknown { written: unknown.written, rule });
                }
                bus
            }
        }
    }

    /// As the CLI prints it, or put together.
    fn arn(&self, properties: &Node, bus: &BusName, name: &RuleName) -> String {
        match properties.get("Arn").and_then(Node::as_str) {
            Some(arn) => arn.to_owned(),
            None => rule::arn(bus, name, |parameter| self.given.get(parameter)),
        }
    }

    fn state(&mut self, draft: &Draft<'_>, rule: &str, problems: &mut Problems) -> RuleState {
        let place = draft.properties.get("State").map_or(draft.place, |node| node.place);
        match self.text(draft.properties, "State", problems) {
            None => state_of_enabled(draft.properties),
            Some(Resolved::Known(state)) => RuleState::parse(&state).unwrap_or_else(|| {
                problems.push((place, RuleProblemKind::UnknownState { state }));
                RuleState::Enabled
            }),
            Some(Resolved::Unknown(unknown)) => {
                let rule = rule.to_owned();
                self.note(place, RuleNoteKind::StateUnknown { written: unknown.written, rule });
                RuleState::Enabled
            }
        }
    }

    fn trigger(&mut self, draft: &Draft<'_>, problems: &mut Problems) -> Option<Trigger> {
        let schedule = self.written(draft.properties, draft.names.schedule, problems);
        let Some(node) = draft.properties.get_present(draft.names.pattern) else {
            if schedule.is_none() {
                problems.push((draft.place, RuleProblemKind::NoTrigger));
            }
            return schedule.map(Trigger::Schedule);
        };
        let pattern = self.pattern(node, draft.names.pattern, problems)?;
        Some(match schedule {
            Some(schedule) => Trigger::PatternAndSchedule(pattern, schedule),
            None => Trigger::Pattern(pattern),
        })
    }

    /// The pattern that `node` is: an object, or a string with JSON text.
    pub(super) fn pattern(
        &mut self,
        node: &Node,
        property: &str,
        problems: &mut Problems,
    ) -> Option<PatternText> {
        match &node.value {
            Value::Map(_) => {
                let rendered = render::pattern(node, self.source);
                problems.extend(rendered.problems);
                rendered.notes.into_iter().for_each(|(place, kind)| self.note(place, kind));
                Some(rendered.pattern)
            }
            Value::String(_) if node.as_str().is_some() => {
                LocatedText::of_scalar(node, self.source).map(PatternText)
            }
            Value::Unknown(unknown) => {
                problems.extend(unresolved(unknown));
                None
            }
            _ => {
                let kind = wrong_kind(property, "an object or a string with JSON text", node);
                problems.push((node.place, kind));
                None
            }
        }
    }
}

/// `Schedule` events of SAM have `Enabled` besides `State`.
fn state_of_enabled(properties: &Node) -> RuleState {
    match properties.get("Enabled").map(|node| &node.value) {
        Some(Value::Bool(false)) => RuleState::Disabled,
        _ => RuleState::Enabled,
    }
}

/// What is missing, as problems.
pub(super) fn unresolved(unknown: &Unknown) -> impl Iterator<Item = (Place, RuleProblemKind)> {
    unknown.missing.iter().map(|missing| (missing.place, RuleProblemKind::Unresolved(missing.clone())))
}

pub(super) fn wrong_kind(property: &str, expected: &'static str, node: &Node) -> RuleProblemKind {
    RuleProblemKind::WrongKind { property: property.to_owned(), expected, found: node.kind() }
}
