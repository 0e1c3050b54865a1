//! A rule as the checks see it, and how they say where something is.

use std::sync::Arc;

use crate::analysis::relations::{EventShape, Impossible};
use crate::findings::{Excerpt, Finding, FindingCode, Location, SourceTexts, Subject};
use crate::pattern::{FieldTests, Pattern, Span};
use crate::rules::{self, Rule, Target};
use crate::transform::Part;
use crate::verdict::RuleTarget;

/// What events the pattern of `rule` sees.
pub(super) fn shape(rule: &Rule) -> EventShape {
    match rule.source_kind.subject() {
        rules::Subject::BusEvents => EventShape::Envelope,
        rules::Subject::SourceRecords => EventShape::Any,
    }
}

/// A rule, with what could be made of it.
#[derive(Debug)]
pub(super) struct LintedRule {
    pub(super) rule: Arc<Rule>,
    /// `None` if it has none or AWS would refuse it.
    pub(super) pattern: Option<Pattern>,
    /// Why the pattern matches no event, if it surely does not: a condition of each way through its `$or`.
    pub(super) never: Option<Vec<Impossible>>,
    /// The compiled targets, in the order of `rule.targets`, if the rule listens and all are valid.
    pub(super) targets: Option<Vec<RuleTarget>>,
}

impl LintedRule {
    /// What events its pattern sees.
    pub(super) fn shape(&self) -> EventShape {
        shape(&self.rule)
    }

    /// Whether it waits for events of a bus.
    pub(super) fn listens(&self) -> bool {
        self.targets.is_some()
    }

    /// A finding about the rule as a whole.
    pub(super) fn finding(&self, code: FindingCode, message: impl Into<String>) -> Finding {
        Finding::new(code, code.severity(), message)
            .at(Location::at(&self.rule.place))
            .about(Subject::rule(&*self.rule.display_name))
    }

    /// A finding about one target.
    pub(super) fn target_finding(
        &self,
        target: &Target,
        code: FindingCode,
        message: impl Into<String>,
    ) -> Finding {
        Finding::new(code, code.severity(), message)
            .at(Location::at(&target.place))
            .about(Subject::target(&*self.rule.display_name, target.id.written()))
    }

    /// A finding about the tests of a field.
    pub(super) fn field_finding(
        &self,
        tests: &FieldTests,
        code: FindingCode,
        message: impl Into<String>,
        texts: &mut SourceTexts,
    ) -> Finding {
        let pointer = self.pattern.as_ref().map(|pattern| pattern.pointer_of(tests).as_str().to_owned());
        let finding = Finding { pointer: pointer.unwrap_or_default(), ..self.finding(code, message) };
        self.at_pattern(finding, &tests.place.0, texts)
    }

    /// The same finding at bytes of the pattern.
    pub(super) fn at_pattern(&self, finding: Finding, span: &Span, texts: &mut SourceTexts) -> Finding {
        let Some(text) = self.rule.trigger.pattern() else { return finding };
        let (first, last) = (span.start as usize, span.end as usize);
        let (start, end) = (text.place_of(first), text.place_of(last).place);
        let written = text.json().get(first..last).unwrap_or_default();
        let excerpt = Excerpt::new(&texts.of(&start.file), start.place, end, written);
        finding.at(Location { file: start.file, span: Some((start.place, end)) }).shown(excerpt)
    }

    /// The same finding at bytes of a part of a target.
    pub(super) fn at_part(
        &self,
        finding: Finding,
        target: &Target,
        part: &Part,
        span: std::ops::Range<usize>,
        texts: &mut SourceTexts,
    ) -> Finding {
        let (start, end) = (target.place_of(part, span.start), target.place_of(part, span.end).place);
        let written = target.text_of(part).get(span).unwrap_or_default();
        let excerpt = Excerpt::new(&texts.of(&start.file), start.place, end, written);
        finding.at(Location { file: start.file, span: Some((start.place, end)) }).shown(excerpt)
    }
}
