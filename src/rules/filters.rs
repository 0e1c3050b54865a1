//! Filters of EventBridge Pipes and of Lambda's event source mappings.
//!
//! They speak the language of event patterns, but what they filter are the records of a queue, stream or table,
//! not events of a bus. Several filters of one source are alternatives (EventBridge User Guide, pipes event
//! filtering; Lambda Developer Guide, event filtering), so that a pipe is one rule: its pattern is its only
//! filter, or `{"$or": [filter, filter]}`, in which every byte keeps its place in the file.

use std::sync::Arc;

use super::open_value::inside;
use super::pattern_text::{LocatedText, PatternText};
use super::problem::{RuleNoteKind, RuleProblemKind};
use super::properties::{Problems, Reader, unresolved, wrong_kind};
use super::tree::{Node, Value};
use super::{BusName, Resolved, Rule, RuleName, RuleState, SourceKind, Target, Trigger, Unknown};
use crate::document::read_json;
use crate::json::Place;

/// The parts of a pipe or mapping, whoever wrote them.
pub(super) struct FilterDraft<'a> {
    pub(super) name: Option<&'a Node>,
    /// What serves as name if none is given or known.
    pub(super) fallback_name: &'a str,
    pub(super) source_kind: SourceKind,
    /// Where the records come from.
    pub(super) source: Option<&'a Node>,
    /// Where they go.
    pub(super) target: Option<&'a Node>,
    /// `STOPPED`, or false, if it is switched off.
    pub(super) state: Option<&'a Node>,
    /// The list of filters.
    pub(super) filters: Option<&'a Node>,
    pub(super) form: FilterForm,
    pub(super) place: Place,
}

/// How a filter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterForm {
    /// `{Pattern: ...}`.
    Object,
    /// The pattern itself.
    Bare,
}

impl<'a> FilterDraft<'a> {
    /// From the properties of `AWS::Pipes::Pipe` or `AWS::Lambda::EventSourceMapping`.
    pub(super) fn of_properties(
        properties: &'a Node,
        source_kind: SourceKind,
        fallback_name: &'a str,
        place: Place,
    ) -> Self {
        let is_pipe = source_kind == SourceKind::Pipe;
        let get = |of_pipe: &str, of_mapping: &str| {
            properties.get_present(if is_pipe { of_pipe } else { of_mapping })
        };
        FilterDraft {
            name: properties.get_present("Name").filter(|_| is_pipe),
            fallback_name,
            source_kind,
            source: get("Source", "EventSourceArn"),
            target: get("Target", "FunctionName"),
            state: get("DesiredState", "Enabled"),
            filters: match is_pipe {
                true => inside(properties, &["SourceParameters", "FilterCriteria", "Filters"]),
                false => inside(properties, &["FilterCriteria", "Filters"]),
            },
            form: FilterForm::Object,
            place,
        }
    }
}

/// The id of the only place that records go to, which has none of its own.
const TARGET_ID: &str = "target";

impl Reader<'_> {
    /// Adds the filters of a pipe or mapping as one rule, or the problems that keep it out. One without filters
    /// is noted: it lets everything pass.
    pub(super) fn filters(&mut self, draft: &FilterDraft<'_>) {
        let mut problems = Problems::new();
        let name = self.filter_name(draft);
        let label = name.as_ref().map_or(draft.fallback_name, RuleName::as_str).to_owned();
        let texts = self.filter_texts(draft, &mut problems);
        let (source, target) = (draft.source.and_then(resolved), draft.target.and_then(resolved));
        if texts.is_empty() && problems.is_empty() {
            self.note(draft.place, RuleNoteKind::NoFilters { name: label });
            return;
        }
        let (Some(name), true) = (name, problems.is_empty()) else {
            self.problems(Some(label), problems);
            return;
        };
        let source = source.map_or_else(String::new, |source| source.written().to_owned());
        self.findings.rules.push(Rule {
            arn: self.filter_arn(draft.source_kind, &name),
            name,
            display_name: Box::default(),
            bus: BusName::unknown(&source),
            state: state(draft.state),
            trigger: Trigger::Pattern(PatternText(self.joined(texts))),
            description: None,
            targets: target.map(|arn| self.filter_target(arn, draft.place)).into_iter().collect(),
            managed_by: None,
            allowed: Vec::new(),
            source_kind: draft.source_kind,
            place: self.source_place(draft.place),
        });
    }

    fn filter_name(&mut self, draft: &FilterDraft<'_>) -> Option<RuleName> {
        let used = || RuleName::label(draft.fallback_name).ok();
        match draft.name.map(|node| (node, &node.value)) {
            None => used(),
            Some((node, Value::Unknown(unknown))) => {
                let kind = RuleNoteKind::NameUnknown {
                    written: unknown.written.clone(),
                    used: draft.fallback_name.to_owned(),
                };
                self.note(node.place, kind);
                used()
            }
            Some((node, _)) => node.scalar_text().and_then(|text| RuleName::label(text).ok()).or_else(used),
        }
    }

    /// The patterns of all filters. Each has to be one JSON value, or they could not stand in a list.
    fn filter_texts(&mut self, draft: &FilterDraft<'_>, problems: &mut Problems) -> Vec<LocatedText> {
        let Some(filters) = draft.filters else { return Vec::new() };
        if let Value::Unknown(unknown) = &filters.value {
            problems.extend(unresolved(unknown));
            return Vec::new();
        }
        let Some(elements) = filters.elements() else {
            problems.push((filters.place, wrong_kind("Filters", "a list", filters)));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for element in elements {
            if let Value::Unknown(unknown) = &element.value {
                problems.extend(unresolved(unknown));
                continue;
            }
            let node = match draft.form {
                FilterForm::Object => element.get_present("Pattern"),
                FilterForm::Bare => Some(element),
            };
            let Some(node) = node else {
                problems.push((element.place, RuleProblemKind::MissingProperty { property: "Pattern" }));
                continue;
            };
            if let Some(PatternText(text)) = self.pattern(node, "Pattern", problems) {
                if let Err((_, problem)) = read_json::<Unknown>(text.as_str()) {
                    problems.push((text.place_of(0).place, problem.into()));
                }
                texts.push(text);
            }
        }
        texts
    }

    /// One filter as it is, several as alternatives.
    fn joined(&self, mut texts: Vec<LocatedText>) -> LocatedText {
        if texts.len() == 1 {
            return texts.remove(0);
        }
        LocatedText::joined("{\"$or\":[", texts, ",", "]}", Arc::clone(&self.source.path))
    }

    fn filter_target(&self, arn: Resolved<String>, place: Place) -> Target {
        Target {
            id: Resolved::Known(TARGET_ID.to_owned()),
            arn,
            inputs: Vec::new(),
            dead_letter_arn: None,
            retry_policy: None,
            role_arn: None,
            sqs_message_group_id: None,
            kinesis_partition_key_path: None,
            place: self.source_place(place),
        }
    }

    fn filter_arn(&self, kind: SourceKind, name: &RuleName) -> String {
        let part = |name: &str| self.given.get(name).map_or_else(|| format!("${{{name}}}"), str::to_owned);
        let (partition, region, account) =
            (part("AWS::Partition"), part("AWS::Region"), part("AWS::AccountId"));
        match kind {
            SourceKind::Pipe => format!("arn:{partition}:pipes:{region}:{account}:pipe/{name}"),
            // Mappings are named by ids that AWS makes.
            _ => format!("arn:{partition}:lambda:{region}:{account}:event-source-mapping:${{{name}.Id}}"),
        }
    }
}

/// A text, known or not.
fn resolved(node: &Node) -> Option<Resolved<String>> {
    match &node.value {
        Value::Unknown(unknown) => Some(Resolved::Unknown((**unknown).clone())),
        _ => node.scalar_text().map(|text| Resolved::Known(text.to_owned())),
    }
}

/// A pipe is switched off by `STOPPED`, a mapping by false; what is not known is on.
fn state(node: Option<&Node>) -> RuleState {
    match node.and_then(Node::scalar_text) {
        Some("STOPPED" | "false") => RuleState::Disabled,
        _ => RuleState::Enabled,
    }
}
