//! YAML files as trees, with CloudFormation's short tags in their long form.

use std::ops::Range;
use std::panic::catch_unwind;

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, Tag, YamlData};

use super::place::advance;
use super::problem::DocumentProblem;
use super::tree::{Doubt, Member, Node, Spelling, Syntax, Value};
use super::yaml_scalar;
use crate::json::{Place, Text};

/// Columns of indentation and list dashes at the start of a line that are read. Blocks cannot nest deeper than
/// they are indented, so this bounds the recursion of the YAML crate, which has no bound of its own (flow
/// collections end at 255 levels there).
const INDENT_COLUMNS_MAX: usize = 1_000;

/// Reads the documents of a YAML file.
///
/// Aliases and merge keys are expanded; the crate stops at 100,000 nodes out of aliases. Duplicate keys are
/// an error, as YAML wants it.
///
/// # Errors
/// The first place at which the file is not YAML; tags and merge keys without a meaning.
pub(super) fn read<U: Clone>(text: &str) -> Result<Vec<Node<U>>, (Place, DocumentProblem)> {
    refuse_deep_indentation(text)?;
    // The crate asserts some of its invariants; a defect of it must not end a run over a thousand files.
    let documents = match catch_unwind(|| MarkedYaml::load_from_str(text)) {
        Ok(Ok(documents)) => documents,
        Ok(Err(error)) => {
            let message = error.info().to_owned();
            return Err((place_of(*error.marker()), DocumentProblem::Yaml { message }));
        }
        Err(_) => {
            let message = "the YAML reader gave up on this file".to_owned();
            return Err((Place { line: 1, column: 1 }, DocumentProblem::Yaml { message }));
        }
    };
    let mut converter = Converter { text, byte_of_char: byte_of_char(text), problem: None };
    let nodes = documents.into_iter().map(|document| converter.node(document, None)).collect();
    converter.problem.map_or(Ok(nodes), Err)
}

fn refuse_deep_indentation(text: &str) -> Result<(), (Place, DocumentProblem)> {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-', '?', ':', '\t']).len();
    match text.lines().position(|line| indent(line) > INDENT_COLUMNS_MAX) {
        Some(at) => Err((
            Place { line: u32::try_from(at + 1).unwrap_or(u32::MAX), column: 1 },
            DocumentProblem::TooDeep { columns_max: INDENT_COLUMNS_MAX },
        )),
        None => Ok(()),
    }
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn place_of(marker: Marker) -> Place {
    Place { line: saturate(marker.line().max(1)), column: saturate(marker.col().saturating_add(1)) }
}

/// The crate counts in characters; empty where these are bytes.
fn byte_of_char(text: &str) -> Vec<usize> {
    if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(byte, _)| byte).collect() }
}

struct Converter<'a> {
    text: &'a str,
    byte_of_char: Vec<usize>,
    /// The first, since what follows may be its consequence.
    problem: Option<(Place, DocumentProblem)>,
}

/// What a member of a mapping is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Own,
    /// It gives the members of other mappings.
    Merges,
}

impl Converter<'_> {
    /// `outer` is the place of the tag's node, which has none of its own inside.
    fn node<U: Clone>(&mut self, yaml: MarkedYaml<'_>, outer: Option<(Marker, Marker)>) -> Node<U> {
        let (start, end) = outer.unwrap_or((yaml.span.start, yaml.span.end));
        let place = place_of(start);
        match yaml.data {
            YamlData::Value(scalar) => self.scalar(scalar, start, end),
            YamlData::Sequence(elements) => {
                let elements = elements.into_iter().map(|element| self.node(element, None)).collect();
                Node::made(Value::List(elements), place)
            }
            YamlData::Mapping(members) => {
                let members = members.into_iter().map(|(name, value)| self.member(name, value));
                let members: Vec<(Role, Member<U>)> = members.collect();
                Node::made(Value::Map(self.merged(members)), place)
            }
            YamlData::Tagged(tag, inner) => {
                let inner = self.node(*inner, Some((start, end)));
                long_form(&tag, place, inner)
            }
            YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => {
                self.bad_value(start, end)
            }
        }
    }

    fn member<U: Clone>(&mut self, name: MarkedYaml<'_>, value: MarkedYaml<'_>) -> (Role, Member<U>) {
        let name: Node<U> = self.node(name, None);
        let name_place = name.place;
        let doubt = name.spelling.as_ref().and_then(|spelling| spelling.doubt);
        let text = match &name.value {
            Value::String(text) => text.clone(),
            // Keys are text whatever they look like: `1: x` and `on: x` are the fields `1` and `on`.
            Value::Null | Value::Bool(_) | Value::Number(_) => Text::from(self.raw(&name)),
            Value::List(_) | Value::Map(_) | Value::Unknown(_) => {
                let message = "a key must be a single word or a quoted text".to_owned();
                self.fail(name_place, DocumentProblem::Yaml { message });
                Text::default()
            }
        };
        let name_doubt = doubt.filter(|doubt| *doubt == Doubt::Boolean);
        // In quotes it is a name like any other.
        let role = if self.raw(&name) == "<<" { Role::Merges } else { Role::Own };
        (role, Member { name: text, name_place, name_doubt, value: self.node(value, None) })
    }

    fn raw<U>(&self, node: &Node<U>) -> &str {
        node.spelling.as_ref().and_then(|spelling| self.text.get(spelling.span.clone())).unwrap_or("")
    }

    fn scalar<U>(&mut self, scalar: Scalar<'_>, start: Marker, end: Marker) -> Node<U> {
        let (spelled, place) = self.spelled(start, end);
        let raw = &self.text[spelled.span.clone()];
        let is_text = spelled.is_str || raw.starts_with(['"', '\'', '|', '>']);
        let (value, doubt) = match scalar {
            Scalar::String(text) if is_text => (Value::String(Text::from(&*text)), None),
            Scalar::String(text) => yaml_scalar::plain(&text),
            // Behind an alias the spelling is that of the alias.
            Scalar::Integer(number) if raw.starts_with('*') => {
                (Value::Number(number.to_string().into()), None)
            }
            Scalar::FloatingPoint(number) if raw.starts_with('*') => yaml_scalar::plain(&number.to_string()),
            Scalar::Boolean(value) => (Value::Bool(value), None),
            Scalar::Null => (Value::Null, None),
            Scalar::Integer(_) | Scalar::FloatingPoint(_) => yaml_scalar::plain(raw),
        };
        let spelling = Spelling { span: spelled.span, syntax: Syntax::Yaml, doubt };
        Node { value, place, spelling: Some(spelling) }
    }

    /// The scalar itself and its place. The crate's span may begin with a tag or an anchor, and that of a
    /// block without these begins at the text, behind the header.
    fn spelled(&self, start: Marker, end: Marker) -> (Spelled, Place) {
        let first = self.byte(start.index());
        let last = self.byte(end.index()).max(first);
        let whole = &self.text[first..last];
        if let Some(header) = block_header(&self.text[..first]) {
            let between = &self.text[header..first];
            let lines = memchr::memchr_iter(b'\n', between.as_bytes()).count();
            let line_start = self.text[..header].rfind('\n').map_or(0, |newline| newline + 1);
            let place = Place {
                line: saturate(start.line().saturating_sub(lines).max(1)),
                column: saturate(self.text[line_start..header].chars().count() + 1),
            };
            let is_str = true;
            return (Spelled { span: header..first + whole.trim_end().len(), is_str }, place);
        }
        let properties = &whole[..properties_len(whole)];
        let raw = without_tail(&whole[properties.len()..]);
        let first = first + properties.len();
        let span = first..first + raw.len();
        let place = advance(place_of(start), properties.as_bytes());
        (Spelled { span, is_str: properties.contains("!!str") }, place)
    }

    /// `<<: map` and `<<: [map, ...]` give the members that are not written beside them.
    fn merged<U: Clone>(&mut self, members: Vec<(Role, Member<U>)>) -> Vec<Member<U>> {
        let (merges, members): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|(role, _)| *role == Role::Merges);
        let mut members: Vec<Member<U>> = members.into_iter().map(|(_, member)| member).collect();
        for (_, merge) in merges {
            for member in self.merge_sources(merge) {
                if members.iter().all(|own| own.name != member.name) {
                    members.push(member);
                }
            }
        }
        members
    }

    fn merge_sources<U: Clone>(&mut self, merge: Member<U>) -> Vec<Member<U>> {
        match merge.value.value {
            Value::Map(members) => members,
            Value::List(maps) if maps.iter().all(|map| matches!(map.value, Value::Map(_))) => {
                maps.iter().flat_map(|map| map.members().to_vec()).collect()
            }
            _ => {
                let message = "the merge key `<<` wants an object or a list of objects".to_owned();
                self.fail(merge.name_place, DocumentProblem::Yaml { message });
                Vec::new()
            }
        }
    }

    fn bad_value<U>(&mut self, start: Marker, end: Marker) -> Node<U> {
        let place = place_of(start);
        // An empty document is a bad value too, and a harmless one.
        if start.index() != end.index() {
            let message = "the value does not fit its tag".to_owned();
            self.fail(place, DocumentProblem::Yaml { message });
        }
        Node::made(Value::Null, place)
    }

    fn byte(&self, index: usize) -> usize {
        if self.byte_of_char.is_empty() {
            return index.min(self.text.len());
        }
        self.byte_of_char.get(index).copied().unwrap_or(self.text.len())
    }

    fn fail(&mut self, place: Place, kind: DocumentProblem) {
        self.problem.get_or_insert((place, kind));
    }
}

/// Where a scalar is written.
struct Spelled {
    span: Range<usize>,
    /// Whether it is text whatever it looks like.
    is_str: bool,
}

/// Where the header (`|`, `>-`, `|2`) of a block stands whose text follows `before`; `None` if what follows is
/// no block. A header ends its line, but for a comment, and stands behind a colon, a dash or nothing.
fn block_header(before: &str) -> Option<usize> {
    let lines = before.trim_end_matches([' ', '\t', '\r', '\n']);
    if !before[lines.len()..].contains('\n') {
        return None;
    }
    let line_start = lines.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &lines[line_start..];
    let code = line.find(" #").map_or(line, |comment| &line[..comment]).trim_end();
    let opening = code.trim_end_matches(|c: char| matches!(c, '+' | '-' | '1'..='9'));
    let rest = opening.strip_suffix(['|', '>'])?;
    let leads = rest.is_empty() || rest.ends_with([' ', '\t']);
    let behind_indicator = rest.trim_end().is_empty() || rest.trim_end().ends_with([':', '-', '?']);
    (leads && behind_indicator).then_some(line_start + rest.len())
}

/// The length of the anchor, the tag and the comments in front of a scalar, which its span includes.
fn properties_len(whole: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &whole[at..];
        let len = match rest.bytes().next() {
            Some(b'&' | b'!') => rest.find(char::is_whitespace),
            Some(b'#') if at > 0 => rest.find('\n'),
            Some(b' ' | b'\t' | b'\r' | b'\n') => Some(1),
            _ => return at,
        };
        at += len.unwrap_or(rest.len());
    }
}

/// A scalar without the white space behind it, nor the comment that the span of a quoted one may include.
fn without_tail(raw: &str) -> &str {
    let end = match raw.bytes().next() {
        Some(b'\'') => closing_quote(raw, b'\'', b'\''),
        Some(b'"') => closing_quote(raw, b'"', b'\\'),
        _ => None,
    };
    end.map_or(raw.trim_end(), |end| &raw[..=end])
}

/// Where the quoted text ends that `raw` starts with; `escape` and the byte behind it are part of the text.
fn closing_quote(raw: &str, quote: u8, escape: u8) -> Option<usize> {
    let bytes = raw.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        let escaped = bytes[at] == escape && (escape != quote || bytes.get(at + 1) == Some(&quote));
        match bytes[at] {
            _ if escaped => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// `!Ref x` is `{"Ref": x}`, `!Condition x` is `{"Condition": x}`, any other `!Name x` is `{"Fn::Name": x}`.
fn long_form<U>(tag: &Tag, place: Place, value: Node<U>) -> Node<U> {
    let name = match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        other => format!("Fn::{other}"),
    };
    let member = Member { name: Text::from(name.as_str()), name_place: place, name_doubt: None, value };
    Node::made(Value::Map(vec![member]), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Node>, (Place, DocumentProblem)> {
        super::read(text)
    }

    fn one(text: &str) -> Node {
        let mut documents = read(text).expect("YAML");
        assert_eq!(documents.len(), 1);
        documents.remove(0)
    }

    fn at(node: &Node) -> String {
        node.place.to_string()
    }

    #[test]
    fn spans_lie_on_the_scalars_themselves() {
        let text = "é: &a !!str 'x'\nb: !Ref Thing\nc: !Sub # why\n  |\n  one\n   two\nd: [ 1.0, \"q\", !Ref x ]\ne: *a\nf:\ng: !Join [',', [1]]\nh: !If\n  - a\n";
        let root = one(text);
        let raw = |name: &str| {
            let node = root.get(name).expect("there");
            let scalar = node.only_member().map_or(node, |(_, member)| &member.value);
            &text[scalar.spelling.clone().expect("a scalar").span]
        };
        assert_eq!(raw("é"), "'x'");
        assert_eq!(raw("c"), "|\n  one\n   two");
        assert_eq!(raw("e"), "*a");
        assert_eq!(root.get("e").expect("e").as_str(), Some("x"));
        assert_eq!(root.get("f").expect("f").value, Value::Null);
        let tagged = root.get("b").expect("b");
        assert_eq!(
            tagged.only_member().map(|(name, member)| (name, member.value.as_str())),
            Some(("Ref", Some("Thing")))
        );
        assert_eq!(at(tagged), "2:4");
        assert_eq!(tagged.only_member().map(|(_, member)| at(&member.value)), Some("2:9".to_owned()));
        let list = root.get("d").and_then(Node::elements).expect("a list");
        assert_eq!(list[0].value, Value::Number("1.0".into()));
        assert_eq!(list.iter().map(at).collect::<Vec<_>>(), ["7:6", "7:11", "7:16"]);
        let places = |name| {
            let node = root.get(name).expect("there");
            node.only_member().map(|(_, member)| (at(node), at(&member.value)))
        };
        assert_eq!(places("g"), Some(("10:4".to_owned(), "10:4".to_owned())));
        assert_eq!(places("h"), Some(("11:4".to_owned(), "11:4".to_owned())));
    }

    #[test]
    fn quotes_and_str_tags_make_text() {
        let root = one("a: 'on'\nb: !!str on\nc: \"012\"\nd: on\ne: !!str 5\n");
        for (name, text) in [("a", "on"), ("b", "on"), ("c", "012"), ("e", "5")] {
            assert_eq!(root.get(name).and_then(Node::as_str), Some(text), "{name}");
        }
        assert_eq!(root.get("d").map(|node| &node.value), Some(&Value::Bool(true)));
    }

    #[test]
    fn merge_keys_give_what_is_not_written_beside_them() {
        let root =
            one("base: &base {a: 1, b: 2}\nmore: &more {c: 3, a: 9}\nx:\n  <<: [*base, *more]\n  b: 5\n");
        let x = root.get("x").expect("x");
        let value = |name| x.get(name).and_then(Node::scalar_text);
        assert_eq!((value("a"), value("b"), value("c")), (Some("1"), Some("5"), Some("3")));
        assert!(x.get("<<").is_none());
        assert!(read("a:\n  <<: 1\n").is_err());
        assert_eq!(one("'<<': 1\n").get("<<").and_then(Node::scalar_text), Some("1"));
    }

    #[test]
    fn keys_are_text() {
        let root = one("1: a\non: b\nnull: c\n'on ': d\n0x2: e\n");
        let names: Vec<_> = root.members().iter().map(|member| member.name.to_string()).collect();
        assert_eq!(names, ["1", "on", "null", "on ", "0x2"]);
        assert_eq!(root.members()[1].name_doubt, Some(Doubt::Boolean));
        assert_eq!(root.members()[3].name_doubt, None);
    }

    #[test]
    fn hostile_files_are_refused_with_a_place() {
        let deep = "- ".repeat(100_000);
        assert_eq!(read(&deep).map_err(|(place, _)| place.to_string()), Err("1:1".to_owned()));
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"{a: ".repeat(100_000)).is_err());
        let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let list = vec![format!("*a{}", level - 1); 9].join(",");
            laughs.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        assert!(read(&laughs).is_err());
        let (place, kind) = read("a: 1\nb: 2\na: 3\n").expect_err("a duplicate");
        assert_eq!(place.to_string(), "3:1");
        assert!(matches!(kind, DocumentProblem::Yaml { message } if message.contains("duplicated key")));
        assert!(read("a: !!int x\n").is_err());
        assert!(read("? [1]\n: 2\n").is_err());
    }
}
