//! Reads objects with known keys, noting every problem.

use super::problem::SuiteProblemKind;
use crate::document::{Doubt, Member, Node, SourceFile, Value};
use crate::json::Place;
use crate::pattern::nearest;

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// What it is.
    pub value: T,
    /// Where it starts.
    pub place: Place,
}

/// Collects what is wrong with one file.
pub(super) struct Reader<'f> {
    lines: Vec<&'f str>,
    pub(super) problems: Vec<(Place, SuiteProblemKind)>,
}

/// An object whose keys are known.
#[derive(Clone, Copy)]
pub(super) struct Object<'n> {
    node: &'n Node,
    within: &'static str,
}

impl<'n> Object<'n> {
    pub(super) fn place(self) -> Place {
        self.node.place
    }

    pub(super) fn get(self, key: &str) -> Option<&'n Node> {
        self.node.get(key)
    }

    /// Where the key stands, or the object without it.
    pub(super) fn place_of(self, key: &str) -> Place {
        self.node.member(key).map_or(self.node.place, |member| member.name_place)
    }
}

impl<'f> Reader<'f> {
    pub(super) fn new(source: &'f SourceFile) -> Reader<'f> {
        Reader { lines: source.text.lines().collect(), problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, place: Place, kind: SuiteProblemKind) {
        self.problems.push((place, kind));
    }

    pub(super) fn wrong_kind(&mut self, key: &str, node: &Node, expected: &'static str) {
        let key = key.to_owned();
        self.problem(node.place, SuiteProblemKind::WrongKind { key, expected, found: node.kind() });
    }

    /// The object that `node`, the value of `key`, has to be; its keys are among `known`.
    pub(super) fn object<'n>(
        &mut self,
        key: &str,
        node: &'n Node,
        within: &'static str,
        known: &'static [&'static str],
    ) -> Option<Object<'n>> {
        if !matches!(node.value, Value::Map(_)) {
            self.wrong_kind(key, node, "an object");
            return None;
        }
        self.repeated_keys(node);
        for member in node.members() {
            let key = member.name.to_string_lossy();
            if !known.contains(&&*key) {
                let nearest = nearest(&key, known);
                let kind = SuiteProblemKind::UnknownKey { key: key.into_owned(), within, nearest, known };
                self.problem(member.name_place, kind);
            }
        }
        Some(Object { node, within })
    }

    /// The value of `key`, which has to be there.
    pub(super) fn required<'n>(&mut self, object: Object<'n>, key: &'static str) -> Option<&'n Node> {
        let found = object.get(key);
        if found.is_none() {
            self.problem(object.place(), SuiteProblemKind::MissingKey { key, within: object.within });
        }
        found
    }

    /// The members of an object that may have any names, with these.
    pub(super) fn named<'n>(&mut self, key: &str, node: &'n Node) -> Vec<(Placed<String>, &'n Node)> {
        if !matches!(node.value, Value::Map(_)) {
            self.wrong_kind(key, node, "an object");
            return Vec::new();
        }
        self.repeated_keys(node);
        let named = |member: &'n Member| {
            let name = Placed { value: member.name.to_string_lossy().into_owned(), place: member.name_place };
            (name, &member.value)
        };
        node.members().iter().map(named).collect()
    }

    /// The text that `node`, the value of `key`, has to be; an empty one is a problem too.
    pub(super) fn text(&mut self, key: &str, node: &Node) -> Option<Placed<String>> {
        match node.as_str() {
            Some("") => {
                self.problem(node.place, SuiteProblemKind::Empty { key: key.to_owned() });
                None
            }
            Some(text) => Some(Placed { value: text.to_owned(), place: node.place }),
            None => {
                self.wrong_kind(key, node, "a text");
                None
            }
        }
    }

    /// The list that `node`, the value of `key`, has to be.
    pub(super) fn list<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Node] {
        node.elements().unwrap_or_else(|| {
            self.wrong_kind(key, node, "a list");
            &[]
        })
    }

    /// A list that holds something.
    pub(super) fn filled_list<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Node] {
        if node.elements().is_some_and(<[Node]>::is_empty) {
            self.problem(node.place, SuiteProblemKind::Empty { key: key.to_owned() });
        }
        self.list(key, node)
    }

    /// The texts of a list.
    pub(super) fn texts(&mut self, key: &str, elements: &[Node]) -> Vec<Placed<String>> {
        elements.iter().filter_map(|element| self.text(key, element)).collect()
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        node: &Node,
        what: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(key, node)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let nearest = nearest(&text.value, &known).map(str::to_owned);
            let known = known.into_iter().map(str::to_owned).collect();
            self.problem(
                node.place,
                SuiteProblemKind::UnknownWord { word: text.value, what, nearest, known },
            );
        }
        found.map(|(_, value)| *value)
    }

    /// `true`; the only value that the flag `key` takes, so that there is one way to leave it off.
    pub(super) fn only_true(&mut self, key: &str, node: &Node) -> Option<()> {
        if node.value == Value::Bool(true) {
            return Some(());
        }
        self.wrong_kind(key, node, "`true`, or left out");
        None
    }

    /// A value that stands for itself, as in an event: nothing in it may mean one thing to one reader of YAML and
    /// another to the next, because it is what a verdict hangs on.
    pub(super) fn data(&mut self, node: &Node) {
        if let Some(doubt) = node.spelling.as_ref().and_then(|spelling| spelling.doubt) {
            self.doubtful(node.place, doubt, node);
        }
        self.tag(node);
        self.repeated_keys(node);
        for member in node.members() {
            if let Some(doubt) = member.name_doubt {
                let name = Node::made(Value::String(member.name.clone()), member.name_place);
                self.doubtful(member.name_place, doubt, &name);
            }
            self.data(&member.value);
        }
        node.elements().unwrap_or_default().iter().for_each(|element| self.data(element));
    }

    fn doubtful(&mut self, place: Place, doubt: Doubt, node: &Node) {
        let written = match &node.value {
            Value::Bool(_) => self.word_at(place),
            _ => node.scalar_text().unwrap_or_default().to_owned(),
        };
        let one = match doubt {
            Doubt::Boolean => "a boolean",
            Doubt::Number => "a number",
        };
        self.problem(place, SuiteProblemKind::Doubtful { written, one });
    }

    /// The letters that stand at `place`.
    fn word_at(&self, place: Place) -> String {
        self.behind(place).chars().take_while(|c| c.is_alphabetic()).collect()
    }

    fn behind(&self, place: Place) -> &'f str {
        let line = self.lines.get(place.line as usize - 1).copied().unwrap_or_default();
        let start = line.char_indices().nth(place.column as usize - 1).map_or(line.len(), |(at, _)| at);
        &line[start..]
    }

    /// The reader of YAML gives short tags of CloudFormation their long form, which is right in templates only.
    fn tag(&mut self, node: &Node) {
        let Some((name, _)) = node.only_member() else { return };
        let tag = match name {
            "Ref" | "Condition" => name,
            _ => match name.strip_prefix("Fn::") {
                Some(tag) => tag,
                None => return,
            },
        };
        if self.behind(node.place).strip_prefix('!').is_some_and(|rest| rest.starts_with(tag)) {
            self.problem(node.place, SuiteProblemKind::Tag { tag: tag.to_owned() });
        }
    }

    /// Readers of JSON differ on which of two members counts.
    fn repeated_keys(&mut self, node: &Node) {
        let mut seen = std::collections::HashSet::new();
        for member in node.members() {
            if !seen.insert(member.name.as_bytes()) {
                let key = member.name.to_string_lossy().into_owned();
                self.problem(member.name_place, SuiteProblemKind::RepeatedKey { key });
            }
        }
    }
}
