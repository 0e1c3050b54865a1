//! Rules as a plain file of ours: JSON with the property names of `AWS::Events::Rule`, in one canonical form.
//!
//! What is written loads back to the same rules: same names, buses, states, patterns up to white space, targets.
//! What is not known stays open under the same name (`{"Fn::Sub": "${OrdersQueue.Arn}"}`). Lost are the places,
//! the kind of source, and the type of a resource of the same template that a target refers to.

use super::cloudformation::Evaluator;
use super::parameters::Given;
use super::pretty::pretty;
use super::tree::{Member, Node, Value};
use super::{
    BusName, InputTransformer, LocatedText, Parameters, Resolved, RetryPolicy, Rule, RuleName, Subject,
    Target, TargetInput, rule,
};
use crate::document::read_json;
use crate::json::{Place, Text};

/// The most levels of a pattern that is written as an object; deeper ones are written as JSON text, since the
/// file around them takes levels too.
const PATTERN_LEVELS_MAX: usize = 900;

/// Rules as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainForm {
    /// A JSON list, ended by a newline.
    pub text: String,
    /// The rules that such a file cannot hold, by index.
    pub left_out: Vec<(usize, LeftOut)>,
}

/// Why a plain file cannot hold a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// Filters of a pipe or mapping would become a rule of a bus.
    #[error("it filters records and is no rule of a bus")]
    RecordFilter,
    /// A label that AWS takes for no rule.
    #[error("its label is no name of a rule")]
    NotAName,
}

/// Writes rules in the canonical form, in their order.
pub fn plain_form(rules: &[Rule]) -> PlainForm {
    let mut left_out = Vec::new();
    let mut written = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        match obstacle(rule) {
            Some(reason) => left_out.push((index, reason)),
            None => written.push(of_rule(rule)),
        }
    }
    let list = node(Value::List(written));
    PlainForm { text: format!("{}\n", pretty(&list)), left_out }
}

fn obstacle(rule: &Rule) -> Option<LeftOut> {
    if rule.source_kind.subject() == Subject::SourceRecords {
        return Some(LeftOut::RecordFilter);
    }
    RuleName::parse(rule.name.as_str()).is_err().then_some(LeftOut::NotAName)
}

fn of_rule(rule: &Rule) -> Node {
    let mut map = Map::default();
    map.push("Name", literal(rule.name.as_str()));
    if rule.bus != BusName::default() {
        map.push("EventBusName", of_bus(&rule.bus));
    }
    // What would be put together anyway is left to that.
    if rule.arn != rule::arn(&rule.bus, &rule.name, |_| None) {
        map.push("Arn", literal(&rule.arn));
    }
    map.push("State", literal(rule.state.as_str()));
    map.push_some("Description", rule.description.as_deref().map(literal));
    map.push_some("EventPattern", rule.trigger.pattern().map(|pattern| of_pattern(pattern.json())));
    map.push_some("ScheduleExpression", rule.trigger.schedule().map(literal));
    map.push_some("ManagedBy", rule.managed_by.as_deref().map(literal));
    if !rule.allowed.is_empty() {
        let allow = node(Value::List(rule.allowed.iter().map(|code| literal(code)).collect()));
        let ours = Map::default().with("allow", allow).finish();
        map.push("Metadata", Map::default().with("Ruleproof", ours).finish());
    }
    if !rule.targets.is_empty() {
        map.push("Targets", node(Value::List(rule.targets.iter().map(of_target).collect())));
    }
    map.finish()
}

fn of_bus(bus: &BusName) -> Node {
    match BusName::parse(bus.as_str()) {
        Ok(_) => literal(bus.as_str()),
        Err(_) => call("Fn::Sub", literal_text(bus.as_str())),
    }
}

/// An object where that says the same: no intrinsic function in disguise, no text that is not one JSON object.
fn of_pattern(json: &str) -> Node {
    let parameters = Parameters::default();
    let given = Given::new(&parameters);
    let evaluator = Evaluator::without_template(&given);
    let object = read_json(json).ok().filter(|node: &Node| {
        matches!(node.value, Value::Map(_))
            && levels(node) <= PATTERN_LEVELS_MAX
            && evaluator.evaluate(node).is_some_and(|evaluated| evaluated.to_json() == node.to_json())
    });
    object.unwrap_or_else(|| literal(json))
}

fn levels(node: &Node) -> usize {
    let below = match &node.value {
        Value::List(elements) => elements.iter().map(levels).max(),
        Value::Map(members) => members.iter().map(|member| levels(&member.value)).max(),
        _ => return 0,
    };
    below.unwrap_or(0) + 1
}

fn of_target(target: &Target) -> Node {
    let mut map = Map::default();
    map.push("Id", of_text(&target.id));
    map.push("Arn", of_text(&target.arn));
    for input in &target.inputs {
        match input {
            TargetInput::Input(text) => map.push("Input", of_located(text)),
            TargetInput::InputPath(text) => map.push("InputPath", of_located(text)),
            TargetInput::Transformer(transformer) => {
                map.push("InputTransformer", of_transformer(transformer))
            }
        }
    }
    let nested = |name: &str, value: &Option<Resolved<String>>| {
        value.as_ref().map(|text| Map::default().with(name, of_text(text)).finish())
    };
    map.push_some("DeadLetterConfig", nested("Arn", &target.dead_letter_arn));
    map.push_some("RetryPolicy", target.retry_policy.as_ref().map(of_retry_policy));
    map.push_some("RoleArn", target.role_arn.as_ref().map(of_text));
    map.push_some("SqsParameters", nested("MessageGroupId", &target.sqs_message_group_id));
    map.push_some("KinesisParameters", nested("PartitionKeyPath", &target.kinesis_partition_key_path));
    map.finish()
}

fn of_transformer(transformer: &InputTransformer) -> Node {
    let mut map = Map::default();
    if let Some(entries) = &transformer.paths {
        let mut paths = Map::default();
        entries.iter().for_each(|entry| paths.push(&entry.name, of_located(&entry.path)));
        map.push("InputPathsMap", paths.finish());
    }
    map.push_some("InputTemplate", transformer.template.as_ref().map(of_located));
    map.finish()
}

fn of_retry_policy(policy: &RetryPolicy) -> Node {
    let number = |count: Option<u32>| count.map(|count| node(Value::Number(count.to_string().into())));
    let mut map = Map::default();
    map.push_some("MaximumEventAgeInSeconds", number(policy.event_age_s_max));
    map.push_some("MaximumRetryAttempts", number(policy.retry_attempts_max));
    map.finish()
}

fn of_located(text: &Resolved<LocatedText>) -> Node {
    match text {
        Resolved::Known(text) => literal(text.as_str()),
        Resolved::Unknown(unknown) => call("Fn::Sub", literal_text(&unknown.written)),
    }
}

fn of_text(text: &Resolved<String>) -> Node {
    match text {
        Resolved::Known(text) => literal(text),
        Resolved::Unknown(unknown) => call("Fn::Sub", literal_text(&unknown.written)),
    }
}

const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// A text that means itself, also if it looks like a dynamic reference.
fn literal(text: &str) -> Node {
    if !text.contains(DYNAMIC_REFERENCE) {
        return literal_text(text);
    }
    let parts = text.split(DYNAMIC_REFERENCE).map(literal_text).collect();
    let list = node(Value::List(parts));
    call("Fn::Join", node(Value::List(vec![literal_text(DYNAMIC_REFERENCE), list])))
}

fn literal_text(text: &str) -> Node {
    node(Value::from(text))
}

fn call(function: &str, argument: Node) -> Node {
    Map::default().with(function, argument).finish()
}

fn node(value: Value) -> Node {
    Node::made(value, NOWHERE)
}

/// Places of what is not in a file yet.
const NOWHERE: Place = Place { line: 1, column: 1 };

#[derive(Default)]
struct Map(Vec<Member>);

impl Map {
    fn push(&mut self, name: &str, value: Node) {
        self.0.push(Member { name: Text::from(name), name_place: NOWHERE, name_doubt: None, value });
    }

    fn push_some(&mut self, name: &str, value: Option<Node>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    fn with(mut self, name: &str, value: Node) -> Map {
        self.push(name, value);
        self
    }

    fn finish(self) -> Node {
        node(Value::Map(self.0))
    }
}
