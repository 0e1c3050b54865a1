//! Compiled templates: the decisions that the text of a template settles once for all events.

use std::fmt;
use std::ops::Range;

use super::TargetKind;
use super::body::check_template;
use super::path::InputPath;
use super::pieces::{Position, WrittenPiece, pieces, with_nulls};
use super::problem::TemplateFault;
use super::select::{PathTrie, Selector};
use super::variable::Reserved;

/// How a template renders its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// It begins with `{`: values keep their types, strings are escaped.
    Json,
    /// Anything else: strings are inserted as they are, objects and arrays without their quotes.
    Text,
}

impl TemplateKind {
    /// The kind of `template`.
    pub(super) fn of(template: &str) -> TemplateKind {
        if template.trim_start().starts_with('{') { TemplateKind::Json } else { TemplateKind::Text }
    }
}

/// An accepted `InputTransformer`, ready to render.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTransformer {
    pub(super) kind: TemplateKind,
    pub(super) pieces: Box<[Piece]>,
    pub(super) soundness: Soundness,
    pub(super) shape: Shape,
    /// `InputPathsMap`, in written order; of a name that stands twice, the last.
    variables: Box<[(Box<str>, InputPath)]>,
    pub(super) trie: PathTrie,
    /// Of each variable, where it is in the trie.
    pub(super) selectors: Box<[Selector]>,
    /// Of each of [`HEADER_FIELDS`], where it is in the trie; empty if no one asks for the header.
    pub(super) header: Box<[Selector]>,
    can_fail: bool,
}

/// A piece of a compiled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(Box<str>),
    Variable { variable: Variable, position: Position },
}

/// What a placeholder refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    /// The variable of this number.
    Path(u32),
    Reserved(Reserved),
}

/// What can be said of all bodies before any is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Soundness {
    /// With `null` for each variable it is a body, so only what is inserted can break it.
    Sound,
    /// Text that stays as it is breaks it, such as a placeholder that nothing defines.
    Broken,
}

/// What a target takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Whatever is a body.
    Any,
    /// `{"timestamp": ..., "message": ...}`.
    LogEvent,
}

impl Shape {
    /// What a target of this kind takes.
    pub(super) fn of(kind: TargetKind) -> Shape {
        if kind == TargetKind::LogGroup { Shape::LogEvent } else { Shape::Any }
    }
}

/// The fields of `aws.events.event`, in its order. Recorded: an older header, with `detailType` for
/// `detail-type`, the time in milliseconds since 1970, and no `detail`.
pub(super) const HEADER_FIELDS: [HeaderField; 8] = [
    HeaderField { path: "$.id", name: "id" },
    HeaderField { path: "$.account", name: "account" },
    HeaderField { path: "$.detail-type", name: "detailType" },
    HeaderField { path: "$.time", name: "time" },
    HeaderField { path: "$.source", name: "source" },
    HeaderField { path: "$.region", name: "region" },
    HeaderField { path: "$.resources", name: "resources" },
    HeaderField { path: "$.version", name: "version" },
];

/// A field of `aws.events.event`.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeaderField {
    path: &'static str,
    pub(super) name: &'static str,
}

impl HeaderField {
    pub(super) fn is_time(self) -> bool {
        self.name == "time"
    }
}

impl InputTransformer {
    /// From parts that have been checked.
    pub(super) fn new(
        variables: Vec<(Box<str>, InputPath)>,
        template: &str,
        shape: Shape,
    ) -> InputTransformer {
        let pieces = compiled_pieces(&variables, template);
        let wants_header = pieces.iter().any(|piece| {
            matches!(piece, Piece::Variable { variable: Variable::Reserved(Reserved::Event), .. })
        });
        let header_paths: Vec<InputPath> = match wants_header {
            true => HEADER_FIELDS.iter().filter_map(|field| InputPath::parse(field.path).ok()).collect(),
            false => Vec::new(),
        };
        let paths: Vec<&InputPath> = variables.iter().map(|(_, path)| path).chain(&header_paths).collect();
        let (trie, mut selectors) = PathTrie::build(&paths);
        let header = selectors.split_off(variables.len());
        let kind = TemplateKind::of(template);
        let soundness = soundness(&pieces);
        InputTransformer {
            kind,
            soundness,
            shape,
            can_fail: shape == Shape::LogEvent || can_fail(kind, &pieces, soundness),
            pieces,
            variables: variables.into(),
            trie,
            selectors: selectors.into(),
            header: header.into(),
        }
    }

    /// How the template renders its variables.
    pub fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// The names and paths of `InputPathsMap`.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &InputPath)> {
        self.variables.iter().map(|(name, path)| (&**name, path))
    }

    /// The names of `InputPathsMap` that the template does not use.
    pub fn unused_variables(&self) -> impl Iterator<Item = &str> {
        let used = |index: usize| {
            self.pieces.iter().any(|piece| match piece {
                Piece::Variable { variable: Variable::Path(at), .. } => *at as usize == index,
                _ => false,
            })
        };
        self.variables
            .iter()
            .enumerate()
            .filter(move |(index, _)| !used(*index))
            .map(|(_, (name, _))| &**name)
    }

    /// The bytes of the placeholder of `name` that values may break: in a JSON template the first in quotes, if there is
    /// one, else the first.
    pub fn place_of_placeholder(&self, name: &str) -> Option<Range<usize>> {
        let template = self.template();
        let mut places = pieces(&template)
            .into_iter()
            .filter_map(|piece| match piece {
                WrittenPiece::Placeholder { name: other, span, position } if other == name => {
                    Some((position, span))
                }
                _ => None,
            })
            .collect::<Vec<_>>();
        if self.kind == TemplateKind::Json {
            places.sort_by_key(|(position, span)| (*position != Position::Quoted, span.start));
        }
        places.into_iter().next().map(|(_, span)| span)
    }

    /// The bytes of the template in which a placeholder stands that nothing defines and that is delivered as it is.
    pub fn undefined_placeholders(&self) -> Vec<Range<usize>> {
        let template = self.template();
        let is_defined = |name: &str| {
            self.variables.iter().any(|(known, _)| **known == *name) || Reserved::named(name).is_some()
        };
        pieces(&template)
            .into_iter()
            .filter_map(|piece| match piece {
                WrittenPiece::Placeholder { name, span, .. } if !is_defined(name) => Some(span),
                _ => None,
            })
            .collect()
    }

    /// `InputTemplate`, as it was written.
    pub fn template(&self) -> String {
        self.pieces.iter().map(|piece| self.written(piece)).collect()
    }

    fn written(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Variable { variable, .. } => format!("<{}>", self.name_of(*variable)),
        }
    }

    pub(super) fn name_of(&self, variable: Variable) -> &str {
        match variable {
            Variable::Path(index) => &self.variables[index as usize].0,
            Variable::Reserved(reserved) => reserved.as_str(),
        }
    }

    /// Whether there may be an event that makes the body invalid or empty, or no log event where one is wanted.
    pub(super) fn can_fail(&self) -> bool {
        self.can_fail
    }
}

/// A JSON template fails only where an object or array may come to stand in quotes; text with any variable may.
fn can_fail(kind: TemplateKind, pieces: &[Piece], soundness: Soundness) -> bool {
    let may_break = |piece: &Piece| match (kind, piece) {
        (_, Piece::Text(_)) => false,
        (TemplateKind::Text, Piece::Variable { .. }) => true,
        (TemplateKind::Json, Piece::Variable { variable, position }) => {
            matches!(variable, Variable::Path(_)) && *position == Position::Quoted
        }
    };
    soundness == Soundness::Broken || pieces.iter().any(may_break)
}

/// Placeholders that nothing defines, which AWS takes where there is no map, are text.
fn compiled_pieces(variables: &[(Box<str>, InputPath)], template: &str) -> Box<[Piece]> {
    let variable_named = |name: &str| match variables.iter().position(|(known, _)| **known == *name) {
        Some(index) => Some(Variable::Path(index as u32)),
        None => Reserved::named(name).map(Variable::Reserved),
    };
    let mut compiled: Vec<Piece> = Vec::new();
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            WrittenPiece::Text(written) => text.push_str(written),
            WrittenPiece::Placeholder { name, span, position } => match variable_named(name) {
                None => text.push_str(&template[span]),
                Some(variable) => {
                    push_text(&mut text, &mut compiled);
                    compiled.push(Piece::Variable { variable, position });
                }
            },
        }
    }
    push_text(&mut text, &mut compiled);
    compiled.into()
}

fn push_text(text: &mut String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text).into()));
    }
}

fn soundness(pieces: &[Piece]) -> Soundness {
    let with_nulls: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Variable { .. } => "null",
        })
        .collect();
    match check_template(with_nulls.as_bytes()) {
        Ok(()) => Soundness::Sound,
        Err(_) => Soundness::Broken,
    }
}

/// With which text AWS's parser refuses `template`, if it does: the text with `null` for each placeholder, and
/// what is wrong at which byte of it.
pub(super) fn refused_text(template: &str) -> Option<(String, usize, TemplateFault)> {
    let substituted = with_nulls(template);
    let (at, fault) = check_template(substituted.as_bytes()).err()?;
    Some((substituted, at, fault))
}

impl fmt::Display for TemplateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TemplateKind::Json => "JSON template",
            TemplateKind::Text => "text template",
        })
    }
}
