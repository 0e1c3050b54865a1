//! Resolves variables on the tree of a file.

use std::cell::Cell;

use super::variable_text::{Piece, alternatives, pieces, quoted};
use crate::json::Place;
use crate::json::number::number_len;
use crate::rules::cloudformation::{TextBuilder, node_of};
use crate::rules::open_value::open_value;
use crate::rules::parameters::Given;
use crate::rules::tree::{Member, Node, Value};
use crate::rules::{Resolved, Unknown};

/// Variables that lead to variables are followed so far. The framework refuses circles; this ends them here.
const VARIABLES_DEEP_MAX: usize = 30;

/// Bytes and values that may be put in for variables; ones that name others twice multiply.
const SUBSTITUTED_MAX: usize = 16 << 20;

/// Sources that may lack the value, so that the default behind them stands. What all others would say is only
/// known where the service is deployed.
const MAY_BE_ABSENT: [&str; 4] = ["opt:", "env:", "param:", "self:"];

/// Resolves the variables of one file.
pub(super) struct Variables<'a> {
    root: &'a Node,
    given: &'a Given<'a>,
    left: Cell<usize>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(root: &'a Node, given: &'a Given<'a>) -> Self {
        Variables { root, given, left: Cell::new(SUBSTITUTED_MAX) }
    }

    /// `node` with everything resolved that can be. Values keep the places at which they are written, also
    /// those that a variable brings from elsewhere in the file.
    pub(super) fn resolved(&self, node: &Node) -> Node {
        self.at_depth(node, 0)
    }

    fn at_depth(&self, node: &Node, depth: usize) -> Node {
        let value = match &node.value {
            Value::String(_) => {
                let text = node.as_str().filter(|text| text.contains("${"));
                return text.map_or_else(|| node.clone(), |text| self.text(text, node, depth));
            }
            Value::List(elements) => {
                Value::List(elements.iter().map(|element| self.at_depth(element, depth)).collect())
            }
            Value::Map(members) => {
                let member =
                    |member: &Member| Member { value: self.at_depth(&member.value, depth), ..member.clone() };
                Value::Map(members.iter().map(member).collect())
            }
            _ => return node.clone(),
        };
        Node::made(value, node.place)
    }

    fn text(&self, text: &str, node: &Node, depth: usize) -> Node {
        let pieces = pieces(text);
        match pieces[..] {
            [Piece::Variable(variable)] => return self.variable(variable, node.place, depth),
            [Piece::Literal(_)] | [] => return node.clone(),
            _ => {}
        }
        let mut builder = TextBuilder::default();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => builder.push_str(literal),
                Piece::Variable(variable) => {
                    builder.push(text_of(&self.variable(variable, node.place, depth)));
                }
            }
        }
        node_of(builder.finish(), node.place)
    }

    /// The value of the first alternative that has one.
    fn variable(&self, written: &str, place: Place, depth: usize) -> Node {
        let open = |key: &str| open_value(key, place, self.given);
        if depth >= VARIABLES_DEEP_MAX || !self.afford(written.len() + 1) {
            return open(written);
        }
        if self.given.get(written).is_some() {
            return open(written);
        }
        let mut first_open = None;
        for alternative in alternatives(written) {
            let key =
                match self.text(alternative, &Node::made(Value::from(alternative), place), depth + 1).value {
                    Value::String(text) => text.to_string_lossy().into_owned(),
                    Value::Unknown(unknown) => return Node::made(Value::Unknown(unknown), place),
                    _ => alternative.to_owned(),
                };
            if let Some(node) = self.alternative(&key, place, depth) {
                return node;
            }
            first_open.get_or_insert(key.clone());
            if !MAY_BE_ABSENT.iter().any(|source| key.starts_with(source)) {
                return open(&key);
            }
        }
        open(&first_open.unwrap_or_else(|| written.to_owned()))
    }

    /// The value of one alternative, if it is known.
    fn alternative(&self, key: &str, place: Place, depth: usize) -> Option<Node> {
        if let Some(text) = quoted(key) {
            return Some(Node::made(Value::from(text), place));
        }
        if self.given.get(key).is_some() {
            return Some(open_value(key, place, self.given));
        }
        if let Some(path) = key.strip_prefix("self:") {
            return self.own(path, depth);
        }
        if key == "sls:stage" {
            return Some(self.variable("opt:stage, self:provider.stage, 'dev'", place, depth + 1));
        }
        // Numbers, true, false and null need no quotes.
        let value = match key {
            "true" | "false" => Value::Bool(key == "true"),
            "null" => Value::Null,
            _ if number_len(key.as_bytes()) == Some(key.len()) => Value::Number(key.into()),
            _ => return None,
        };
        Some(Node::made(value, place))
    }

    /// What stands at `path` of this file.
    fn own(&self, path: &str, depth: usize) -> Option<Node> {
        let mut node = self.root;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            node = match (&node.value, step.parse::<usize>()) {
                (Value::List(elements), Ok(index)) => elements.get(index)?,
                _ => node.get(step)?,
            };
        }
        if node.value == Value::Null || !self.afford(weight(node)) {
            return None;
        }
        Some(self.at_depth(node, depth + 1))
    }

    /// Counts what is put in; false if it is too much.
    fn afford(&self, amount: usize) -> bool {
        let left = self.left.get().checked_sub(amount);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// How much a value takes: its values and their bytes.
fn weight(node: &Node) -> usize {
    match &node.value {
        Value::List(elements) => elements.iter().map(weight).sum::<usize>() + 1,
        Value::Map(members) => {
            members.iter().map(|member| member.name.as_bytes().len() + weight(&member.value)).sum::<usize>()
                + 1
        }
        Value::String(text) => text.as_bytes().len() + 1,
        _ => 1,
    }
}

/// A value inside a text; a list or an object shows as JSON.
fn text_of(node: &Node) -> Resolved<String> {
    match &node.value {
        Value::Unknown(unknown) => Resolved::Unknown(Unknown { resource: None, ..(**unknown).clone() }),
        _ => Resolved::Known(node.scalar_text().map_or_else(|| node.to_json(), str::to_owned)),
    }
}
