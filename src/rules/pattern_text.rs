//! Text that keeps the way back to the file it came from.

use std::path::Path;
use std::sync::Arc;

use super::SourcePlace;
use super::pretty::pretty;
use super::tree::{Node, SourceFile, Syntax};
use crate::document::advance;
use crate::document::read_json;
use crate::json::{Place, Text};

/// The JSON text of an event pattern, exactly as written where it was written as JSON text, else rendered
/// from the object that stood in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternText(pub(super) LocatedText);

impl PatternText {
    /// The JSON text. Nothing about it is checked, it may not even be JSON.
    pub fn json(&self) -> &str {
        self.0.as_str()
    }

    /// The same pattern spread over lines for people; as it is if it is no JSON.
    pub fn pretty(&self) -> String {
        read_json(self.json()).map_or_else(|_| self.json().to_owned(), |node| pretty(&node))
    }

    /// The place in the file that byte `offset` of the text came from.
    pub fn place_of(&self, offset: usize) -> SourcePlace {
        self.0.place_of(offset)
    }
}

/// A text and the places of its bytes.
#[derive(Debug, Clone)]
pub struct LocatedText {
    text: Box<str>,
    file: Arc<Path>,
    places: Places,
}

/// Equal where the text is: the same text from another file is the same text.
impl PartialEq for LocatedText {
    fn eq(&self, other: &LocatedText) -> bool {
        self.text == other.text
    }
}

impl Eq for LocatedText {}

/// How to find the place of a byte. Worked out when asked, as hardly any of 100,000 rules is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Places {
    /// Folded or computed text: all of it is at one place.
    Whole(Place),
    /// The text stands in the file as it is.
    Verbatim(Place),
    /// The lines of a YAML literal block.
    Indented(Place),
    /// The inside of a JSON string, with its escapes.
    JsonString { raw: Box<str>, start: Place },
    /// Rendered text: offset and place of each token, ascending.
    Tokens(Box<[(usize, Place)]>),
    /// Texts put together: where each starts, ascending. What stands between them belongs to the one before.
    Joined(Box<[(usize, LocatedText)]>),
}

impl LocatedText {
    pub(super) fn new(text: Box<str>, file: Arc<Path>, places: Places) -> LocatedText {
        LocatedText { text, file, places }
    }

    /// `texts` one behind the other, with `opening`, `between` and `closing` around them.
    pub(super) fn joined(
        opening: &str,
        texts: Vec<LocatedText>,
        between: &str,
        closing: &str,
        file: Arc<Path>,
    ) -> LocatedText {
        let mut whole = opening.to_owned();
        let mut pieces = Vec::with_capacity(texts.len());
        for text in texts {
            if !pieces.is_empty() {
                whole.push_str(between);
            }
            let start = whole.len();
            whole.push_str(&text.text);
            pieces.push((start, text));
        }
        whole.push_str(closing);
        LocatedText::new(whole.into(), file, Places::Joined(pieces.into()))
    }

    /// The text of a scalar; numbers and booleans as CloudFormation spells them.
    pub(super) fn of_scalar(node: &Node, source: &SourceFile) -> Option<LocatedText> {
        let text = node.scalar_text()?;
        let places = scalar_places(node, text, &source.text);
        Some(LocatedText::new(text.into(), Arc::clone(&source.path), places))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The place in the file that byte `offset` came from; behind the end, that of the end.
    pub fn place_of(&self, offset: usize) -> SourcePlace {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let place = match &self.places {
            Places::Whole(place) => *place,
            Places::Verbatim(start) => advance(*start, before),
            Places::Indented(start) => {
                let inside = Place::of(before, before.len());
                Place { line: start.line + inside.line - 1, column: start.column + inside.column - 1 }
            }
            Places::JsonString { raw, start } => {
                advance(*start, &raw.as_bytes()[..raw_offset(raw.as_bytes(), before.len())])
            }
            Places::Tokens(tokens) => {
                let next = tokens.partition_point(|(at, _)| *at <= before.len());
                tokens[next.saturating_sub(1)].1
            }
            Places::Joined(pieces) => {
                let next = pieces.partition_point(|(start, _)| *start <= before.len());
                match pieces.get(next.saturating_sub(1)) {
                    Some((start, piece)) => piece.place_of(before.len().saturating_sub(*start)).place,
                    None => Place { line: 1, column: 1 },
                }
            }
        };
        SourcePlace { file: Arc::clone(&self.file), place }
    }
}

/// Where the decoded byte `offset` starts in the inside of a JSON string.
fn raw_offset(raw: &[u8], offset: usize) -> usize {
    let (mut at, mut decoded) = (0, 0);
    while decoded < offset && at < raw.len() {
        let unit_len = escape_len(&raw[at..]);
        decoded += Text::decode(&raw[at..at + unit_len]).as_bytes().len();
        at += unit_len;
    }
    at
}

/// The length of the byte or escape at the start of `raw`; pairs of surrogates are one escape.
fn escape_len(raw: &[u8]) -> usize {
    let len = match raw {
        [b'\\', b'u', ..] if is_pair(raw) => 12,
        [b'\\', b'u', ..] => 6,
        [b'\\', ..] => 2,
        _ => 1,
    };
    len.min(raw.len())
}

fn is_pair(raw: &[u8]) -> bool {
    raw.get(..12).is_some_and(|both| Text::decode(both).as_bytes().len() == 4)
}

fn scalar_places(node: &Node, text: &str, source: &str) -> Places {
    let Some(spelling) = &node.spelling else { return Places::Whole(node.place) };
    let Some(raw) = source.get(spelling.span.clone()) else { return Places::Whole(node.place) };
    let quoted = raw.len() >= 2 && raw.starts_with(['"', '\'']);
    let inside = if quoted { &raw[1..raw.len() - 1] } else { raw };
    let start = Place { column: node.place.column + u32::from(quoted), ..node.place };
    if inside == text {
        return Places::Verbatim(start);
    }
    match spelling.syntax {
        // A heredoc of HCL.
        Syntax::Json if raw.starts_with("<<") => literal_block(node.place, text, raw),
        Syntax::Json => Places::JsonString { raw: inside.into(), start },
        Syntax::Yaml if raw.starts_with('|') => literal_block(node.place, text, raw),
        Syntax::Yaml => Places::Whole(node.place),
    }
}

/// The lines of a literal block stand one below the other behind its header, each with the same indentation.
fn literal_block(header: Place, text: &str, raw: &str) -> Places {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = text.lines().zip(raw.lines().skip(1));
    let Some((line, raw_line)) = lines.into_iter().find(|(line, _)| !line.trim().is_empty()) else {
        return Places::Whole(header);
    };
    let cut = indent(raw_line).saturating_sub(indent(line));
    Places::Indented(Place { line: header.line + 1, column: u32::try_from(cut).unwrap_or(u32::MAX - 1) + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_in(places: Places, text: &str, offset: usize) -> String {
        LocatedText::new(text.into(), Path::new("f").into(), places).place_of(offset).to_string()
    }

    #[test]
    fn escapes_of_a_json_string_are_walked() {
        let raw = r#"{\"\u00e9\ud83d\ude00\n\":[1]}"#;
        let text = Text::decode(raw.as_bytes());
        let text = text.as_str().expect("plain text");
        let start = Place { line: 3, column: 10 };
        let at = |offset| place_in(Places::JsonString { raw: raw.into(), start }, text, offset);
        assert_eq!(at(0), "f:3:10");
        assert_eq!(at(1), "f:3:11");
        assert_eq!(
            at(text.find('1').expect("there")),
            format!("f:3:{}", 10 + raw.find("1]").expect("there"))
        );
        assert_eq!(at(999), format!("f:3:{}", 10 + raw.len()));
    }

    #[test]
    fn tokens_answer_for_the_bytes_behind_them() {
        let tokens = [(0, Place { line: 1, column: 1 }), (5, Place { line: 2, column: 3 })];
        let at = |offset| place_in(Places::Tokens(tokens.into()), "{\"a\":1}", offset);
        assert_eq!(at(4), "f:1:1");
        assert_eq!(at(5), "f:2:3");
        assert_eq!(at(6), "f:2:3");
    }
}
