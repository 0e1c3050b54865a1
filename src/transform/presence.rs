//! Which of a target's paths select something in an event: what coverage asks.

use super::input::TargetInput;
use super::path::InputPath;
use super::render::RenderScratch;
use super::select::Selected;
use crate::event::EventText;

impl TargetInput {
    /// The paths that it asks for, with their names: the variables of a transformer in written order, or the
    /// `InputPath`, which has an empty name.
    pub fn paths(&self) -> Vec<(&str, &InputPath)> {
        match self {
            TargetInput::Part(part) => part.path().map(|path| ("", path)).into_iter().collect(),
            TargetInput::Transformer(transformer) => transformer.variables().collect(),
            TargetInput::WholeEvent | TargetInput::Nothing | TargetInput::Constant(_) => Vec::new(),
        }
    }

    /// Whether each of [`paths`](TargetInput::paths), in their order, selects anything in `event`. A `[*]` does if
    /// there is an array with at least one element.
    pub fn paths_present(&self, event: EventText<'_>, scratch: &mut RenderScratch) -> Vec<bool> {
        let (trie, selectors) = match self {
            TargetInput::Part(part) => part.selection(),
            TargetInput::Transformer(transformer) => (&transformer.trie, &*transformer.selectors),
            TargetInput::WholeEvent | TargetInput::Nothing | TargetInput::Constant(_) => return Vec::new(),
        };
        scratch.selections.walk(trie, event.as_bytes());
        let present = |selected| match selected {
            Selected::Missing => false,
            Selected::Value(_) => true,
            Selected::Several { array, .. } => {
                !array.iter().skip(1).all(|byte| byte.is_ascii_whitespace() || *byte == b']')
            }
        };
        selectors
            .iter()
            .map(|selector| present(scratch.selections.selected(selector, event.as_bytes())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::{Definition, TargetKind, WrittenInput};

    fn present(input: WrittenInput<'_>, event: &str) -> Vec<bool> {
        let definition = Definition::new("t", TargetKind::of_arn("arn:aws:sqs:eu-west-1:1:q"), vec![input]);
        let input = TargetInput::compile(&definition).unwrap();
        let event = EventText::check(event.as_bytes()).unwrap();
        input.paths_present(event, &mut RenderScratch::default())
    }

    #[test]
    fn variables_are_present_where_their_paths_lead_to_a_value() {
        let paths =
            vec![("a", "$.detail.a"), ("b", "$.detail.b"), ("c", "$.detail.c[*].x"), ("d", "$.detail.d[*]")];
        let template = Some("\"<a> <b> <c> <d>\"");
        let event = r#"{"detail": {"a": null, "c": [ ], "d": [1]}}"#;
        assert_eq!(present(WrittenInput::Transformer { paths, template }, event), [true, false, false, true]);
    }

    #[test]
    fn an_input_path_is_present_where_it_leads_to_a_value() {
        assert_eq!(present(WrittenInput::InputPath("$.detail"), "{}"), [false]);
        assert_eq!(present(WrittenInput::InputPath("$.detail"), r#"{"detail": 1}"#), [true]);
    }
}
