//! Checks of what targets get.

use super::context::LintedRule;
use crate::findings::{Finding, FindingCode, Severity, SourceTexts};
use crate::rules::{self, Target};
use crate::transform::{
    Breakage, Cause, DeliveryFailure, InputTransformer, Part, TargetInput, TargetKind, TemplateKind,
    ValueKind, breakages,
};
use crate::verdict::Code;

/// Adds what there is to say about the inputs of the targets of `rule`.
pub(super) fn check(rule: &LintedRule, texts: &mut SourceTexts, findings: &mut Vec<Finding>) {
    let Some(compiled) = &rule.targets else { return };
    for (target, compiled) in rule.rule.targets.iter().zip(compiled) {
        let Some(TargetInput::Transformer(transformer)) = &compiled.input else { continue };
        let mut template = Template { rule, target, transformer, texts: &mut *texts };
        template.undefined(findings);
        template.unused(findings);
        template.breakable(findings);
    }
}

struct Template<'a> {
    rule: &'a LintedRule,
    target: &'a Target,
    transformer: &'a InputTransformer,
    texts: &'a mut SourceTexts,
}

impl Template<'_> {
    fn undefined(&mut self, findings: &mut Vec<Finding>) {
        let text = self.target.text_of(&Part::Template).to_owned();
        for span in self.transformer.undefined_placeholders() {
            let name = text.get(span.clone()).unwrap_or_default();
            let message = format!("nothing defines `{name}`, so it is delivered as it stands");
            let finding = self.rule.target_finding(self.target, FindingCode::PlaceholderUndefined, message);
            let hint = "without an `InputPathsMap`, AWS takes any placeholder".to_owned();
            let finding = finding.hinted(Some(hint));
            findings.push(self.rule.at_part(finding, self.target, &Part::Template, span, self.texts));
        }
    }

    fn unused(&mut self, findings: &mut Vec<Finding>) {
        for name in self.transformer.unused_variables() {
            let message = format!("the template does not use the input path `{name}`");
            let finding = self.rule.target_finding(self.target, FindingCode::InputPathUnused, message);
            findings.push(match self.place_of_variable(name) {
                Some(index) => {
                    let part = Part::VariableName(index);
                    self.rule.at_part(finding, self.target, &part, 0..name.len(), self.texts)
                }
                None => finding,
            });
        }
    }

    fn place_of_variable(&self, name: &str) -> Option<usize> {
        self.target.inputs.iter().find_map(|input| match input {
            rules::TargetInput::Transformer(transformer) => {
                transformer.paths.iter().flatten().position(|entry| entry.name == name)
            }
            _ => None,
        })
    }

    /// One finding for all variables that fail in the same way with the same kinds of values.
    fn breakable(&mut self, findings: &mut Vec<Finding>) {
        let mut of_variables: Vec<(String, DeliveryFailure, Vec<ValueKind>)> = Vec::new();
        for Breakage { cause, failure, .. } in breakages(self.transformer) {
            let Cause::Value { variable, kind } = cause else {
                findings.push(self.broken(failure));
                continue;
            };
            if !self.can_be(&variable, kind) {
                continue;
            }
            match of_variables.iter_mut().find(|(known, why, _)| *known == variable && *why == failure) {
                Some((_, _, kinds)) => kinds.push(kind),
                None => of_variables.push((variable, failure, vec![kind])),
            }
        }
        let mut alike: Vec<(DeliveryFailure, Vec<ValueKind>, Vec<String>)> = Vec::new();
        for (variable, failure, kinds) in of_variables {
            match alike.iter_mut().find(|(why, known, _)| *why == failure && *known == kinds) {
                Some((_, _, variables)) => variables.push(variable),
                None => alike.push((failure, kinds, vec![variable])),
            }
        }
        for (failure, kinds, variables) in alike {
            findings.push(self.breakage(&variables, failure, &kinds));
        }
    }

    /// Whether the value of a variable can be of this kind: EventBridge itself writes the envelope, always as text.
    fn can_be(&self, variable: &str, kind: ValueKind) -> bool {
        let path = self
            .transformer
            .variables()
            .find(|(name, _)| *name == variable)
            .map(|(_, path)| path.to_string());
        match path.as_deref() {
            // A time fits wherever a text or a time is asked for.
            Some("$.time") => false,
            Some("$.id" | "$.version" | "$.account" | "$.region") => kind == ValueKind::PlainText,
            Some("$.source" | "$.detail-type") => matches!(
                kind,
                ValueKind::PlainText
                    | ValueKind::Quotes
                    | ValueKind::Backslash
                    | ValueKind::Newline
                    | ValueKind::NonAscii
                    | ValueKind::AngleBrackets
            ),
            _ => true,
        }
    }

    /// A template that no event can fill.
    fn broken(&mut self, failure: DeliveryFailure) -> Finding {
        let len = self.target.text_of(&Part::Template).len();
        let message = format!("whatever the event, the body is not delivered ({})", Code::from(failure));
        let finding = self.rule.target_finding(self.target, FindingCode::BodyBreakable, message);
        let finding = Finding { severity: Severity::Error, ..finding };
        self.rule.at_part(finding, self.target, &Part::Template, 0..len, self.texts)
    }

    fn breakage(&mut self, variables: &[String], failure: DeliveryFailure, kinds: &[ValueKind]) -> Finding {
        let placeholders: Vec<String> = variables.iter().map(|name| format!("`<{name}>`")).collect();
        let kinds_named: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        let message = format!(
            "if {} is {}, the body is not delivered ({})",
            one_of(&placeholders),
            one_of(&kinds_named),
            Code::from(failure)
        );
        // Whoever knows that a field is never an object has nothing to mend.
        let severity = match kinds.iter().all(|kind| is_unlikely_in_a_text(*kind)) {
            true => Severity::Note,
            false => FindingCode::BodyBreakable.severity(),
        };
        let place = variables.first().and_then(|first| self.transformer.place_of_placeholder(first));
        let finding = self.rule.target_finding(self.target, FindingCode::BodyBreakable, message);
        let finding =
            self.rule.at_part(finding, self.target, &Part::Template, place.unwrap_or(0..0), self.texts);
        Finding { severity, ..finding.hinted(self.hint(failure)) }
    }

    fn hint(&self, failure: DeliveryFailure) -> Option<String> {
        match (failure, self.transformer.kind()) {
            (DeliveryFailure::NoLogEvent(_), _) => {
                Some("take `timestamp` from `$.time`, and make `message` a text".to_owned())
            }
            (_, TemplateKind::Text) => Some(
                "a template that begins with `{` escapes text: {\"text\": <value>}, without quotes"
                    .to_owned(),
            ),
            (_, TemplateKind::Json) if self.target.kind() == TargetKind::LogGroup => None,
            (_, TemplateKind::Json) => {
                Some("without quotes around the placeholder any value fits".to_owned())
            }
        }
    }
}

/// Kinds that nobody sends where a text or number is expected.
fn is_unlikely_in_a_text(kind: ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::Object
            | ValueKind::EmptyObject
            | ValueKind::ArrayOfTexts
            | ValueKind::ArrayOfNumbers
            | ValueKind::EmptyArray
    )
}

/// `a, b or c`.
fn one_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}
