//! Which values would break a body, found by trying kinds of values one after the other.

use std::fmt;

use super::outcome::{DeliveryFailure, Rendered};
use super::render::{Inserted, Inserter, Values};
use super::select::Selected;
use super::template::{InputTransformer, Piece, Shape, Variable};
use super::variable::Reserved;

/// A kind of value that makes a body undeliverable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakage {
    /// What makes it so.
    pub cause: Cause,
    /// What happens.
    pub failure: DeliveryFailure,
    /// The body: with such a value, and for all other variables the number 1, or a time where a log event is made.
    pub body: String,
}

/// What makes a body undeliverable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The template itself, whatever the values of its variables.
    Template,
    /// A value.
    Value {
        /// The variable.
        variable: String,
        /// The kind of its value.
        kind: ValueKind,
    },
}

/// Kinds of values that templates treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// Letters.
    PlainText,
    /// A string without characters.
    EmptyText,
    /// Text with double quotes.
    Quotes,
    /// Text with a backslash that begins no escape.
    Backslash,
    /// Text of several lines.
    Newline,
    /// Text beyond ASCII.
    NonAscii,
    /// Text with `<` and `>`.
    AngleBrackets,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// The path selects nothing.
    Missing,
    /// An object with members.
    Object,
    /// `{}`.
    EmptyObject,
    /// An array of strings.
    ArrayOfTexts,
    /// An array of numbers.
    ArrayOfNumbers,
    /// `[]`.
    EmptyArray,
}

impl ValueKind {
    /// All kinds.
    pub const ALL: [ValueKind; 16] = [
        ValueKind::PlainText,
        ValueKind::EmptyText,
        ValueKind::Quotes,
        ValueKind::Backslash,
        ValueKind::Newline,
        ValueKind::NonAscii,
        ValueKind::AngleBrackets,
        ValueKind::Number,
        ValueKind::Boolean,
        ValueKind::Null,
        ValueKind::Missing,
        ValueKind::Object,
        ValueKind::EmptyObject,
        ValueKind::ArrayOfTexts,
        ValueKind::ArrayOfNumbers,
        ValueKind::EmptyArray,
    ];

    /// A value of this kind, as JSON; `None` for none at all.
    pub fn sample(self) -> Option<&'static str> {
        Some(match self {
            ValueKind::PlainText => r#""text""#,
            ValueKind::EmptyText => r#""""#,
            ValueKind::Quotes => r#""say \"hello\"""#,
            ValueKind::Backslash => r#""C:\\dir""#,
            ValueKind::Newline => r#""one\ntwo""#,
            ValueKind::NonAscii => "\"Zoë 😀\"",
            ValueKind::AngleBrackets => r#""<b>&</b>""#,
            ValueKind::Number => "42",
            ValueKind::Boolean => "true",
            ValueKind::Null => "null",
            ValueKind::Missing => return None,
            ValueKind::Object => r#"{"key":"value"}"#,
            ValueKind::EmptyObject => "{}",
            ValueKind::ArrayOfTexts => r#"["one","two"]"#,
            ValueKind::ArrayOfNumbers => "[1,2]",
            ValueKind::EmptyArray => "[]",
        })
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueKind::PlainText => "plain text",
            ValueKind::EmptyText => "an empty text",
            ValueKind::Quotes => "text with double quotes",
            ValueKind::Backslash => "text with a backslash",
            ValueKind::Newline => "text with a newline",
            ValueKind::NonAscii => "text beyond ASCII",
            ValueKind::AngleBrackets => "text with `<` and `>`",
            ValueKind::Number => "a number",
            ValueKind::Boolean => "a boolean",
            ValueKind::Null => "null",
            ValueKind::Missing => "nothing at its path",
            ValueKind::Object => "an object",
            ValueKind::EmptyObject => "an empty object",
            ValueKind::ArrayOfTexts => "an array of texts",
            ValueKind::ArrayOfNumbers => "an array of numbers",
            ValueKind::EmptyArray => "an empty array",
        })
    }
}

/// Which kinds of values would break the body of `transformer`: for each variable of its template, in the order
/// of their first use, each kind of [`ValueKind::ALL`] that makes the body undeliverable.
///
/// A template that is broken whatever the values gives one breakage, [`Cause::Template`]. The values of reserved
/// variables are AWS's own and are not varied: their names stand for them, which in quotes and in JSON templates
/// breaks as little as any ARN, rule name or time, and bare in other templates is no JSON.
pub fn breakages(transformer: &InputTransformer) -> Vec<Breakage> {
    let mut inserter = Inserter::default();
    let harmless = harmless(transformer);
    let all_harmless = SampleValues { varied: None, harmless };
    if let Some(breakage) = breakage(transformer, &all_harmless, &mut inserter, || Cause::Template) {
        return vec![breakage];
    }
    let mut found = Vec::new();
    for variable in path_variables(transformer) {
        for kind in ValueKind::ALL {
            let values = SampleValues { varied: Some((variable, kind)), harmless };
            let cause = || Cause::Value { variable: transformer.name_of(variable).to_owned(), kind };
            found.extend(breakage(transformer, &values, &mut inserter, cause));
        }
    }
    found
}

fn breakage(
    transformer: &InputTransformer,
    values: &SampleValues,
    inserter: &mut Inserter,
    cause: impl FnOnce() -> Cause,
) -> Option<Breakage> {
    let mut body = Vec::new();
    match transformer.fill(values, inserter, &mut body) {
        Rendered::Valid => None,
        Rendered::Failed(failure) => {
            let body = String::from_utf8_lossy(&body).into_owned();
            Some(Breakage { cause: cause(), failure, body })
        }
    }
}

fn path_variables(transformer: &InputTransformer) -> Vec<Variable> {
    let mut variables = Vec::new();
    for piece in &transformer.pieces {
        match piece {
            Piece::Variable { variable: variable @ Variable::Path(_), .. }
                if !variables.contains(variable) =>
            {
                variables.push(*variable);
            }
            _ => {}
        }
    }
    variables
}

/// A value of a kind for one variable, and for all others what breaks nothing.
struct SampleValues {
    varied: Option<(Variable, ValueKind)>,
    harmless: &'static str,
}

/// Numbers fit anywhere but into the message of a log event, a time into both of its members.
fn harmless(transformer: &InputTransformer) -> &'static str {
    match transformer.shape {
        Shape::Any => "1",
        Shape::LogEvent => r#""2026-03-04T05:06:07Z""#,
    }
}

impl Values for SampleValues {
    fn value(&self, variable: Variable) -> Inserted<'_> {
        let selected = |json: Option<&'static str>| match json {
            Some(json) => Inserted::Selected(Selected::Value(json.as_bytes())),
            None => Inserted::Selected(Selected::Missing),
        };
        match variable {
            _ if self.varied.is_some_and(|(varied, _)| varied == variable) => {
                selected(self.varied.and_then(|(_, kind)| kind.sample()))
            }
            Variable::Path(_) => selected(Some(self.harmless)),
            Variable::Reserved(Reserved::Event | Reserved::EventJson) => selected(Some("{}")),
            Variable::Reserved(reserved) => Inserted::Text(reserved.as_str()),
        }
    }

    fn header_field(&self, _: usize) -> Selected<'_> {
        Selected::Missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::{Definition, TargetInput, TargetKind, WrittenInput};

    fn broken_by(template: &str) -> Vec<ValueKind> {
        let paths = vec![("v", "$.detail.v"), ("w", "$.detail.w")];
        let inputs = vec![WrittenInput::Transformer { paths, template: Some(template) }];
        let input = TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
        let TargetInput::Transformer(transformer) = input else { panic!("a transformer") };
        let found = breakages(&transformer);
        assert_eq!(!found.is_empty(), transformer.can_fail(), "{template}");
        let kind = |breakage: Breakage| match breakage.cause {
            Cause::Value { variable, kind } if variable == "v" => Some(kind),
            _ => None,
        };
        found.into_iter().filter_map(kind).collect()
    }

    #[test]
    fn templates_that_always_break_say_so_once() {
        let no_map: &[(&str, &str)] = &[];
        let map: &[(&str, &str)] = &[("v", "$.v")];
        for (paths, template) in [
            (no_map, r#"{"a":<undefined>}"#),
            (no_map, "<aws.events.rule-name>"),
            (no_map, "[<aws.events.rule-arn>]"),
            (no_map, r#"{"a":"\<v>"}"#),
            (map, r#"{"a":"\<v>"}"#),
            (map, "[<v>, <aws.events.event.ingestion-time>]"),
        ] {
            let inputs = vec![WrittenInput::Transformer { paths: paths.to_vec(), template: Some(template) }];
            let input = TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
            let TargetInput::Transformer(transformer) = input else { panic!("a transformer") };
            let causes: Vec<Cause> = breakages(&transformer).into_iter().map(|found| found.cause).collect();
            assert_eq!(causes, [Cause::Template], "{template}");
            assert!(transformer.can_fail(), "{template}");
        }
        let inputs =
            vec![WrittenInput::Transformer { paths: vec![], template: Some(r#""<aws.events.rule-arn>""#) }];
        let input = TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
        let TargetInput::Transformer(transformer) = input else { panic!("a transformer") };
        assert_eq!(breakages(&transformer), []);
    }

    #[test]
    fn bare_values_of_json_templates_break_nothing() {
        assert_eq!(broken_by(r#"{"a": <v>, "b": [<v>, <w>], "e": <aws.events.event.json>}"#), []);
    }

    #[test]
    fn quotes_around_objects_break_json_templates() {
        use ValueKind::*;
        assert_eq!(broken_by(r#"{"a": "id <v>"}"#), [Object, ArrayOfTexts]);
    }

    #[test]
    fn quotes_backslashes_and_newlines_break_text() {
        use ValueKind::*;
        assert_eq!(broken_by(r#""order <v> of <aws.events.rule-name>""#), [Quotes, Backslash, Newline]);
        assert_eq!(broken_by("\"a <v>\"\n\"b <w>\""), [Quotes, Backslash, Newline]);
    }

    #[test]
    fn bare_values_outside_of_objects_break_with_all_but_scalars() {
        use ValueKind::*;
        let texts = [PlainText, EmptyText, Quotes, Backslash, Newline, NonAscii, AngleBrackets];
        assert_eq!(broken_by("[1, <v>]"), [&texts[..], &[Missing, Object, ArrayOfTexts]].concat());
        assert_eq!(broken_by("<v>"), [&texts[..], &[Missing, Object, ArrayOfTexts]].concat());
    }

    #[test]
    fn log_groups_need_a_time_and_a_text() {
        let template = r#"{"timestamp": <v>, "message": <w>}"#;
        let paths = vec![("v", "$.v"), ("w", "$.w")];
        let inputs = vec![WrittenInput::Transformer { paths, template: Some(template) }];
        let input = TargetInput::compile(&Definition::new("t", TargetKind::LogGroup, inputs)).unwrap();
        let TargetInput::Transformer(transformer) = input else { panic!("a transformer") };
        let found = breakages(&transformer);
        let breaks = |name: &str, kind| {
            let cause = Cause::Value { variable: name.to_owned(), kind };
            found.iter().any(|breakage| breakage.cause == cause)
        };
        assert!(breaks("v", ValueKind::Missing) && breaks("v", ValueKind::PlainText));
        assert!(!breaks("v", ValueKind::Number) && !breaks("w", ValueKind::Quotes));
        assert!(breaks("w", ValueKind::Missing) && breaks("w", ValueKind::Number));
    }

    #[test]
    fn the_body_shows_what_would_arrive() {
        let inputs = vec![WrittenInput::Transformer { paths: vec![("v", "$.v")], template: Some("<v>") }];
        let input = TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
        let TargetInput::Transformer(transformer) = input else { panic!("a transformer") };
        let missing = breakages(&transformer)
            .into_iter()
            .find(|breakage| matches!(breakage.cause, Cause::Value { kind: ValueKind::Missing, .. }));
        let missing = missing.expect("nothing there, nothing to deliver");
        assert_eq!((missing.failure, missing.body.as_str()), (DeliveryFailure::Empty, ""));
    }
}
