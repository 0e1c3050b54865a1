//! Text put together from known and unknown parts.

use crate::json::Place;
use crate::rules::tree::{Node, Value};
use crate::rules::{Missing, Resolved, Unknown};

/// Text that grows part by part and stays readable where a part is unknown.
#[derive(Debug, Default)]
pub(in crate::rules) struct TextBuilder {
    written: String,
    missing: Vec<Missing>,
}

impl TextBuilder {
    pub(in crate::rules) fn push_str(&mut self, text: &str) {
        self.written.push_str(text);
    }

    pub(in crate::rules) fn push(&mut self, part: Resolved<String>) {
        match part {
            Resolved::Known(text) => self.written.push_str(&text),
            Resolved::Unknown(unknown) => {
                self.written.push_str(&unknown.written);
                self.missing.extend(unknown.missing);
            }
        }
    }

    pub(in crate::rules) fn finish(self) -> Resolved<String> {
        if self.missing.is_empty() {
            return Resolved::Known(self.written);
        }
        Resolved::Unknown(Unknown { written: self.written, missing: self.missing, resource: None })
    }
}

/// A text or an unknown one as a value at `place`.
pub(in crate::rules) fn node_of(text: Resolved<String>, place: Place) -> Node {
    let value = match text {
        Resolved::Known(text) => Value::from(text.as_str()),
        Resolved::Unknown(unknown) => Value::Unknown(Box::new(unknown)),
    };
    Node::made(value, place)
}

/// A part of a text with placeholders.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

/// The parts of a text of `Fn::Sub`: `${Name}` is a placeholder, `${!Name}` the text `${Name}`.
pub(super) fn sub_parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((open, len)) = rest.find("${").and_then(|open| Some((open, rest[open..].find('}')?))) {
        let name = &rest[open + 2..open + len];
        match name.strip_prefix('!') {
            Some(_) => {
                // The exclamation mark goes, the rest stays as it is.
                parts.push(Part::Literal(&rest[..open + 2]));
                parts.push(Part::Literal(&rest[open + 3..=open + len]));
            }
            None => {
                parts.push(Part::Literal(&rest[..open]));
                parts.push(Part::Placeholder(name));
            }
        }
        rest = &rest[open + len + 1..];
    }
    parts.push(Part::Literal(rest));
    parts
}

/// The parts of a text with dynamic references: `{{resolve:ssm:/path}}` is the placeholder `resolve:ssm:/path`.
pub(super) fn dynamic_parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((open, len)) =
        rest.find("{{resolve:").and_then(|open| Some((open, rest[open..].find("}}")?)))
    {
        parts.push(Part::Literal(&rest[..open]));
        parts.push(Part::Placeholder(&rest[open + 2..open + len]));
        rest = &rest[open + len + 2..];
    }
    parts.push(Part::Literal(rest));
    parts
}

#[cfg(test)]
mod tests {
    use super::Part::{Literal, Placeholder};
    use super::*;

    #[test]
    fn placeholders_and_escaped_ones_are_told_apart() {
        assert_eq!(sub_parts("a${B.c}d"), [Literal("a"), Placeholder("B.c"), Literal("d")]);
        assert_eq!(sub_parts("${!B}${"), [Literal("${"), Literal("B}"), Literal("${")]);
        assert_eq!(
            dynamic_parts("x{{resolve:ssm:/a}}"),
            [Literal("x"), Placeholder("resolve:ssm:/a"), Literal("")]
        );
        assert_eq!(dynamic_parts("{{resolve:"), [Literal("{{resolve:")]);
    }
}
