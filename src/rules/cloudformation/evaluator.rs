//! Intrinsic functions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::substitute::{Part, TextBuilder, dynamic_parts, node_of, sub_parts};
use super::truth::Truth;
use crate::json::Place;
use crate::rules::parameters::Given;
use crate::rules::tree::{Member, Node, Value};
use crate::rules::{Missing, Parameters, Remedy, Resolved, Unknown};

/// Resolves the intrinsic functions of one template.
pub(in crate::rules) struct Evaluator<'a> {
    template: Option<&'a Node>,
    pub(super) given: &'a Given<'a>,
    /// Conditions are asked for again and again and may name each other; each is worked out once.
    pub(super) condition_memory: RefCell<HashMap<String, Truth>>,
    pub(super) conditions_deep: Cell<usize>,
    /// Whether the name of a resource is being worked out.
    pub(super) inside_name: Cell<bool>,
    /// Bytes that `Fn::Sub` may still put in; nested ones multiply.
    substituted_bytes_left: Cell<usize>,
}

/// Bytes that all `Fn::Sub` of one template may put in. Patterns have thousands of characters at the most.
const SUBSTITUTED_BYTES_MAX: usize = 16 << 20;

impl<'a> Evaluator<'a> {
    /// For the values of `template`.
    pub(in crate::rules) fn of_template(template: &'a Node, given: &'a Given<'a>) -> Self {
        Evaluator { template: Some(template), ..Evaluator::without_template(given) }
    }

    /// For snippets: only given values are known.
    pub(in crate::rules) fn without_template(given: &'a Given<'a>) -> Self {
        Evaluator {
            template: None,
            given,
            condition_memory: RefCell::default(),
            conditions_deep: Cell::default(),
            inside_name: Cell::default(),
            substituted_bytes_left: Cell::new(SUBSTITUTED_BYTES_MAX),
        }
    }

    /// `node` with everything resolved that can be; `None` if it comes to `AWS::NoValue`.
    pub(in crate::rules) fn evaluate(&self, node: &Node) -> Option<Node> {
        if let Some((function, argument)) = intrinsic(node) {
            return self.call(function, argument, node.place);
        }
        let value = match &node.value {
            Value::List(elements) => {
                Value::List(elements.iter().filter_map(|element| self.evaluate(element)).collect())
            }
            Value::Map(members) => {
                Value::Map(members.iter().filter_map(|member| self.member(member)).collect())
            }
            Value::String(text) if text.as_str().is_some_and(|text| text.contains("{{resolve:")) => {
                return Some(node_of(
                    self.dynamic(text.as_str().unwrap_or_default(), node.place),
                    node.place,
                ));
            }
            _ => return Some(node.clone()),
        };
        Some(Node { value, place: node.place, spelling: None })
    }

    /// What stands under `name` in a section of the template.
    pub(super) fn section(&self, section: &str, name: &str) -> Option<&'a Node> {
        self.template?.get(section)?.get(name)
    }

    fn member(&self, member: &Member) -> Option<Member> {
        self.evaluate(&member.value).map(|value| Member {
            name: member.name.clone(),
            name_place: member.name_place,
            name_doubt: member.name_doubt,
            value,
        })
    }

    fn call(&self, function: &str, argument: &Node, place: Place) -> Option<Node> {
        let arguments = argument.elements().unwrap_or_default();
        let text = match (function, arguments) {
            ("Ref", _) => return self.reference(argument.as_str().unwrap_or_default(), place),
            ("Fn::If", [condition, yes, no]) => return self.choose(condition, yes, no, place),
            ("Fn::FindInMap", [map, keys @ ..]) if (2..=3).contains(&keys.len()) => {
                return self.find_in_map(map, keys, place);
            }
            ("Fn::Select", [index, list]) => return self.select(index, list, place),
            ("Fn::Split", [delimiter, text]) => return Some(self.split(delimiter, text, place)),
            ("Fn::GetAtt", _) => self.attribute(argument, place),
            ("Fn::Sub", [text, variables]) => self.substitute(text, Some(variables), place),
            ("Fn::Sub", []) => self.substitute(argument, None, place),
            ("Fn::Join", [delimiter, list]) => self.join(delimiter, list, place),
            ("Fn::ImportValue", _) => self.import(argument, place),
            ("Fn::Base64", _) => self.base64(argument),
            _ => self.other(function, argument, place),
        };
        Some(node_of(text, place))
    }

    /// The text of a value, whatever functions it takes.
    fn text(&self, node: &Node) -> Resolved<String> {
        let Some(evaluated) = self.evaluate(node) else { return Resolved::Known(String::new()) };
        match &evaluated.value {
            Value::Unknown(unknown) => Resolved::Unknown((**unknown).clone()),
            Value::List(elements) => joined(elements.iter().map(text_of), ","),
            _ => text_of(&evaluated),
        }
    }

    fn dynamic(&self, text: &str, place: Place) -> Resolved<String> {
        let mut builder = TextBuilder::default();
        for part in dynamic_parts(text) {
            match part {
                Part::Literal(text) => builder.push_str(text),
                Part::Placeholder(key) => builder.push(self.value_or_unknown(key.to_owned(), key, place)),
            }
        }
        builder.finish()
    }

    fn attribute(&self, argument: &Node, place: Place) -> Resolved<String> {
        let (resource, attribute) = match argument.elements() {
            Some([resource, attribute]) => match (resource.as_str(), self.text(attribute)) {
                (Some(resource), Resolved::Known(attribute)) => (resource.to_owned(), attribute),
                _ => return malformed("Fn::GetAtt", place),
            },
            _ => match argument.as_str().and_then(|text| text.split_once('.')) {
                Some((resource, attribute)) => (resource.to_owned(), attribute.to_owned()),
                None => return malformed("Fn::GetAtt", place),
            },
        };
        self.attribute_text(&resource, &attribute, place)
    }

    fn substitute(&self, text: &Node, variables: Option<&Node>, place: Place) -> Resolved<String> {
        if let Value::Unknown(unknown) = &text.value {
            return Resolved::Unknown((**unknown).clone());
        }
        let Some(text) = text.as_str() else {
            return malformed("Fn::Sub", place);
        };
        let mut builder = TextBuilder::default();
        for part in sub_parts(text) {
            match part {
                Part::Literal(text) => builder.push(self.dynamic(text, place)),
                Part::Placeholder(name) => {
                    let value = self.variable(name, variables, place);
                    if !self.afford(&value) {
                        return malformed("Fn::Sub", place);
                    }
                    builder.push(value);
                }
            }
        }
        builder.finish()
    }

    /// Counts what is put in; false if it is too much.
    fn afford(&self, value: &Resolved<String>) -> bool {
        let bytes = match value {
            Resolved::Known(text) => text.len(),
            Resolved::Unknown(unknown) => unknown.written.len(),
        };
        let left = self.substituted_bytes_left.get().checked_sub(bytes + 1);
        self.substituted_bytes_left.set(left.unwrap_or(0));
        left.is_some()
    }

    fn variable(&self, name: &str, variables: Option<&Node>, place: Place) -> Resolved<String> {
        if let Some(value) = variables.and_then(|variables| variables.get(name)) {
            return self.text(value);
        }
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute_text(resource, attribute, place),
            None => self.reference(name, place).map_or(Resolved::Known(String::new()), |node| text_of(&node)),
        }
    }

    fn join(&self, delimiter: &Node, list: &Node, place: Place) -> Resolved<String> {
        let Some(delimiter) = delimiter.as_str() else {
            return malformed("Fn::Join", place);
        };
        match self.list(list) {
            Some(Resolved::Known(elements)) => joined(elements.iter().map(text_of), delimiter),
            Some(Resolved::Unknown(unknown)) => Resolved::Unknown(unknown),
            None => malformed("Fn::Join", place),
        }
    }

    /// A list of values; `None` if `node` comes to anything else.
    fn list(&self, node: &Node) -> Option<Resolved<Vec<Node>>> {
        match self.evaluate(node)?.value {
            Value::List(elements) => Some(Resolved::Known(elements)),
            Value::Unknown(unknown) => Some(Resolved::Unknown(*unknown)),
            _ => None,
        }
    }

    fn choose(&self, condition: &Node, yes: &Node, no: &Node, place: Place) -> Option<Node> {
        let Some(name) = condition.as_str() else {
            return Some(node_of(malformed("Fn::If", place), place));
        };
        match self.condition(name, condition.place) {
            Truth::True => self.evaluate(yes),
            Truth::False => self.evaluate(no),
            Truth::Unknown(missing) => {
                let written = format!("${{If:{name}}}");
                Some(node_of(Resolved::Unknown(Unknown { written, missing, resource: None }), place))
            }
        }
    }

    /// `[map, first key, second key]`, with `{DefaultValue: x}` behind them in newer templates.
    fn find_in_map(&self, map: &Node, keys: &[Node], place: Place) -> Option<Node> {
        let steps: Vec<Resolved<String>> =
            std::iter::once(map).chain(keys.iter().take(2)).map(|step| self.text(step)).collect();
        let written: Vec<&str> = steps.iter().map(Resolved::written).collect();
        let key = written.join(".");
        let bare: Vec<String> = std::iter::once(map).chain(keys).take(3).map(bare_text).collect();
        if let Some(value) = self.given_as("FindInMap", &key, &bare.join(".")) {
            return Some(node_of(Resolved::Known(value), place));
        }
        let mapping = steps[0].known().and_then(|name| self.section("Mappings", name));
        if let (Some(_), Resolved::Unknown(unknown)) = (mapping, joined(steps.iter().skip(1).cloned(), ".")) {
            return Some(node_of(Resolved::Unknown(Unknown { resource: None, ..unknown }), place));
        }
        let found = mapping.and_then(|mapping| mapping.get(written[1])?.get(written[2]));
        match (found, keys.get(2).and_then(|last| last.get("DefaultValue"))) {
            (Some(value), _) => Some(Node::made(value.value.clone(), place)),
            (None, Some(default)) if steps.iter().all(|step| step.known().is_some()) => {
                self.evaluate(default)
            }
            _ => {
                let key = format!("FindInMap:{key}");
                Some(node_of(
                    self.value_or_unknown(format!("Fn::{}", key.replacen(':', ": ", 1)), &key, place),
                    place,
                ))
            }
        }
    }

    fn import(&self, argument: &Node, place: Place) -> Resolved<String> {
        let export = self.text(argument);
        let name = export.written();
        if let Some(value) = self.given_as("ImportValue", name, &bare_text(argument)) {
            return Resolved::Known(value);
        }
        self.value_or_unknown(format!("Fn::ImportValue: {name}"), &format!("ImportValue:{name}"), place)
    }

    fn select(&self, index: &Node, list: &Node, place: Place) -> Option<Node> {
        let index = match self.text(index) {
            Resolved::Known(index) => index.parse::<usize>().ok(),
            Resolved::Unknown(unknown) => return Some(node_of(Resolved::Unknown(unknown), place)),
        };
        match (index, self.list(list)) {
            (Some(index), Some(Resolved::Known(elements))) if index < elements.len() => {
                Some(Node { place, ..elements[index].clone() })
            }
            (Some(_), Some(Resolved::Unknown(unknown))) => {
                Some(node_of(Resolved::Unknown(Unknown { resource: None, ..unknown }), place))
            }
            _ => Some(node_of(malformed("Fn::Select", place), place)),
        }
    }

    fn split(&self, delimiter: &Node, text: &Node, place: Place) -> Node {
        match (delimiter.as_str(), self.text(text)) {
            (Some(delimiter), Resolved::Known(text)) if !delimiter.is_empty() => {
                let parts = text.split(delimiter).map(|part| Node::made(Value::from(part), place));
                Node::made(Value::List(parts.collect()), place)
            }
            (Some(_), Resolved::Unknown(unknown)) => {
                node_of(Resolved::Unknown(Unknown { resource: None, ..unknown }), place)
            }
            _ => node_of(malformed("Fn::Split", place), place),
        }
    }

    fn base64(&self, argument: &Node) -> Resolved<String> {
        use base64::Engine as _;
        match self.text(argument) {
            Resolved::Known(text) => Resolved::Known(base64::engine::general_purpose::STANDARD.encode(text)),
            Resolved::Unknown(unknown) => {
                let written = format!("${{Base64:{}}}", unknown.written);
                Resolved::Unknown(Unknown { written, resource: None, ..unknown })
            }
        }
    }

    /// Functions that only AWS can answer, and ones that nobody knows: `Fn::GetAZs: x` is given as `GetAZs:x`.
    fn other(&self, function: &str, argument: &Node, place: Place) -> Resolved<String> {
        if FORMS.iter().any(|(name, _)| *name == function) {
            return malformed(function, place);
        }
        let written = match self.text(argument) {
            Resolved::Known(text) => text,
            Resolved::Unknown(unknown) => unknown.written,
        };
        let short = function.trim_start_matches("Fn::");
        self.value_or_unknown(format!("{function}: {written}"), &format!("{short}:{written}"), place)
    }

    /// The value given for `function:written`, or for `function:bare`, as it reads with nothing resolved: a
    /// message may have named it so before its parts were given.
    fn given_as(&self, function: &str, written: &str, bare: &str) -> Option<String> {
        let value = |key: &str| self.given.get(&format!("{function}:{key}"));
        value(written).or_else(|| value(bare)).map(str::to_owned)
    }

    /// The value given under `key`, or one that is missing and called `name`.
    fn value_or_unknown(&self, name: String, key: &str, place: Place) -> Resolved<String> {
        if let Some(value) = self.given.get(key) {
            return Resolved::Known(value.to_owned());
        }
        let missing = vec![Missing { name, remedy: Remedy::Give { key: key.to_owned() }, place }];
        Resolved::Unknown(Unknown { written: format!("${{{key}}}"), missing, resource: None })
    }
}

/// How functions are written. The others take what they get.
const FORMS: [(&str, &str); 7] = [
    ("Fn::FindInMap", "[map, key, key]"),
    ("Fn::GetAtt", "[resource, attribute] or resource.attribute"),
    ("Fn::If", "[condition, value, value]"),
    ("Fn::Join", "[delimiter, [value, ...]]"),
    ("Fn::Select", "[index, [value, ...]]"),
    ("Fn::Split", "[delimiter, text]"),
    ("Fn::Sub", "a text, or [text, {name: value}]"),
];

/// The function and argument, if `node` is a call: an object with one member that is `Ref` or begins with
/// `Fn::`. A field called `Ref` in a pattern holds a list and is no call.
fn intrinsic(node: &Node) -> Option<(&str, &Node)> {
    let (name, member) = node.only_member()?;
    let is_call = name.starts_with("Fn::") || name == "Ref" && member.value.as_str().is_some();
    is_call.then_some((name, &member.value))
}

/// The text of an evaluated value; a list has none and shows as JSON.
fn text_of(node: &Node) -> Resolved<String> {
    match &node.value {
        Value::Unknown(unknown) => Resolved::Unknown((**unknown).clone()),
        _ => Resolved::Known(node.scalar_text().map_or_else(|| node.to_json(), str::to_owned)),
    }
}

/// How a value reads with nothing resolved: `Fn::Sub: ${Stack}-Vpc` and `Fn::Join` of the same are `${Stack}-Vpc`.
fn bare_text(node: &Node) -> String {
    let parameters = Parameters::default();
    Evaluator::without_template(&Given::new(&parameters)).text(node).written().to_owned()
}

fn joined(parts: impl Iterator<Item = Resolved<String>>, delimiter: &str) -> Resolved<String> {
    let mut builder = TextBuilder::default();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            builder.push_str(delimiter);
        }
        builder.push(part);
    }
    builder.finish()
}

/// A call that is not written as CloudFormation wants it.
fn malformed(function: &str, place: Place) -> Resolved<String> {
    let form = FORMS.iter().find(|(name, _)| *name == function).map_or("another form", |(_, form)| form);
    let missing = vec![Missing { name: function.to_owned(), remedy: Remedy::Write(form), place }];
    Resolved::Unknown(Unknown { written: format!("${{{function}}}"), missing, resource: None })
}
