//! Expressions as values, as far as their text tells.

use std::cell::Cell;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{
    Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator, UnaryOp, UnaryOperator,
};
use hcl_edit::template::{Element, Strip, Template};

use super::json_text::json_text;
use super::lines::Lines;
use super::scope::Scope;
use crate::document::Spelling;
use crate::json::number::number_len;
use crate::json::{Place, Text};
use crate::rules::cloudformation::{TextBuilder, node_of};
use crate::rules::open_value::{given_structure, open_value};
use crate::rules::parameters::Given;
use crate::rules::tree::{Member, Node, Syntax, Value};
use crate::rules::{Resolved, ResourceRef, Unknown};
use crate::transform::TargetKind;

/// Variables and locals are followed so far. Terraform refuses circles; this ends them here.
const REFERENCES_DEEP_MAX: usize = 30;

/// Values that all references of one file may bring in; ones that name others twice multiply.
const REFERENCED_MAX: usize = 100_000;

/// Evaluates the expressions of one file.
pub(super) struct Evaluator<'a> {
    pub(super) text: &'a str,
    pub(super) lines: &'a Lines<'a>,
    pub(super) scope: &'a Scope<'a>,
    pub(super) given: &'a Given<'a>,
    pub(super) left: &'a Cell<usize>,
}

impl<'a> Evaluator<'a> {
    /// For the expressions of another file of the module.
    fn of_file(&self, file: usize) -> Evaluator<'a> {
        let (text, lines) = self.scope.file(file);
        Evaluator { text, lines, scope: self.scope, given: self.given, left: self.left }
    }

    /// The value of an expression; what is not known is open under its text.
    pub(super) fn value(&self, expression: &Expression) -> Node {
        self.at_depth(expression, 0)
    }

    /// The value of an attribute that wants JSON text: of `jsonencode(x)` it is `x` itself, whose parts have
    /// places of their own.
    pub(super) fn json_value(&self, expression: &Expression) -> Node {
        match expression {
            Expression::FuncCall(call) if is_jsonencode(call) => call
                .args
                .iter()
                .next()
                .map_or_else(|| self.value(expression), |argument| self.value(argument)),
            Expression::Parenthesis(inner) => self.json_value(inner.inner()),
            _ => self.value(expression),
        }
    }

    pub(super) fn place(&self, span: Option<Range<usize>>) -> Place {
        self.lines.place(span.map_or(0, |span| span.start))
    }

    fn at_depth(&self, expression: &Expression, depth: usize) -> Node {
        let place = self.place(expression.span());
        match expression {
            Expression::Null(_) => Node::made(Value::Null, place),
            Expression::Bool(value) => Node::made(Value::Bool(*value.value()), place),
            Expression::Number(_) => self.number(expression.span(), "", place),
            Expression::UnaryOp(operation) => self.unary(operation, expression, place),
            Expression::String(text) => self.string(text, expression.span(), place),
            Expression::StringTemplate(template) => self.template(template, expression, place, depth),
            Expression::HeredocTemplate(heredoc) => {
                self.template(&heredoc.template, expression, place, depth)
            }
            Expression::Array(elements) => {
                let elements = elements.iter().map(|element| self.at_depth(element, depth));
                Node::made(Value::List(elements.collect()), place)
            }
            Expression::Object(object) => self.object(object, expression, place, depth),
            Expression::Parenthesis(inner) => self.at_depth(inner.inner(), depth),
            Expression::FuncCall(call) if is_jsonencode(call) => self.jsonencode(call, place, depth),
            Expression::Traversal(traversal) => self.reference(traversal, expression, place, depth),
            Expression::Variable(_)
            | Expression::FuncCall(_)
            | Expression::Conditional(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => self.open(expression.span(), place),
        }
    }

    /// The value given for the text of an expression, or an open one.
    fn open(&self, span: Option<Range<usize>>, place: Place) -> Node {
        open_value(&self.written(span), place, self.given)
    }

    /// The text of an expression on one line.
    fn written(&self, span: Option<Range<usize>>) -> String {
        let text = span.and_then(|span| self.text.get(span)).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn number(&self, span: Option<Range<usize>>, sign: &str, place: Place) -> Node {
        let spelled = format!("{sign}{}", self.written(span.clone()));
        match number_len(spelled.as_bytes()) == Some(spelled.len()) {
            true => Node::made(Value::Number(spelled.into()), place),
            false => self.open(span, place),
        }
    }

    fn unary(&self, operation: &UnaryOp, expression: &Expression, place: Place) -> Node {
        match (operation.operator.value(), &operation.expr) {
            (UnaryOperator::Neg, number @ Expression::Number(_)) => self.number(number.span(), "-", place),
            _ => self.open(expression.span(), place),
        }
    }

    /// A text in quotes. Its escapes are those of JSON, but for few, of which the bytes have no place of their
    /// own.
    fn string(&self, text: &str, span: Option<Range<usize>>, place: Place) -> Node {
        let is_like_json = |raw: &str| !["$${", "%%{", "\\U"].iter().any(|other| raw.contains(other));
        let spelling = span
            .filter(|span| self.text.get(span.clone()).is_some_and(is_like_json))
            .map(|span| Spelling { span, syntax: Syntax::Json, doubt: None });
        Node { value: Value::from(text), place, spelling }
    }

    fn template(&self, template: &Template, expression: &Expression, place: Place, depth: usize) -> Node {
        let elements: Vec<&Element> = template.iter().collect();
        if let [Element::Literal(text)] = elements[..] {
            return self.string(text, expression.span(), place);
        }
        let mut builder = TextBuilder::default();
        for element in elements {
            match element {
                Element::Literal(text) => builder.push_str(text),
                Element::Interpolation(part) if part.strip == Strip::None => {
                    builder.push(text_of(&self.at_depth(&part.expr, depth)));
                }
                // Conditions, loops and stripped white space are Terraform's to work out.
                Element::Interpolation(_) | Element::Directive(_) => {
                    return self.open(expression.span(), place);
                }
            }
        }
        node_of(builder.finish(), place)
    }

    fn object(&self, object: &Object, expression: &Expression, place: Place, depth: usize) -> Node {
        let mut members = Vec::new();
        for (key, value) in object.iter() {
            let (name, name_span) = match key {
                ObjectKey::Ident(name) => (Some(name.as_str().to_owned()), name.span()),
                ObjectKey::Expression(key) => {
                    let node = self.at_depth(key, depth);
                    (node.scalar_text().map(str::to_owned), key.span())
                }
            };
            // Which members there are is not known without their names.
            let Some(name) = name else { return self.open(expression.span(), place) };
            members.push(Member {
                name: Text::from(name.as_str()),
                name_place: self.place(name_span),
                name_doubt: None,
                value: self.member(value.expr(), depth),
            });
        }
        Node::made(Value::Map(members), place)
    }

    /// The value of a member. What is given for an expression may be a list or an object here: fields of patterns are
    /// never text.
    fn member(&self, expression: &Expression, depth: usize) -> Node {
        let is_open = match expression {
            Expression::Parenthesis(inner) => return self.member(inner.inner(), depth),
            Expression::Variable(_)
            | Expression::Traversal(_)
            | Expression::FuncCall(_)
            | Expression::Conditional(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => true,
            _ => false,
        };
        let span = expression.span();
        let given = is_open
            .then(|| given_structure(&self.written(span.clone()), self.place(span), self.given))
            .flatten();
        given.unwrap_or_else(|| self.at_depth(expression, depth))
    }

    fn jsonencode(&self, call: &FuncCall, place: Place, depth: usize) -> Node {
        let Some(argument) = call.args.iter().next() else { return self.open(call.span(), place) };
        let (written, missing) = json_text(&self.at_depth(argument, depth));
        let text = match missing.is_empty() {
            true => Resolved::Known(written),
            false => Resolved::Unknown(Unknown { written, missing, resource: None }),
        };
        node_of(text, place)
    }

    /// `var.x`, `local.x` and `TYPE.NAME.name` of the same module, unless another value is given.
    fn reference(&self, traversal: &Traversal, expression: &Expression, place: Place, depth: usize) -> Node {
        let written = self.written(expression.span());
        if depth >= REFERENCES_DEEP_MAX || self.given.get(&written).is_some() {
            return self.open(expression.span(), place);
        }
        let steps = steps(traversal);
        let found = steps.as_deref().and_then(|steps| self.scope.expression(steps));
        match (found, self.left.get().checked_sub(1)) {
            (Some((file, found)), Some(left)) => {
                self.left.set(left);
                self.of_file(file).at_depth(found, depth + 1)
            }
            _ => {
                let mut node = self.open(expression.span(), place);
                if let (Value::Unknown(unknown), Some([kind, name, _])) = (&mut node.value, steps.as_deref())
                {
                    unknown.resource = self.bus(kind, name, depth);
                }
                node
            }
        }
    }

    /// The event bus of this type and name, if it is one.
    fn bus(&self, kind: &str, name: &str, depth: usize) -> Option<ResourceRef> {
        if kind != "aws_cloudwatch_event_bus" {
            return None;
        }
        let named = self.scope.expression(&[kind, name, "name"]);
        let named = named.map(|(file, named)| self.of_file(file).at_depth(named, depth + 1));
        Some(ResourceRef {
            logical_id: format!("{kind}.{name}"),
            name: named.as_ref().and_then(Node::written_text).map(str::to_owned),
            resource_type: "AWS::Events::EventBus".to_owned(),
            target_kind: TargetKind::EventBus,
        })
    }
}

/// How many references a file may follow.
pub(super) fn allowance() -> Cell<usize> {
    Cell::new(REFERENCED_MAX)
}

fn is_jsonencode(call: &FuncCall) -> bool {
    !call.name.is_namespaced() && call.name.name.as_str() == "jsonencode" && call.args.len() == 1
}

/// The names of `a.b.c`; nothing if it has anything but names.
pub(super) fn steps(traversal: &Traversal) -> Option<Vec<&str>> {
    let Expression::Variable(first) = &traversal.expr else { return None };
    let rest = traversal.operators.iter().map(|operator| match operator.value() {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    });
    std::iter::once(Some(first.as_str())).chain(rest).collect()
}

/// A value inside a text; a list or an object shows as JSON.
fn text_of(node: &Node) -> Resolved<String> {
    match &node.value {
        Value::Unknown(unknown) => Resolved::Unknown(Unknown { resource: None, ..(**unknown).clone() }),
        _ => Resolved::Known(node.scalar_text().map_or_else(|| node.to_json(), str::to_owned)),
    }
}
