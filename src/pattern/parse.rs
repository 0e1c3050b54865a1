//! From JSON to a typed pattern, gathering every problem on the way.

use std::ops::Range;
use std::sync::Arc;

use super::alternatives;
use super::complexity::wildcard_complexity;
use super::ir::{Alternative, FieldTests, ListPlace, Pattern, PatternMember, PatternObject, PlacedTest};
use super::limits::{Limits, Profile};
use super::problem::{PatternError, PatternProblem, PatternProblemKind as Kind, PatternWarning};
use super::span::to_span;
use crate::json::{JsonPointer, Member, Node, Place, Text, Value, tree};

/// Names that cannot be fields anywhere inside `$or`. Source: event-ruler 2.0.1, recorded from AWS too.
const RESERVED_IN_OR: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// Conditions of all combinations together, which bounds the memory that a pattern can take. A pattern that
/// the service takes stays far below: 1,000 combinations of what fits into 4,096 characters.
const EXPANDED_CONDITIONS_MAX: usize = 2_000_000;

impl Pattern {
    /// Reads a pattern. What follows the closing brace is ignored, as AWS does.
    ///
    /// # Errors
    /// All the problems of the pattern, in the order of their places; a JSON syntax error comes alone.
    pub fn parse(text: &[u8], limits: &Limits) -> Result<Pattern, PatternError> {
        parse(text, limits)
    }
}

fn parse(text: &[u8], limits: &Limits) -> Result<Pattern, PatternError> {
    let node = tree::parse(text).map_err(|error| {
        let kind = Kind::Syntax(error.problem);
        PatternError::new(vec![problem(text, kind, JsonPointer::root(), error.at..error.at + 1)])
    })?;
    let first_try = Parser::new(text, OrForm::Alternatives, limits).pattern(&node);
    match first_try {
        // event-ruler takes `$or` for a field name where it does not work as `$or`; the service does not.
        Err(problems) if limits.profile == Profile::Engine && mentions_or(&node) => {
            let retry = Parser::new(text, OrForm::OrdinaryField, limits).pattern(&node);
            retry.map_err(|_| PatternError::new(problems))
        }
        outcome => outcome.map_err(PatternError::new),
    }
}

fn mentions_or(node: &Node) -> bool {
    match &node.value {
        Value::Object(members) => {
            members.iter().any(|member| member.name.as_bytes() == b"$or" || mentions_or(&member.value))
        }
        Value::Array(elements) => elements.iter().any(mentions_or),
        _ => false,
    }
}

fn problem(text: &[u8], kind: Kind, pointer: JsonPointer, span: Range<usize>) -> PatternProblem {
    PatternProblem { kind, pointer, place: Place::of(text, span.start), span: to_span(&span) }
}

/// What `$or` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrForm {
    /// A list of alternatives.
    Alternatives,
    /// Nothing: a field like any other. The engine's second try, which also knows fewer forms of
    /// `anything-but`.
    OrdinaryField,
}

/// Whether a place is below an `$or`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    Or,
    Root,
}

/// Reads one pattern; every method notes problems and goes on.
pub(super) struct Parser<'t> {
    text: &'t [u8],
    pub(super) or_form: OrForm,
    pub(super) limits: &'t Limits,
    pub(super) pointer: JsonPointer,
    problems: Vec<PatternProblem>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], or_form: OrForm, limits: &'t Limits) -> Parser<'t> {
        Parser { text, or_form, limits, pointer: JsonPointer::root(), problems: Vec::new() }
    }

    /// Notes a problem at the current pointer.
    pub(super) fn note(&mut self, kind: Kind, span: &Range<usize>) {
        self.problems.push(problem(self.text, kind, self.pointer.clone(), span.clone()));
    }

    fn pattern(mut self, node: &Node) -> Result<Pattern, Vec<PatternProblem>> {
        let Value::Object(members) = &node.value else {
            self.note(Kind::NotAnObject { found: node.value.kind() }, &node.span);
            return Err(self.problems);
        };
        let root = self.object(members, &node.span, Below::Root);
        let warnings = self.check_length(node);
        self.check_combinations(&root, node);
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let alternatives = alternatives::expand(&root);
        self.check_fields(&alternatives, node);
        self.check_complexity(&alternatives, node);
        match self.problems.is_empty() {
            true => Ok(Pattern { root: Arc::new(root), alternatives, warnings }),
            false => Err(self.problems),
        }
    }

    fn object(&mut self, members: &[Member], span: &Range<usize>, below: Below) -> PatternObject {
        if members.is_empty() {
            self.note(Kind::EmptyObject, span);
        }
        let members =
            members.iter().filter_map(|member| self.at_member(&member.name, |p| p.member(member, below)));
        PatternObject { members: members.collect() }
    }

    fn member(&mut self, member: &Member, below: Below) -> Option<PatternMember> {
        if member.name.as_bytes() == b"$or" && self.or_form == OrForm::Alternatives {
            return self.or(&member.value);
        }
        if below == Below::Or && is_reserved_in_or(&member.name) {
            self.note(Kind::ReservedInOr { name: member.name.to_string() }, &member.name_span);
            return None;
        }
        let name = member.name.clone();
        match &member.value.value {
            Value::Object(members) => {
                Some(PatternMember::Object { name, object: self.object(members, &member.value.span, below) })
            }
            Value::Array(elements) => {
                Some(PatternMember::Field { name, tests: self.field_tests(elements, &member.value.span) })
            }
            other => {
                let found = other.kind();
                self.note(Kind::NeitherObjectNorList { name: name.to_string(), found }, &member.value.span);
                None
            }
        }
    }

    fn or(&mut self, value: &Node) -> Option<PatternMember> {
        let found = match &value.value {
            Value::Array(branches) if branches.len() < 2 => match branches.len() {
                0 => "an empty list".to_owned(),
                _ => "a list of one".to_owned(),
            },
            Value::Array(branches) => {
                let branches = branches.iter().enumerate();
                let branches = branches.filter_map(|(i, branch)| self.at_element(i, |p| p.branch(branch)));
                return Some(PatternMember::Or { branches: branches.collect() });
            }
            other => other.kind().to_owned(),
        };
        self.note(Kind::BadOr { found }, &value.span);
        None
    }

    fn branch(&mut self, branch: &Node) -> Option<PatternObject> {
        match &branch.value {
            Value::Object(members) => Some(self.object(members, &branch.span, Below::Or)),
            other => {
                self.note(Kind::BadOr { found: format!("{} in the list", other.kind()) }, &branch.span);
                None
            }
        }
    }

    fn field_tests(&mut self, elements: &[Node], span: &Range<usize>) -> Arc<FieldTests> {
        if elements.is_empty() {
            self.note(Kind::EmptyList, span);
        }
        let tests = elements.iter().enumerate().filter_map(|(index, element)| {
            let test = self.at_element(index, |p| p.field_test(element))?;
            Some(PlacedTest { test, span: to_span(&element.span) })
        });
        Arc::new(FieldTests { tests: tests.collect(), place: ListPlace(to_span(span)) })
    }

    /// Runs `read` with the pointer one member deeper.
    pub(super) fn at_member<T>(&mut self, name: &Text, read: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.pointer.len();
        self.pointer.push_member(name);
        let result = read(self);
        self.pointer.truncate(len);
        result
    }

    /// Runs `read` with the pointer one element deeper.
    pub(super) fn at_element<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.pointer.len();
        self.pointer.push_element(index);
        let result = read(self);
        self.pointer.truncate(len);
        result
    }

    fn check_length(&mut self, node: &Node) -> Vec<PatternWarning> {
        let Some(chars_max) = self.limits.chars_max else { return Vec::new() };
        let chars = String::from_utf8_lossy(&self.text[..node.span.end]).chars().count();
        if chars > chars_max {
            self.note(Kind::TooLong { chars, chars_max }, &node.span);
        }
        let long = self.limits.chars_warned.filter(|chars_warned| chars > *chars_warned);
        long.into_iter().map(|chars_warned| PatternWarning::Long { chars, chars_warned }).collect()
    }

    fn check_combinations(&mut self, root: &PatternObject, node: &Node) {
        let combinations = alternatives::count(root);
        // Each combination is kept with all its fields, so large patterns have to do with fewer.
        let affordable = EXPANDED_CONDITIONS_MAX / alternatives::fields_written(root).max(1);
        let combinations_max = self.limits.combinations_max.min(affordable.max(1));
        if combinations > combinations_max {
            self.note(Kind::TooManyCombinations { combinations, combinations_max }, &node.span);
        }
    }

    fn check_fields(&mut self, alternatives: &[Alternative], node: &Node) {
        let fields_max = self.limits.fields_max;
        let fields = alternatives.iter().map(|alternative| alternative.conditions.len()).max().unwrap_or(0);
        if fields > fields_max {
            self.note(Kind::TooManyFields { fields, fields_max }, &node.span);
        }
    }

    fn check_complexity(&mut self, alternatives: &[Alternative], node: &Node) {
        let Some(complexity_max) = self.limits.complexity_max else { return };
        let complexity = wildcard_complexity(alternatives);
        if complexity > complexity_max {
            self.note(Kind::TooComplex { complexity, complexity_max }, &node.span);
        }
    }
}

fn is_reserved_in_or(name: &Text) -> bool {
    name.as_str().is_some_and(|name| RESERVED_IN_OR.contains(&name))
}
