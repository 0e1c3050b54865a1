//! Event patterns that were written as objects, as JSON text.

use std::sync::Arc;

use super::pattern_text::{LocatedText, PatternText, Places};
use super::problem::{RuleNoteKind, RuleProblemKind};
use super::tree::{Doubt, Member, Node, SourceFile, Value};
use crate::json::text::write_json_string;
use crate::json::{Place, Text};

/// What came of rendering a pattern.
pub(super) struct Rendered {
    pub(super) pattern: PatternText,
    /// What forbids running it; each open value once.
    pub(super) problems: Vec<(Place, RuleProblemKind)>,
    pub(super) notes: Vec<(Place, RuleNoteKind)>,
}

/// The compact JSON text of `node`, members in written order and duplicates kept.
pub(super) fn pattern(node: &Node, source: &SourceFile) -> Rendered {
    let mut renderer = Renderer::default();
    renderer.node(node);
    let json = String::from_utf8_lossy(&renderer.json).into();
    let places = Places::Tokens(renderer.tokens.into());
    Rendered {
        pattern: PatternText(LocatedText::new(json, Arc::clone(&source.path), places)),
        problems: renderer.problems,
        notes: renderer.notes,
    }
}

#[derive(Default)]
struct Renderer {
    json: Vec<u8>,
    tokens: Vec<(usize, Place)>,
    problems: Vec<(Place, RuleProblemKind)>,
    notes: Vec<(Place, RuleNoteKind)>,
}

impl Renderer {
    fn node(&mut self, node: &Node) {
        self.token(node.place);
        self.doubt(node);
        match &node.value {
            Value::Null => self.json.extend(b"null"),
            Value::Bool(value) => self.json.extend(value.to_string().bytes()),
            Value::Number(spelling) => self.json.extend(spelling.bytes()),
            Value::String(text) => write_json_string(text.as_bytes(), &mut self.json),
            Value::List(elements) => self.list(elements),
            Value::Map(members) => self.map(members),
            Value::Unknown(unknown) => {
                self.json.extend(b"null");
                for missing in &unknown.missing {
                    self.problem(missing.place, RuleProblemKind::Unresolved(missing.clone()));
                }
            }
        }
    }

    fn list(&mut self, elements: &[Node]) {
        self.json.push(b'[');
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.node(element);
        }
        self.json.push(b']');
    }

    fn map(&mut self, members: &[Member]) {
        self.json.push(b'{');
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.name(member);
            self.json.push(b':');
            self.node(&member.value);
        }
        self.json.push(b'}');
    }

    fn name(&mut self, member: &Member) {
        self.token(member.name_place);
        if member.name_doubt.is_some() {
            let written = member.name.to_string_lossy().into_owned();
            self.problem(member.name_place, RuleProblemKind::DoubtfulName { written });
        }
        write_json_string(member.name.as_bytes(), &mut self.json);
    }

    fn token(&mut self, place: Place) {
        self.tokens.push((self.json.len(), place));
    }

    fn doubt(&mut self, node: &Node) {
        match node.spelling.as_ref().and_then(|spelling| spelling.doubt) {
            None => {}
            Some(Doubt::Number) => {
                let written = node.scalar_text().unwrap_or_default().to_owned();
                self.problem(node.place, RuleProblemKind::DoubtfulNumber { written });
            }
            Some(Doubt::Boolean) => {
                let value = node.value == Value::Bool(true);
                self.notes.push((node.place, RuleNoteKind::WordReadAsBoolean { value }));
            }
        }
    }

    /// What is missing in several places is missing once.
    fn problem(&mut self, place: Place, kind: RuleProblemKind) {
        let known = |(_, other): &(Place, RuleProblemKind)| match (other, &kind) {
            (RuleProblemKind::Unresolved(a), RuleProblemKind::Unresolved(b)) => a.name == b.name,
            _ => false,
        };
        if !self.problems.iter().any(known) {
            self.problems.push((place, kind));
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(Text::from(text))
    }
}
